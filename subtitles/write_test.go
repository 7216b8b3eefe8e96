package subtitles

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// hostile are texts that break careless writers and readers.
var hostile = []string{
	"plain",
	"two\nlines",
	"1 < 2 & 3 > 2",
	"R&D, AT&T",
	"&amp; &lt; &nbsp; &#39; &notit;",
	"&amp",
	"<i>not italics</i>",
	"<b",
	"< b >x",
	"<v Bob>me",
	"<00:00:01.000>",
	"</>",
	"<br>",
	"a --> b",
	"-->",
	"--->",
	"00:00:01,000 --> 00:00:02,000",
	"7\n00:00:01,000 --> 00:00:02,000",
	"xx:00:01,000 --> 00:00:02,000",
	"7\n2:30 -> 3:00",
	"x\n00:00:01,000 --> 00:00:02,000\ny",
	"2:30 -> 3:00",
	"2:30 → 3:00",
	"→ 0，5",
	"a\n00：00：01，0 ＝＞ 00:00:02",
	"<\nb>",
	"<\u00a0b>",
	"42",
	"first\n7",
	"7\nlast",
	"{\\an8}literal",
	"{b} {\\i1",
	"- Who?\n- Me.",
	"NOTE not a comment",
	"WEBVTT",
	"STYLE\nREGION",
	"   leading blanks\n  here too",
	"\u3000ideographic",
	"刚搬到上海的时候，\n我谁也不认识。",
	"👩‍👩‍👧 🇨🇳 ✌🏽",
	"שלום עולם",
	"a\u2028b\u2029c\u0085d",
	"\u2060<\u2060i>\u2060",
	"\u200e\u200f\u202bx\u202c",
	"tab\there",
	"back\\Nslash \\h",
	"\u00a0x",
	"\uFFFD",
	"\"quoted\" 'x'",
	"]]>",
	"%s %d ${x}",
}

// HostileTrack is a track of texts that break careless writers and readers.
func HostileTrack() *Track {
	t := &Track{}
	for i, text := range hostile {
		t.Cues = append(t.Cues, Cue{N: i + 1, Start: time.Duration(i) * 2 * time.Second,
			End: time.Duration(i)*2*time.Second + 1234*time.Millisecond, Text: text})
	}
	return t
}

func writeVTT(t testing.TB, track *Track) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteVTT(&b, track); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func writeSRT(t testing.TB, track *Track) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteSRT(&b, track); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sameCues compares what a written file must keep.
func sameCues(t testing.TB, got, want *Track) {
	t.Helper()
	if len(got.Cues) != len(want.Cues) {
		t.Fatalf("%d cues, want %d", len(got.Cues), len(want.Cues))
	}
	for i, w := range want.Cues {
		if g := got.Cues[i]; g.N != w.N || g.Start != w.Start || g.End != w.End || g.Text != w.Text {
			t.Errorf("cue %d: %v-%v %q, want %v-%v %q", g.N, g.Start, g.End, g.Text, w.Start, w.End, w.Text)
		}
	}
}

func TestWrittenFilesReadBackTheSame(t *testing.T) {
	track := HostileTrack()
	for name, data := range map[string][]byte{"vtt": writeVTT(t, track), "srt": writeSRT(t, track)} {
		got, rep, err := Read(data)
		if err != nil {
			t.Fatal(name, err)
		}
		if string(rep.Format) != name || len(rep.Notes) > 0 {
			t.Errorf("%s is read as %s with notes %v", name, rep.Format, rep.Notes)
		}
		want := track
		if name == "srt" {
			want = WithoutIndents(track)
		}
		sameCues(t, got, want)
	}
}

// WithoutIndents is a track without the blanks at the start of lines, which
// SRT cannot keep.
func WithoutIndents(track *Track) *Track {
	trimmed := &Track{Cues: slices.Clone(track.Cues)}
	for i := range trimmed.Cues {
		lines := strings.Split(trimmed.Cues[i].Text, "\n")
		for j, line := range lines {
			lines[j] = strings.TrimLeft(line, " \t")
		}
		trimmed.Cues[i].Text = strings.Join(lines, "\n")
	}
	return trimmed
}

func TestWriteVTTForm(t *testing.T) {
	line, percent := 0.0, 10.0
	track := &Track{Styles: []string{"::cue{}"}, Cues: []Cue{
		{N: 1, Start: 1200 * time.Millisecond, End: 3400999 * time.Microsecond, Text: "R&D <b> --> x > y", Settings: &Settings{Line: &line, Align: "end"}},
		{N: 7, Start: -time.Second, End: 123 * time.Hour, Text: "\n\na  \r\n\r\n\tb\x00\xff\n", Settings: &Settings{Line: &percent, LinePercent: true}},
		{Start: time.Second, End: 2 * time.Second},
	}}
	const want = "WEBVTT\n\n1\n00:00:01.200 --> 00:00:03.400 line:0\nR&amp;D &lt;b> --&gt; x > y\n\n" +
		"7\n00:00:00.000 --> 123:00:00.000\na\n\tb\uFFFD\n\n00:00:01.000 --> 00:00:02.000\n"
	if got := string(writeVTT(t, track)); got != want {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

func TestWriteSRTForm(t *testing.T) {
	line := 0.0
	track := &Track{Cues: []Cue{
		{N: 1, Start: 1200 * time.Millisecond, End: 3400 * time.Millisecond, Text: "R&D 1 < 2 --x\n(<3)", Settings: &Settings{Line: &line}},
		{Start: time.Second, End: 123 * time.Hour, Text: "a\n\n\nb\xff"},
	}}
	const want = "1\n00:00:01,200 --> 00:00:03,400\nR&D 1 <\u2060 2 --x\n(<3)\n\n2\n00:00:01,000 --> 123:00:00,000\na\nb\uFFFD\n"
	if got := string(writeSRT(t, track)); got != want {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

type failingWriter struct{ calls int }

var errDiskFull = errors.New("disk full")

func (w *failingWriter) Write(p []byte) (int, error) { w.calls++; return 0, errDiskFull }

func TestWritersPassErrorsOn(t *testing.T) {
	w := &failingWriter{}
	if err := WriteVTT(w, HostileTrack()); !errors.Is(err, errDiskFull) {
		t.Error(err)
	}
	if err := WriteSRT(w, HostileTrack()); !errors.Is(err, errDiskFull) {
		t.Error(err)
	}
	if w.calls != 2 {
		t.Errorf("%d calls of Write for two files", w.calls)
	}
}

func FuzzWriteVTTRoundTrip(f *testing.F) {
	fuzzRoundTrip(f, writeVTT, func(t *Track) *Track { return t })
}

func FuzzWriteSRTRoundTrip(f *testing.F) { fuzzRoundTrip(f, writeSRT, WithoutIndents) }

// fuzzRoundTrip writes two cues and reads them back.
func fuzzRoundTrip(f *testing.F, write func(testing.TB, *Track) []byte, kept func(*Track) *Track) {
	for i, text := range hostile {
		f.Add(text, hostile[len(hostile)-1-i], uint32(i*1000), uint32(i))
	}
	f.Fuzz(func(t *testing.T, a, b string, start, length uint32) {
		from := time.Duration(start) * time.Millisecond
		to := from + time.Duration(length)*time.Millisecond + time.Millisecond
		track := &Track{}
		for _, text := range []string{a, b} {
			// What Cue promises of a text.
			text = cleanText(strings.ReplaceAll(validUTF8(text), "\uFEFF", ""))
			if text != "" {
				track.Cues = append(track.Cues, Cue{N: len(track.Cues) + 1, Start: from, End: to, Text: text})
			}
		}
		if len(track.Cues) == 0 {
			return
		}
		data := write(t, track)
		got, rep, err := Read(data)
		if err != nil {
			t.Fatalf("%v\n%q", err, data)
		}
		if len(rep.Notes) > 0 {
			t.Errorf("notes %v\n%q", rep.Notes, data)
		}
		sameCues(t, got, kept(track))
		if t.Failed() {
			t.Logf("%q", data)
		}
	})
}

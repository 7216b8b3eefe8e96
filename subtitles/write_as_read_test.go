package subtitles

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// keepers are the writers that write as read, by the format they write.
var keepers = map[Format]func(io.Writer, *Track) error{
	VTT: func(w io.Writer, t *Track) error { return WriteVTTWith(w, t, VTTOptions{AsRead: true}) },
	SRT: func(w io.Writer, t *Track) error { return WriteSRTWith(w, t, SRTOptions{AsRead: true}) },
}

func kept(t testing.TB, format Format, track *Track) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := keepers[format](&b, track); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// roundTrip writes a track in its own format, reads that, and compares all but
// the line numbers. In SRT a cue without a counter gets one.
func roundTrip(t *testing.T, track *Track) {
	t.Helper()
	data := kept(t, track.Format, track)
	again, rep, err := Read(data)
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	for _, n := range rep.Notes {
		if n.Rule != "end-not-after-start" && n.Rule != "rolling" && n.Rule != "odd-time" {
			t.Errorf("%+v\n%s", n, data)
		}
	}
	a, b := *track, *again
	a.Cues, b.Cues = nil, nil
	if !reflect.DeepEqual(a, b) {
		t.Errorf("%+v became %+v", a, b)
	}
	if len(track.Cues) != len(again.Cues) {
		t.Fatalf("%d cues became %d\n%s", len(track.Cues), len(again.Cues), data)
	}
	for i, want := range track.Cues {
		got := again.Cues[i]
		got.Line, want.Line = 0, 0
		if track.Format == SRT && !isCounter(want.ID) {
			want.ID = fmt.Sprint(want.N)
		}
		if track.Format == SRT {
			// No blank line can stand in a cue, and no line of times without a
			// guard.
			plain := func(s string) string { return strings.ReplaceAll(withoutBlankLines(s), guard, "") }
			got.Markup, want.Markup = plain(got.Markup), plain(want.Markup)
			if got.Markup == got.Text {
				got.Markup = ""
			}
			if want.Markup == want.Text {
				want.Markup = ""
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%+v\nbecame\n%+v\n%s", want, got, data)
		}
	}
}

func TestKeptWebVTTIsTheSameFile(t *testing.T) {
	in := "WEBVTT\nLanguage: zh-Hans\n\nREGION\nid:fred width:40%\nlines:3\n\nSTYLE\n::cue(b) {\n  color: red;\n}\n\nNOTE not shown\n\nfirst one\n" +
		"00:01.000 --> 00:02.000 align:start line:-1 position:10.5%,line-left size:35%\n<v.loud Ann><i>你好</i> &amp; <c.yellow>再见</c></v>\n\n" +
		"00:02.000 --> 00:03.000 region:fred\nR&D <ruby>漢<rt>hàn</rt></ruby>\n\nid\n00:03.000 --> 100:00:00.000 vertical:rl line:20%,end\n1<00:03.500>2\n \n3  \n\n00:09.000 --> 00:08.000\nnever shown\n"
	track, _, err := Read([]byte(in))
	if err != nil {
		t.Fatal(err)
	}
	roundTrip(t, track)
	const want = "WEBVTT\nLanguage: zh-Hans\n\nSTYLE\n::cue(b) {\n  color: red;\n}\n\nREGION\nid:fred width:40%\nlines:3\n\nfirst one\n" +
		"00:00:01.000 --> 00:00:02.000 line:-1 position:10.5%,line-left size:35% align:start\n<v.loud Ann><i>你好</i> &amp; <c.yellow>再见</c></v>\n\n" +
		"00:00:02.000 --> 00:00:03.000 region:fred\nR&D <ruby>漢<rt>hàn</rt></ruby>\n\nid\n00:00:03.000 --> 100:00:00.000 vertical:rl line:20%,end\n1<00:03.500>2\n \n3  \n\n00:00:09.000 --> 00:00:08.000\nnever shown\n"
	if got := string(kept(t, VTT, track)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestKeptSRTIsTheSameFile(t *testing.T) {
	in := "7\n00:00:01,000 --> 00:00:02,000\n{\\an8}<i>Hello</i> &amp; R&D\n\n8\n00:00:03,000 --> 00:00:04,000 line:3 align:end\n<font color=\"#ff0000\">red</font>  \n  indented\n\n8\n00:00:05,000 --> 00:00:06,000 line:0\n42\n"
	track, _, err := Read([]byte(in))
	if err != nil {
		t.Fatal(err)
	}
	roundTrip(t, track)
	if got := string(kept(t, SRT, track)); got != in {
		t.Errorf("got\n%s\nwant\n%s", got, in)
	}
}

func TestKeepingAcrossFormats(t *testing.T) {
	const srt = "1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<i>Hello <b>you</i> &lt;3</b> {\\u1}x{\\u0} & <font color=red>y</font>\nz <br>--> <i>w\n"
	const vtt = "WEBVTT\n\nid\n00:00:01.000 --> 00:00:02.000 line:0\n<v Ann><i>Hello</i>\n<c.a>1 &lt; 2</c> <u>u</u> {\\b1} &amp;amp;\n"
	tests := []struct {
		name, in string
		to       Format
		want     string
	}{
		{"SRT to WebVTT", srt, VTT, "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000 line:0\n<i>Hello </i><b><i>you</i> &lt;3</b> <u>x</u> &amp; y\nz\n--&gt; <i>w</i>\n"},
		{"WebVTT to SRT", vtt, SRT, "1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<i>Hello</i>\n1 <\u2060 2 <u>u</u> {\u2060\\b1} &\u2060amp;\n"},
		{"ASS to WebVTT", ass(`0:00:01.00,0:00:02.50,Sign,Ann & Bob|{\i1}Hello{\i0\b700}\Nthere{\r} {\p1}m 0 0{\p0}you`), VTT, "WEBVTT\n\n00:00:01.000 --> 00:00:02.500 line:0\n<v Ann &amp; Bob><i>Hello</i>\n<b>there</b> you</v>\n"},
		{"ASS to SRT", ass(`0:00:01.00,0:00:02.50,Default,|{\i1}-> Hello`), SRT, "1\n00:00:01,000 --> 00:00:02,500\n<i>-> Hello</i>\n"},
		{"edited text loses its markup", "", VTT, "WEBVTT\n\n1\n00:00:00.000 --> 00:00:01.000\nedited &lt;i>\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			track := &Track{Format: SRT, Cues: []Cue{at(0, 1000, "edited <i>")}}
			track.Cues[0].ID, track.Cues[0].Markup = "1", "<i>source</i>"
			if test.in != "" {
				var err error
				if track, _, err = Read([]byte(test.in)); err != nil {
					t.Fatal(err)
				}
			}
			got := string(kept(t, test.to, track))
			if got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
			again, _, err := Read([]byte(got))
			if err != nil || again.Cues[0].Text != track.Cues[0].Text {
				t.Errorf("%v: %q became %q", err, track.Cues[0].Text, again.Cues[0].Text)
			}
		})
	}
}

// TestKeptFilesOfEveryKind takes each file there is there and back.
func TestKeptFilesOfEveryKind(t *testing.T) {
	var files []string
	for _, pattern := range []string{"../testdata/*.*", "../testdata/*/*.*", filepath.Join(os.Getenv("DUOSUB_CORPUS"), "*/*.*")} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	n := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		track, _, err := Read(data)
		if err != nil || track.Format != VTT && track.Format != SRT {
			continue
		}
		n++
		t.Run(filepath.Base(file), func(t *testing.T) { roundTrip(t, track) })
	}
	if n < 15 {
		t.Errorf("only %d files", n)
	}
}

func TestKeepWritesHostileTracks(t *testing.T) {
	for format := range keepers {
		for _, from := range []Format{"", SRT, VTT, SSA, SBV} {
			track := HostileTrack()
			track.Format = from
			track.Styles, track.Regions = []string{"a\n\nb", "-->"}, []string{"id:a -->"}
			for i := range track.Cues {
				c := &track.Cues[i]
				c.ID, c.Markup = hostile[len(hostile)-1-i], hostile[len(hostile)-1-i]
				c.Settings = &Settings{Region: "a -->", Vertical: "x\ny"}
				if i%2 == 0 {
					c.Voice, c.Markup = c.Text, c.Text
				}
			}
			got, _, err := Read(kept(t, format, track))
			if err != nil {
				t.Fatal(err)
			}
			want := track
			if format == SRT {
				got, want = WithoutIndents(got), WithoutIndents(track)
			}
			sameCues(t, got, want)
		}
	}
}

func FuzzKeepVTT(f *testing.F) {
	addAll(f, "WEBVTT\n\n00:01.000 --> 00:02.000\n")
	f.Add([]byte("WEBVTT\nLanguage: x-y\n\nREGION\nid:a\n\nid\n00:01.000 --> 00:02.000 region:a size:3% line:1 region:a\n<v A>b<c.d>&lt;\n"))
	fuzzKeep(f, VTT)
}

func FuzzKeepSRT(f *testing.F) {
	addAll(f, "1\n00:00:01,000 --> 00:00:02,000 line:1\n")
	fuzzKeep(f, SRT)
}

// fuzzKeep reads files of a format and takes what is read there and back. The
// same track is written in the other format too, where the texts must be kept.
func fuzzKeep(f *testing.F, format Format) {
	f.Fuzz(func(t *testing.T, data []byte) {
		if format == VTT {
			data = append([]byte("WEBVTT\n"), data...)
		}
		track, _, err := Read(data)
		if err != nil || track.Format != format || strings.Contains(string(data), "\uFFFE") {
			return
		}
		roundTrip(t, track)
		for other := range keepers {
			if other == format {
				continue
			}
			out := kept(t, other, track)
			got, _, err := Read(out)
			if err != nil {
				t.Fatalf("%v\n%q", err, out)
			}
			if len(got.Cues) != len(track.Cues) {
				t.Fatalf("%d cues became %d\n%q", len(track.Cues), len(got.Cues), out)
			}
			for i := range got.Cues {
				a, b := got.Cues[i].Text, track.Cues[i].Text
				if other == SRT {
					a, b = unindented(a), unindented(b)
				}
				if a != b {
					t.Errorf("%q became %q\n%q", b, a, out)
				}
			}
		}
	})
}

func unindented(s string) string {
	return WithoutIndents(&Track{Cues: []Cue{{Text: s}}}).Cues[0].Text
}

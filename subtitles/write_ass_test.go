package subtitles

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func writeASS(t testing.TB, track *Track) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteASS(&b, track, Profile{}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWriteASSForm(t *testing.T) {
	top, low := 0, -2
	d := &Document{Pair: DefaultPair, Source: English, Cues: []DualCue{
		dualCue(1, 1200, 3404, "When I first moved", StatusSource, "刚搬到上海的时候", StatusTranslated),
		dualCue(2, 3404, 5000, "a {b} \\N c\\", StatusSource, "反斜杠\\与{括号}", StatusTranslated),
		dualCue(3, 5000, 5002, "only English", StatusSource, "", StatusUntranslated),
		dualCue(4, 3_600_000, 3_601_999, "", StatusUntranslated, "只有中文", StatusTranslated),
	}}
	d.Cues[0].Line, d.Cues[0].Italic, d.Cues[0].Voice = &top, true, "Ann, of\nHull"
	d.Cues[2].Line = &low
	got := string(writeASS(t, d.Dual(Profile{})))
	_, styles, _ := strings.Cut(got, "Encoding\n")
	const want = "Style: zh-Hans,Noto Sans CJK SC,76,&H00FFFFFF,&H000000FF,&H00000000,&H80000000,0,0,0,0,100,100,0,0,1,3,1,2,80,80,54,1\n" +
		"Style: en,Arial,54,&H00FFFFFF,&H000000FF,&H00000000,&H80000000,0,0,0,0,100,100,0,0,1,3,1,2,80,80,54,1\n" +
		"\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n" +
		"Dialogue: 0,0:00:01.20,0:00:03.40,zh-Hans,Ann， of Hull,0,0,0,,{\\an8}刚搬到上海的时候\\N{\\ren\\i1}When I first moved\n" +
		"Dialogue: 0,0:00:03.40,0:00:05.00,zh-Hans,,0,0,0,,反斜杠\\与\\{括号\\}\\N{\\ren}a \\{b\\} \\\u2060N c\\\u2060\n" +
		"Dialogue: 0,0:00:05.00,0:00:05.01,en,,0,0,0,,only English\n" +
		"Dialogue: 0,1:00:00.00,1:00:02.00,zh-Hans,,0,0,0,,只有中文\n"
	if styles != want {
		t.Errorf("got\n%s\nwant\n%s", styles, want)
	}
	for _, l := range []string{"ScriptType: v4.00+\n", "PlayResX: 1920\nPlayResY: 1080\n"} {
		if !strings.Contains(got, l) {
			t.Errorf("no %q", l)
		}
	}
	var b bytes.Buffer
	portrait, _ := ProfileByName("portrait")
	if err := WriteASS(&b, d.Single(English, portrait), portrait); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "PlayResX: 1080\nPlayResY: 1920\n") || !strings.Contains(b.String(), "Style: en,Arial,54") || strings.Contains(b.String(), "zh-Hans") {
		t.Errorf("portrait: %s", b.String())
	}
}

// inCentiseconds is a track with the times that ASS can hold, as WriteASS
// rounds them.
func inCentiseconds(track *Track) *Track {
	out := &Track{Cues: append([]Cue(nil), track.Cues...)}
	for i := range out.Cues {
		c := &out.Cues[i]
		c.Start, c.End = c.Start.Round(10*time.Millisecond), c.End.Round(10*time.Millisecond)
		c.End = max(c.End, c.Start+10*time.Millisecond)
	}
	return out
}

func TestWrittenASSReadsBackTheSame(t *testing.T) {
	track := HostileTrack()
	got, rep, err := Read(writeASS(t, track))
	if err != nil {
		t.Fatal(err)
	}
	if rep.Format != SSA || len(rep.Notes) > 0 {
		t.Errorf("read as %s with notes %v", rep.Format, rep.Notes)
	}
	want := WithoutIndents(inCentiseconds(track))
	for i := range want.Cues {
		// Blanks of other scripts in front of the text are dropped too.
		want.Cues[i].Text = strings.TrimLeftFunc(want.Cues[i].Text, isInvisible)
	}
	sameCues(t, got, want)
}

func FuzzWriteASSRoundTrip(f *testing.F) {
	for _, text := range hostile {
		f.Add(text, uint32(1000), uint32(500))
	}
	f.Fuzz(func(t *testing.T, text string, start, length uint32) {
		text = cleanText(strings.ReplaceAll(validUTF8(text), "\uFEFF", ""))
		if text == "" || strings.ContainsAny(text, "\u2028\u2029\u0085\u000b\u000c\uFDD0\uFDD1") {
			return
		}
		from := time.Duration(start) * time.Millisecond
		track := &Track{Cues: []Cue{{N: 1, Start: from, End: from + time.Duration(length)*time.Millisecond + time.Millisecond, Text: text}}}
		data := writeASS(t, track)
		got, _, err := Read(data)
		if err != nil {
			t.Fatalf("%v\n%q", err, data)
		}
		if len(got.Cues) != 1 {
			t.Fatalf("%d cues\n%q", len(got.Cues), data)
		}
		want := inCentiseconds(track).Cues[0]
		if g := got.Cues[0]; g.Start != want.Start || g.End != want.End || squeeze(g.Text) != squeeze(want.Text) {
			t.Errorf("%v-%v %q, want %v-%v %q", g.Start, g.End, g.Text, want.Start, want.End, want.Text)
		}
	})
}

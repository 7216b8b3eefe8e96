package subtitles_test

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/duosub/duosub/internal/testtool"
	"github.com/duosub/duosub/subtitles"
)

// TestChromiumReadsWrittenVTTBack has a browser's own parser read what
// WriteVTT writes.
func TestChromiumReadsWrittenVTTBack(t *testing.T) {
	track := subtitles.HostileTrack()
	var b bytes.Buffer
	if err := subtitles.WriteVTT(&b, track); err != nil {
		t.Fatal(err)
	}
	cues := testtool.BrowserCues(t, b.Bytes())
	if len(cues) != len(track.Cues) {
		t.Fatalf("%d cues, want %d", len(cues), len(track.Cues))
	}
	for i, want := range track.Cues {
		got := cues[i]
		if got.Plain != want.Text || milliseconds(got.Start) != want.Start || milliseconds(got.End) != want.End {
			t.Errorf("cue %d: %v-%v %q, want %v-%v %q", want.N, got.Start, got.End, got.Plain, want.Start, want.End, want.Text)
		}
	}
}

func milliseconds(seconds float64) time.Duration {
	return time.Duration(math.Round(seconds*1000)) * time.Millisecond
}

// TestFFmpegReadsWrittenSRTBack has ffmpeg read what WriteSRT writes and write
// it again: the same cues, times and texts, but for the guards, which show
// nothing.
func TestFFmpegReadsWrittenSRTBack(t *testing.T) {
	track := subtitles.HostileTrack()
	var b bytes.Buffer
	if err := subtitles.WriteSRT(&b, track); err != nil {
		t.Fatal(err)
	}
	again := testtool.ConvertSubtitles(t, "x.srt", b.Bytes(), "srt")
	got, _, err := subtitles.Read(again)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Cues) != len(track.Cues) {
		t.Fatalf("%d cues, want %d:\n%s", len(got.Cues), len(track.Cues), again)
	}
	for i, want := range subtitles.WithoutIndents(track).Cues {
		g := got.Cues[i]
		if visible(g.Text) != visible(want.Text) || g.Start != want.Start || g.End != want.End {
			t.Errorf("cue %d: %v-%v %q, want %v-%v %q", want.N, g.Start, g.End, g.Text, want.Start, want.End, want.Text)
		}
	}
}

// visible is a text without what shows nothing.
func visible(s string) string { return strings.ReplaceAll(s, "\u2060", "") }

// TestChromiumReadsMarkupAndStyles has a browser's own parser read italics,
// voices, languages and style sheets: none of it is seen as text, and none of
// it costs a cue.
func TestChromiumReadsMarkupAndStyles(t *testing.T) {
	d := dualDocument([2]string{"你好 <我>", "Hello <i> & you"}, [2]string{"♪ 早上好 ♪", "♪ Good\nmorning ♪"}, [2]string{"", "a gap"})
	line := 0
	d.Cues[0].Line, d.Cues[0].Italic, d.Cues[0].Voice = &line, true, "Ann > Bob & <Eve>"
	d.Cues[1].Italic = true
	want := d.Dual(subtitles.Profile{})
	for name, o := range map[string]subtitles.VTTOptions{"default": {}, "plain": {Plain: true},
		"all": {Lang: true, Styles: []string{"::cue(:lang(zh)) { color: yellow }\n\n::cue(i) { color: white }"}}} {
		var b bytes.Buffer
		if err := subtitles.WriteVTTWith(&b, want, o); err != nil {
			t.Fatal(err)
		}
		cues := testtool.BrowserCues(t, b.Bytes())
		if len(cues) != len(want.Cues) {
			t.Fatalf("%s: %d cues, want %d\n%s", name, len(cues), len(want.Cues), b.String())
		}
		for i, w := range want.Cues {
			if cues[i].Plain != w.Text || milliseconds(cues[i].Start) != w.Start || milliseconds(cues[i].End) != w.End {
				t.Errorf("%s: cue %d: %q, want %q", name, w.N, cues[i].Plain, w.Text)
			}
		}
		if cues[0].Line != "0" || cues[1].Line != "auto" {
			t.Errorf("%s: lines %s and %s", name, cues[0].Line, cues[1].Line)
		}
	}
}

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

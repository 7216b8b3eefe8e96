package subtitles_test

import (
	"bytes"
	"testing"
	"time"

	"golang.org/x/text/language"

	"github.com/duosub/duosub/internal/testtool"
	"github.com/duosub/duosub/subtitles"
)

// A browser takes the line numbers of the portrait profile for what they are:
// counted from the bottom, with the free lines below the cue's own.
func TestChromiumRaisesPortraitCues(t *testing.T) {
	portrait, _ := subtitles.ProfileByName("portrait")
	d := &subtitles.Document{Pair: subtitles.DefaultPair, Source: subtitles.English, Cues: []subtitles.DualCue{
		{N: 1, Start: time.Second, End: 7 * time.Second, Texts: map[language.Tag]subtitles.Text{
			subtitles.English:           {Text: "When I first moved to Shanghai, I knew nobody, and every single day I had dinner on my own.", Status: subtitles.StatusSource},
			subtitles.SimplifiedChinese: {Text: "刚搬到上海的时候，我谁也不认识，每天都是自己一个人吃晚饭。", Status: subtitles.StatusTranslated}}},
		{N: 2, Start: 7 * time.Second, End: 9 * time.Second, Texts: map[language.Tag]subtitles.Text{
			subtitles.English:           {Text: "Really?", Status: subtitles.StatusSource},
			subtitles.SimplifiedChinese: {Text: "真的吗？", Status: subtitles.StatusTranslated}}},
	}}
	track := d.Dual(portrait)
	var b bytes.Buffer
	if err := subtitles.WriteVTT(&b, track); err != nil {
		t.Fatal(err)
	}
	cues := testtool.BrowserCues(t, b.Bytes())
	if len(cues) != 3 || len(track.Cues) != 3 {
		t.Fatalf("%d cues, %d in the browser, want 3", len(track.Cues), len(cues))
	}
	for i, want := range []struct{ id, line string }{{"1", "-7"}, {"", "-7"}, {"2", "-6"}} {
		got := cues[i]
		if got.ID != want.id || got.Line != want.line || got.Plain != track.Cues[i].Text {
			t.Errorf("cue %q stands at line %s: %q, want %q at %s: %q", got.ID, got.Line, got.Plain, want.id, want.line, track.Cues[i].Text)
		}
	}
}

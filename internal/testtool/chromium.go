package testtool

import (
	"context"
	"encoding/base64"
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// A BrowserCue is a cue as a browser's own WebVTT parser gives it.
type BrowserCue struct {
	ID         string  `json:"id"`
	Start, End float64 // seconds
	// Text is the payload, Plain the text that is shown.
	Text, Plain string
	// Line is the line position as text ("auto" or a number).
	Line string
}

// BrowserCues has Chromium load a WebVTT file as the track of a video and
// returns its cues, in the browser's order: by time.
func BrowserCues(t testing.TB, vtt []byte) []BrowserCue {
	t.Helper()
	chromium := Program(t, "chromium", "chromium-browser", "google-chrome")
	ctx, cancel := context.WithTimeout(t.Context(), programTime)
	defer cancel()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium),
		chromedp.UserDataDir(t.TempDir()),
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
	)
	ctx, stop := chromedp.NewExecAllocator(ctx, options...)
	defer stop()
	ctx, stopTab := chromedp.NewContext(ctx)
	defer stopTab()
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("chromium: %v", err)
	}
	script := fmt.Sprintf(loadTrack, base64.StdEncoding.EncodeToString(vtt))
	got, err := chromedp.Run(ctx, chromedp.Evaluate[trackResult](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("chromium: %v", err)
	}
	if err := chromedp.Cancel(ctx); err != nil {
		t.Errorf("chromium does not end: %v", err)
	}
	if got.State != "load" {
		t.Fatal("chromium refuses the file")
	}
	return got.Cues
}

// trackResult is what loadTrack resolves to.
type trackResult struct {
	State string
	Cues  []BrowserCue
}

// loadTrack is the page's script; it wants the file in base64.
const loadTrack = `new Promise(resolve => {
  const bytes = Uint8Array.from(atob(%q), c => c.charCodeAt(0));
  const video = document.createElement('video');
  const track = document.createElement('track');
  const done = state => resolve({State: state, Cues: Array.from(track.track.cues || [], c => ({
    id: c.id, Start: c.startTime, End: c.endTime, Text: c.text,
    Plain: c.getCueAsHTML().textContent, Line: String(c.line)}))});
  track.onload = () => done('load');
  track.onerror = () => done('error');
  track.kind = 'subtitles';
  track.default = true;
  track.src = URL.createObjectURL(new Blob([bytes], {type: 'text/vtt'}));
  video.appendChild(track);
  document.body.appendChild(video);
  track.track.mode = 'showing';
})`

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
	ctx, end := browser(t)
	defer end()
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("chromium: %v", err)
	}
	script := fmt.Sprintf(loadTrack, base64.StdEncoding.EncodeToString(vtt))
	got, err := chromedp.Run(ctx, chromedp.Evaluate[trackResult](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("chromium: %v", err)
	}
	if got.State != "load" {
		t.Fatal("chromium refuses the file")
	}
	return got.Cues
}

// browser starts Chromium with a profile of its own and an empty tab; end
// closes it.
func browser(t testing.TB) (ctx context.Context, end func()) {
	t.Helper()
	chromium := Program(t, "chromium", "chromium-browser", "google-chrome")
	ctx, cancel := context.WithTimeout(t.Context(), programTime)
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium),
		chromedp.UserDataDir(t.TempDir()),
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
	)
	ctx, stop := chromedp.NewExecAllocator(ctx, options...)
	ctx, stopTab := chromedp.NewContext(ctx)
	tab := ctx
	return ctx, func() {
		t.Helper()
		if err := chromedp.Cancel(tab); err != nil {
			t.Errorf("chromium does not end: %v", err)
		}
		stopTab()
		stop()
		cancel()
	}
}

// evaluate is the text that an expression, or the promise that it makes,
// comes to.
func evaluate(t testing.TB, ctx context.Context, expression string) string {
	t.Helper()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("chromium: %s: %v", expression, err)
	}
	return text
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

package testtool

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// A Screen is a window that a browser fills with a video.
type Screen struct {
	// Width and Height are the picture's size in pixels.
	Width, Height int
	// Scene is what the video shows, an SVG image; empty means [DarkScene].
	Scene string
}

// DarkScene is one dark blue, on which the white of subtitles stands out.
const DarkScene = `<svg xmlns="http://www.w3.org/2000/svg"><rect width="100%" height="100%" fill="#182840"/></svg>`

// Screenshots has Chromium play a video with a WebVTT file as its track, as
// the file is, and returns what is on the screen at each of the times, as PNG.
// The test fails where no cue is active then.
func Screenshots(t testing.TB, screen Screen, vtt []byte, at ...time.Duration) [][]byte {
	t.Helper()
	ffmpeg := Program(t, "ffmpeg")
	if screen.Scene == "" {
		screen.Scene = DarkScene
	}
	ctx, end := browser(t)
	defer end()

	scene := serve(t, map[string]served{
		"/":          {"text/html", []byte(scenePage)},
		"/scene.svg": {"image/svg+xml", []byte(screen.Scene)},
	})
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(int64(screen.Width), int64(screen.Height)),
		chromedp.Navigate(scene)); err != nil {
		t.Fatalf("chromium: %v", err)
	}
	still, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatalf("chromium: %v", err)
	}
	page := serve(t, map[string]served{
		"/":          {"text/html", []byte(videoPage)},
		"/cues.vtt":  {"text/vtt", vtt},
		"/video.mp4": {"video/mp4", stillVideo(t, ffmpeg, still, slices.Max(at)+2*time.Second)},
	})
	if err := chromedp.Do(ctx, chromedp.Navigate(page)); err != nil {
		t.Fatalf("chromium: %v", err)
	}
	if state := evaluate(t, ctx, "ready"); state != "ready" {
		t.Fatalf("chromium does not play the video with its track: %s", state)
	}
	shots := make([][]byte, 0, len(at))
	for _, d := range at {
		seconds := strconv.FormatFloat(d.Seconds(), 'f', 3, 64)
		if active := evaluate(t, ctx, "seek("+seconds+")"); active == "0" {
			t.Fatalf("at %v no cue is active", d)
		}
		shot, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatalf("chromium: %v", err)
		}
		shots = append(shots, shot)
	}
	return shots
}

// served is a file of a web server.
type served struct {
	kind string // its content type
	data []byte
}

// serve serves files by their paths until the test's end and returns the
// address of "/".
func serve(t testing.TB, files map[string]served) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, ok := files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", f.kind)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.data))
	}))
	t.Cleanup(srv.Close)
	return srv.URL + "/"
}

// stillVideo makes a video that shows one picture, a frame every five
// seconds.
func stillVideo(t testing.TB, ffmpeg string, still []byte, length time.Duration) []byte {
	t.Helper()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "still.png"), filepath.Join(dir, "video.mp4")
	if err := os.WriteFile(in, still, 0o600); err != nil {
		t.Fatal(err)
	}
	Run(t, ffmpeg, "-v", "error", "-nostdin", "-protocol_whitelist", "file,pipe", "-framerate", "0.2", "-loop", "1", "-i", in,
		"-t", fmt.Sprint(length.Seconds()), "-c:v", "libx264", "-preset", "ultrafast", "-crf", "6", "-pix_fmt", "yuv420p",
		"-vf", "scale=ceil(iw/2)*2:ceil(ih/2)*2:out_color_matrix=bt709", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
		"-movflags", "+faststart", out)
	video, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return video
}

const scenePage = `<!doctype html><meta charset="utf-8"><style>html, body { margin: 0; overflow: hidden }
img { display: block; width: 100vw; height: 100vh }</style><img src="/scene.svg">`

// videoPage is a page that a video fills; its script's ready and seek are for
// [Screenshots].
const videoPage = `<!doctype html><meta charset="utf-8"><style>html, body { margin: 0; overflow: hidden; background: black }
video { display: block; width: 100vw; height: 100vh; object-fit: fill }</style>
<video muted preload="auto" src="/video.mp4"><track kind="subtitles" srclang="zh" src="/cues.vtt" default></video>
<script>
const video = document.querySelector('video'), track = document.querySelector('track');
const once = (target, good, bad) => new Promise((done, fail) => {
  target.addEventListener(good, done, {once: true});
  target.addEventListener(bad, () => fail(new Error(target.localName + ': ' + (target.error?.message || bad))), {once: true});
});
const painted = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
const ready = Promise.all([once(video, 'canplay', 'error'), once(track, 'load', 'error')])
  .then(() => 'ready', err => err.message);
track.track.mode = 'showing';
async function seek(seconds) {
  const there = once(video, 'seeked', 'error');
  video.currentTime = seconds;
  await there;
  // The cues of the new time are chosen in a task of their own.
  for (let i = 0; i < 50 && !track.track.activeCues.length; i++) await painted();
  await painted();
  return String(track.track.activeCues.length);
}
</script>`

package media

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/duosub/duosub/subtitles"
	"golang.org/x/text/language"
)

const videos = "../../testdata/video/"

// need skips the test where a program is missing, or fails it where all of
// them are to be there.
func need(t *testing.T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			if os.Getenv("DUOSUB_REQUIRE") == "1" {
				t.Fatalf("%s is missing", p)
			}
			t.Skipf("%s is missing", p)
		}
	}
}

// tool runs a program that makes a video for a test.
func tool(t *testing.T, name string, args ...string) {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

// readFile reads a subtitle file that lies on its own.
func readFile(t *testing.T, path string) *subtitles.Track {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	track, _, err := subtitles.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	return track
}

// sameCues compares times and texts.
func sameCues(t *testing.T, got, want *subtitles.Track) {
	t.Helper()
	if len(got.Cues) != len(want.Cues) {
		t.Errorf("%d cues, want %d", len(got.Cues), len(want.Cues))
	}
	for i := range min(len(got.Cues), len(want.Cues)) {
		g, w := got.Cues[i], want.Cues[i]
		if g.Start != w.Start || g.End != w.End || g.Text != w.Text {
			t.Errorf("cue %d: %v-%v %q, want %v-%v %q", i+1, g.Start, g.End, g.Text, w.Start, w.End, w.Text)
		}
	}
}

func kindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

func TestListTellsTracksAsTheFileDoes(t *testing.T) {
	need(t, "ffprobe", "mkvmerge")
	english := language.English
	for _, c := range []struct {
		file string
		want []Stream
	}{
		{"vlog.mp4", []Stream{{Index: 1, Codec: "mov_text", Language: english, Title: "English", Default: true, Text: true}}},
		{"vlog.zh-Hans.mp4", []Stream{{Index: 1, Codec: "mov_text", Language: language.SimplifiedChinese, Title: "简体中文", Default: true, Text: true}}},
		{"vlog.mkv", []Stream{
			{Index: 1, Codec: "subrip", Language: english, Title: "English (signs)", Default: true, Forced: true, Text: true},
			{Index: 2, Codec: "subrip", Language: language.AmericanEnglish, Title: "English", Text: true},
		}},
		{"silent.mp4", nil},
	} {
		got, err := List(t.Context(), videos+c.file)
		if err != nil {
			t.Fatalf("%s: %v", c.file, err)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.file, got, c.want)
		}
	}
}

func TestReadGivesTheCuesOfTheSource(t *testing.T) {
	need(t, "ffprobe", "mkvmerge")
	for _, c := range []struct{ file, track, source string }{
		{"vlog.mp4", "", "../../testdata/vlog.en.srt"},
		{"vlog.zh-Hans.mp4", "", "../../testdata/vlog.zh-Hans.srt"},
		{"vlog.mkv", "", "../../testdata/vlog.en.srt"},
		{"vlog.mkv", "en", "../../testdata/vlog.en.srt"},
		{"vlog.mkv", "2", "../../testdata/vlog.en.srt"},
		{"vlog.mkv", "1", videos + "signs.en.srt"},
	} {
		t.Run(c.file+" "+c.track, func(t *testing.T) {
			got, _, stream, err := Read(t.Context(), videos+c.file, c.track)
			if err != nil {
				t.Fatal(err)
			}
			sameCues(t, got, readFile(t, c.source))
			if got.Language != stream.Language || got.Title != stream.Title {
				t.Errorf("language %v, title %q; the video says %v, %q", got.Language, got.Title, stream.Language, stream.Title)
			}
		})
	}
}

func TestWebVTTInMatroskaKeepsItsMarkup(t *testing.T) {
	need(t, "ffprobe", "mkvmerge", "mkvextract")
	video := filepath.Join(t.TempDir(), "vtt.mkv")
	tool(t, "mkvmerge", "-q", "-o", video, videos+"silent.mp4",
		"--language", "0:en", "../../testdata/vlog.en.vtt", "--language", "0:zh-Hans", "../../testdata/vlog.zh-Hans.vtt")
	for track, source := range map[string]string{"en": "vlog.en.vtt", "zh-Hans": "vlog.zh-Hans.vtt", "2": "vlog.zh-Hans.vtt"} {
		got, _, _, err := Read(t.Context(), video, track)
		if err != nil {
			t.Fatalf("%s: %v", track, err)
		}
		want := readFile(t, "../../testdata/"+source)
		sameCues(t, got, want)
		for i := range min(len(got.Cues), len(want.Cues)) {
			if got.Cues[i].Voice != want.Cues[i].Voice || got.Cues[i].Markup != want.Cues[i].Markup {
				t.Errorf("cue %d: voice %q, markup %q, want %q, %q", i+1, got.Cues[i].Voice, got.Cues[i].Markup, want.Cues[i].Voice, want.Cues[i].Markup)
			}
		}
	}
}

func TestWebVTTInWebM(t *testing.T) {
	need(t, "ffprobe", "ffmpeg", "mkvmerge")
	dir := t.TempDir()
	source, video := filepath.Join(dir, "a.vtt"), filepath.Join(dir, "a.webm")
	text := "WEBVTT\n\n00:01.000 --> 00:02.500\n<i>R&amp;D</i> &lt;3\n\n00:03.000 --> 00:04.000\ntwo\nlines\n"
	if err := os.WriteFile(source, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	tool(t, "ffmpeg", "-v", "error", "-nostdin", "-i", videos+"silent.mp4", "-i", source, "-map", "0:v", "-map", "1",
		"-c:v", "libvpx-vp9", "-c:s", "copy", video)
	got, _, stream, err := Read(t.Context(), video, "")
	if err != nil {
		t.Fatal(err)
	}
	if stream.Codec != "webvtt" {
		t.Errorf("codec %q", stream.Codec)
	}
	sameCues(t, got, readFile(t, source))
}

func TestTimesDoNotMoveWithTheStartOfTheContainer(t *testing.T) {
	need(t, "ffprobe", "ffmpeg", "mkvmerge")
	want := readFile(t, "../../testdata/vlog.en.srt")
	for _, c := range []struct {
		name, subs, codec string
		want              *subtitles.Track
	}{
		{"late.mp4", "../../testdata/vlog.en.srt", "mov_text", want},
		{"late.mkv", "../../testdata/vlog.en.srt", "srt", want},
	} {
		t.Run(c.name, func(t *testing.T) {
			video := filepath.Join(t.TempDir(), c.name)
			// The picture begins 700 ms late, so the container does not start
			// at zero.
			tool(t, "ffmpeg", "-v", "error", "-nostdin", "-itsoffset", "0.7", "-i", videos+"silent.mp4", "-i", c.subs,
				"-map", "0:v", "-map", "1", "-c:v", "copy", "-c:s", c.codec, video)
			got, _, _, err := Read(t.Context(), video, "")
			if err != nil {
				t.Fatal(err)
			}
			sameCues(t, got, c.want)
		})
	}
}

func TestSpokenLanguageIsPreferred(t *testing.T) {
	need(t, "ffprobe", "ffmpeg", "mkvmerge")
	video := filepath.Join(t.TempDir(), "spoken.mkv")
	tool(t, "ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-i", "../../testdata/vlog.en.srt", "-i", "../../testdata/vlog.zh-Hans.srt",
		"-map", "0", "-map", "1", "-map", "2", "-t", "10", "-c:s", "srt", "-metadata:s:a:0", "language=chi",
		"-metadata:s:s:0", "language=eng", "-metadata:s:s:1", "language=chi", "-disposition:s:0", "default", video)
	if _, _, s, err := Read(t.Context(), video, ""); err != nil || s.Index != 2 {
		t.Errorf("track %d, %v; want the Chinese one", s.Index, err)
	}
	if _, _, s, err := Read(t.Context(), video, "", language.English); err != nil || s.Index != 1 {
		t.Errorf("track %d, %v; want the English one", s.Index, err)
	}
	got, _, _, err := Read(t.Context(), video, "zh")
	if err != nil {
		t.Fatal(err)
	}
	if got.Language != language.Und {
		t.Errorf("the track is called %v, but “chi” does not tell its script", got.Language)
	}
}

func TestErrorsHaveKinds(t *testing.T) {
	need(t, "ffprobe", "ffmpeg")
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	whole, err := os.ReadFile(videos + "vlog.mp4")
	if err != nil {
		t.Fatal(err)
	}
	huge := write("huge.mp4", whole)
	if err := os.Truncate(huge, MaxVideoBytes+1); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, path, track string
		want              Kind
		says              string
	}{
		{"no subtitles", videos + "silent.mp4", "", KindNoTextTrack, "speech recognition"},
		{"no such number", videos + "vlog.mp4", "7", KindNoSuchTrack, "1 (en)"},
		{"number of the picture", videos + "vlog.mp4", "0", KindNoSuchTrack, "1 (en)"},
		{"no such language", videos + "vlog.mp4", "fr", KindNoSuchTrack, "1 (en)"},
		{"no language at all", videos + "vlog.mp4", "--", KindNoSuchTrack, "1 (en)"},
		{"cut off", write("cut.mp4", whole[:200]), "", KindBadVideo, "damaged"},
		{"garbage behind a good head", write("garbage.mkv", []byte("\x1A\x45\xDF\xA3"+strings.Repeat("x", 5000))), "", KindBadVideo, "damaged"},
		{"empty", write("empty.mp4", nil), "", KindBadVideo, "no video"},
		{"a subtitle file", "../../testdata/vlog.en.srt", "", KindBadVideo, "no video"},
		{"a list of files", write("list.mp4", []byte("ffconcat version 1.0\nfile '/etc/hostname'\n")), "", KindBadVideo, "no video"},
		{"a playlist", write("list.mkv", []byte("#EXTM3U\n#EXTINF:1,\n/etc/hostname\n")), "", KindBadVideo, "no video"},
		{"a folder", dir, "", KindBadVideo, "regular file"},
		{"nothing there", filepath.Join(dir, "nothing.mp4"), "", KindBadVideo, "no such file"},
		{"too large", huge, "", KindTooLarge, "8 GiB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, _, err := Read(t.Context(), c.path, c.track)
			if kindOf(err) != c.want || !strings.Contains(err.Error(), c.says) {
				t.Errorf("kind %q: %v; want %q with %q", kindOf(err), err, c.want, c.says)
			}
			if err != nil && (strings.Contains(err.Error(), dir) || strings.Contains(err.Error(), "\n")) {
				t.Errorf("not one clear sentence: %q", err)
			}
		})
	}
}

func TestExtractRefusesWhatIsNoTextTrack(t *testing.T) {
	need(t, "ffprobe", "ffmpeg")
	if _, err := Extract(t.Context(), videos+"vlog.mp4", Stream{Index: 1, Codec: "hdmv_pgs_subtitle"}); kindOf(err) != KindNoTextTrack {
		t.Errorf("pictures: %v", err)
	}
	if _, err := Extract(t.Context(), videos+"vlog.mp4", Stream{Index: 5, Codec: "mov_text"}); kindOf(err) != KindNoSuchTrack {
		t.Errorf("no such stream: %v", err)
	}
	if _, err := Extract(t.Context(), videos+"vlog.mp4", Stream{Index: 5, Codec: "ass"}); kindOf(err) != KindBadVideo {
		t.Errorf("no such ASS stream: %v", err)
	}
}

func TestOddNamesAreOnlyNames(t *testing.T) {
	need(t, "ffprobe", "mkvmerge", "mkvextract")
	t.Chdir(t.TempDir())
	for _, name := range []string{"-y.mkv", "@list.mkv", "+a.mkv", "=b.mkv", "a:b.mkv", "http:x.mkv", "$(touch x).mkv", "two words '\".mkv", "100%d.mkv", "视频 🦌.mkv"} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile("in.vtt", []byte("WEBVTT\n\n00:01.000 --> 00:02.000\nHello there.\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			tool(t, "mkvmerge", "-q", "-o", "./made.mkv", "in.vtt")
			if err := os.Rename("made.mkv", name); err != nil {
				t.Fatal(err)
			}
			got, _, _, err := Read(t.Context(), name, "")
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Cues) != 1 || got.Cues[0].Text != "Hello there." {
				t.Errorf("%+v", got.Cues)
			}
			if _, err := os.Stat("x"); err == nil {
				t.Error("the name was run")
			}
		})
	}
}

func TestCanceledContextEndsTheWork(t *testing.T) {
	need(t, "ffprobe")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := List(ctx, videos+"vlog.mp4"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want the context's error", err)
	}
}

package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/duosub/duosub/internal/testtool"
	"github.com/duosub/duosub/subtitles"
	"golang.org/x/text/language"
)

// A shelf holds files by address and opens them.
type shelf struct {
	mu     sync.Mutex
	files  map[string]string
	opened map[string]int
}

func (s *shelf) open(_ context.Context, url string) (io.ReadCloser, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.opened == nil {
		s.opened = map[string]int{}
	}
	s.opened[url]++
	data, ok := s.files[url]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return io.NopCloser(strings.NewReader(data)), nil
}

// listing writes cues as "start-end text", times in milliseconds.
func listing(t *subtitles.Track) string {
	var out []string
	for _, c := range t.Cues {
		out = append(out, fmt.Sprintf("%d-%d %s", c.Start.Milliseconds(), c.End.Milliseconds(), strings.ReplaceAll(c.Text, "\n", "/")))
	}
	return strings.Join(out, "; ")
}

// mediaList is a playlist of segments of six seconds: s0.vtt, s1.vtt and so on.
func mediaList(n int, extra ...string) string {
	b := "#EXTM3U\n#EXT-X-TARGETDURATION:6\n"
	for i := range n {
		if i < len(extra) {
			b += extra[i]
		}
		b += fmt.Sprintf("#EXTINF:6,\ns%d.vtt\n", i)
	}
	return b + "#EXT-X-ENDLIST\n"
}

func segment(stamp string, cues ...string) string {
	b := "WEBVTT\n"
	if stamp != "" {
		b += "X-TIMESTAMP-MAP=" + stamp + "\n"
	}
	for _, c := range cues {
		times, text, _ := strings.Cut(c, " ")
		start, end, _ := strings.Cut(times, "-")
		b += "\n" + start + " --> " + end + "\n" + text + "\n"
	}
	return b
}

func TestReadPlaylistPutsSegmentsOntoOneTimeLine(t *testing.T) {
	const zero = "MPEGTS:900000,LOCAL:00:00:00.000"
	for _, tt := range []struct {
		name     string
		list     string
		segments []string
		want     string
		notes    int
	}{
		{"times of the whole video", mediaList(3), []string{segment(zero, "00:01.000-00:02.000 a"), segment(zero, "00:07.000-00:08.000 b"), segment(zero)}, "1000-2000 a; 7000-8000 b", 0},
		{"no map at all", mediaList(2), []string{segment("", "00:01.000-00:02.000 a"), segment("", "00:07.000-00:08.000 b")}, "1000-2000 a; 7000-8000 b", 0},
		{"times of each segment", mediaList(3), []string{segment("MPEGTS:126000,LOCAL:00:00:00.000", "00:01.000-00:02.000 a"),
			segment("LOCAL:00:00:00.000,MPEGTS:666000", "00:01.000-00:02.000 b"), segment("MPEGTS:1206000,LOCAL:00:00.000", "00:01.000-00:02.000 c")}, "1000-2000 a; 7000-8000 b; 13000-14000 c", 0},
		{"a local time that is not zero", mediaList(2), []string{segment("MPEGTS:126000,LOCAL:00:00:10.000", "00:11.000-00:12.000 a"), segment("MPEGTS:666000,LOCAL:00:00:10.000", "00:11.000-00:12.000 b")}, "1000-2000 a; 7000-8000 b", 0},
		{"the clock begins anew", mediaList(2), []string{segment("MPEGTS:8589664592,LOCAL:00:00:00.000", "00:01.000-00:02.000 a"),
			segment("MPEGTS:270000,LOCAL:00:00:00.000", "00:01.000-00:02.000 b")}, "1000-2000 a; 7000-8000 b", 0},
		{"the clock grows beyond 33 bits", mediaList(2), []string{segment("MPEGTS:8589664592,LOCAL:00:00:00.000", "00:01.000-00:02.000 a"),
			segment("MPEGTS:8590204592,LOCAL:00:00:00.000", "00:01.000-00:02.000 b")}, "1000-2000 a; 7000-8000 b", 0},
		{"the first segment is empty and has no map", mediaList(3), []string{"WEBVTT\n", segment("MPEGTS:666000,LOCAL:00:00:00.000", "00:01.000-00:02.000 b"),
			segment("MPEGTS:1206000,LOCAL:00:00:00.000", "00:01.000-00:02.000 c")}, "7000-8000 b; 13000-14000 c", 0},
		{"an empty file", mediaList(2), []string{"", segment(zero, "00:07.000-00:08.000 b")}, "7000-8000 b", 0},
		{"a segment without the others' map", mediaList(2), []string{segment(zero, "00:01.000-00:02.000 a"), segment("", "00:07.000-00:08.000 b")}, "1000-2000 a; 7000-8000 b", 0},
		{"times of each segment and no map", mediaList(4), []string{segment("", "00:01.000-00:02.000 a"), segment("", "00:01.000-00:02.000 b"), segment("", "00:01.000-00:02.000 c"), segment("", "00:02.000-00:03.000 d")},
			"1000-2000 a; 7000-8000 b; 13000-14000 c; 20000-21000 d", 0},
		{"repeated over borders", mediaList(3), []string{segment(zero, "00:01.000-00:02.000 a", "00:05.000-00:13.000 b"), segment(zero, "00:05.000-00:13.000 b"), segment(zero, "00:05.000-00:13.000 b", "00:14.000-00:15.000 c")},
			"1000-2000 a; 5000-13000 b; 14000-15000 c", 0},
		{"repeated, rounded otherwise", mediaList(2), []string{segment(zero, "00:05.000-00:07.000 b"), segment("MPEGTS:900090,LOCAL:00:00:00.000", "00:05.000-00:06.999 b")}, "5000-7000 b", 0},
		{"cut at the border", mediaList(2), []string{segment(zero, "00:05.000-00:06.000 b"), segment(zero, "00:06.000-00:07.000 b")}, "5000-7000 b", 0},
		{"said twice", mediaList(2), []string{segment(zero, "00:04.000-00:05.000 No!", "00:05.000-00:05.900 No!"), segment(zero, "00:07.000-00:08.000 No!")}, "4000-5000 No!; 5000-5900 No!; 7000-8000 No!", 0},
		{"timestamps begin anew", mediaList(3, "", "#EXT-X-DISCONTINUITY\n"), []string{segment(zero, "00:01.000-00:02.000 a"), segment("MPEGTS:0,LOCAL:00:00:00.000", "00:01.000-00:02.000 b"),
			segment("MPEGTS:540000,LOCAL:00:00:00.000", "00:01.000-00:02.000 c")}, "1000-2000 a; 7000-8000 b; 13000-14000 c", 0},
		{"a discontinuity that times do not know of", mediaList(2, "", "#EXT-X-DISCONTINUITY\n"), []string{segment(zero, "00:01.000-00:02.000 a"), segment(zero, "00:07.000-00:08.000 b")}, "1000-2000 a; 7000-8000 b", 0},
		{"before the start", mediaList(1), []string{segment("MPEGTS:900000,LOCAL:00:00:10.000", "00:09.000-00:09.500 gone", "00:09.000-00:12.000 a")}, "0-2000 a", 2},
		{"elsewhere", mediaList(1), []string{segment(zero, "01:00:01.000-01:00:02.000 a")}, "3601000-3602000 a", 1},
		{"a blank line before the map", mediaList(2), []string{segment("MPEGTS:0,LOCAL:00:00:00.000", "00:01.000-00:02.000 a"), "WEBVTT\n\nX-TIMESTAMP-MAP=MPEGTS:540000,LOCAL:00:00:00.000\n\n00:01.000 --> 00:02.000\nb\n"}, "1000-2000 a; 7000-8000 b", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &shelf{files: map[string]string{"https://x.test/v/p.m3u8": tt.list}}
			for i, data := range tt.segments {
				s.files[fmt.Sprintf("https://x.test/v/s%d.vtt", i)] = data
			}
			track, report, _, err := ReadPlaylist(t.Context(), s.open, "https://x.test/v/p.m3u8", "")
			if err != nil {
				t.Fatal(err)
			}
			if got := listing(track); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if len(report.Notes) != tt.notes {
				t.Errorf("notes %v", report.Notes)
			}
			for i, c := range track.Cues {
				if c.N != i+1 {
					t.Errorf("cue %d has number %d", i+1, c.N)
				}
			}
		})
	}
}

func TestReadPlaylistReadsWhatWriteHLSWrites(t *testing.T) {
	want := &subtitles.Track{Language: subtitles.English}
	for i := range 200 {
		start := time.Duration(i) * 1700 * time.Millisecond
		want.Cues = append(want.Cues, subtitles.Cue{N: i + 1, Start: start, End: start + time.Duration(900+i*37%4000)*time.Millisecond, Text: fmt.Sprintf("line %d <&>", i%150)})
	}
	for _, stamp := range []uint64{0, 126000, 1<<33 - 90000} {
		files, err := subtitles.WriteHLS([]*subtitles.Track{want}, subtitles.HLSOptions{Name: "v", MPEGTS: stamp})
		if err != nil {
			t.Fatal(err)
		}
		s := &shelf{files: map[string]string{}}
		for _, f := range files {
			s.files["https://x.test/"+f.Name] = string(f.Data)
		}
		s.files["https://x.test/master.m3u8"] = s.files["https://x.test/v.media.m3u8"]
		got, report, stream, err := ReadPlaylist(t.Context(), s.open, "https://x.test/master.m3u8", "", subtitles.English)
		if err != nil {
			t.Fatal(err)
		}
		if listing(got) != listing(want) || len(report.Notes) > 0 || stream.Title != "English" || got.Language != subtitles.English {
			t.Errorf("stamp %d: notes %v, stream %+v, got\n%s\nwant\n%s", stamp, report.Notes, stream, listing(got), listing(want))
		}
	}
}

const masterList = `#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="English",LANGUAGE="en",URI="audio.m3u8"
#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="c",NAME="CC",LANGUAGE="en",INSTREAM-ID="CC1"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="Forced",LANGUAGE="en",FORCED=YES,URI="forced.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="English CC",LANGUAGE="en",CHARACTERISTICS="public.accessibility.describes-music-and-sound",URI="cc.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="Français",LANGUAGE="fr",DEFAULT=YES,URI="fr.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="English",LANGUAGE="en",URI="../en/p.m3u8?x=1"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="t",NAME="English",LANGUAGE="en",URI="../en/p.m3u8?x=1"
#EXT-X-STREAM-INF:BANDWIDTH=1,SUBTITLES="s"
video.m3u8
`

func TestReadPlaylistChoosesTheRendition(t *testing.T) {
	one := func(text string) string { return segment("", "00:01.000-00:02.000 "+text) }
	files := map[string]string{"https://x.test/v/master.m3u8": masterList, "https://x.test/v/s0.vtt": one("relative"), "https://x.test/en/s0.vtt": one("English"), "https://x.test/en/p.m3u8?x=1": mediaList(1)}
	for _, name := range []string{"forced", "cc", "fr"} {
		files["https://x.test/v/"+name+".m3u8"] = strings.ReplaceAll(mediaList(1), "s0.vtt", name+".vtt")
		files["https://x.test/v/"+name+".vtt"] = one(name)
	}
	for _, tt := range []struct {
		track  string
		prefer []language.Tag
		want   string
	}{
		{"", nil, "fr"}, {"", []language.Tag{language.English}, "English"}, {"fr", []language.Tag{language.English}, "fr"}, {"1", nil, "cc"}, {"0", nil, "forced"},
	} {
		s := &shelf{files: files}
		track, _, stream, err := ReadPlaylist(t.Context(), s.open, "https://x.test/v/master.m3u8", tt.track, tt.prefer...)
		if err != nil {
			t.Fatal(err)
		}
		if track.Cues[0].Text != tt.want || track.Title != stream.Title || s.opened["https://x.test/v/audio.m3u8"] > 0 {
			t.Errorf("track %q: got %q of %+v", tt.track, track.Cues[0].Text, stream)
		}
	}
	streams, err := ListPlaylist(t.Context(), (&shelf{files: files}).open, "https://x.test/v/master.m3u8")
	if err != nil || len(streams) != 4 || !streams[0].Forced || !streams[1].HearingImpaired || !streams[2].Default {
		t.Errorf("%v %+v", err, streams)
	}
}

func TestReadPlaylistFetchesAFileOfRangesOnce(t *testing.T) {
	a, b := segment("", "00:01.000-00:02.000 a"), segment("", "00:07.000-00:08.000 b")
	list := fmt.Sprintf("#EXTM3U\n#EXTINF:6,\n#EXT-X-BYTERANGE:%d@3\nall.vtt\n#EXTINF:6,\n#EXT-X-BYTERANGE:%d\nall.vtt\n#EXT-X-ENDLIST\n", len(a), len(b))
	s := &shelf{files: map[string]string{"p.m3u8": list, "all.vtt": "xxx" + a + b + "yyy"}}
	track, _, _, err := ReadPlaylist(t.Context(), s.open, "p.m3u8", "")
	if err != nil {
		t.Fatal(err)
	}
	if listing(track) != "1000-2000 a; 7000-8000 b" || s.opened["all.vtt"] != 1 {
		t.Errorf("%s, opened %d times", listing(track), s.opened["all.vtt"])
	}
}

func TestReadPlaylistRefuses(t *testing.T) {
	const secret = "https://x.test/p.m3u8?key=sesame"
	sub := func(kind subtitles.ErrorKind) string { return "subtitles: " + string(kind) }
	mp4 := "\x00\x00\x00\x18ftypmp42" + strings.Repeat("\x00", 64)
	ts := strings.Repeat("\x47"+strings.Repeat("\x00", 187), 4)
	for _, tt := range []struct {
		name, list, segment, want string
	}{
		{"no playlist", "WEBVTT\n", "", sub(subtitles.ErrMalformed)},
		{"no subtitles", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nv.m3u8\n", "", string(KindNoTextTrack)},
		{"live", "#EXTM3U\n#EXTINF:6,\ns0.vtt\n", segment("", "00:01.000-00:02.000 a"), string(KindBadPlaylist)},
		{"no segments", "#EXTM3U\n#EXT-X-ENDLIST\n", "", string(KindBadPlaylist)},
		{"encrypted", mediaList(1, "#EXT-X-KEY:METHOD=AES-128,URI=\"k\"\n"), "x", string(KindBadPlaylist)},
		{"MP4 segments", mediaList(1, "#EXT-X-MAP:URI=\"init.mp4\"\n"), mp4, string(KindBadPlaylist)},
		{"a video's segments", mediaList(1), ts, string(KindNoTextTrack)},
		{"a page", mediaList(1), "<html>", string(KindBadPlaylist)},
		{"a missing segment", mediaList(2), segment("", "00:01.000-00:02.000 a"), string(KindNotFetched)},
		{"no cues", mediaList(1), "WEBVTT\n", sub(subtitles.ErrNoCues)},
		{"a file", strings.ReplaceAll(mediaList(1), "s0.vtt", "file:///etc/passwd"), "", string(KindBadPlaylist)},
		{"a range beyond the end", mediaList(1, "#EXT-X-BYTERANGE:1000@0\n"), "WEBVTT\n", string(KindBadPlaylist)},
		{"a bad address", strings.ReplaceAll(mediaList(1), "s0.vtt", "%zz"), "", string(KindBadPlaylist)},
		{"a rendition that is a multivariant playlist", "#EXTM3U\n#EXT-X-MEDIA:TYPE=SUBTITLES,NAME=\"a\",URI=\"p.m3u8?key=sesame\"\n", "", string(KindBadPlaylist)},
		{"a large segment", mediaList(1), "WEBVTT\n" + strings.Repeat(" ", subtitles.MaxBytes), string(KindTooLarge)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &shelf{files: map[string]string{secret: tt.list, "https://x.test/s0.vtt": tt.segment, "file:///etc/passwd": segment("", "00:01.000-00:02.000 root")}}
			_, _, _, err := ReadPlaylist(t.Context(), s.open, secret, "")
			var e *Error
			got := ""
			if errors.As(err, &e) {
				got = string(e.Kind)
			} else if k := subtitles.KindOf(err); k != "" {
				got = sub(k)
			}
			if got != tt.want || err == nil || strings.Contains(err.Error(), "sesame") {
				t.Errorf("%s: %v", got, err)
			}
		})
	}
	_, _, _, err := ReadPlaylist(t.Context(), (&shelf{}).open, secret, "")
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the opener's error is lost: %v", err)
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	s := &shelf{files: map[string]string{secret: mediaList(3)}}
	if _, _, _, err := ReadPlaylist(canceled, func(ctx context.Context, url string) (io.ReadCloser, error) {
		if url != secret {
			return nil, ctx.Err()
		}
		return s.open(ctx, url)
	}, secret, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
}

// TestReadPlaylistReadsWhatFFmpegSegments has ffmpeg make HLS of a video and a
// subtitle file: the cues are those of the file.
func TestReadPlaylistReadsWhatFFmpegSegments(t *testing.T) {
	ffmpeg := testtool.Program(t, "ffmpeg")
	want := &subtitles.Track{}
	for i := range 12 {
		start := time.Duration(i) * 1900 * time.Millisecond
		want.Cues = append(want.Cues, subtitles.Cue{N: i + 1, Start: start, End: start + 1500*time.Millisecond, Text: fmt.Sprintf("line %d", i)})
	}
	var b bytes.Buffer
	if err := subtitles.WriteSRT(&b, want); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	srt := filepath.Join(dir, "in.srt")
	if err := os.WriteFile(srt, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	testtool.Run(t, ffmpeg, "-v", "error", "-nostdin", "-f", "lavfi", "-i", "color=c=black:s=64x64:r=10:d=24", "-i", srt, "-map", "0:v", "-map", "1:s", "-c:v", "mpeg4", "-bf", "0", "-g", "10", "-c:s", "webvtt",
		"-f", "hls", "-hls_time", "5", "-hls_playlist_type", "vod", "-hls_segment_filename", filepath.Join(dir, "v%03d.ts"), filepath.Join(dir, "v.m3u8"))
	lists, err := filepath.Glob(filepath.Join(dir, "*_vtt.m3u8"))
	if err != nil || len(lists) != 1 {
		t.Fatalf("playlists %v, %v", lists, err)
	}
	open := func(_ context.Context, url string) (io.ReadCloser, error) { return os.Open(url) }
	got, report, _, err := ReadPlaylist(t.Context(), open, lists[0], "")
	if err != nil {
		t.Fatal(err)
	}
	if listing(got) != listing(want) {
		t.Errorf("notes %v\ngot  %s\nwant %s", report.Notes, listing(got), listing(want))
	}
}

func FuzzReadPlaylist(f *testing.F) {
	f.Add([]byte(mediaList(2)), []byte(segment("MPEGTS:900000,LOCAL:00:00:00.000", "00:01.000-00:07.000 a")), []byte(segment("", "00:01.000-00:07.000 a")))
	f.Add([]byte(mediaList(2, "", "#EXT-X-DISCONTINUITY\n")), []byte(segment("MPEGTS:8589934591,LOCAL:99:00.000", "00:01.000-00:07.000 a")), []byte("WEBVTT"))
	f.Fuzz(func(t *testing.T, list, a, b []byte) {
		open := func(_ context.Context, url string) (io.ReadCloser, error) {
			switch {
			case url == "p":
				return io.NopCloser(bytes.NewReader(list)), nil
			case strings.HasSuffix(url, "s0.vtt"):
				return io.NopCloser(bytes.NewReader(a)), nil
			}
			return io.NopCloser(bytes.NewReader(b)), nil
		}
		track, report, _, err := ReadPlaylist(t.Context(), open, "p", "")
		if err != nil {
			var e *Error
			if !errors.As(err, &e) && subtitles.KindOf(err) == "" {
				t.Fatalf("untyped error %v", err)
			}
			return
		}
		if report == nil || len(track.Cues) == 0 {
			t.Fatal("no report or no cue")
		}
		for i, c := range track.Cues {
			if c.N != i+1 || c.Start < 0 || c.Text == "" {
				t.Fatalf("%+v", c)
			}
		}
	})
}

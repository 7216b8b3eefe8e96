package subtitles_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/duosub/duosub/internal/testtool"
	"github.com/duosub/duosub/subtitles"
)

// writeFiles writes an output into a folder and returns its path.
func writeFiles(t *testing.T, files []subtitles.HLSFile) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestChromiumReadsEverySegment has a browser's own parser read each segment:
// together they hold every cue, and a cue is the same wherever it stands.
func TestChromiumReadsEverySegment(t *testing.T) {
	track := subtitles.HostileTrack()
	track.Language = subtitles.English
	files, err := subtitles.WriteHLS([]*subtitles.Track{track}, subtitles.HLSOptions{Target: 25e9, MPEGTS: 900000})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]testtool.BrowserCue{}
	repeated := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name, ".vtt") {
			continue
		}
		for _, c := range testtool.BrowserCues(t, f.Data) {
			if was, ok := seen[c.ID]; ok {
				repeated++
				if was != c {
					t.Errorf("cue %s differs between segments: %+v, %+v", c.ID, was, c)
				}
			}
			seen[c.ID] = c
		}
	}
	if len(seen) != len(track.Cues) || repeated == 0 {
		t.Fatalf("%d cues of %d, %d repeated", len(seen), len(track.Cues), repeated)
	}
	for _, want := range track.Cues {
		got := seen[strconv.Itoa(want.N)]
		if got.Plain != want.Text || milliseconds(got.Start) != want.Start || milliseconds(got.End) != want.End {
			t.Errorf("cue %d: %v-%v %q, want %q", want.N, got.Start, got.End, got.Plain, want.Text)
		}
	}
}

// TestFFmpegReadsTheWrittenPlaylist has ffmpeg read the playlist from files
// and write all that it finds: each cue once or, over borders, repeated.
func TestFFmpegReadsTheWrittenPlaylist(t *testing.T) {
	d := dualDocument([2]string{"一", "One"}, [2]string{"二", "Two"}, [2]string{"三", "Three"}, [2]string{"四", "Four"})
	d.Cues[2].End += 3e9 // over a border
	want := d.Dual(subtitles.Profile{})
	files, err := subtitles.WriteHLS([]*subtitles.Track{want}, subtitles.HLSOptions{Name: "v", Target: 5e9})
	if err != nil {
		t.Fatal(err)
	}
	dir := writeFiles(t, files)
	list := filepath.Join(dir, "v.dual.m3u8")
	var probed struct {
		Streams []struct {
			CodecName string `json:"codec_name"`
		}
	}
	out := testtool.Run(t, testtool.Program(t, "ffprobe"), "-v", "error", "-protocol_whitelist", "file", "-show_streams", "-of", "json", list)
	if err := json.Unmarshal(out, &probed); err != nil || len(probed.Streams) != 1 || probed.Streams[0].CodecName != "webvtt" {
		t.Fatalf("%v %s", err, out)
	}
	again := testtool.Run(t, testtool.Program(t, "ffmpeg"), "-v", "error", "-nostdin", "-protocol_whitelist", "file", "-i", list, "-f", "webvtt", "-")
	got, _, err := subtitles.Read(again)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, c := range got.Cues {
		if len(texts) == 0 || texts[len(texts)-1] != c.Text {
			texts = append(texts, c.Text)
		}
	}
	if g, w := strings.Join(texts, "|"), "一\nOne|二\nTwo|三\nThree|四\nFour"; g != w {
		t.Errorf("got %q\n%s", g, again)
	}
}

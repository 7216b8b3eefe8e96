package media

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestASSTrackKeepsItsStyles(t *testing.T) {
	need(t, "ffprobe", "ffmpeg", "mkvmerge")
	video := filepath.Join(t.TempDir(), "ass.mkv")
	tool(t, "mkvmerge", "-q", "-o", video, videos+"silent.mp4", "--language", "0:en", "../../testdata/broken/dialogue.ass")
	streams, err := List(t.Context(), video)
	if err != nil || len(streams) != 1 || streams[0].Codec != "ass" {
		t.Fatalf("%+v, %v", streams, err)
	}
	data, err := Extract(t.Context(), video, streams[0])
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), "Style: Sign") {
		t.Errorf("no styles in\n%s", data)
	}
	got, _, _, err := Read(t.Context(), video, "")
	if err != nil {
		t.Fatal(err)
	}
	sameCues(t, got, readFile(t, "../../testdata/broken/dialogue.ass"))
}

func TestASSTimesDoNotMoveWithTheStartOfTheContainer(t *testing.T) {
	need(t, "ffprobe", "ffmpeg", "mkvmerge")
	video := filepath.Join(t.TempDir(), "late.mkv")
	tool(t, "ffmpeg", "-v", "error", "-nostdin", "-itsoffset", "0.7", "-i", videos+"silent.mp4", "-i", "../../testdata/broken/dialogue.ass",
		"-map", "0:v", "-map", "1", "-c:v", "copy", "-c:s", "copy", video)
	got, _, _, err := Read(t.Context(), video, "")
	if err != nil {
		t.Fatal(err)
	}
	sameCues(t, got, readFile(t, "../../testdata/broken/dialogue.ass"))
}

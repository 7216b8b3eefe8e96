package testtool

import (
	"os"
	"path/filepath"
	"testing"
)

// ConvertSubtitles has ffmpeg read a subtitle file, whose name's extension
// says what it is, and write it in another of its formats ("srt", "webvtt",
// "ass").
func ConvertSubtitles(t testing.TB, name string, data []byte, format string) []byte {
	t.Helper()
	ffmpeg := Program(t, "ffmpeg")
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return Run(t, ffmpeg, "-v", "error", "-nostdin", "-protocol_whitelist", "file,pipe", "-i", path, "-f", format, "-")
}

package media

import (
	"strings"
	"testing"
)

func TestIsVideoKnowsContainersByTheirContent(t *testing.T) {
	for _, c := range []struct {
		name, head string
		want       bool
	}{
		{"MP4", "\x00\x00\x00\x20ftypisom\x00\x00\x02\x00", true},
		{"QuickTime without ftyp", "\x00\x00\x00\x08wide\x00\x00\x10\x00mdat", true},
		{"QuickTime, 64-bit size", "\x00\x00\x00\x01mdat\x00\x00\x00\x00", true},
		{"fragment", "\x00\x00\x00\x18stypmsdh", true},
		{"Matroska and WebM", "\x1A\x45\xDF\xA3\x9F\x42\x86\x81\x01", true},
		{"AVI", "RIFF\x24\x00\x00\x00AVI LIST", true},
		{"WAV", "RIFF\x24\x00\x00\x00WAVEfmt ", false},
		{"FLV", "FLV\x01\x05", true},
		{"ASF", "\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C", true},
		{"transport stream", strings.Repeat("\x47"+strings.Repeat("\x00", 187), 3), true},
		{"a text that begins with G", strings.Repeat("Good morning. ", 50), false},
		{"SRT", "1\n00:00:01,000 --> 00:00:02,000\nHi\n", false},
		{"WebVTT", "WEBVTT\n\n", false},
		{"a text with a box name", "Say moov, please", false},
		{"JPEG", "\xFF\xD8\xFF\xE0\x00\x10JFIF", false},
		{"HTML", "<!DOCTYPE html>", false},
		{"an impossible box size", "\x00\x00\x00\x02ftypisom", false},
		{"short", "\x00\x00", false},
		{"empty", "", false},
	} {
		if got := IsVideo([]byte(c.head)); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

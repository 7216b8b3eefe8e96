package media

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestAPlaylistsFilesAreReadBesideItAlone(t *testing.T) {
	const segment = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nHello\n"
	top := t.TempDir()
	dir := filepath.Join(top, "a b#c%")
	for name, text := range map[string]string{
		filepath.Join(dir, "s 0.vtt"):       segment,
		filepath.Join(dir, "sub", "s0.vtt"): segment,
		filepath.Join(top, "s0.vtt"):        segment,
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(top, "s0.vtt"), filepath.Join(dir, "link.vtt")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "folder.vtt"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		segment string
		kind    Kind // "" where it is read
	}{
		{"s%200.vtt", ""},
		{"sub/s0.vtt", ""},
		{"sub/../s%200.vtt", ""},
		{"../s0.vtt", KindBadPlaylist},
		{"%2e%2e/s0.vtt", KindBadPlaylist},
		{"sub/../../s0.vtt", KindBadPlaylist},
		{"/etc/hostname", KindBadPlaylist},
		{"file:///etc/hostname", KindBadPlaylist},
		{"file://elsewhere/s0.vtt", KindBadPlaylist},
		{"http://127.0.0.1/s0.vtt", KindBadPlaylist},
		{"folder.vtt", KindBadPlaylist},
		{"link.vtt", KindNotFetched},
		{"missing.vtt", KindNotFetched},
	} {
		name := filepath.Join(dir, "list.m3u8")
		if err := os.WriteFile(name, []byte("#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\n"+test.segment+"\n#EXT-X-ENDLIST\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		open, address, err := Beside(name)
		if err != nil {
			t.Fatal(err)
		}
		track, _, _, err := ReadPlaylist(t.Context(), open, address, "")
		var e *Error
		switch {
		case test.kind == "" && err != nil:
			t.Errorf("%s: %v", test.segment, err)
		case test.kind == "" && listing(track) != "1000-2000 Hello":
			t.Errorf("%s: %s", test.segment, listing(track))
		case test.kind != "" && (!errors.As(err, &e) || e.Kind != test.kind):
			t.Errorf("%s: error %v, want one of %s", test.segment, err, test.kind)
		}
	}
}

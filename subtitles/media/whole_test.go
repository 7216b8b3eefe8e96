package media

import (
	"bytes"
	"os"
	"testing"
)

func TestVideosThatAreCutOffAreFound(t *testing.T) {
	for _, name := range []string{"vlog.mp4", "vlog.mkv", "silent.mp4"} {
		data, err := os.ReadFile(videos + name)
		if err != nil {
			t.Fatal(err)
		}
		check := func(n int) bool { return whole(bytes.NewReader(data[:n]), int64(n)) }
		if !check(len(data)) {
			t.Errorf("%s counts as cut off", name)
		}
		for _, n := range []int{len(data) - 1, len(data) / 2, 1500} {
			if check(n) {
				t.Errorf("the first %d bytes of %s count as whole", n, name)
			}
		}
		junk := append(bytes.Clone(data), "\x00\x00\x00\x00junk"...)
		if !whole(bytes.NewReader(junk), int64(len(junk))) {
			t.Errorf("%s counts as cut off when something follows it", name)
		}
	}
}

func TestWholeByStructure(t *testing.T) {
	const ebml = "\x1A\x45\xDF\xA3"
	for _, c := range []struct {
		name, data string
		want       bool
	}{
		{"live Matroska", ebml + "\x80\x18\x53\x80\x67\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFFdata", true},
		{"Matroska, short size", ebml + "\x80\x18\x53\x80\x67\x84data", true},
		{"Matroska, cut", ebml + "\x80\x18\x53\x80\x67\x84dat", false},
		{"Matroska, long header", ebml + "\x10\x00\x00\x02xx\x18\x53\x80\x67\x84dat", false},
		{"MP4, 64-bit size", "\x00\x00\x00\x08moov\x00\x00\x00\x01mdat\x00\x00\x00\x00\x00\x00\x00\x14data", true},
		{"MP4, 64-bit size, cut", "\x00\x00\x00\x08moov\x00\x00\x00\x01mdat\x00\x00\x00\x00\x00\x00\x00\x15data", false},
		{"MP4, size beyond all files", "\x00\x00\x00\x08moov\x00\x00\x00\x01mdat\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFFdata", false},
		{"MP4 up to the end", "\x00\x00\x00\x08moov\x00\x00\x00\x00mdatdata", true},
		{"MP4 without an index", "\x00\x00\x00\x0Cmdatdata", false},
	} {
		if got := whole(bytes.NewReader([]byte(c.data)), int64(len(c.data))); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// FuzzWhole looks for panics and endless walks.
func FuzzWhole(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x10ftypisom\x00\x00\x00\x00\x00\x00\x00\x01mdat\x00\x00\x00\x00\x00\x00\x00\x15data"))
	f.Add([]byte("\x1A\x45\xDF\xA3\x80\x18\x53\x80\x67\x84dat"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if IsVideo(data) {
			whole(bytes.NewReader(data), int64(len(data)))
		}
	})
}

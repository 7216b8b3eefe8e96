package worker_test

import (
	"bytes"
	"cmp"
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/duosub/duosub/internal/testtool"
)

var updatePictures = flag.Bool("pictures", false, "make the pictures of docs/pictures anew")

// readmePictures are the pictures of the READMEs: cues of the vlogs as a
// browser shows them over a drawn scene.
var readmePictures = []struct {
	file, vlog, profile, scene string
	width, height              int
	cue                        string // some of its text
}{
	{"landscape.png", "vlog.en.srt", "default", "river.svg", 960, 540, "I knew exactly nobody."},
	{"portrait.png", "vlog.zh-Hans.srt", "portrait", "park.svg", 405, 720, "There are golden leaves everywhere"},
}

// The READMEs show pictures that are there, have the size of their screens and
// are small enough to load at once. With -pictures they are made.
func TestReadmePictures(t *testing.T) {
	dir := filepath.Join("..", "docs", "pictures")
	for _, p := range readmePictures {
		if *updatePictures {
			vtt, dual := dualFromMemory(t, p.vlog, p.profile)
			var at time.Duration
			for _, c := range dual.Cues {
				if strings.Contains(c.Text, p.cue) {
					at = (c.Start + c.End) / 2
				}
			}
			if at == 0 {
				t.Fatalf("no cue of %s has %q", p.vlog, p.cue)
			}
			scene := string(testdata(t, filepath.Join("scenes", p.scene)))
			shot := testtool.Screenshots(t, testtool.Screen{Width: p.width, Height: p.height, Scene: scene}, vtt, at)[0]
			img, err := png.Decode(bytes.NewReader(shot))
			if err != nil {
				t.Fatal(err)
			}
			var small bytes.Buffer
			if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&small, withPalette(img)); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, p.file), small.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		data, err := os.ReadFile(filepath.Join(dir, p.file))
		if err != nil {
			t.Fatal(err)
		}
		if len(data) > 60_000 {
			t.Errorf("%s has %d bytes, want at most 60000", p.file, len(data))
		}
		size, err := png.DecodeConfig(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%s: %v", p.file, err)
		}
		if size.Width != p.width || size.Height != p.height {
			t.Errorf("%s is %d x %d, want %d x %d", p.file, size.Width, size.Height, p.width, p.height)
		}
		for _, readme := range []string{"README.md", "README.zh-CN.md"} {
			text, err := os.ReadFile(filepath.Join("..", readme))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(text), `src="docs/pictures/`+p.file+`"`) {
				t.Errorf("%s does not show %s", readme, p.file)
			}
		}
	}
}

// withPalette is a picture in its 256 most frequent colours, which makes its
// file a third as large. Colours are counted in steps of four, so that the
// noise of the video takes no place.
func withPalette(img image.Image) *image.Paletted {
	b := img.Bounds()
	step := func(x, y int) color.RGBA {
		r, g, b, _ := img.At(x, y).RGBA()
		near := func(v uint32) uint8 { return uint8(min((v>>8+2)&^3, 255)) }
		return color.RGBA{near(r), near(g), near(b), 255}
	}
	count := map[color.RGBA]int{}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			count[step(x, y)]++
		}
	}
	var colours []color.RGBA
	for c := range count {
		colours = append(colours, c)
	}
	slices.SortFunc(colours, func(a, b color.RGBA) int {
		return cmp.Or(count[b]-count[a], int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B))
	})
	var palette color.Palette
	for _, c := range colours[:min(256, len(colours))] {
		palette = append(palette, c)
	}
	nearest := map[color.RGBA]uint8{}
	for _, c := range colours {
		nearest[c] = uint8(palette.Index(c))
	}
	out := image.NewPaletted(b, palette)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			out.SetColorIndex(x, y, nearest[step(x, y)])
		}
	}
	return out
}

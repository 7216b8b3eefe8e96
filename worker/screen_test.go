package worker_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/duosub/duosub/internal/testtool"
	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/translate"
	"github.com/duosub/duosub/translate/all"
	"github.com/duosub/duosub/worker"
)

// What viewers see: Chromium shows both languages of the longest cues, Chinese
// above English, whole and inside the picture, in landscape and in portrait.
func TestBothLanguagesAreInsideThePicture(t *testing.T) {
	for _, frame := range []struct {
		profile       string
		width, height int
	}{{"default", 1280, 720}, {"portrait", 405, 720}} {
		for _, name := range []string{"vlog.en.srt", "vlog.zh-Hans.srt"} {
			t.Run(frame.profile+" "+name, func(t *testing.T) {
				vtt, dual := dualFromMemory(t, name, frame.profile)
				var at []time.Duration
				var lines [][]string
				for _, c := range longest(dual, 4) {
					at = append(at, (c.Start+c.End)/2)
					lines = append(lines, strings.Split(c.Text, "\n"))
				}
				screen := testtool.Screen{Width: frame.width, Height: frame.height}
				shots := testtool.Screenshots(t, screen, vtt, at...)
				alone := shotsOfLines(t, screen, lines)
				for i, shot := range shots {
					if last := len(lines[i]) - 1; !han(lines[i][0]) || han(lines[i][last]) {
						t.Errorf("%q: Chinese does not stand above English", lines[i])
					}
					keep(t, fmt.Sprintf("%s.%s.%d.png", frame.profile, name, i), shot)
					var want []image.Rectangle
					for _, rows := range alone[i] {
						want = append(want, rows...)
					}
					compareRows(t, lines[i], rowsOf(t, shot), want, screen)
				}
			})
		}
	}
}

// compareRows wants the rows of a cue's picture to be those that its lines
// have when each is shown alone, and all of them well inside the picture.
func compareRows(t *testing.T, lines []string, got, alone []image.Rectangle, screen testtool.Screen) {
	t.Helper()
	if len(got) != len(lines) {
		t.Errorf("%q: %d rows are on the screen, want %d: %v", lines, len(got), len(lines), got)
		return
	}
	if len(alone) != len(lines) {
		t.Errorf("%q: shown alone, the lines have %d rows", lines, len(alone))
		return
	}
	// A hundredth of the picture's shorter side is left free all around.
	margin := min(screen.Width, screen.Height) / 100
	inside := image.Rect(margin, margin, screen.Width-margin, screen.Height-margin)
	for i, row := range got {
		if !row.In(inside) {
			t.Errorf("%q: row %d is at %v, which is not inside %v", lines, i+1, row, inside)
		}
		// Half a pixel more or less depends on where a row begins.
		if abs(row.Dx()-alone[i].Dx()) > 2 || abs(row.Dy()-alone[i].Dy()) > 2 {
			t.Errorf("%q: row %d is %d x %d pixels, but %q alone is %d x %d", lines, i+1,
				row.Dx(), row.Dy(), lines[i], alone[i].Dx(), alone[i].Dy())
		}
	}
}

// shotsOfLines shows each line of each cue in a cue of its own and returns its
// rows.
func shotsOfLines(t *testing.T, screen testtool.Screen, cues [][]string) [][][]image.Rectangle {
	t.Helper()
	track := &subtitles.Track{}
	var at []time.Duration
	for _, lines := range cues {
		for _, line := range lines {
			start := time.Duration(len(track.Cues)) * 2 * time.Second
			track.Cues = append(track.Cues, subtitles.Cue{Start: start, End: start + 2*time.Second, Text: line})
			at = append(at, start+time.Second)
		}
	}
	var vtt bytes.Buffer
	if err := subtitles.WriteVTT(&vtt, track); err != nil {
		t.Fatal(err)
	}
	shots := testtool.Screenshots(t, screen, vtt.Bytes(), at...)
	var out [][][]image.Rectangle
	for _, lines := range cues {
		var rows [][]image.Rectangle
		for range lines {
			rows = append(rows, rowsOf(t, shots[0]))
			shots = shots[1:]
		}
		out = append(out, rows)
	}
	return out
}

// rowsOf finds the rows of bright text in a picture: where the projection on
// its left side has ink, with gaps as small as those inside a character.
func rowsOf(t *testing.T, shot []byte) []image.Rectangle {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	const bright, gap = 0x9000, 2
	var rows []image.Rectangle
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		var ink image.Rectangle
		for x := b.Min.X; x < b.Max.X; x++ {
			if r, g, b, _ := img.At(x, y).RGBA(); min(r, g, b) >= bright {
				ink = ink.Union(image.Rect(x, y, x+1, y+1))
			}
		}
		switch last := len(rows) - 1; {
		case ink.Empty():
		case last >= 0 && y-rows[last].Max.Y <= gap:
			rows[last] = rows[last].Union(ink)
		default:
			rows = append(rows, ink)
		}
	}
	return rows
}

// longest are the n cues with the widest lines, in the order of time.
func longest(track *subtitles.Track, n int) []subtitles.Cue {
	width := func(c subtitles.Cue) int {
		widest := 0
		for line := range strings.SplitSeq(c.Text, "\n") {
			columns := 0
			for _, r := range line {
				columns++
				if r > 0x2e80 {
					columns++
				}
			}
			widest = max(widest, columns)
		}
		return widest
	}
	cues := slices.Clone(track.Cues)
	slices.SortStableFunc(cues, func(a, b subtitles.Cue) int { return width(b) - width(a) })
	cues = cues[:n]
	slices.SortFunc(cues, func(a, b subtitles.Cue) int { return int(a.Start - b.Start) })
	return cues
}

// dualFromMemory translates a vlog from the translation memory and returns its
// dual VTT as it is written and the track that it was written from.
func dualFromMemory(t *testing.T, name, profile string) ([]byte, *subtitles.Track) {
	t.Helper()
	memory, err := translate.ReadTMX(bytes.NewReader(testdata(t, "vlog.tmx")))
	if err != nil {
		t.Fatal(err)
	}
	backend, err := all.Open("none", func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	p, err := worker.NewProcessor(worker.ProcessorConfig{Backends: []*translate.Backend{backend}, Memory: memory, Log: testLog(t)})
	if err != nil {
		t.Fatal(err)
	}
	res, err := p.Process(t.Context(), worker.Request{Data: testdata(t, name), InputName: name, Profile: profile})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range res.Files {
		if f.Name == "vlog.dual.vtt" {
			track, _, err := subtitles.Read(f.Data)
			if err != nil {
				t.Fatal(err)
			}
			return f.Data, track
		}
	}
	t.Fatalf("%s: no dual track is among the files", name)
	return nil, nil
}

// keep writes a picture into the folder that DUOSUB_SCREENSHOTS names, for a
// person to look at.
func keep(t *testing.T, name string, data []byte) {
	t.Helper()
	dir := os.Getenv("DUOSUB_SCREENSHOTS")
	if dir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// han reports whether a line has Chinese characters.
func han(line string) bool {
	return strings.ContainsFunc(line, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

func abs(n int) int { return max(n, -n) }

package subtitles_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/duosub/duosub/internal/testtool"
	"github.com/duosub/duosub/subtitles"
	"golang.org/x/text/language"
)

func dualDocument(texts ...[2]string) *subtitles.Document {
	d := &subtitles.Document{Pair: subtitles.DefaultPair, Source: subtitles.English}
	for i, t := range texts {
		d.Cues = append(d.Cues, subtitles.DualCue{N: i + 1, Start: time.Duration(i) * 2 * time.Second, End: time.Duration(i)*2*time.Second + 1900*time.Millisecond,
			Texts: map[language.Tag]subtitles.Text{
				subtitles.SimplifiedChinese: {Text: t[0], Status: subtitles.StatusTranslated},
				subtitles.English:           {Text: t[1], Status: subtitles.StatusSource}}})
	}
	return d
}

func writtenASS(t *testing.T, track *subtitles.Track, p subtitles.Profile) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := subtitles.WriteASS(&b, track, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestFFmpegReadsWrittenASSBack has ffmpeg read what WriteASS writes and write
// it as WebVTT: the same cues, times and lines, the top language first.
func TestFFmpegReadsWrittenASSBack(t *testing.T) {
	d := dualDocument([2]string{"刚搬到上海的时候", "When I first moved"}, [2]string{"研发, 一行", "R&D, one line"}, [2]string{"", "a gap"}, [2]string{"三\n四", "- Who?\n- Me."})
	line := 0
	d.Cues[0].Line, d.Cues[0].Italic, d.Cues[0].Voice = &line, true, "Ann"
	want := d.Dual(subtitles.Profile{})
	again := testtool.ConvertSubtitles(t, "x.ass", writtenASS(t, want, subtitles.Profile{}), "webvtt")
	got, _, err := subtitles.Read(again)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Cues) != len(want.Cues) {
		t.Fatalf("%d cues, want %d:\n%s", len(got.Cues), len(want.Cues), again)
	}
	for i, w := range want.Cues {
		if g := got.Cues[i]; g.Text != w.Text || g.Start != w.Start || g.End != w.End {
			t.Errorf("cue %d: %v-%v %q, want %v-%v %q", w.N, g.Start, g.End, g.Text, w.Start, w.End, w.Text)
		}
	}
}

// A band is the rows of a picture that hold light pixels, and how far these
// reach to the sides.
type band struct{ top, bottom, left, right int }

func (b band) String() string {
	return fmt.Sprintf("rows %d-%d, columns %d-%d", b.top, b.bottom, b.left, b.right)
}

// bands has ffmpeg draw a track's frame at one second onto black with libass
// and finds the lines of text in it.
func bands(t *testing.T, ass []byte, width, height int) []band {
	t.Helper()
	ffmpeg := testtool.Program(t, "ffmpeg")
	path := filepath.Join(t.TempDir(), "x.ass")
	if err := os.WriteFile(path, ass, 0o600); err != nil {
		t.Fatal(err)
	}
	frame := testtool.Run(t, ffmpeg, "-v", "error", "-nostdin", "-f", "lavfi", "-i", fmt.Sprintf("color=c=black:s=%dx%d:r=2:d=2", width, height),
		"-vf", "ass="+path, "-ss", "1", "-frames:v", "1", "-pix_fmt", "gray", "-f", "rawvideo", "-")
	if len(frame) != width*height {
		t.Fatalf("a frame of %d bytes", len(frame))
	}
	var out []band
	in := false
	for y := range height {
		left, right := -1, -1
		for x, v := range frame[y*width : (y+1)*width] {
			if v > 180 {
				if left < 0 {
					left = x
				}
				right = x
			}
		}
		if left < 0 {
			// Strokes of one character may stand apart; lines do so farther.
			in = in && y-out[len(out)-1].bottom < height/200
			continue
		}
		if !in {
			out = append(out, band{top: y, left: left, right: right})
			in = true
		}
		b := &out[len(out)-1]
		b.bottom, b.left, b.right = y, min(b.left, left), max(b.right, right)
	}
	return out
}

// TestLibassShowsBothLanguages looks at the pixels: a short Chinese line above
// a long English one, inside the picture, at the bottom or at the top.
func TestLibassShowsBothLanguages(t *testing.T) {
	portrait, _ := subtitles.ProfileByName("portrait")
	top := 0
	for _, tt := range []struct {
		name          string
		profile       subtitles.Profile
		width, height int
		line          *int
	}{
		{"landscape", subtitles.Profile{}, 960, 540, nil},
		{"landscape at the top", subtitles.Profile{}, 960, 540, &top},
		{"portrait", portrait, 540, 960, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := dualDocument([2]string{"中国", "It is a long line, and English"})
			d.Cues[0].Line = tt.line
			got := bands(t, writtenASS(t, d.Dual(tt.profile), tt.profile), tt.width, tt.height)
			if len(got) != 2 {
				t.Fatalf("%d lines of text: %v", len(got), got)
			}
			chinese, english := got[0], got[1]
			if w := chinese.right - chinese.left; w < tt.height/40 || w*3 > english.right-english.left {
				t.Errorf("the upper line is not the Chinese one: %v above %v", chinese, english)
			}
			if english.left < 10 || english.right > tt.width-10 || chinese.top < 5 || english.bottom > tt.height-5 {
				t.Errorf("outside of the picture: %v, %v", chinese, english)
			}
			if atTop := chinese.top < tt.height/4; atTop != (tt.line != nil) {
				t.Errorf("at the wrong end of the picture: %v, %v", chinese, english)
			}
		})
	}
}

// TestLibassFitsTheLongestLines draws the widest lines that the profiles make.
func TestLibassFitsTheLongestLines(t *testing.T) {
	portrait, _ := subtitles.ProfileByName("portrait")
	for _, tt := range []struct {
		name, english string
		profile       subtitles.Profile
		width, height int
	}{
		{"landscape", "When I was moving to Shanghai, I was alone", subtitles.Profile{}, 960, 540},
		{"portrait", "When I was moving to Shanghai, I was", portrait, 540, 960},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := dualDocument([2]string{"一二三四五六七八九十国家语言文字学习", tt.english})
			got := bands(t, writtenASS(t, d.Dual(tt.profile), tt.profile), tt.width, tt.height)
			if len(got) != 2 {
				t.Fatalf("%d lines of text: %v", len(got), got)
			}
			for _, b := range got {
				if b.left < 5 || b.right > tt.width-5 {
					t.Errorf("a line reaches the edge: %v", b)
				}
			}
		})
	}
}

package subtitles_test

import (
	"encoding/xml"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/duosub/duosub/subtitles"
	"golang.org/x/text/language"
)

var update = flag.Bool("update", false, "write the golden files anew")

const testdata = "../testdata/"

var vlogLanguages = []language.Tag{subtitles.English, subtitles.SimplifiedChinese}

func readVlog(t *testing.T, name string) *subtitles.Track {
	t.Helper()
	data, err := os.ReadFile(testdata + name)
	if err != nil {
		t.Fatal(err)
	}
	track, report, err := subtitles.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Notes) > 0 {
		t.Errorf("%s: %v", name, report.Notes)
	}
	return track
}

// TestSentencesOfTheVlogs pins which cues are one sentence. Whoever updates
// the golden files reads them: every unit is to be a sentence, or several
// that share a cue.
func TestSentencesOfTheVlogs(t *testing.T) {
	for _, lang := range vlogLanguages {
		for _, extension := range []string{"srt", "vtt"} {
			name := "vlog." + lang.String() + "." + extension
			t.Run(name, func(t *testing.T) {
				track := readVlog(t, name)
				var b strings.Builder
				for _, u := range subtitles.Units(track.Cues, lang) {
					keep := ""
					if u.Keep {
						keep = " keep"
					}
					fmt.Fprintf(&b, "%d, cues %d-%d%s\n%s\n\n", u.N, u.First+1, u.Last+1, keep, subtitles.JoinParts(u.Parts, lang))
				}
				golden(t, "golden/units."+lang.String()+".txt", b.String(), extension == "srt")
			})
		}
	}
}

// golden compares with a file and writes it when asked to, unless another
// test does.
func golden(t *testing.T, name, got string, writer bool) {
	t.Helper()
	if *update && writer {
		if err := os.WriteFile(testdata+name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(testdata + name)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	gotBlocks, wantBlocks := strings.Split(got, "\n\n"), strings.Split(string(want), "\n\n")
	for i := range max(len(gotBlocks), len(wantBlocks)) {
		g, w := "", ""
		if i < len(gotBlocks) {
			g = gotBlocks[i]
		}
		if i < len(wantBlocks) {
			w = wantBlocks[i]
		}
		if g != w {
			t.Fatalf("%s differs first in\n%s\nwant\n%s", name, g, w)
		}
	}
}

func TestBothFilesOfAVlogHoldTheSameCues(t *testing.T) {
	for _, lang := range vlogLanguages {
		srt, vtt := readVlog(t, "vlog."+lang.String()+".srt"), readVlog(t, "vlog."+lang.String()+".vtt")
		if len(srt.Cues) != len(vtt.Cues) {
			t.Fatalf("%s: %d and %d cues", lang, len(srt.Cues), len(vtt.Cues))
		}
		for i, a := range srt.Cues {
			b := vtt.Cues[i]
			if a.Start != b.Start || a.End != b.End || a.Text != b.Text {
				t.Errorf("%s, cue %d: %v-%v %q and %v-%v %q", lang, i+1, a.Start, a.End, a.Text, b.Start, b.End, b.Text)
			}
		}
	}
}

// tmx is as much of a TMX file as this test looks at.
type tmx struct {
	Units []struct {
		Variants []struct {
			Language string `xml:"lang,attr"`
			Segment  string `xml:"seg"`
		} `xml:"tuv"`
	} `xml:"body>tu"`
}

func TestEverySentenceOfTheVlogsIsInTheMemory(t *testing.T) {
	data, err := os.ReadFile(testdata + "vlog.tmx")
	if err != nil {
		t.Fatal(err)
	}
	var memory tmx
	if err := xml.Unmarshal(data, &memory); err != nil {
		t.Fatal(err)
	}
	known := map[string]string{} // language and normalised text → the other text
	for _, u := range memory.Units {
		if len(u.Variants) != 2 {
			t.Fatalf("a unit with %d languages: %v", len(u.Variants), u)
		}
		a, b := u.Variants[0], u.Variants[1]
		known[a.Language+" "+subtitles.Normalize(a.Segment)] = b.Segment
		known[b.Language+" "+subtitles.Normalize(b.Segment)] = a.Segment
	}
	for _, lang := range vlogLanguages {
		track := readVlog(t, "vlog."+lang.String()+".srt")
		for _, u := range subtitles.Units(track.Cues, lang) {
			if u.Keep {
				continue
			}
			text := subtitles.JoinParts(u.Parts, lang)
			translation := known[lang.String()+" "+subtitles.Normalize(text)]
			if translation == "" {
				t.Errorf("%s, unit %d is not in the memory: %q", lang, u.N, text)
			}
			if strings.Count(text, "\n") != strings.Count(translation, "\n") {
				t.Errorf("%s, unit %d: %q has other speakers than %q", lang, u.N, translation, text)
			}
		}
	}
}

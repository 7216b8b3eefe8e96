package worker_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/duosub/duosub/internal/testtool"
	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/translate/translatetest"
	"github.com/duosub/duosub/worker"
)

func render(t *testing.T, req worker.Request) (*worker.Result, map[string]string) {
	t.Helper()
	p := newProcessor(t, translatetest.NewSimulator(translatetest.SimulatorOptions{}), nil, nil)
	req.Data, req.InputName = testdata(t, "vlog.en.srt"), "vlog.en.srt"
	res, err := p.Process(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range res.Files {
		if f.Type == "" {
			t.Errorf("%s has no type", f.Name)
		}
		files[f.Name] = string(f.Data)
	}
	return res, files
}

func TestASSAndHLSAreWrittenOnRequest(t *testing.T) {
	res, files := render(t, worker.Request{Formats: []string{"ass", "hls", "json"}})
	for _, name := range []string{"vlog.en.ass", "vlog.zh-Hans.ass", "vlog.dual.ass", "vlog.media.m3u8", "vlog.dual.m3u8", "vlog.dual.00001.vtt", "vlog.dual.json"} {
		if files[name] == "" {
			t.Errorf("%s was not written", name)
		}
	}
	if len(res.Document.Outputs) != len(files)-1 || slices.Contains(res.Document.Outputs, "vlog.dual.json") {
		t.Errorf("%d outputs are listed of %d files", len(res.Document.Outputs), len(files))
	}
	back, _, err := subtitles.Read(testtool.ConvertSubtitles(t, "vlog.dual.ass", []byte(files["vlog.dual.ass"]), "srt"))
	if err != nil {
		t.Fatal(err)
	}
	if len(back.Cues) != len(res.Document.Cues) {
		t.Errorf("ffmpeg reads %d cues in the ASS file, want %d", len(back.Cues), len(res.Document.Cues))
	}
}

// Where the picture shows Chinese already, the English alone goes to the top.
func TestBurnedInTextIsLeftToThePicture(t *testing.T) {
	_, files := render(t, worker.Request{BurnedIn: subtitles.SimplifiedChinese, Formats: []string{"vtt"}})
	dual := files["vlog.dual.vtt"]
	if !strings.Contains(dual, "So, when I first moved") || strings.ContainsFunc(dual, func(r rune) bool { return r >= 0x4e00 && r < 0xa000 }) {
		t.Errorf("the dual track is\n%.400s", dual)
	}
	if n, lines := strings.Count(dual, "-->"), strings.Count(dual, " line:0\n"); n == 0 || n != lines {
		t.Errorf("%d cues, %d at the top", n, lines)
	}
	if !strings.Contains(files["vlog.zh-Hans.vtt"], "-->") {
		t.Error("the Chinese track is empty")
	}
}

func TestTimesAreMendedOnRequestAlone(t *testing.T) {
	plain, _ := render(t, worker.Request{Formats: []string{"json"}})
	mended, _ := render(t, worker.Request{Formats: []string{"json"}, Retime: true})
	changed := 0
	for i, c := range mended.Document.Cues {
		was := plain.Document.Cues[i]
		if c.Start != was.Start {
			t.Errorf("cue %d begins at %v, want %v", c.N, c.Start, was.Start)
		}
		if c.End != was.End {
			changed++
		}
	}
	if changed == 0 {
		t.Error("no end was mended")
	}
}

// Which language is on top is layout: it buys nothing and is outside the
// fingerprint.
func TestTheOrderOfThePairIsOutsideTheFingerprint(t *testing.T) {
	a, _ := render(t, worker.Request{Pair: subtitles.Pair{Top: subtitles.SimplifiedChinese, Bottom: subtitles.English}})
	b, _ := render(t, worker.Request{Pair: subtitles.Pair{Top: subtitles.English, Bottom: subtitles.SimplifiedChinese}})
	c, _ := render(t, worker.Request{Pair: subtitles.Pair{Top: subtitles.TraditionalChinese, Bottom: subtitles.English}})
	if a.Document.Fingerprint != b.Document.Fingerprint {
		t.Error("the fingerprint changes with the order of the pair")
	}
	if a.Document.Fingerprint == c.Document.Fingerprint {
		t.Error("another language has the same fingerprint")
	}
}

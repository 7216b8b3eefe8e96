package translate_test

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/translate"
	"github.com/duosub/duosub/translate/all"
	"github.com/duosub/duosub/translate/translatetest"
	"golang.org/x/text/language"
)

// start runs a simulator and answers the --backend value that reaches it.
func start(t testing.TB, opt translatetest.SimulatorOptions, options ...string) (*translatetest.Simulator, string) {
	t.Helper()
	sim := translatetest.NewSimulator(opt)
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	return sim, "openai?" + strings.Join(append([]string{"model=sim", "base_url=" + server.URL + "/v1"}, options...), "&")
}

func backend(t testing.TB, spec string) *translate.Backend {
	t.Helper()
	b, err := all.Open(spec, func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func translator(t testing.TB, cfg translate.Config, specs ...string) *translate.Translator {
	t.Helper()
	for _, s := range specs {
		cfg.Backends = append(cfg.Backends, backend(t, s))
	}
	tr, err := translate.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// vlog is one of the two vlogs as work.
func vlog(t testing.TB, source, target language.Tag) translate.Work {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", "vlog."+source.String()+".srt"))
	if err != nil {
		t.Fatal(err)
	}
	track, _, err := subtitles.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	return translate.Work{Source: source, Target: target, Cues: track.Cues, Units: subtitles.Units(track.Cues, source), Title: "A day in Shanghai"}
}

var toChinese = [2]language.Tag{subtitles.English, subtitles.SimplifiedChinese}
var toEnglish = [2]language.Tag{subtitles.SimplifiedChinese, subtitles.English}

// dictionary answers with the people's translations of the vlogs.
func dictionary(t testing.TB) func(source, target, text string) string {
	t.Helper()
	data, err := os.ReadFile("../testdata/vlog.tmx")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Units []struct {
			Variants []struct {
				Lang string `xml:"lang,attr"`
				Seg  string `xml:"seg"`
			} `xml:"tuv"`
		} `xml:"body>tu"`
	}
	if err := xml.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	known := map[string]string{}
	for _, u := range file.Units {
		for _, a := range u.Variants {
			for _, b := range u.Variants {
				if a.Lang != b.Lang {
					known[a.Lang+">"+b.Lang+":"+bare(a.Seg)] = b.Seg
				}
			}
		}
	}
	return func(source, target, text string) string { return known[source+">"+target+":"+bare(text)] }
}

// bare is a text without spaces and punctuation.
func bare(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || unicode.IsPunct(c) {
			return -1
		}
		return unicode.ToLower(c)
	}, s)
}

// inspect checks every result against the simulator's truth: right, or marked
// untranslated, and nothing else. It answers how many are untranslated.
func inspect(t testing.TB, sim *translatetest.Simulator, w translate.Work, out *translate.Outcome, truth func(parts []string) string) (untranslated int) {
	t.Helper()
	if out == nil || len(out.Results) != len(w.Units) {
		t.Fatalf("the outcome does not have one result a unit: %+v", out)
	}
	for i, res := range out.Results {
		u := w.Units[i]
		source := subtitles.JoinParts(u.Parts, w.Source)
		got := subtitles.JoinParts(res.Parts, w.Target)
		if res.Unit != i {
			t.Fatalf("result %d is of unit %d", i, res.Unit)
		}
		switch res.Status {
		case subtitles.StatusUntranslated:
			untranslated++
			if res.Parts != nil || res.Reason == "" || res.Backend != "" {
				t.Errorf("unit %d: untranslated with %+v", i, res)
			}
			continue
		case subtitles.StatusKept:
			if bare(got) != bare(source) || res.Backend != "" {
				t.Errorf("unit %d: kept as %q", i, got)
			}
			continue
		}
		if len(res.Parts) != u.Len() || slices.Contains(res.Parts, "") {
			t.Errorf("unit %d has %d cues and parts %q", i, u.Len(), res.Parts)
		}
		want := truth(u.Parts)
		if bare(got) != bare(want) {
			// A text too short for its cues stands whole on each of them.
			if !(u.Len() > 1 && bare(res.Parts[0]) == bare(want)) {
				t.Errorf("unit %d %q: %q, want %q", i, source, got, want)
			}
		}
	}
	return untranslated
}

func truthOf(sim *translatetest.Simulator, w translate.Work) func([]string) string {
	return func(parts []string) string { return sim.Truth(w.Source.String(), w.Target.String(), parts) }
}

func TestTranslateWithoutFaults(t *testing.T) {
	for _, dir := range [][2]language.Tag{toChinese, toEnglish} {
		for name, dict := range map[string]func(string, string, string) string{"pseudo": nil, "people": dictionary(t)} {
			t.Run(dir[0].String()+" "+name, func(t *testing.T) {
				sim, spec := start(t, translatetest.SimulatorOptions{Translate: dict})
				w := vlog(t, dir[0], dir[1])
				memory := translate.NewMemory()
				tr := translator(t, translate.Config{Memory: memory}, spec)
				var told []int
				w.OnBatch = func(_ context.Context, done []translate.Result) error {
					for _, d := range done {
						told = append(told, d.Unit)
					}
					return nil
				}
				out, err := tr.Translate(t.Context(), w)
				if err != nil {
					t.Fatal(err)
				}
				if n := inspect(t, sim, w, out, truthOf(sim, w)); n != 0 {
					t.Errorf("%d units are untranslated: %v", n, out.Results)
				}
				for unit, n := range sim.Asked() {
					if n != 1 {
						t.Errorf("%q was asked for %d times: %v", unit, n, out.Repairs)
					}
				}
				slices.Sort(told)
				for i, u := range told {
					if u != i {
						t.Fatalf("OnBatch told of units %v", told)
					}
				}
				if len(told) != len(w.Units) {
					t.Errorf("OnBatch told of %d of %d units", len(told), len(w.Units))
				}
				in, outTokens := sim.Usage()
				if len(out.Uses) != 1 || out.Uses[0].Usage.InputTokens != in || out.Uses[0].Usage.OutputTokens != outTokens || out.Uses[0].Calls != len(sim.Calls()) {
					t.Errorf("uses %+v, the simulator charged %d and %d tokens for %d calls", out.Uses, in, outTokens, len(sim.Calls()))
				}

				calls := len(sim.Calls())
				again, err := tr.Translate(t.Context(), w)
				if err != nil {
					t.Fatal(err)
				}
				if len(sim.Calls()) != calls {
					t.Errorf("the second time %d more calls were made", len(sim.Calls())-calls)
				}
				for i, r := range again.Results {
					if r.Status == subtitles.StatusTranslated || !reflect.DeepEqual(r.Parts, out.Results[i].Parts) {
						t.Fatalf("unit %d came back as %+v, was %+v", i, r, out.Results[i])
					}
				}
			})
		}
	}
}

// TestEveryTextFaultIsMendedOrMarked lets each fault strike once, then always.
func TestEveryTextFaultIsMendedOrMarked(t *testing.T) {
	dict := dictionary(t)
	for _, dir := range [][2]language.Tag{toChinese, toEnglish} {
		for _, fault := range translatetest.TextFaults() {
			for name, translateFn := range map[string]func(string, string, string) string{"pseudo": nil, "people": dict} {
				t.Run(fmt.Sprintf("%s %s once %s", dir[0], fault, name), func(t *testing.T) {
					t.Parallel()
					again := fault
					if fault == translatetest.DropNumbers {
						again = translatetest.None // that would be the strict request
					}
					sim, spec := start(t, translatetest.SimulatorOptions{Translate: translateFn, Script: []translatetest.Fault{fault, again}})
					w := vlog(t, dir[0], dir[1])
					out, err := translator(t, translate.Config{}, spec).Translate(t.Context(), w)
					if err != nil {
						t.Fatal(err)
					}
					if n := inspect(t, sim, w, out, truthOf(sim, w)); n != 0 {
						t.Errorf("%d units are untranslated though the fault came twice only: %v", n, out.Repairs)
					}
				})
				t.Run(fmt.Sprintf("%s %s always %s", dir[0], fault, name), func(t *testing.T) {
					t.Parallel()
					if fault == translatetest.DropNumbers {
						t.Skip("numbers that are always missing are let pass with a finding")
					}
					sim, spec := start(t, translatetest.SimulatorOptions{Translate: translateFn, Faults: map[translatetest.Fault]float64{fault: 1}})
					w := vlog(t, dir[0], dir[1])
					out, err := translator(t, translate.Config{}, spec).Translate(t.Context(), w)
					if err != nil {
						t.Fatal(err)
					}
					n := inspect(t, sim, w, out, truthOf(sim, w))
					t.Logf("%d of %d units untranslated, %d calls", n, len(w.Units), len(sim.Calls()))
					if most := 60 * 3; len(sim.Calls()) > most*3 {
						t.Errorf("%d calls were made", len(sim.Calls()))
					}
				})
			}
		}
	}
}

func TestRandomFaultsTogether(t *testing.T) {
	seeds := 25
	if testing.Short() {
		seeds = 4
	}
	faults := map[translatetest.Fault]float64{}
	for _, f := range translatetest.TextFaults() {
		if f != translatetest.DropNumbers {
			faults[f] = 0.6 / float64(len(translatetest.TextFaults()))
		}
	}
	dict := dictionary(t)
	var mu sync.Mutex
	units, lost := 0, 0
	t.Run("seeds", func(t *testing.T) {
		for seed := range seeds {
			for _, dir := range [][2]language.Tag{toChinese, toEnglish} {
				t.Run(fmt.Sprint(dir[0], seed), func(t *testing.T) {
					t.Parallel()
					opt := translatetest.SimulatorOptions{Faults: faults, Seed: uint64(seed)}
					if seed%2 == 0 {
						opt.Translate = dict
					}
					sim, spec := start(t, opt)
					w := vlog(t, dir[0], dir[1])
					out, err := translator(t, translate.Config{BatchUnits: 5 + seed}, spec).Translate(t.Context(), w)
					if err != nil {
						t.Fatal(err)
					}
					n := inspect(t, sim, w, out, truthOf(sim, w))
					mu.Lock()
					units, lost = units+len(w.Units), lost+n
					mu.Unlock()
				})
			}
		}
	})
	t.Logf("%d units, %d untranslated", units, lost)
	if lost*50 > units {
		t.Errorf("%d of %d units are untranslated", lost, units)
	}
}

func TestEqualWorkSendsEqualRequests(t *testing.T) {
	faults := map[translatetest.Fault]float64{translatetest.LeaveOut: 0.2, translatetest.Shift: 0.2, translatetest.CutOff: 0.1, translatetest.EchoOne: 0.1}
	var bodies [2][]string
	var outcomes [2]*translate.Outcome
	for i, concurrency := range []string{"1", "8"} {
		sim, spec := start(t, translatetest.SimulatorOptions{Faults: faults, Seed: 7, Latency: time.Duration(i) * time.Millisecond}, "concurrency="+concurrency)
		w := vlog(t, toChinese[0], toChinese[1])
		out, err := translator(t, translate.Config{BatchUnits: 6}, spec).Translate(t.Context(), w)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range sim.Calls() {
			bodies[i] = append(bodies[i], c.Body)
		}
		slices.Sort(bodies[i])
		outcomes[i] = out
		if i == 0 && sim.Peak() != 1 {
			t.Errorf("with concurrency 1 %d requests were under way at once", sim.Peak())
		}
		if i == 1 && (sim.Peak() < 2 || sim.Peak() > 8) {
			t.Errorf("with concurrency 8 %d requests were under way at once", sim.Peak())
		}
	}
	if !reflect.DeepEqual(bodies[0], bodies[1]) {
		t.Error("the requests depend on the concurrency")
	}
	if !reflect.DeepEqual(outcomes[0], outcomes[1]) {
		t.Errorf("the outcome depends on the concurrency: %v and %v", outcomes[0], outcomes[1])
	}
}

func simulatorDefaults() translatetest.SimulatorOptions { return translatetest.SimulatorOptions{} }

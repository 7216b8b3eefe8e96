package translate_test

import (
	"context"
	"strings"
	"testing"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/translate"
)

// remember puts one entry for a unit of a work without neighbours into a
// memory.
func remember(t *testing.T, m translate.Memory, w translate.Work, text string, e translate.Entry) {
	t.Helper()
	if e.Text == "" {
		e.Text = "记住的译文。"
	}
	q := translate.Query{Key: translate.MakeKey("", w.Source, w.Target, text, "", ""), Source: w.Source, Target: w.Target, Text: subtitles.Normalize(text)}
	if err := m.Store(t.Context(), []translate.Record{{Query: q, Entry: e}}); err != nil {
		t.Fatal(err)
	}
}

func TestMachineEntriesCountWhileTheyAreTodays(t *testing.T) {
	today := translate.Entry{Origin: translate.OriginMachine, Backend: "fake", Model: "m", Prompt: "p"}
	other := func(change func(*translate.Entry)) translate.Entry {
		e := today
		change(&e)
		return e
	}
	for name, c := range map[string]struct {
		entry translate.Entry
		used  bool
	}{
		"today's":        {today, true},
		"person":         {translate.Entry{Origin: translate.OriginPerson}, true},
		"TMX":            {translate.Entry{Origin: translate.OriginTMX}, true},
		"other backend":  {other(func(e *translate.Entry) { e.Backend = "elsewhere" }), true},
		"other model":    {other(func(e *translate.Entry) { e.Model = "n" }), false},
		"other prompt":   {other(func(e *translate.Entry) { e.Prompt = "q" }), false},
		"other glossary": {other(func(e *translate.Entry) { e.Terms = "x" }), false},
	} {
		m := translate.NewMemory()
		w := sentences(1)
		remember(t, m, w, w.Units[0].Parts[0], c.entry)
		f := &fake{caps: translate.Caps{LLM: true, Prompt: "p"}}
		out, err := newTranslator(t, translate.Config{Memory: m}, f).Translate(t.Context(), w)
		if err != nil {
			t.Fatal(err)
		}
		if used := out.Results[0].Status == subtitles.StatusReused; used != c.used || (f.count() == 0) != c.used {
			t.Errorf("%s: used %v after %d calls", name, used, f.count())
		}
		// "none" takes what there is, whoever made it.
		m = translate.NewMemory()
		remember(t, m, w, w.Units[0].Parts[0], c.entry)
		out, err = translator(t, translate.Config{Memory: m}, "none").Translate(t.Context(), w)
		if err != nil || out.Results[0].Status != subtitles.StatusReused {
			t.Errorf("%s with none: %v, %+v", name, err, out.Results[0])
		}
	}
}

func TestNoneAnswersFromMemoryAndGlossary(t *testing.T) {
	glossary, err := translate.ReadGlossary(strings.NewReader("en,zh-Hans\nXiaohongshu,小红书\n"))
	if err != nil {
		t.Fatal(err)
	}
	m := translate.NewMemory()
	w := sentences(3)
	w.Units[1].Parts = []string{"Xiaohongshu!"}
	q := translate.Query{Key: translate.MakeKey("", w.Source, w.Target, w.Units[0].Parts[0], "", w.Units[1].Parts[0]), Source: w.Source, Target: w.Target}
	if err := m.Store(t.Context(), []translate.Record{{Query: q, Entry: translate.Entry{Text: "很久以前的译文。", Origin: translate.OriginMachine, Model: "old"}}}); err != nil {
		t.Fatal(err)
	}
	out, err := translator(t, translate.Config{Memory: m, Glossary: glossary}, "none").Translate(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	if r := out.Results[0]; r.Status != subtitles.StatusReused || r.Parts[0] != "很久以前的译文。" {
		t.Errorf("from memory: %+v", r)
	}
	if r := out.Results[1]; r.Status != subtitles.StatusReused || r.Parts[0] != "小红书！" {
		t.Errorf("from the glossary: %+v", r)
	}
	if r := out.Results[2]; r.Status != subtitles.StatusUntranslated || r.Reason != translate.ReasonNotInMemory || r.Parts != nil {
		t.Errorf("unknown: %+v", r)
	}
}

func TestRememberedTextIsSplitForOtherCues(t *testing.T) {
	m := translate.NewMemory()
	w := sentences(2)
	w.Units = []subtitles.Unit{{N: 1, First: 0, Last: 1, Parts: []string{"When I first moved to Shanghai,", "I knew nobody at all."}}}
	remember(t, m, w, "When I first moved to Shanghai, I knew nobody at all.", translate.Entry{Text: "刚搬到上海的时候，我谁也不认识。", Parts: []string{"刚搬到上海的时候，我谁也不认识。"}, Origin: translate.OriginPerson})
	out, err := translator(t, translate.Config{Memory: m}, "none").Translate(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	r := out.Results[0]
	if len(r.Parts) != 2 || strings.Join(r.Parts, "") != "刚搬到上海的时候，我谁也不认识。" {
		t.Errorf("%+v", r)
	}
}

func TestEqualUnitsAreAskedForOnce(t *testing.T) {
	w := sentences(30)
	for i := 5; i < 30; i += 5 {
		w.Units[i].Parts = w.Units[0].Parts
	}
	f := &fake{caps: translate.Caps{LLM: true}}
	out, err := newTranslator(t, translate.Config{}, f).Translate(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, req := range f.calls {
		asked += len(req.Units)
	}
	if asked != 25 || out.Uses[0].Units != 25 {
		t.Errorf("%d units were asked for, %d counted", asked, out.Uses[0].Units)
	}
	for i := 5; i < 30; i += 5 {
		if out.Results[i].Parts[0] != out.Results[0].Parts[0] || out.Results[i].Unit != i {
			t.Errorf("unit %d: %+v", i, out.Results[i])
		}
	}
}

func TestGlossaryIsEnforcedAndChecked(t *testing.T) {
	glossary, err := translate.ReadGlossary(strings.NewReader("en,zh-Hans\nriver,大河\n"))
	if err != nil {
		t.Fatal(err)
	}
	f := &fake{caps: translate.Caps{LLM: true}}
	w := sentences(1)
	tr := newTranslator(t, translate.Config{Glossary: glossary}, f)
	out, err := tr.Translate(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	if f.count() != 2 || len(f.calls[0].Terms) != 1 || !strings.Contains(f.calls[1].Hint, "大河") || f.calls[1].Previous[0] == "" {
		t.Fatalf("%d calls: %+v", f.count(), f.calls)
	}
	r := out.Results[0]
	if r.Status != subtitles.StatusTranslated || len(r.Findings) != 1 || r.Findings[0].Rule != "term" {
		t.Errorf("%+v", r)
	}
	// From the memory the same remark comes back, at no cost.
	again, err := tr.Translate(t.Context(), w)
	if err != nil || f.count() != 2 || len(again.Results[0].Findings) != 1 {
		t.Errorf("%v, %d calls, %+v", err, f.count(), again.Results[0])
	}
}

func TestEstimateForetells(t *testing.T) {
	sim, spec := start(t, simulatorDefaults(), "price_in=0.15", "price_out=0.6")
	tr := translator(t, translate.Config{}, spec)
	w := vlog(t, toChinese[0], toChinese[1])
	e, err := tr.Estimate(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	if len(sim.Calls()) != 0 {
		t.Fatal("the estimate sent something")
	}
	out, err := tr.Translate(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	if e.Units != out.Uses[0].Units || e.Requests != len(sim.Calls()) || e.Units+e.Kept != len(w.Units) || e.Remembered != 0 {
		t.Errorf("estimated %+v, then %+v", e, out.Uses[0])
	}
	if e.InputTokens == 0 || e.OutputTokens == 0 || e.Cost == "" || e.Currency != "USD" {
		t.Errorf("estimated %+v", e)
	}
	e, err = tr.Estimate(t.Context(), w)
	if err != nil || e.Units != 0 || e.Remembered+e.Kept != len(w.Units) || e.Cost != "0" {
		t.Errorf("afterwards estimated %+v, %v", e, err)
	}
}

func TestCostIsExact(t *testing.T) {
	price := translate.Price{InputPerMillion: 150_000, OutputPerMillion: 600_000, Currency: "USD"}
	for _, c := range []struct {
		usage translate.Usage
		want  string
	}{
		{translate.Usage{}, "0"},
		{translate.Usage{InputTokens: 1}, "0.00000015"},
		{translate.Usage{InputTokens: 4100, OutputTokens: 3900}, "0.002955"},
		{translate.Usage{InputTokens: 20_000_000, OutputTokens: 5_000_000}, "6"},
		{translate.Usage{InputTokens: 1 << 62}, "691752902764.1081856"},
	} {
		if got, ok := (translate.Use{Usage: c.usage, Price: price}).Cost(); !ok || got != c.want {
			t.Errorf("%+v costs %s, want %s", c.usage, got, c.want)
		}
	}
	if got, ok := (translate.Use{Usage: translate.Usage{InputTokens: 5}}).Cost(); ok || got != "" {
		t.Errorf("a price that is not known gives %q", got)
	}
	two := []translate.Use{{Usage: translate.Usage{InputTokens: 1}, Price: price}, {Usage: translate.Usage{OutputTokens: 1}, Price: price}}
	if amount, currency, ok := translate.TotalCost(two); !ok || amount != "0.00000075" || currency != "USD" {
		t.Errorf("together %s %s", amount, currency)
	}
}

func TestTermsArePlannedWhereConfigured(t *testing.T) {
	for _, plan := range []bool{false, true} {
		sim, spec := start(t, simulatorDefaults())
		w := sentences(70)
		for i := range w.Units {
			if i%10 == 3 {
				w.Units[i].Parts[0] += " So says Hudec."
			}
		}
		out, err := translator(t, translate.Config{PlanTerms: plan}, spec).Translate(t.Context(), w)
		if err != nil || statuses(out)[subtitles.StatusTranslated] != 70 {
			t.Fatalf("%v %v", err, statuses(out))
		}
		planned, told := 0, 0
		for _, c := range sim.Calls() {
			if c.Units == nil {
				planned++
			}
			if c.Terms["Hudec"] == "Hudec" {
				told++
			}
		}
		if want := map[bool]int{true: 1}[plan]; planned != want || (told > 0) != plan {
			t.Errorf("plan %v: %d planning requests, %d batches with the term", plan, planned, told)
		}
	}
}

func TestNamesThatStayAreKeptAndNotPaidForTwice(t *testing.T) {
	echo := func(_ context.Context, _ int, req *translate.Request) (*translate.Reply, error) {
		reply := answer(req)
		for i, u := range req.Units {
			if u.Parts[0] == "Anna Lee" || u.Parts[0] == "Come here, all of you." {
				reply.Units[i].Texts = u.Parts
			}
		}
		return reply, nil
	}
	w := sentences(4)
	w.Units[1].Parts = []string{"Anna Lee"}
	w.Units[3].Parts = []string{"Come here, all of you."}
	f := &fake{caps: translate.Caps{LLM: true}, before: echo}
	tr := newTranslator(t, translate.Config{}, f)
	for range 2 {
		out, err := tr.Translate(t.Context(), w)
		if err != nil {
			t.Fatal(err)
		}
		if r := out.Results[1]; r.Status != subtitles.StatusKept || r.Backend != "" || r.Parts[0] != "Anna Lee" {
			t.Errorf("%+v", r)
		}
		if r := out.Results[3]; r.Status != subtitles.StatusUntranslated || r.Reason != "echo" || r.Parts != nil {
			t.Errorf("%+v", r)
		}
	}
	asked := 0
	for _, req := range f.calls {
		for _, u := range req.Units {
			if u.Parts[0] == "Anna Lee" {
				asked++
			}
		}
	}
	if asked != 1 {
		t.Errorf("the name was asked for %d times", asked)
	}
}

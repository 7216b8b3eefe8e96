package worker_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/translate/translatetest"
	"github.com/duosub/duosub/worker"
	"golang.org/x/text/language"
)

func TestShortTextsGoThereAndBack(t *testing.T) {
	p := newProcessor(t, translatetest.NewSimulator(translatetest.SimulatorOptions{}), nil, nil)
	resp, err := p.Text(t.Context(), worker.TextRequest{Target: subtitles.English, Kind: "comment", Items: []worker.TextItem{
		{ID: "a", Text: "绝绝子 🤣 @小明 #上海"}, {ID: "b", Text: "This is English already"}, {ID: "c", Text: "🤣🤣"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if len(resp.Items) != 3 {
		t.Fatalf("%d answers", len(resp.Items))
	}
	a, b, c := resp.Items[0], resp.Items[1], resp.Items[2]
	if a.ID != "a" || a.Status != subtitles.StatusTranslated || a.Source != "zh-Hans" || a.Backend != "openai" {
		t.Errorf("answer %+v", a)
	}
	for _, keep := range []string{"🤣", "@小明", "#上海"} {
		if !strings.Contains(a.Text, keep) {
			t.Errorf("%q lost %s", a.Text, keep)
		}
	}
	if b.Status != subtitles.StatusKept || b.Text != "This is English already" || c.Status != subtitles.StatusKept {
		t.Errorf("answers %+v and %+v", b, c)
	}
	if resp.Cost.Amount == "" || resp.Cost.Currency != "USD" {
		t.Errorf("cost %+v", resp.Cost)
	}
}

func TestShortTextsInTheOtherScriptAreConverted(t *testing.T) {
	sim := translatetest.NewSimulator(translatetest.SimulatorOptions{})
	p := newProcessor(t, sim, nil, nil)
	resp, err := p.Text(t.Context(), worker.TextRequest{Target: subtitles.TraditionalChineseHK, Kind: "title",
		Items: []worker.TextItem{{ID: "a", Text: "这台服务器的头发干了"}}})
	if err != nil {
		t.Fatal(err)
	}
	if a := resp.Items[0]; a.Text != "這台伺服器的頭髮乾了" || a.Status != subtitles.StatusGiven || len(sim.Calls()) != 0 {
		t.Errorf("answer %+v after %d calls", a, len(sim.Calls()))
	}
}

func TestTextRequestsAreChecked(t *testing.T) {
	p := newProcessor(t, translatetest.NewSimulator(translatetest.SimulatorOptions{}), nil, nil)
	item := []worker.TextItem{{ID: "a", Text: "hello"}}
	for name, c := range map[string]struct {
		req  worker.TextRequest
		code worker.Code
	}{
		"kind":     {worker.TextRequest{Target: subtitles.English, Kind: "poem", Items: item}, worker.CodeBadRequest},
		"target":   {worker.TextRequest{Target: language.French, Kind: "title", Items: item}, worker.CodeBadRequest},
		"no items": {worker.TextRequest{Target: subtitles.English, Kind: "title"}, worker.CodeBadRequest},
		"twice":    {worker.TextRequest{Target: subtitles.English, Kind: "title", Items: append(item, item...)}, worker.CodeBadRequest},
		"long":     {worker.TextRequest{Target: subtitles.English, Kind: "title", Items: []worker.TextItem{{ID: "a", Text: strings.Repeat("x", worker.MaxTextLength+1)}}}, worker.CodeTooLarge},
		"glossary": {worker.TextRequest{Target: subtitles.English, Kind: "title", Items: item, Glossary: "none such"}, worker.CodeUnknownGlossary},
	} {
		_, err := p.Text(t.Context(), c.req)
		var e *worker.Error
		if !errors.As(err, &e) || e.Code != c.code {
			t.Errorf("%s: error %v, want code %s", name, err, c.code)
		}
	}
}

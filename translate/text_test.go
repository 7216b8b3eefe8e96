package translate_test

import (
	"strings"
	"testing"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/translate"
	"github.com/duosub/duosub/translate/translatetest"
	"golang.org/x/text/language"
)

func TestTextsOfSeveralLanguages(t *testing.T) {
	words := map[string]string{
		"绝绝子 🤣 @小明 #上海":                      "Absolutely stunning 🤣 @小明 #上海",
		"这家店太好吃了！":                           "The food here is so good!",
		"链接在这里 https://example.com/a?b=1 快去": "The link is here https://example.com/a?b=1 go now",
	}
	sim, spec := start(t, translatetest.SimulatorOptions{Translate: func(_, _, text string) string { return words[text] }})
	tr := translator(t, translate.Config{}, spec)
	items := []translate.TextItem{
		{ID: "a", Text: "绝绝子 🤣 @小明 #上海"},
		{ID: "b", Text: "This is already in English, thank you."},
		{ID: "c", Text: "😂😂"},
		{ID: "d", Text: "这家店太好吃了！\n\n  链接在这里 https://example.com/a?b=1 快去\n"},
		{ID: "e", Text: "这家店太好吃了！"},
		{ID: "f", Text: ""},
		{ID: "g", Text: "这家店太好吃了！"},
	}
	results, uses, err := tr.Texts(t.Context(), translate.TextWork{Target: subtitles.English, Kind: translate.KindComment, Items: items})
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		text   string
		status subtitles.Status
		source language.Tag
	}{
		{"Absolutely stunning 🤣 @小明 #上海", subtitles.StatusTranslated, subtitles.SimplifiedChinese},
		{items[1].Text, subtitles.StatusKept, subtitles.English},
		{"😂😂", subtitles.StatusKept, language.Und},
		{"The food here is so good!\n\n  The link is here https://example.com/a?b=1 go now\n", subtitles.StatusTranslated, subtitles.SimplifiedChinese},
		{"The food here is so good!", subtitles.StatusTranslated, subtitles.SimplifiedChinese},
		{"", subtitles.StatusKept, language.Und},
		{"The food here is so good!", subtitles.StatusTranslated, subtitles.SimplifiedChinese},
	}
	for i, w := range want {
		if r := results[i]; r.ID != items[i].ID || r.Text != w.text || r.Status != w.status || r.Source != w.source {
			t.Errorf("item %s: %+v, want %+v", items[i].ID, r, w)
		}
	}
	if len(uses) != 1 || uses[0].Calls != len(sim.Calls()) {
		t.Errorf("uses %+v for %d calls", uses, len(sim.Calls()))
	}
	for unit, n := range sim.Asked() {
		// A short line has another meaning among others than alone.
		if n != 1 && !(n == 2 && unit == "这家店太好吃了！") {
			t.Errorf("%q was asked for %d times", unit, n)
		}
	}
	for _, c := range sim.Calls() {
		if c.Kind != "comment" || len(c.Before)+len(c.After) > 0 {
			t.Errorf("a call of kind %q with context %q %q", c.Kind, c.Before, c.After)
		}
	}
}

func TestTextThatLosesAMentionIsNotAccepted(t *testing.T) {
	sim, spec := start(t, translatetest.SimulatorOptions{Translate: func(_, _, text string) string {
		return "Thank you, that was a great evening"
	}})
	tr := translator(t, translate.Config{}, spec)
	results, _, err := tr.Texts(t.Context(), translate.TextWork{Target: subtitles.English, Items: []translate.TextItem{{ID: "a", Text: "谢谢 @小红 今晚真的很开心"}}})
	if err != nil {
		t.Fatal(err)
	}
	if r := results[0]; r.Status != subtitles.StatusUntranslated || r.Text != "" || r.Reason != "address" {
		t.Errorf("%+v", r)
	}
	if n := len(sim.Calls()); n < 2 || n > 4 {
		t.Errorf("%d calls were made", n)
	}
}

func TestLongDescriptionKeepsItsLines(t *testing.T) {
	_, spec := start(t, translatetest.SimulatorOptions{})
	tr := translator(t, translate.Config{}, spec)
	long := strings.Repeat("We walked along the river until the lights came on. ", 40)
	text := "My first video\n\n" + long + "\n- one\n- two\n\n#shanghai @jess"
	results, _, err := tr.Texts(t.Context(), translate.TextWork{Target: subtitles.SimplifiedChinese, Kind: translate.KindDescription, Items: []translate.TextItem{{ID: "d", Text: text}}})
	if err != nil {
		t.Fatal(err)
	}
	r := results[0]
	if r.Status != subtitles.StatusTranslated || r.Source != subtitles.English {
		t.Fatalf("%+v", r)
	}
	got, want := strings.Split(r.Text, "\n"), strings.Split(text, "\n")
	if len(got) != len(want) {
		t.Fatalf("%d lines became %d: %q", len(want), len(got), r.Text)
	}
	for i := range want {
		if (got[i] == "") != (want[i] == "") {
			t.Errorf("line %d: %q became %q", i, want[i], got[i])
		}
	}
	if got[len(got)-1] != "#shanghai @jess" {
		t.Errorf("the tags became %q", got[len(got)-1])
	}
}

func TestTextsRefuseAnUnknownKind(t *testing.T) {
	tr := translator(t, translate.Config{}, "none")
	_, _, err := tr.Texts(t.Context(), translate.TextWork{Target: subtitles.English, Kind: "poem"})
	if translate.KindOf(err) != translate.KindInvalid {
		t.Errorf("%v", err)
	}
}

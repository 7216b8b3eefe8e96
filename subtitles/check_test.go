package subtitles

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/text/language"
)

// brief writes findings as "rule(language)severity value/limit".
func brief(fs []Finding) string {
	var out []string
	for _, f := range fs {
		s := f.Rule
		if f.Language != "" {
			s += "(" + f.Language + ")"
		}
		if f.Severity == SeverityError {
			s += "!"
		}
		if f.Limit != 0 {
			s += fmt.Sprintf(" %v/%v", f.Value, f.Limit)
		} else if f.Value != 0 {
			s += fmt.Sprintf(" %v", f.Value)
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

func TestCheckTrackText(t *testing.T) {
	for _, tt := range []struct {
		name string
		lang language.Tag
		cue  Cue
		want string
	}{
		{"sound", English, at(0, 2000, "Hello there."), ""},
		{"sound Chinese", SimplifiedChinese, at(0, 2000, "你好，世界"), ""},
		{"fast", English, at(0, 1000, "This is twenty-one ab"), "reading-speed(en) 21/20"},
		{"far too fast", English, at(0, 1000, "This is twenty-one ab and more"+"!!"), "reading-speed(en)! 32/20"},
		{"fast Chinese", SimplifiedChinese, at(0, 1000, "一二三四五六七八九十"), "reading-speed(zh-Hans) 10/9"},
		{"Latin counts half", SimplifiedChinese, at(0, 1000, "一二三四五六七abcd"), ""},
		{"short", English, at(0, 500, "Hi"), "duration 500/833"},
		{"long", English, at(0, 8000, "Hi"), "duration 8000/7000"},
		{"backwards", English, at(2000, 1000, "Hi"), "time! -1000"},
		{"wide", English, at(0, 6000, "This line has more columns than forty-two of them"), "line-length(en) 49/42"},
		{"wide Chinese", SimplifiedChinese, at(0, 6000, "一二三四五六七八九十一二三四五六七八九"), "line-length(zh-Hans) 38/36"},
		{"many lines", English, at(0, 6000, "a\nb\nc"), "lines(en) 3/2"},
		{"empty", English, at(0, 2000, " \n"), "empty!"},
		{"blank line", English, at(0, 6000, "a\n \nb"), "blank-line!; lines(en) 3/2"},
		{"arrow", English, at(0, 2000, "a --> b"), "arrow!"},
		{"markup", English, at(0, 4000, "<i>Hello</i> you"), "markup"},
		{"ASS overrides", English, at(0, 4000, "{\\an8}Hello"), "markup"},
		{"no markup", English, at(0, 4000, "a < b, {c} <3"), ""},
		{"entity", English, at(0, 4000, "R&amp;D"), "entity"},
		{"ampersand", English, at(0, 4000, "R&D & co"), ""},
		{"control", English, at(0, 4000, "a\x01b"), "control!"},
		{"bidi", English, at(0, 4000, "a\u202eb"), "control!"},
		{"lost", English, at(0, 4000, "caf\ufffd"), "encoding!"},
		{"private use", English, at(0, 4000, "\ue000 hi"), "encoding"},
		{"Han in English", English, at(0, 4000, "I love 北京"), "script(en) 2"},
		{"Chinese for English", English, at(0, 4000, "我爱北京"), "script(en)! 4"},
		{"English for Chinese", SimplifiedChinese, at(0, 4000, "I love you so much"), "script(zh-Hans)! 5"},
		{"a name in Chinese", SimplifiedChinese, at(0, 4000, "Bob?"), "script(zh-Hans) 1"},
		{"emoji in Chinese", SimplifiedChinese, at(0, 4000, "😂 123"), ""},
		{"Traditional for Simplified", SimplifiedChinese, at(0, 4000, "我們這裡"), "script(zh-Hans)! 3"},
		{"one Traditional character", SimplifiedChinese, at(0, 4000, "我们这里有個"), "script(zh-Hans) 1"},
		{"Simplified for Traditional", TraditionalChineseTW, at(0, 4000, "我们这里"), "script(zh-Hant-TW)! 2"},
		{"kana", SimplifiedChinese, at(0, 4000, "我爱カラオケ"), "script(zh-Hans) 4"},
		{"half-width comma", SimplifiedChinese, at(0, 4000, "你好,世界"), "punctuation(zh-Hans)"},
		{"half-width point at the end", SimplifiedChinese, at(0, 4000, "你好."), "punctuation(zh-Hans)"},
		{"half-width signs in names and times", SimplifiedChinese, at(0, 4000, "早上7:30看 example.com, OK?"), ""},
		{"points for an ellipsis", SimplifiedChinese, at(0, 4000, "我想..."), "punctuation(zh-Hans)"},
		{"an ellipsis", SimplifiedChinese, at(0, 4000, "我想……真的？！"), ""},
		{"straight quotes", SimplifiedChinese, at(0, 4000, `他说"好"`), "punctuation(zh-Hans)"},
		{"curly quotes", SimplifiedChinese, at(0, 4000, "他说“好”"), ""},
		{"curly quotes in Traditional", TraditionalChinese, at(0, 4000, "他說“好”"), "punctuation(zh-Hant)"},
		{"corner brackets in Traditional", TraditionalChinese, at(0, 4000, "他說「好」"), ""},
		{"a comma twice", SimplifiedChinese, at(0, 4000, "你好，，世界"), "punctuation(zh-Hans)"},
		{"a line begins with a comma", SimplifiedChinese, at(0, 4000, "你好\n，世界"), "punctuation(zh-Hans)"},
		{"a space before a comma", SimplifiedChinese, at(0, 4000, "你好 ，世界"), "punctuation(zh-Hans)"},
		{"spaces for commas", SimplifiedChinese, at(0, 4000, "你好 世界"), ""},
		{"full-width in English", English, at(0, 4000, "Hello， you"), "punctuation(en)"},
		{"a space before a question mark", English, at(0, 4000, "Really ?"), "punctuation(en)"},
		{"two commas", English, at(0, 4000, "Well,, yes"), "punctuation(en)"},
		{"plain English", English, at(0, 4000, "Well... \"yes\", it's 3.5!"), ""},
		{"no UTF-8", English, at(0, 4000, "Well, \xff"), "encoding!"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := CheckTrack(&Track{Cues: []Cue{tt.cue}}, tt.lang, Profile{})
			if brief(got[0]) != tt.want {
				t.Errorf("got  %s\nwant %s", brief(got[0]), tt.want)
			}
		})
	}
}

func TestCheckTrackTimes(t *testing.T) {
	tr := &Track{Cues: []Cue{at(0, 1000, "a"), at(1050, 2000, "b"), at(1990, 3000, "c"), at(2500, 4000, "d"), at(2000, 5000, "e"), at(2000, 5000, "e"), at(5083, 6000, "f"), at(6000, 7000, "g")}}
	want := []string{"", "gap 50/83", "overlap 10", "overlap! 500", "order! 500", "duplicate", "", ""}
	for i, fs := range CheckTrack(tr, English, Profile{}) {
		if brief(fs) != want[i] {
			t.Errorf("cue %d: got %s, want %s", i+1, brief(fs), want[i])
		}
	}
}

func TestCheckTrackFindsABilingualTrack(t *testing.T) {
	tr := &Track{Cues: []Cue{
		at(0, 2000, "刚搬到上海的时候\nWhen I first moved"), at(2000, 4000, "我谁也不认识\nto Shanghai, I knew nobody"),
		at(4000, 6000, "我們這裡\nHere we are"), at(6000, 7000, "真的\nThis line is read in far too little time"),
		at(7000, 9000, "我有3只猫\nI have cats"), at(9000, 11000, "只有中文"), at(11000, 13000, "This is English only"), at(13000, 15000, "OK")}}
	want := []string{"", "", "script(zh-Hans)! 3", "reading-speed(en) 40/20", "number(en)", "untranslated(en)", "untranslated(zh-Hans)", ""}
	for i, fs := range CheckTrack(tr, language.Und, Profile{}) {
		if brief(fs) != want[i] {
			t.Errorf("cue %d: got %s, want %s", i+1, brief(fs), want[i])
		}
	}
}

func TestDocumentCheckKeepsOtherFindingsAndRepeatsItself(t *testing.T) {
	c := dualCue(1, 0, 1000, "This is far too long to be read in one second", StatusSource, "这一行根本没有办法在一秒之内读完的", StatusTranslated)
	c.Findings = []Finding{{Rule: "term", Severity: SeverityWarning}, {Rule: "overlap", Severity: SeverityError}}
	d := &Document{Pair: DefaultPair, Source: English, Cues: []DualCue{c,
		dualCue(2, 1050, 3000, "Hello", StatusSource, "", StatusUntranslated), dualCue(3, 3000, 5000, "♪", StatusKept, "♪", StatusKept)}}
	want := []string{"term; reading-speed(zh-Hans)! 17/9; reading-speed(en) 44/20", "gap 50/83; untranslated(zh-Hans)!", ""}
	for range 2 {
		d.Check(Profile{})
		for i := range d.Cues {
			if got := brief(d.Cues[i].Findings); got != want[i] {
				t.Errorf("cue %d: got %s, want %s", i+1, got, want[i])
			}
		}
	}
}

func TestDocumentCheckComparesTheLanguages(t *testing.T) {
	const src, tr, un = StatusSource, StatusTranslated, StatusUntranslated
	for _, tt := range []struct {
		name string
		cues []DualCue
		want string
	}{
		{"equal numbers", []DualCue{dualCue(1, 0, 4000, "In 2019 I had 3 cats", src, "2019年我有三只猫", tr)}, ""},
		{"a number is missing", []DualCue{dualCue(1, 0, 4000, "I had 3 cats", src, "我有猫", tr)}, "number(zh-Hans)"},
		{"a number too many", []DualCue{dualCue(1, 0, 4000, "I had cats", src, "我有3只猫", tr)}, "number(en)"},
		{"another number", []DualCue{dualCue(1, 0, 4000, "I had 3 cats", src, "我有4只猫", tr)}, "number(zh-Hans); number(en)"},
		{"in another cue of the sentence", []DualCue{dualCue(1, 0, 4000, "In 2019 I", src, "我搬家了", tr), dualCue(1, 4000, 8000, "moved house", src, "在2019年", tr)}, " | "},
		{"in a sentence of two cues with a gap", []DualCue{dualCue(1, 0, 4000, "In 2019 I", src, "我搬家了", tr), dualCue(1, 4000, 8000, "moved house", src, "", un)}, " | untranslated(zh-Hans)!"},
		{"in the cue beside, without sentences", []DualCue{dualCue(0, 0, 4000, "In 2019", src, "我搬家了", StatusGiven), dualCue(0, 4000, 8000, "I moved", src, "在2019年", StatusGiven)}, " | "},
		{"nowhere, without sentences", []DualCue{dualCue(0, 0, 4000, "In 2019", src, "我搬家了", StatusGiven), dualCue(0, 4000, 8000, "I moved", src, "很久", StatusGiven)}, "number(zh-Hans) | "},
		{"the source again", []DualCue{dualCue(1, 0, 4000, "Where are you now", src, "where are you  now", tr)}, "script(zh-Hans)! 4; untranslated(zh-Hans)!"},
		{"a name", []DualCue{dualCue(1, 0, 4000, "Taylor Swift", src, "Taylor Swift", tr)}, "script(zh-Hans) 2"},
		{"words left", []DualCue{dualCue(1, 0, 7000, "He told me that the cat sat there", src, "他告诉我 that the cat sat 在那", tr)}, "untranslated(zh-Hans)"},
		{"a title left", []DualCue{dualCue(1, 0, 7000, "I saw The Lord of the Rings", src, "我看了 The Lord of the Rings", tr)}, ""},
		{"a gap", []DualCue{dualCue(1, 0, 4000, "Hello", src, "", un)}, "untranslated(zh-Hans)!"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := &Document{Pair: DefaultPair, Source: English, Cues: tt.cues}
			for i := range d.Cues {
				d.Cues[i].Unit = d.Cues[i].N
			}
			for range 2 {
				d.Check(Profile{})
				var got []string
				for _, c := range d.Cues {
					got = append(got, brief(c.Findings))
				}
				if strings.Join(got, " | ") != tt.want {
					t.Errorf("got %s, want %s", strings.Join(got, " | "), tt.want)
				}
			}
		})
	}
}

func dualCue(n, a, b int, en string, es Status, zh string, zs Status) DualCue {
	c := at(a, b, "")
	return DualCue{N: n, Start: c.Start, End: c.End, Texts: map[language.Tag]Text{English: {Text: en, Status: es}, SimplifiedChinese: {Text: zh, Status: zs}}}
}

func TestLayout(t *testing.T) {
	d := &Document{Pair: DefaultPair, Source: English, Cues: []DualCue{
		dualCue(1, 0, 1000, "Hello,\nyou", StatusSource, "你好", StatusTranslated),
		dualCue(2, 1000, 2000, "Not translated", StatusSource, "", StatusUntranslated),
		dualCue(3, 2000, 3000, "♪♪", StatusSource, "♪♪", StatusKept),
		dualCue(4, 3000, 4000, "The author broke this line where it\ndoes not fit the profile because it goes on and on", StatusSource, "这一行很长", StatusTranslated),
		dualCue(5, 4000, 5000, "Never shown", StatusUntranslated, "", StatusUntranslated),
	}}
	show := func(tr *Track) string {
		var b strings.Builder
		for _, c := range tr.Cues {
			fmt.Fprintf(&b, "%d %d-%d %s\n", c.N, c.Start.Milliseconds(), c.End.Milliseconds(), strings.ReplaceAll(c.Text, "\n", "/"))
		}
		return b.String()
	}
	long := "The author broke this line/where it does not fit the profile/because it goes on and on"
	for _, tt := range []struct{ name, got, want string }{
		{"dual", show(d.Dual(Profile{})), "1 0-1000 你好/Hello,/you\n2 1000-2000 Not translated\n3 2000-3000 ♪♪\n4 3000-4000 这一行很长/" + long + "\n"},
		{"Chinese", show(d.Single(SimplifiedChinese, Profile{})), "1 0-1000 你好\n3 2000-3000 ♪♪\n4 3000-4000 这一行很长\n"},
		{"English", show(d.Single(English, Profile{})), "1 0-1000 Hello,/you\n2 1000-2000 Not translated\n3 2000-3000 ♪♪\n4 3000-4000 " + long + "\n"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got\n%swant\n%s", tt.name, tt.got, tt.want)
		}
	}
	if tr := d.Single(SimplifiedChinese, Profile{}); tr.Language != SimplifiedChinese {
		t.Errorf("language %v", tr.Language)
	}
}

func TestDualOfAThirdLanguageShowsTheSourceWhereNothingIsTranslated(t *testing.T) {
	fr := language.French
	cue := func(n int, zh, en Text) DualCue {
		return DualCue{N: n, Texts: map[language.Tag]Text{fr: {Text: "Bonjour", Status: StatusSource}, SimplifiedChinese: zh, English: en}}
	}
	gap := Text{Status: StatusUntranslated}
	d := &Document{Pair: DefaultPair, Source: fr, Cues: []DualCue{
		cue(1, Text{Text: "你好", Status: StatusTranslated}, Text{Text: "Hello", Status: StatusTranslated}),
		cue(2, gap, Text{Text: "Hello", Status: StatusTranslated}), cue(3, gap, gap)}}
	var got []string
	for _, c := range d.Dual(Profile{}).Cues {
		got = append(got, c.Text)
	}
	if want := []string{"你好\nHello", "Hello", "Bonjour"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestProfileRuleFillsDefaults(t *testing.T) {
	p, ok := ProfileByName("portrait")
	if !ok || p.Rule(English).Columns != 36 || p.Rule(SimplifiedChinese).Columns != 32 {
		t.Errorf("portrait: %+v", p)
	}
	if _, ok := ProfileByName("cinema"); ok {
		t.Error("an unknown profile is known")
	}
	for _, name := range ProfileNames() {
		if p, ok := ProfileByName(name); !ok || p.Name != name {
			t.Errorf("%s: %+v", name, p)
		}
	}
	r := Profile{Latin: LineRule{Columns: 30}}.Rule(English)
	if want := (LineRule{Columns: 30, MaxColumns: 30, Lines: 2, Speed: 20}); r != want {
		t.Errorf("got %+v", r)
	}
	if r := (Profile{}).Rule(TraditionalChineseHK); r != (LineRule{Columns: 32, MaxColumns: 36, Lines: 2, Speed: 9}) {
		t.Errorf("got %+v", r)
	}
}

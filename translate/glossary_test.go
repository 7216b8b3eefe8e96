package translate

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/duosub/duosub/subtitles"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/language"
)

var (
	en     = language.English
	zhHans = subtitles.SimplifiedChinese
	zhHant = subtitles.TraditionalChinese
	zhHK   = subtitles.TraditionalChineseHK
)

func mustGlossary(t testing.TB, text string) *Glossary {
	t.Helper()
	g, err := ReadGlossary(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// show writes terms as "source=target, …".
func show(terms []Term) string {
	all := make([]string, len(terms))
	for i, term := range terms {
		all[i] = term.Source + "=" + term.Target
	}
	return strings.Join(all, ", ")
}

func TestReadGlossaryTakesTheFormsThatPeopleWrite(t *testing.T) {
	const want = "Wukang Road=武康路, jianbing=煎饼"
	tests := map[string]string{
		"csv":                  "en,zh-Hans\nWukang Road,武康路\njianbing,煎饼\n",
		"tsv":                  "en\tzh-Hans\nWukang Road\t武康路\njianbing\t煎饼\n",
		"semicolons":           "en;zh-Hans\nWukang Road;武康路\njianbing;煎饼\n",
		"byte-order mark":      "\ufeffen,zh-Hans\nWukang Road,武康路\njianbing,煎饼\n",
		"CRLF, no end of line": "en,zh-Hans\r\nWukang Road,武康路\r\njianbing,煎饼",
		"quotes":               "\"en\",\"zh-Hans\"\n\"Wukang Road\",\"武康路\"\njianbing,煎饼\n",
		"comments and blanks":  "# a, comment\n\nen,zh-Hans\n\n#x,y\nWukang Road,武康路\n,\n  \njianbing,煎饼\n",
		"other columns":        "note,zh-CN,fr,en-US\nstreet,武康路,,Wukang Road\n\"a,b\",煎饼,crêpe,jianbing\n",
		"plain names":          "English,Chinese\nWukang Road,武康路\njianbing,煎饼\n",
		"spaces":               "en , zh-Hans\n Wukang  Road , 武康路\njianbing\u00a0,煎饼\n",
		"no header":            "Wukang Road,武康路\njianbing,煎饼\n",
		"no header, backwards": "武康路,Wukang Road\n煎饼,jianbing\n",
		"source and target":    "source,target\nWukang Road,武康路\njianbing,煎饼\n",
		"later rows count":     "en,zh-Hans\nWukang Road,吴康路\njianbing,煎饼\nwukang road,武康路\nWukang Road,武康路\n",
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			g := mustGlossary(t, text)
			if got := show(g.Terms(en, zhHans)); got != want {
				t.Errorf("en to zh-Hans: %s, want %s", got, want)
			}
			if got, want := show(g.Terms(zhHans, en)), "武康路=Wukang Road, 煎饼=jianbing"; got != want && !strings.Contains(text, "吴") {
				t.Errorf("zh-Hans to en: %s, want %s", got, want)
			}
		})
	}
}

func TestReadGlossaryReadsEncodings(t *testing.T) {
	const text = "en,zh-Hans\nWukang Road,武康路\n"
	encode := func(s string, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for name, file := range map[string]string{
		"UTF-16LE with mark":    encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)),
		"UTF-16BE with mark":    encode(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(text)),
		"UTF-16LE without mark": encode(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String(text)),
		"UTF-16BE without mark": encode(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().String(text)),
		"GB18030":               encode(simplifiedchinese.GB18030.NewEncoder().String(text)),
	} {
		if got := show(mustGlossary(t, file).Terms(en, zhHans)); got != "Wukang Road=武康路" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestReadGlossaryNamesTheLineOfAnError(t *testing.T) {
	tests := []struct {
		name, text string
		kind       subtitles.ErrorKind
		line       int
	}{
		{"no translation", "en,zh-Hans\n\nWukang Road,武康路\njianbing\n", subtitles.ErrMalformed, 4},
		{"another separator", "en,zh-Hans\nWukang Road;武康路\n", subtitles.ErrMalformed, 2},
		{"a mark inside a cell", "en,zh-Hans\n5\" disc,光盘\n", subtitles.ErrMalformed, 2},
		{"a cell without end", "en,zh-Hans\na,b\n\"Wukang Road,武康路\nx,y\n", subtitles.ErrMalformed, 3},
		{"an unknown word for case", "en,zh-Hans,case\nUS,美国,maybe\n", subtitles.ErrMalformed, 2},
		{"a language twice", "# c\nen,zh-CN,zh-Hans\n", subtitles.ErrMalformed, 2},
		{"an endless term", "en,zh-Hans\n" + strings.Repeat("x", MaxTermLength+1) + ",y\n", subtitles.ErrMalformed, 2},
		{"a picture", "\xff\xd8\xff\xe0\x00\x10JFIF", subtitles.ErrEncoding, 0},
		{"too large", strings.Repeat("a,b\n", MaxGlossaryBytes/4+1), subtitles.ErrTooLarge, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ReadGlossary(strings.NewReader(tt.text))
			var e *subtitles.Error
			if !errors.As(err, &e) || e.Kind != tt.kind || e.Line != tt.line {
				t.Errorf("error %#v, want kind %s in line %d", err, tt.kind, tt.line)
			}
		})
	}
}

func TestEmptyGlossariesHaveNoTerms(t *testing.T) {
	for name, g := range map[string]*Glossary{"nil": nil, "zero": {}, "empty file": mustGlossary(t, ""), "header": mustGlossary(t, "en,zh-Hans\n"), "merged": Merge(nil, &Glossary{})} {
		if got := g.Match(en, zhHans, "Wukang Road"); got != nil {
			t.Errorf("%s: matches %v", name, got)
		}
		if g.Hash() != "" || g.Len() != 0 || g.Terms(en, zhHans) != nil {
			t.Errorf("%s: hash %q, %d rows", name, g.Hash(), g.Len())
		}
	}
	if HashTerms(nil) != "" || Missing(nil, en, "x") != nil {
		t.Error("no terms have a hash or are missing")
	}
}

const testGlossary = `en,zh-Hans,case
Wukang Road,武康路
Wukang,武康
Road,路
US,美国
may,五月,sensitive
May,梅,sensitive
art,艺术
Xiaohongshu|Little Red Book,小红书|小红薯
Line 1,1号线
C++,C加加
José,何塞
SIM card,SIM卡
O'Brien,奥布莱恩
`

func TestMatchFindsTerms(t *testing.T) {
	g := mustGlossary(t, testGlossary)
	tests := []struct {
		from, to   language.Tag
		text, want string
	}{
		{en, zhHans, "Wukang Road is nice.", "Wukang Road=武康路"},
		{en, zhHans, "on wukang road", "Wukang Road=武康路"},
		{en, zhHans, "Wukang Road's trees", "Wukang Road=武康路"},
		{en, zhHans, "Wukang Road’s trees", "Wukang Road=武康路"},
		{en, zhHans, "two Wukang Roads, the Wukang Roads' trees", "Wukang Road=武康路"},
		{en, zhHans, "Wukang\nRoad", "Wukang Road=武康路"},
		{en, zhHans, "Wukang Roadside", "Wukang=武康"},
		{en, zhHans, "The road to Wukang, by Wukang Road, by road.", "Road=路, Wukang=武康, Wukang Road=武康路"},
		{en, zhHans, "They joined us in the US.", "US=美国"},
		{en, zhHans, "They joined us.", ""},
		{en, zhHans, "you may go", "may=五月"},
		{en, zhHans, "May may go", "May=梅, may=五月"},
		{en, zhHans, "MAY", ""},
		{en, zhHans, "start a party, smart", ""},
		{en, zhHans, "state-of-the-art arts", "art=艺术"},
		{en, zhHans, "art's, and Art'll", "art=艺术"},
		{en, zhHans, "in art't", ""},
		{en, zhHans, "I found it on Little Red Book (Xiaohongshu).", "Little Red Book=小红书|小红薯, Xiaohongshu=小红书|小红薯"},
		{en, zhHans, "Line 10", ""},
		{en, zhHans, "Line 1's end, line 1", "Line 1=1号线"},
		{en, zhHans, "in C++, mostly", "C++=C加加"},
		{en, zhHans, "Jose\u0301 came", "José=何塞"},
		{en, zhHans, "Josefina", ""},
		{en, zhHans, "O’Brien said", "O'Brien=奥布莱恩"},
		{en, zhHans, "我在Wukang Road上", "Wukang Road=武康路"},
		{en, zhHans, "", ""},
		{zhHans, en, "我住在武康路。", "武康路=Wukang Road"},
		{zhHans, en, "武康很美，武康路也美，坐1号线。", "武康=Wukang, 武康路=Wukang Road, 1号线=Line 1"},
		{zhHans, en, "坐11号线", ""},
		{zhHans, en, "办张ＳＩＭ卡，上小红薯", "SIM卡=SIM card, 小红薯=Xiaohongshu|Little Red Book"},
		{zhHans, zhHant, "武康路", ""},
		{en, zhHant, "Wukang Road", ""},
		{en, language.MustParse("zh-CN"), "Wukang Road", "Wukang Road=武康路"},
		{language.AmericanEnglish, zhHans, "Wukang Road", "Wukang Road=武康路"},
	}
	for _, tt := range tests {
		if got := show(g.Match(tt.from, tt.to, tt.text)); got != tt.want {
			t.Errorf("%s to %s, %q: %s, want %s", tt.from, tt.to, tt.text, got, tt.want)
		}
	}
}

func TestScriptsAreNotMixed(t *testing.T) {
	g := mustGlossary(t, "en,zh-Hans,zh-Hant,zh-Hant-HK\nbus,公交车,公車,巴士\ntaxi,出租车,計程車,\n")
	for _, tt := range []struct {
		target language.Tag
		want   string
	}{
		{zhHans, "bus=公交车, taxi=出租车"},
		{zhHant, "bus=公車, taxi=計程車"},
		{subtitles.TraditionalChineseTW, "bus=公車, taxi=計程車"},
		{zhHK, "bus=巴士, taxi=計程車"},
		{language.Japanese, ""},
	} {
		if got := show(g.Match(en, tt.target, "by bus or taxi")); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.target, got, tt.want)
		}
	}
}

func TestLaterGlossariesOverrideEarlierOnes(t *testing.T) {
	global := mustGlossary(t, "en,zh-Hans\nMei,美\nShanghai,上海\n")
	creator := mustGlossary(t, "zh-Hans,en\n小梅,Mei\n")
	job := NewGlossary(en, zhHans, []Term{{"MEI", "梅姐"}, {"Ajie", "阿杰"}, {"", "x"}, {"x", " "}})
	for _, tt := range []struct {
		g    *Glossary
		want string
	}{
		{Merge(global, creator), "Mei=小梅, Shanghai=上海"},
		{Merge(creator, nil, global), "Mei=美, Shanghai=上海"},
		{Merge(global, creator, job), "Ajie=阿杰, Mei=小梅, Shanghai=上海"},
	} {
		if got := show(tt.g.Match(en, zhHans, "Ajie, Mei and Shanghai")); got != tt.want {
			t.Errorf("%s, want %s", got, tt.want)
		}
	}
	if got := show(Merge(global, job).Match(en, zhHans, "MEI")); got != "MEI=梅姐" {
		t.Errorf("a term in capitals: %s", got)
	}
}

func TestMissingTellsWhichTermsATranslationLacks(t *testing.T) {
	tests := []struct {
		target      string
		lang        language.Tag
		translation string
		missing     bool
	}{
		{"武康路", zhHans, "我住在武康路。", false},
		{"武康路", zhHans, "我住在武 康路。", false},
		{"武康路", zhHans, "我住在五康路。", true},
		{"SIM卡", zhHans, "一张 sim 卡", false},
		{"小红书|RED", zhHans, "我在RED上看到的", false},
		{"小红书|RED", zhHans, "我在小红书上看到的", false},
		{"小红书|RED", zhHans, "我在预算上看到的 REDO", true},
		{"埃隆·马斯克", zhHans, "埃隆・马斯克", false},
		{"10号线", zhHans, "坐10号线", false},
		{"Wukang Road", en, "on wukang road.", false},
		{"Wukang Road", en, "Wukang-Road's", false},
		{"Wukang Road", en, "Wukang Street", true},
		{"start-up", en, "two start ups", false},
		{"the Bund", en, "at Shanghai's Bund", false},
		{"translate", en, "It was translated.", false},
		{"art", en, "We start.", true},
		{"art", en, "It is arty.", true},
		{"Mei", en, "I met Mei’s sister", false},
		{"|", en, "anything", false},
	}
	for _, tt := range tests {
		terms := []Term{{Source: "x", Target: tt.target}}
		if got := len(Missing(terms, tt.lang, tt.translation)) == 1; got != tt.missing {
			t.Errorf("%q in %q: missing %v, want %v", tt.target, tt.translation, got, tt.missing)
		}
	}
	terms := []Term{{"a", "甲"}, {"b", "乙"}, {"c", "丙"}}
	if got := show(Missing(terms, zhHans, "乙")); got != "a=甲, c=丙" {
		t.Errorf("missing %s", got)
	}
}

func TestHashesFollowTheContentAlone(t *testing.T) {
	a, b := Term{"a", "甲"}, Term{"b", "乙"}
	if HashTerms([]Term{a, b}) != HashTerms([]Term{b, a, b}) {
		t.Error("the hash of terms follows their order")
	}
	if HashTerms([]Term{a}) == HashTerms([]Term{{"a", "乙"}}) || HashTerms([]Term{{"a", "bc"}}) == HashTerms([]Term{{"ab", "c"}}) {
		t.Error("different terms have one hash")
	}
	one := mustGlossary(t, "en,zh-Hans\na,甲\nb,乙\n").Hash()
	if one == "" || one != mustGlossary(t, "zh-Hans;en;note\n乙;b;x\n甲;a;\n").Hash() {
		t.Error("the hash of a glossary follows the order of rows or columns")
	}
	seen := map[string]string{}
	for _, text := range []string{"en,zh-Hans\na,甲\n", "en,zh-Hant\na,甲\n", "en,zh-Hans\na,甲|乙\n", "en,zh-Hans,case\na,甲,sensitive\n", "a,甲\n", "甲,a\n",
		"en,zh-Hans\na,甲\na,乙\n", "en,zh-Hans\na,乙\na,甲\n"} {
		h := mustGlossary(t, text).Hash()
		if other, ok := seen[h]; ok {
			t.Errorf("%q and %q have one hash", text, other)
		}
		seen[h] = text
	}
}

func TestTermsHaveAPreferredTranslation(t *testing.T) {
	term := Term{Source: "Xiaohongshu", Target: " 小红书 || RED "}
	if got := term.Alternatives(); !reflect.DeepEqual(got, []string{"小红书", "RED"}) || term.Preferred() != "小红书" {
		t.Errorf("%q, preferred %q", got, term.Preferred())
	}
	if (Term{}).Preferred() != "" {
		t.Error("no target has a preferred translation")
	}
}

func TestGlossariesOfTheVlogAgree(t *testing.T) {
	for _, name := range []string{"glossary.csv", "glossary.tsv"} {
		f, err := os.Open(filepath.Join("..", "testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		g, err := ReadGlossary(f)
		if err != nil {
			t.Fatal(err)
		}
		if got := show(g.Match(en, zhHans, "Mei took me to Wukang Mansion for soup dumplings.")); got != "Mei=小梅, Wukang Mansion=武康大楼, soup dumplings=小笼包" {
			t.Errorf("%s: %s", name, got)
		}
		if got := show(g.Match(zhHans, en, "小梅带我去武康大楼。")); got != "小梅=Mei, 武康大楼=Wukang Mansion" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func FuzzReadGlossary(f *testing.F) {
	f.Add([]byte(testGlossary), "Wukang Road's US 武康路")
	f.Add([]byte("\xff\xfea\x00,\x00b\x00"), "a")
	f.Add([]byte("a\t\"b\n\tc"), "a b")
	f.Add([]byte("#\n;;\n|,|\nen,zh\n"), "|")
	f.Fuzz(func(t *testing.T, data []byte, text string) {
		g, err := ReadGlossary(strings.NewReader(string(data)))
		if err != nil {
			return
		}
		_ = g.Hash()
		for _, d := range [][2]language.Tag{{en, zhHans}, {zhHans, en}} {
			for _, term := range g.Match(d[0], d[1], text) {
				if term.Source == "" || len(term.Alternatives()) == 0 {
					t.Errorf("matched %q", term)
				}
				if missing := Missing([]Term{term}, d[1], term.Preferred()); len(missing) != 0 && subtitles.Normalize(term.Preferred()) != "" {
					t.Errorf("the translation %q lacks itself", term.Preferred())
				}
			}
		}
	})
}

// benchTerms are 5,000 terms of one to three words.
func benchTerms() []Term {
	words := strings.Fields("golden river north market silver garden tower bridge station temple lake street hill square museum gate palace island harbor valley")
	terms := make([]Term, 0, 5000)
	for i := range 5000 {
		terms = append(terms, Term{
			Source: fmt.Sprintf("%s%d %s %s", words[i%20], i/400, words[i/20%20], words[i*7%20]),
			Target: fmt.Sprintf("词条%d", i),
		})
	}
	return terms
}

func BenchmarkGlossaryMatch(b *testing.B) {
	g := NewGlossary(en, zhHans, benchTerms())
	texts := make([]string, 2000)
	for i := range texts {
		texts[i] = fmt.Sprintf("Yesterday we walked from the golden%d river north to the old market and had soup dumplings there, number %d.", i%13, i)
	}
	g.Match(en, zhHans, texts[0])
	b.ReportAllocs()
	for b.Loop() {
		for _, text := range texts {
			g.Match(en, zhHans, text)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/2000, "µs/unit")
}

func BenchmarkGlossaryIndex(b *testing.B) {
	terms := benchTerms()
	for b.Loop() {
		NewGlossary(en, zhHans, terms).Match(en, zhHans, "x")
	}
}

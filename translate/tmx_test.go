package translate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/duosub/duosub/subtitles"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/language"
)

// tmxFile wraps units into a file.
func tmxFile(srclang string, units ...string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header srclang="` + srclang + `" datatype="plaintext"/><body>` + strings.Join(units, "\n") + `</body></tmx>`
}

// tu is a unit in English and Simplified Chinese.
func tu(english, chinese string, props ...string) string {
	return `<tu>` + strings.Join(props, "") + `<tuv xml:lang="en"><seg>` + english + `</seg></tuv><tuv xml:lang="zh-Hans"><seg>` + chinese + `</seg></tuv></tu>`
}

func mustTMX(t testing.TB, text string) *TMX {
	t.Helper()
	m, err := ReadTMX(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// ask looks one text up, "-" for nothing.
func ask(t *testing.T, m Memory, source, target language.Tag, text string, around ...string) string {
	t.Helper()
	q := Query{Source: source, Target: target, Text: text}
	if len(around) == 2 {
		q.Prev, q.Next = around[0], around[1]
	}
	found, err := m.Lookup(context.Background(), []Query{q})
	if err != nil {
		t.Fatal(err)
	}
	if found[0] == nil {
		return "-"
	}
	if found[0].Origin != OriginTMX || found[0].Parts != nil {
		t.Errorf("%q: %+v", text, found[0])
	}
	return found[0].Text
}

func TestTMXAnswersExactMatchesInBothDirections(t *testing.T) {
	m := mustTMX(t, tmxFile("en-US",
		`<tu><tuv xml:lang="EN-US"><seg>I moved to  Shanghai
 two years ago.</seg></tuv><tuv xml:lang="zh-CN"><seg>我两年前搬到了上海。</seg></tuv><tuv xml:lang="zh-TW"><seg>我兩年前搬到了上海。</seg></tuv></tu>`,
		`<tu><tuv lang="en"><seg>Tom &amp; Jerry &lt;3 &#x4F60;&nbsp;&quot;</seg></tuv><tuv lang="zh"><seg>猫和老鼠</seg></tuv></tu>`))
	tests := []struct {
		from, to   string
		text, want string
	}{
		{"en", "zh-Hans", "I moved to Shanghai two years ago.", "我两年前搬到了上海。"},
		{"en-GB", "zh-SG", "I moved to Shanghai\ntwo years ago. ", "我两年前搬到了上海。"},
		{"en", "zh-Hant-TW", "I moved to Shanghai two years ago.", "我兩年前搬到了上海。"},
		{"zh-Hans", "en", "我两年前搬到了上海。", "I moved to  Shanghai\ntwo years ago."},
		{"zh-TW", "zh-CN", "我兩年前搬到了上海。", "我两年前搬到了上海。"},
		{"en", "zh-Hant", "I moved to Shanghai two years ago.", "-"},
		{"en", "en", "I moved to Shanghai two years ago.", "-"},
		{"en", "zh-Hans", "i moved to Shanghai two years ago.", "-"},
		{"en", "zh-Hans", "I moved to Shanghai three years ago.", "-"},
		{"en", "zh-Hans", "Tom & Jerry <3 你 \"", "猫和老鼠"},
		{"de", "zh-Hans", "I moved to Shanghai two years ago.", "-"},
		{"en", "zh-Hans", "", "-"},
	}
	for _, tt := range tests {
		if got := ask(t, m, language.MustParse(tt.from), language.MustParse(tt.to), tt.text); got != tt.want {
			t.Errorf("%s to %s, %q: %q, want %q", tt.from, tt.to, tt.text, got, tt.want)
		}
	}
	if !m.ReadOnly() || m.Store(context.Background(), []Record{record("a", "b", OriginPerson)}) != nil || m.Len() != 2 {
		t.Error("a TMX memory is read-only, and bears that something is stored")
	}
}

func TestTMXKeepsTextAndDropsCodes(t *testing.T) {
	tests := map[string]string{
		`<bpt i="1">&lt;b&gt;</bpt>Hello<ept i="1">&lt;/b&gt;</ept> world`:                  "Hello world",
		`Hello<ph type="lb"/>world`:                                                         "Hello\nworld",
		`Hel<it pos="begin">{\i</it>lo <hi type="x">big <hi>wide</hi></hi> world<ut>x</ut>`: "Hello big wide world",
		`Note<ph>{\footnote <sub>a <hi>foot</hi>note <ph>{x}</ph> here</sub>}</ph> it`:      "Note it",
		`<![CDATA[<i> & ]]>x`:             "<i> & x",
		`a<!-- not this -->b<?nor this?>`: "ab",
		`<unknown>kept</unknown>`:         "kept",
		"\n   - Hi.\n\n   - Hello.  \n":   "- Hi.\n- Hello.",
		"bell\x07 here":                   "bell  here",
	}
	for seg, want := range tests {
		m := mustTMX(t, tmxFile("en", tu(seg, "译文")))
		if m.Len() != 1 {
			t.Errorf("%q: %d units", seg, m.Len())
			continue
		}
		if got := m.Units()[0].Variants[0].Text; got != want {
			t.Errorf("%q: %q, want %q", seg, got, want)
		}
	}
}

func TestTMXLeavesOutWhatIsNoUnit(t *testing.T) {
	m := mustTMX(t, tmxFile("en",
		`<tu><tuv xml:lang="en"><seg>alone</seg></tuv></tu>`,
		`<tu><tuv xml:lang="en"><seg>no text</seg></tuv><tuv xml:lang="zh"><seg> <ph>x</ph> </seg></tuv></tu>`,
		`<tu><tuv xml:lang="en"><seg>no language</seg></tuv><tuv><seg>没有</seg></tuv></tu>`,
		`<tu><tuv xml:lang="en"><seg>no such language</seg></tuv><tuv xml:lang="Chinese (PRC)"><seg>没有</seg></tuv></tu>`,
		`<tu><tuv xml:lang="en"/><tuv xml:lang="zh"/></tu>`, `<tu/>`, `<note>x</note>`,
		tu("kept", "留下")))
	if m.Len() != 1 || m.Units()[0].Variants[0].Text != "kept" {
		t.Errorf("%+v", m.Units())
	}
}

func TestTMXChoosesAmongSeveralTranslations(t *testing.T) {
	pre := func(s string) string { return `<prop type="x-context-pre">` + s + `</prop>` }
	post := func(s string) string { return `<prop type="next">` + s + `</prop>` }
	const long = "This is a longer sentence."
	m := mustTMX(t, tmxFile("en",
		tu(long, "第一"), tu(long, "第二"),
		tu("Right.", "右边。", pre("&lt;seg&gt;Turn where?&lt;/seg&gt;")), tu("Right.", "对。", pre("You are wrong."), post("I know.")), tu("Right.", "没错。"),
		tu("Yes.", "是。"), tu("Yes.", "是。"),
		tu("OK.", "好。"), `<tu srclang="zh-Hans"><tuv xml:lang="en"><seg>OK.</seg></tuv><tuv xml:lang="zh-Hans"><seg>行。</seg></tuv></tu>`,
		tu("Very well.", "好。"),
		`<tu><tuv xml:lang="en"><prop type="prev"><seg>Up or down?</seg></prop><seg>Up.</seg></tuv><tuv xml:lang="zh"><prop type="prev">no</prop><seg>向上。</seg></tuv></tu>`, tu("Up.", "起来。"),
	))
	tests := []struct {
		from, to   language.Tag
		text       string
		prev, next string
		want       string
	}{
		{en, zhHans, long, "", "", "第二"},
		{en, zhHans, "Right.", "", "", "-"},
		{en, zhHans, "Right.", "Turn\nwhere?", "Here.", "右边。"},
		{en, zhHans, "Right.", "You are wrong.", "I know.", "对。"},
		{en, zhHans, "Right.", "You are wrong.", "Here.", "-"},
		{en, zhHans, "Right.", "Elsewhere.", "", "-"},
		{en, zhHans, "Yes.", "", "", "是。"},
		{en, zhHans, "OK.", "", "", "好。"}, // made in this direction
		{zhHans, en, "行。", "", "", "OK."},
		{zhHans, en, "好。", "", "", "-"}, // two English texts have it
		{en, zhHans, "Up.", "Up or down?", "", "向上。"},
		{en, zhHans, "Up.", "no", "", "-"},
	}
	for _, tt := range tests {
		if got := ask(t, m, tt.from, tt.to, tt.text, tt.prev, tt.next); got != tt.want {
			t.Errorf("%q between %q and %q: %s, want %s", tt.text, tt.prev, tt.next, got, tt.want)
		}
	}
}

func TestReadTMXReadsEncodings(t *testing.T) {
	const unit = `<tmx version="1.4"><header srclang="en"/><body><tu><tuv xml:lang="en"><seg>caf` + "\u00e9" + ` 👋</seg></tuv><tuv xml:lang="zh"><seg>咖啡 👋</seg></tuv></tu></body></tmx>`
	utf16 := func(e unicode.Endianness, p unicode.BOMPolicy, s string) string {
		out, err := unicode.UTF16(e, p).NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	const declared = `<?xml version="1.0" encoding="UTF-16"?>` + unit
	for name, file := range map[string]string{
		"UTF-8":                          unit,
		"UTF-8 with a mark":              "\ufeff" + unit,
		"UTF-16LE with a mark":           utf16(unicode.LittleEndian, unicode.UseBOM, declared),
		"UTF-16BE with a mark":           utf16(unicode.BigEndian, unicode.UseBOM, declared),
		"UTF-16LE without a mark":        utf16(unicode.LittleEndian, unicode.IgnoreBOM, declared),
		"UTF-16BE without a mark":        utf16(unicode.BigEndian, unicode.IgnoreBOM, declared),
		"UTF-16 by name, UTF-8 in truth": declared,
		"UTF-16 in truth, UTF-8 by name": utf16(unicode.LittleEndian, unicode.UseBOM, `<?xml version="1.0" encoding="UTF-8"?>`+unit),
	} {
		if got := ask(t, mustTMX(t, file), en, zhHans, "café 👋"); got != "咖啡 👋" {
			t.Errorf("%s: %s", name, got)
		}
	}
	latin := "<?xml version='1.0' encoding='iso-8859-1'?>" + strings.NewReplacer("é", "\xe9", "👋", "!", "咖啡", "&#21654;&#21857;").Replace(unit)
	if got := ask(t, mustTMX(t, latin), en, zhHans, "café !"); got != "咖啡 !" {
		t.Errorf("Latin-1: %s", got)
	}
}

func TestReadTMXRefusesWhatIsNone(t *testing.T) {
	tests := []struct {
		name, text string
		kind       subtitles.ErrorKind
		line       int
	}{
		{"empty", "", subtitles.ErrEmpty, 0},
		{"a blank file", "\n\n", subtitles.ErrEmpty, 0},
		{"HTML", "<!DOCTYPE html>\n<html></html>", subtitles.ErrMalformed, 2},
		{"another XML", "<xliff/>", subtitles.ErrMalformed, 1},
		{"cut off", "<tmx>\n<body>\n<tu>", subtitles.ErrMalformed, 3},
		{"closed wrongly", "<tmx>\n<body></tmx>", subtitles.ErrMalformed, 2},
		{"an entity of its own", "<!DOCTYPE tmx [<!ENTITY a \"x\"><!ENTITY b SYSTEM \"file:///etc/passwd\">]>\n<tmx>\n&b;</tmx>", subtitles.ErrMalformed, 3},
		{"an unknown encoding", "<?xml version=\"1.0\" encoding=\"klingon\"?>\n<tmx/>", subtitles.ErrMalformed, 1},
		{"bad bytes", "<tmx>\n\xff\xfe\xfd</tmx>", subtitles.ErrMalformed, 2},
		{"nested without end", "<tmx>" + strings.Repeat("<a>", 100), subtitles.ErrMalformed, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ReadTMX(strings.NewReader(tt.text))
			var e *subtitles.Error
			if !errors.As(err, &e) || e.Kind != tt.kind || e.Line != tt.line || e.Message == "" {
				t.Errorf("error %#v (%v), want kind %s in line %d", err, err, tt.kind, tt.line)
			}
		})
	}
	t.Run("too large", func(t *testing.T) {
		file := tmxFile("en", tu("a", "甲"))
		if _, err := readTMX(strings.NewReader(file), int64(len(file))); err != nil {
			t.Errorf("at the limit: %v", err)
		}
		var e *subtitles.Error
		if _, err := readTMX(strings.NewReader(file), int64(len(file))-1); !errors.As(err, &e) || e.Kind != subtitles.ErrTooLarge {
			t.Errorf("above the limit: %v", err)
		}
	})
	t.Run("a reader's error is passed on", func(t *testing.T) {
		broken := errors.New("broken disk")
		for _, head := range []string{"", "<tmx><body>"} {
			_, err := ReadTMX(io.MultiReader(strings.NewReader(head), iotest.ErrReader(broken)))
			var e *subtitles.Error
			if !errors.Is(err, broken) || errors.As(err, &e) {
				t.Errorf("after %q: %v", head, err)
			}
		}
	})
}

func TestWriteTMXIsReadBack(t *testing.T) {
	tag := language.MustParse
	units := []TMXUnit{
		{Source: tag("en"), Variants: []TMXVariant{{tag("en"), `"Tom" & <Jerry>'s`}, {tag("zh-Hans"), "猫\n和老鼠"}}, Prev: "before <b>", Next: "after\tit", Created: time.Date(2026, 11, 23, 7, 12, 9, 0, time.UTC)},
		{Source: tag("zh-Hant-TW"), Variants: []TMXVariant{{tag("zh-Hant-TW"), "一"}, {tag("en-GB"), "one"}, {tag("de"), "eins"}}},
		{Variants: []TMXVariant{{tag("en"), "x ]]> y"}, {tag("zh"), "乙"}}},
	}
	var b bytes.Buffer
	if err := WriteTMX(&b, append(units, TMXUnit{Source: tag("en"), Variants: []TMXVariant{{tag("en"), "alone"}, {tag("zh"), " "}, {language.Und, "x"}}})); err != nil {
		t.Fatal(err)
	}
	m, err := ReadTMX(&b)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(m.Units(), units) {
		t.Errorf("read back:\n%+v, want\n%+v", m.Units(), units)
	}
	var empty bytes.Buffer
	if err := WriteTMX(&empty, nil); err != nil {
		t.Fatal(err)
	}
	if m, err := ReadTMX(&empty); err != nil || m.Len() != 0 {
		t.Errorf("no units: %v, %v", m, err)
	}
	if err := WriteTMX(failingWriter{}, units); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a writer that fails: %v", err)
	}
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestTMXOfTheVlogIsRead(t *testing.T) {
	f, err := os.Open(filepath.Join("..", "testdata", "vlog.tmx"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := ReadTMX(f)
	if err != nil {
		t.Fatal(err)
	}
	const english, chinese = "It's 7:30 a.m. and I'm already starving.", "现在是早上7:30，我已经快饿死了。"
	if got := ask(t, m, en, zhHans, english); got != chinese {
		t.Errorf("%s", got)
	}
	if got := ask(t, m, zhHans, en, chinese); got != english {
		t.Errorf("%s", got)
	}
}

func FuzzReadTMX(f *testing.F) {
	f.Add([]byte(tmxFile("en", tu("a <ph>x<sub>y</sub></ph>", "甲"), `<tu srclang="*all*" creationdate="20260101T000000Z"><prop type="prev">p</prop><tuv lang="en"><seg>b</seg></tuv><tuv lang="fr"><seg>c</seg></tuv></tu>`)))
	f.Add([]byte("\xff\xfe<\x00t\x00m\x00x\x00/\x00>\x00"))
	f.Add([]byte("<tmx><body><tu><tuv xml:lang='en'><seg>\r\n- a\r- b&#13;</seg></tuv><tuv xml:lang='zh'><seg>&#x0;</seg></tuv></tu></body></tmx>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := readTMX(bytes.NewReader(data), 1<<20)
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := WriteTMX(&b, m.Units()); err != nil {
			t.Fatal(err)
		}
		again, err := ReadTMX(bytes.NewReader(b.Bytes()))
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, b.Bytes())
		}
		if !reflect.DeepEqual(m.Units(), again.Units()) {
			t.Errorf("read back:\n%+v, want\n%+v", again.Units(), m.Units())
		}
		for _, u := range m.Units() {
			q := Query{Source: en, Target: zhHans, Text: u.Variants[0].Text}
			if _, err := m.Lookup(context.Background(), []Query{q}); err != nil {
				t.Error(err)
			}
			for _, match := range m.Similar(q, 3) {
				if match.Score < MinSimilarity || match.Score > 1 || match.Target == "" {
					t.Errorf("%+v", match)
				}
			}
		}
	})
}

// benchUnits are n English sentences with translations.
func benchUnits(n int) []TMXUnit {
	subjects := []string{"My sister", "The old man", "Our teacher", "A tall girl", "The shop owner", "Everyone here", "That driver", "The tour guide"}
	verbs := []string{"walked slowly to", "really loves", "told me about", "opened a café near", "took photos of", "has never seen", "met her friends at", "wrote a book on"}
	objects := []string{"the night market", "a small temple", "the river bank", "the railway station", "an empty square", "the art museum", "the tallest tower", "a quiet garden"}
	units := make([]TMXUnit, n)
	for i := range units {
		h := i * 2654435761 >> 7
		text := fmt.Sprintf("%s %s %s, and %s %s %s on day %d.", subjects[h&7], verbs[h>>3&7], objects[h>>6&7],
			strings.ToLower(subjects[h>>9&7]), verbs[h>>12&7], objects[h>>15&7], i)
		if i%3 == 0 {
			text = text[:strings.Index(text, ",")] + fmt.Sprintf(" %d times.", i)
		}
		units[i] = TMXUnit{Source: en, Variants: []TMXVariant{{en, text}, {zhHans, fmt.Sprintf("译文%d。", i)}}}
	}
	return units
}

func BenchmarkReadTMX(b *testing.B) {
	var file bytes.Buffer
	if err := WriteTMX(&file, benchUnits(10_000)); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(file.Len()))
	for b.Loop() {
		if _, err := ReadTMX(bytes.NewReader(file.Bytes())); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTMXSimilar(b *testing.B) {
	m := NewTMX(benchUnits(100_000))
	q := Query{Source: en, Target: zhHans, Text: "Our teacher took photos of the art museum, and a tall girl met her friends at the river bank on day 7."}
	start := time.Now()
	m.Similar(q, 3)
	first := time.Since(start)
	for b.Loop() {
		m.Similar(q, 3)
	}
	b.ReportMetric(first.Seconds(), "s-to-index")
}

package subtitles

import (
	"errors"
	"testing"

	"golang.org/x/text/language"
)

func TestConvert(t *testing.T) {
	for _, tt := range []struct{ from, to, text, want string }{
		{"zh-Hans", "zh-Hant", "头发干了，软件里的面条", "頭髮乾了，軟件裡的麵條"},
		{"zh-CN", "zh-TW", "头发干了，软件里的面条", "頭髮乾了，軟體裡的麵條"},
		{"zh-CN", "zh-HK", "头发干了，服务器里的软件", "頭髮乾了，伺服器裏的軟件"},
		{"zh-HK", "zh-CN", "伺服器裏的軟件", "服务器里的软件"},
		{"zh-TW", "zh-CN", "他看著滑鼠和軟體", "他看着鼠标和软件"},
		{"zh-Hant", "zh-Hans", "他看著軟體，裏面和裡面", "他看着软体，里面和里面"},
		{"zh-Hant", "zh-TW", "這裡的軟件", "這裡的軟體"},
		{"zh-Hant", "zh-HK", "這裡的軟體", "這裏的軟件"},
		{"zh-TW", "zh-HK", "這裡的軟體", "這裏的軟件"},
		{"zh-HK", "zh-TW", "這裏的軟件", "這裡的軟體"},
		{"zh-TW", "zh-Hant", "這裡的軟體", "這裡的軟體"},
		{"zh-MO", "zh-HK", "這裏", "這裏"},
		{"zh-SG", "zh-CN", "这里", "这里"},
		{"cmn-Hans-CN", "zh-Hant", "后来", "後來"},
		{"zh-Hans", "zh-Hant", "just English", "just English"},
	} {
		got, err := Convert(tt.text, language.MustParse(tt.from), language.MustParse(tt.to))
		if err != nil || got != tt.want {
			t.Errorf("%s to %s: %q, %v; want %q", tt.from, tt.to, got, err, tt.want)
		}
	}
}

func TestConvertRefusesWhatMustBeTranslated(t *testing.T) {
	for _, tt := range [][2]string{{"yue", "zh-Hans"}, {"yue-Hant-HK", "zh-HK"}, {"zh-Hans", "yue"}, {"en", "zh-Hans"}, {"zh-Hans", "en"}, {"und", "zh-Hans"}, {"ja", "zh-Hant"}} {
		from, to := language.MustParse(tt[0]), language.MustParse(tt[1])
		got, err := Convert("佢哋唔係", from, to)
		var e *Error
		if got != "" || !errors.As(err, &e) || e.Kind != ErrNotConvertible {
			t.Errorf("%v: %q, %v", tt, got, err)
		}
		if CanConvert(from, to) {
			t.Errorf("CanConvert(%v) says yes", tt)
		}
	}
}

func TestWrongScriptAndPurify(t *testing.T) {
	for _, tt := range []struct {
		lang              language.Tag
		text, wrong, pure string
	}{
		{SimplifiedChinese, "", "", ""},
		{SimplifiedChinese, "我们今天很开心", "", "我们今天很开心"},
		{SimplifiedChinese, "我們今天很开心", "們", "我们今天很开心"},
		{SimplifiedChinese, "這裡的東西真好", "這裡東", "这里的东西真好"},
		{SimplifiedChinese, "他看著我們", "們", "他看着我们"},
		// What both scripts write is left alone where the text is right.
		{SimplifiedChinese, "乾隆的著作，他们說", "說", "乾隆的著作，他们说"},
		{SimplifiedChinese, "后来發生了什么", "發", "后来发生了什么"},
		{TraditionalChinese, "我們今天很開心", "", "我們今天很開心"},
		{TraditionalChinese, "我們的头髮", "头", "我們的頭髮"},
		{TraditionalChinese, "他說发现了理发店", "发现", "他說發現了理髮店"},
		{TraditionalChinese, "這是皇后，不是王后的后来", "来", "這是皇后，不是王后的后來"},
		{TraditionalChinese, "然后来到这里", "来这", "然後來到這裡"},
		{TraditionalChineseHK, "說这里", "这", "說這里"},
		{TraditionalChineseTW, "這个软件很好用", "个软", "這個軟件很好用"},
		// Names in the other script are names, and are mended.
		{SimplifiedChinese, "导演是「陳凱歌」和《讓子彈飛》", "陳凱讓彈飛", "导演是「陈凯歌」和《让子弹飞》"},
		// Characters that are spoken of, and addresses, are not.
		{SimplifiedChinese, "“發”字怎么写", "", "“發”字怎么写"},
		{SimplifiedChinese, "繁体的「後」和“后”，這个", "這", "繁体的「後」和“后”，这个"},
		{SimplifiedChinese, "他说“這”里", "這", "他说“这”里"},
		{SimplifiedChinese, "关注 @小陳說車 這里", "這", "关注 @小陳說車 这里"},
		{SimplifiedChinese, "@這是一個很長很長的沒有空格的句子所以不是名字", "這個長沒", "@这是一个很长很长的没有空格的句子所以不是名字"},
		{TraditionalChinese, "簡體寫作“发”", "", "簡體寫作“发”"},
		// Nothing is wrong elsewhere.
		{Cantonese, "佢话唔係", "", "佢话唔係"},
		{language.Japanese, "東京の发", "", "東京の发"},
		{English, "這个", "", "這个"},
		{SimplifiedChinese, "\xff這\xff", "這", "\xff这\xff"},
	} {
		if got := WrongScript(tt.text, tt.lang); got != tt.wrong {
			t.Errorf("WrongScript(%q, %v) = %q, want %q", tt.text, tt.lang, got, tt.wrong)
		}
		if got := Purify(tt.text, tt.lang); got != tt.pure {
			t.Errorf("Purify(%q, %v) = %q, want %q", tt.text, tt.lang, got, tt.pure)
		}
	}
}

// Every character that is known to be of one script alone can be mended.
func TestPurifyMendsEveryOneSidedCharacter(t *testing.T) {
	for _, lang := range displayChinese {
		for _, list := range []string{hansOnly, hantOnly} {
			for _, r := range list {
				for _, text := range []string{string(r), "的" + string(r) + "我们我們"} {
					if pure := Purify(text, lang); WrongScript(pure, lang) != "" {
						t.Errorf("%v: %q becomes %q", lang, text, pure)
					}
				}
			}
		}
	}
}

func TestConvertedTextIsPure(t *testing.T) {
	for _, lang := range displayChinese[1:] {
		for _, r := range hansOnly {
			got, err := Convert(string(r), SimplifiedChinese, lang)
			if err != nil || WrongScript(got, lang) != "" {
				t.Errorf("%c in %v: %q, %v", r, lang, got, err)
			}
			if back, err := Convert(got, lang, SimplifiedChinese); err != nil || WrongScript(back, SimplifiedChinese) != "" {
				t.Errorf("%c from %v: %q, %v", r, lang, back, err)
			}
		}
	}
}

func FuzzPurify(f *testing.F) {
	for _, s := range []string{"我們的头髮", "“發”字怎么写 @小陳 這", "\xff這", "理发師"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, lang := range displayChinese {
			pure := Purify(s, lang)
			if WrongScript(pure, lang) != "" {
				t.Errorf("Purify(%q, %v) = %q", s, lang, pure)
			}
			if again := Purify(pure, lang); again != pure {
				t.Errorf("Purify(%q, %v) is %q, then %q", s, lang, pure, again)
			}
			if WrongScript(s, lang) == "" && pure != s {
				t.Errorf("Purify(%q, %v) changes a pure text to %q", s, lang, pure)
			}
		}
	})
}

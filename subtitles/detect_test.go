package subtitles

import (
	"testing"

	"golang.org/x/text/language"
)

func TestDetectText(t *testing.T) {
	for _, tt := range []struct {
		text string
		want language.Tag
	}{
		{"", language.Und},
		{"😂😂 123", language.Und},
		{"OK", language.Und},
		{"Xiaohongshu", language.Und},
		{"Hello, how are you?", English},
		{"When I first moved to Shanghai, I knew nobody.", English},
		{"I love 北京 so much", English},
		{"The café was très chic and I loved it there.", English},
		{"Je ne sais pas ce que vous voulez dire.", language.Und},
		{"Ich weiß nicht, was das ist.", language.Und},
		{"No me gusta la comida de aquí.", language.Und},
		{"Saya tidak tahu apa yang kamu mau.", language.Und},
		{"Привет, как дела?", language.Und},
		{"刚搬到上海的时候，我谁也不认识。", SimplifiedChinese},
		{"剛搬到上海的時候，我誰也不認識。", TraditionalChinese},
		{"你好", SimplifiedChinese},
		{"我在用 iPhone 15 Pro Max", SimplifiedChinese},
		{"三 two 一", SimplifiedChinese},
		{"优の良品", SimplifiedChinese},
		{"佢哋唔係香港人，嚟咗好耐嘅", Cantonese},
		{"我哋今日去食嘢", Cantonese},
		{"香港人今天去哪裡吃飯呢", TraditionalChinese},
		{"私は昨日東京へ行きました。", Japanese},
		{"東京タワー", Japanese},
		{"안녕하세요, 반갑습니다", Korean},
	} {
		if got := DetectText(tt.text); got != tt.want {
			t.Errorf("DetectText(%q) = %v, want %v", tt.text, got, tt.want)
		}
	}
}

func TestDetectLanguageOfATrackOutweighsSingleCues(t *testing.T) {
	track := &Track{Cues: []Cue{{Text: "OK"}, {Text: "东京"}, {Text: "So this is where we are going to eat."}, {Text: "And it was really good, you know?"}}}
	if got := DetectLanguage(track); got != English {
		t.Errorf("got %v", got)
	}
	if got := DetectLanguage(&Track{}); got != language.Und {
		t.Errorf("empty track: %v", got)
	}
}

func TestScriptOf(t *testing.T) {
	for _, tt := range []struct {
		text            string
		hans, han, hant int
	}{
		{"", 0, 0, 0},
		{"Hello", 0, 0, 0},
		{"你好", 0, 2, 0},
		{"我们这里", 2, 4, 0},
		{"我們這裡", 0, 4, 3},
		{"他后来群发头发干了", 4, 9, 0}, // 来 发 头 发: 后, 群 and 干 are in both
	} {
		hans, han, hant := ScriptOf(tt.text)
		if hans != tt.hans || han != tt.han || hant != tt.hant {
			t.Errorf("ScriptOf(%q) = %d, %d, %d", tt.text, hans, han, hant)
		}
	}
}

func TestHanShareAndLength(t *testing.T) {
	for _, tt := range []struct {
		text string
		want float64
	}{{"", 0}, {"123", 0}, {"你好", 1}, {"你好 Tom", 2.0 / 3}, {"Hello there", 0}, {"こんにちは", 0}} {
		if got := HanShare(tt.text); got != tt.want {
			t.Errorf("HanShare(%q) = %v, want %v", tt.text, got, tt.want)
		}
	}
	for _, tt := range []struct {
		text string
		lang language.Tag
		want float64
	}{
		{"", English, 0}, {"Hello, you", English, 10}, {"Hello\nyou", English, 8}, {"cafe\u0301", English, 4}, {"👨‍👩‍👧!", English, 2},
		{"你好，世界", SimplifiedChinese, 5}, {"我用iPhone", SimplifiedChinese, 5}, {"한국어", Korean, 3},
	} {
		if got := Length(tt.text, tt.lang); got != tt.want {
			t.Errorf("Length(%q, %v) = %v, want %v", tt.text, tt.lang, got, tt.want)
		}
	}
}

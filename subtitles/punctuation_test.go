package subtitles

import (
	"strings"
	"testing"

	"golang.org/x/text/language"
)

func TestPunctuate(t *testing.T) {
	hans, hant, hk := SimplifiedChinese, TraditionalChinese, TraditionalChineseHK
	for _, tt := range []struct {
		name           string
		lang           language.Tag
		text           string
		plain, spacing string // the default and the streaming style
	}{
		{"a sentence", hans, "刚搬到上海的时候，我谁也不认识。", "刚搬到上海的时候，我谁也不认识", "刚搬到上海的时候 我谁也不认识"},
		{"a part that ends with a comma", hans, "刚搬到上海的时候，", "刚搬到上海的时候", "刚搬到上海的时候"},
		{"two sentences", hans, "我走了。你呢？", "我走了。你呢？", "我走了 你呢？"},
		{"questions and exclamations stay", hans, "真的吗？！太好了！", "真的吗？！太好了！", "真的吗？！太好了！"},
		{"two lines", hans, "今天很冷，\n我不想出门。", "今天很冷\n我不想出门", "今天很冷\n我不想出门"},
		{"two speakers", hans, "- 走吧。\n- 好，等等。", "- 走吧\n- 好，等等", "- 走吧\n- 好 等等"},
		{"other signs stay", hans, "苹果、梨；还有：橙子", "苹果、梨；还有：橙子", "苹果、梨；还有：橙子"},
		{"a stop before a closing quote", hans, "他说：“我走了。”", "他说：“我走了”", "他说：“我走了”"},
		{"and inside the line", hans, "“我走了。”他说。", "“我走了。”他说", "“我走了” 他说"},
		{"corner brackets in Simplified", hans, "他说「你好」，『再见』", "他说“你好”，“再见”", "他说“你好” “再见”"},
		{"nested ones", hans, "「他说『你好』吗」", "“他说‘你好’吗”", "“他说‘你好’吗”"},
		{"curly quotes in Traditional", hant, "他說“你好”，‘再見’。", "他說「你好」，「再見」", "他說「你好」 「再見」"},
		{"nested curly quotes", hk, "“他說‘你好’嗎”", "「他說『你好』嗎」", "「他說『你好』嗎」"},
		{"a quotation over two cues", hant, "他說：“我明天", "他說：「我明天", "他說：「我明天"},
		{"its second half", hant, "再來。”", "再來」", "再來」"},
		{"straight quotes", hans, "这叫\"内卷\"，懂吗", "这叫“内卷”，懂吗", "这叫“内卷” 懂吗"},
		{"inches", hans, "65\"的电视和5\"的手机", "65\"的电视和5\"的手机", "65\"的电视和5\"的手机"},
		{"an apostrophe", hant, "我在聽 Don’t Stop，真好聽", "我在聽 Don’t Stop，真好聽", "我在聽 Don’t Stop 真好聽"},
		{"three points", hans, "我以为...", "我以为……", "我以为⋯"},
		{"six of them", hans, "我......不知道", "我……不知道", "我⋯不知道"},
		{"three stops", hans, "好吧。。。", "好吧……", "好吧⋯"},
		{"half an ellipsis", hans, "等等…", "等等……", "等等⋯"},
		{"centred ones", hant, "等等⋯⋯", "等等……", "等等⋯"},
		{"an ellipsis and a stop", hans, "走吧……。", "走吧……", "走吧⋯"},
		{"behind Latin", hans, "OK... 走吧", "OK…… 走吧", "OK⋯ 走吧"},
		{"a foreign name", hans, "威廉•莎士比亚和艾伦・图灵", "威廉·莎士比亚和艾伦·图灵", "威廉·莎士比亚和艾伦·图灵"},
		{"a Japanese one", hans, "我喜欢スター・ウォーズ", "我喜欢スター・ウォーズ", "我喜欢スター・ウォーズ"},
		{"full-width digits and letters", hans, "２０２４年买了ｉＰｈｏｎｅ１５，花了３．５万", "2024年买了iPhone15，花了3.5万", "2024年买了iPhone15 花了3.5万"},
		{"numbers", hans, "1,000和1，000，还有3.14和10:30。", "1,000和1，000，还有3.14和10:30", "1,000和1，000 还有3.14和10:30"},
		{"half-width signs", hans, "你好,世界!真的吗?", "你好，世界！真的吗？", "你好 世界！真的吗？"},
		{"a half-width stop", hans, "我走了.", "我走了", "我走了"},
		{"file names", hans, "打开第一章.txt和main.go", "打开第一章.txt和main.go", "打开第一章.txt和main.go"},
		{"an address", hans, "去看https://a.com/?q=“1，2”，很好。", "去看https://a.com/?q=“1，2”，很好", "去看https://a.com/?q=“1，2” 很好"},
		{"an address with points", hans, "https://a.com/x...y?,. 在这里", "https://a.com/x...y?,. 在这里", "https://a.com/x...y?,. 在这里"},
		{"mentions and tags", hans, "关注@小・明ＡＢ，#上海・美食", "关注@小・明ＡＢ，#上海・美食", "关注@小・明ＡＢ #上海・美食"},
		{"mail", hans, "写信到a.b@c.com，谢谢", "写信到a.b@c.com，谢谢", "写信到a.b@c.com 谢谢"},
		{"spaces", hans, "我用  iPhone　拍 ，好吗", "我用 iPhone 拍，好吗", "我用 iPhone 拍 好吗"},
		{"a space between Latin and Han stays", hans, "我用 iPhone拍", "我用 iPhone拍", "我用 iPhone拍"},
		{"nothing but a sign", hans, "好\n。", "好\n。", "好\n。"},
		{"music", hans, "♪ 月亮代表我的心，♪", "♪ 月亮代表我的心，♪", "♪ 月亮代表我的心 ♪"},
		{"a foreign name alone", hans, "Joe's Pizza，", "Joe's Pizza", "Joe's Pizza"},
		{"Latin text", hans, "Hello, world. \"Hi\"...", "Hello, world. \"Hi\"...", "Hello, world. \"Hi\"..."},
		{"empty", hans, "", "", ""},
		{"English", English, "他说，“好。”", "他说，“好。”", "他说，“好。”"},
		{"Japanese", language.Japanese, "彼は、行った。", "彼は、行った。", "彼は、行った。"},
		{"Cantonese", Cantonese, "佢話“唔好”，走喇。", "佢話「唔好」，走喇", "佢話「唔好」 走喇"},
	} {
		for style, want := range map[PunctuationStyle]string{"": tt.plain, PunctuationDefault: tt.plain, PunctuationStreaming: tt.spacing, PunctuationFull: tt.text} {
			got := Punctuate(tt.text, tt.lang, style)
			if got != want {
				t.Errorf("%s, %s: %q becomes %q, want %q", tt.name, style, tt.text, got, want)
			}
			if again := Punctuate(got, tt.lang, style); again != got {
				t.Errorf("%s, %s: %q, then %q", tt.name, style, got, again)
			}
		}
	}
}

func FuzzPunctuate(f *testing.F) {
	for _, s := range []string{"刚搬到上海的时候，我谁也不认识。", "他说：“我走了。”‘好", "『「\"我\"」』", "好.，。…...。。", "看https://a.com/x，@小・明 １，０００", "- 走吧。\n- 好，  等等。", "好,\n。\n", "我\xff。"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, lang := range []language.Tag{SimplifiedChinese, TraditionalChineseHK} {
			for _, style := range PunctuationStyles() {
				got := Punctuate(s, lang, style)
				if again := Punctuate(got, lang, style); again != got {
					t.Errorf("%v, %s: %q is %q, then %q", lang, style, s, got, again)
				}
				if strings.Count(s, "\n") != strings.Count(got, "\n") {
					t.Errorf("%v, %s: %q is %q: other lines", lang, style, s, got)
				}
				// Only signs and spaces come and go.
				if a, b := letters(s), letters(got); a != b {
					t.Errorf("%v, %s: %q is %q: other letters", lang, style, s, got)
				}
			}
		}
	})
}

// letters are the Han characters of a text; full-width Latin letters change.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if isHan(r) {
			return r
		}
		return -1
	}, s)
}

func BenchmarkPunctuate(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Punctuate("刚搬到上海的时候，我谁也不认识，他说：“你好。”", SimplifiedChinese, PunctuationStreaming)
	}
}

package subtitles

import (
	"strings"
	"testing"
)

// Sentences as people write them under videos and in subtitles.
var cantoneseSentences = []string{
	"佢哋唔係香港人，嚟咗好耐嘅",
	"我哋今日去食嘢",
	"唔該晒",
	"唔该晒",
	"你食咗飯未呀",
	"呢間餐廳啲嘢真係好好食",
	"我唔知道點解會咁",
	"琴日落雨，我冇帶遮",
	"你而家喺邊度呀？",
	"佢話聽日先至返工",
	"唔好意思，呢個幾多錢？",
	"等我哋一齊去行山啦",
	"佢係我最好嘅朋友",
	"真係估唔到會咁樣",
	"快啲啦，就嚟遲到喇",
	"我諗住聽日去睇戲",
	"呢度嘅風景靚到痹",
	"咁我哋開始喇",
	"今集會同大家介紹幾間抵食嘅餐廳",
	"你鍾唔鍾意食辣㗎？",
	"係咪攞錯咗嘢？",
	"屋企人都瞓晒覺",
	"我真係好攰，想早啲瞓",
	"佢哋唔系香港人，嚟咗好耐嘅",
	"今日同大家分享下我最近睇緊嘅書",
	"OK，咁我哋而家去 check in 先",
	"冇問題",
	"唔得，太貴喇",
}

// Standard Chinese in which a Cantonese character strays.
var mandarinSentences = []string{
	"唔，我觉得可以",
	"唔……讓我想想",
	"冇问题",
	"她跟我说了一句“唔该”就走了",
	"粤语里“嘢”是东西的意思",
	"廣東話的「唔該」跟「多謝」不一樣",
	"我們的關係很好",
	"這跟你沒有關係",
	"影響係數是多少",
	"他在香港住了很久，会说“佢哋”",
	"啲字怎么读",
	"歌名叫《喺你身边》，是一首老歌",
	"香港人今天去哪裡吃飯呢",
	"他返回了酒店",
	"仲夏夜的夢",
	"喇叭的声音太大了",
	"咩咩叫的小羊很可爱",
	"囉嗦的人都是這樣的",
	"你在干嘛",
	"我不知道",
	"鹽焗雞是客家菜",
	"但是我觉得不错",
	"晒太阳的时候要搵个阴凉的地方，不然很热",
	"俾斯麥是誰",
	"這個字讀作嘅，我沒見過",
	"他和他的朋友在这里吃了饭",
}

func TestCantoneseIsToldFromStandardChinese(t *testing.T) {
	for _, s := range cantoneseSentences {
		if got := DetectText(s); got != Cantonese {
			t.Errorf("%s: %v", s, got)
		}
	}
	for _, s := range mandarinSentences {
		if got := DetectText(s); got != SimplifiedChinese && got != TraditionalChinese {
			t.Errorf("%s: %v", s, got)
		}
	}
}

func TestCantoneseTracks(t *testing.T) {
	of := func(lists ...[]string) *Track {
		var cues []Cue
		for _, l := range lists {
			for _, s := range l {
				cues = append(cues, Cue{Text: s})
			}
		}
		return &Track{Cues: cues}
	}
	if got := DetectLanguage(of(cantoneseSentences)); got != Cantonese {
		t.Errorf("Cantonese: %v", got)
	}
	if got := DetectLanguage(of(mandarinSentences)); got != SimplifiedChinese && got != TraditionalChinese {
		t.Errorf("Standard Chinese: %v", got)
	}
	// A guest who says two sentences in Cantonese changes nothing.
	if got := DetectLanguage(of(mandarinSentences, mandarinSentences, cantoneseSentences[:4])); got == Cantonese {
		t.Errorf("a few lines of Cantonese: %v", got)
	}
	// Nor do a host's opening words in Standard Chinese.
	if got := DetectLanguage(of(mandarinSentences[6:9], cantoneseSentences)); got != Cantonese {
		t.Errorf("a few lines of Standard Chinese: %v", got)
	}
	long := strings.Repeat("今天天氣真好大家一起出門散步", 40)
	if got := DetectText(long + "唔該晒"); got != TraditionalChinese {
		t.Errorf("one word in a long text: %v", got)
	}
}

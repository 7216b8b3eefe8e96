package translate

import (
	"reflect"
	"strings"
	"testing"

	"github.com/duosub/duosub/subtitles"
)

func TestChecksOfSingleUnits(t *testing.T) {
	for _, c := range []struct {
		chinese      bool // target
		source, text string
		reason       string
	}{
		{true, "Really?", "真的吗？", ""},
		{true, "Hello there, everyone!", "Hello there, everyone!", "echo"},
		{true, "Hello there, everyone!", "Hi everybody over there!", "script"},
		{true, "Anna Lee", "Anna Lee", ""},
		{true, "Thank You", "Thank You", "echo"},
		{true, "OK.", "好的。", ""},
		{true, "So that is what I want to say.", "这就是 what I want to say", "untranslated"},
		{true, "Hi!", "作为一个AI语言模型，我无法观看视频。", "chatter"},
		{true, "We talk about AI models.", "作为人工智能，模型……", ""},
		{true, "Good morning to all of you out there.", "早", "short"},
		{true, "Morning!", strings.Repeat("早上好，各位观众", 8), "long"},
		{true, "Haha that is so funny I can not stop", "哈哈哈哈哈哈哈太好笑了停不下来", ""},
		{true, "What a lovely day it is here in the park with you all, my friends", strings.Repeat("公园里", 16), "repetition"},
		{false, "中午我约了阿杰，他是我的大学同学，在这里工作了六年。", "At noon I met Ajie, who studied with me. At noon I met Ajie, who studied with me. ", "repetition"},
		{true, "And then we went home.", "然后我们，", "fragment"},
		{true, "Nice!", "不错\ufffd", "garbled"},
		{true, "Nice!", `不错","units":{"1"`, "prompt"},
		{true, "Nice!", "すごい！", "script"},
		{false, "真的吗？", "Really?", ""},
		{false, "真的吗？", "真的吗？", "echo"},
		{false, "我们去吃饭吧。", "Let's 去吃饭吧 now", "script"},
		{false, "“家”这个字很有意思，我们来看看。", "The character “家” is really interesting, let's look.", ""},
		{false, "100块。", "100.", ""},
		{false, "对不起，我不能来。", "I'm sorry, but I can't come.", ""},
		{false, "走吧。", "I'm sorry, but I can't help with that.", "chatter"},
	} {
		w := Work{Source: subtitles.English, Target: subtitles.SimplifiedChinese}
		if !c.chinese {
			w.Source, w.Target = w.Target, w.Source
		}
		r := &run{w: w}
		r.items = []*item{{source: c.source}}
		a := accepted{item: r.items[0], whole: c.text}
		if got := r.check(&a, &Request{}); got != c.reason {
			t.Errorf("%q as %q: %q, want %q", c.source, c.text, got, c.reason)
		}
	}
}

func TestTokensStay(t *testing.T) {
	for _, c := range []struct {
		source, text string
		missing      []string
	}{
		{"绝绝子 🤣 @小明 #上海", "Stunning 🤣 @小明 #上海", nil},
		{"绝绝子 🤣 @小明 #上海", "Stunning @Xiaoming #Shanghai", []string{"@小明", "#上海", "🤣"}},
		{"see https://a.example/x?y=1.", "看 https://a.example/x?y=1。", nil},
		{"see https://a.example/x", "看网站", []string{"https://a.example/x"}},
		{"Hello {name}, %d left", "你好 {name}，还剩 %d", nil},
		{"Hello {name}, %d left", "你好", []string{"{name}", "%d"}},
		{"follow @jess.in.shanghai!", "关注@jess.in.shanghai！", nil},
		{"mail a@b.c, 50% done", "写信，完成50%", nil},
	} {
		var got []string
		for _, m := range missingTokens(c.source, c.text) {
			got = append(got, m.message)
		}
		if !reflect.DeepEqual(got, c.missing) {
			t.Errorf("%q as %q lacks %q, want %q", c.source, c.text, got, c.missing)
		}
	}
}

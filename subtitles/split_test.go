package subtitles

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// unitOf is the unit that spans all of some parts, of which each is a cue.
func unitOf(parts ...string) (Unit, []Cue) {
	return Unit{N: 1, First: 0, Last: len(parts) - 1, Parts: parts}, track(parts...)
}

func TestSplit(t *testing.T) {
	for _, tt := range []struct {
		name   string
		source []string
		lang   language.Tag
		text   string
		want   []string
	}{
		{"one cue", []string{"Hello."}, SimplifiedChinese, "你好。", []string{"你好。"}},
		{"at a comma", []string{"When I first moved", "to Shanghai, I knew nobody."}, SimplifiedChinese, "刚搬到上海的时候，我谁也不认识。", []string{"刚搬到上海的时候，", "我谁也不认识。"}},
		{"at the comma of the source", []string{"In this series,", "we'll look at, say, networks."}, SimplifiedChinese, "在这个系列中，我们将了解，比如，网络。", []string{"在这个系列中，", "我们将了解，比如，网络。"}},
		{"before a connective", []string{"I wanted to go home", "but nobody would drive me."}, SimplifiedChinese, "我想回家但是没有人愿意送我", []string{"我想回家", "但是没有人愿意送我"}},
		{"never inside a Latin word", []string{"We use", "TensorFlow."}, SimplifiedChinese, "用TensorFlow", []string{"用", "TensorFlow"}},
		{"names stay in their cue", []string{"I bought it in the Apple Store", "and then sold it to a man from Google."}, SimplifiedChinese, "我在 Apple Store 买的然后卖给了 Google 的人", []string{"我在 Apple Store 买的", "然后卖给了 Google 的人"}},
		{"never before 的", []string{"my old", "friend"}, SimplifiedChinese, "我的老朋友", []string{"我的", "老朋友"}},
		{"titles stay whole", []string{"I read", "Dream of the Red Chamber."}, SimplifiedChinese, "我读了《红楼梦》", []string{"我读了", "《红楼梦》"}},
		{"English at a comma", []string{"刚搬到上海的时候，", "我谁也不认识。"}, English, "When I first moved to Shanghai, I knew nobody.", []string{"When I first moved to Shanghai,", "I knew nobody."}},
		{"English before a connective", []string{"我想回家", "但是没有人愿意送我"}, English, "I wanted to go home but nobody would drive me", []string{"I wanted to go home", "but nobody would drive me"}},
		{"English not after an article", []string{"我昨天看到了", "一只大象"}, English, "Yesterday I saw the elephant", []string{"Yesterday I saw", "the elephant"}},
		{"too short is repeated whole", []string{"Yes", "of", "course."}, SimplifiedChinese, "好。", []string{"好。", "好。", "好。"}},
		{"too short in English", []string{"好", "的"}, English, "Okay.", []string{"Okay.", "Okay."}},
		{"empty", []string{"a", "b"}, English, "", []string{"", ""}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			u, cues := unitOf(tt.source...)
			got := Split(tt.text, u, cues, tt.lang)
			if !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
			if untimed := Split(tt.text, u, nil, tt.lang); squeeze(strings.Join(untimed, "")) != squeeze(strings.Join(got, "")) {
				t.Errorf("without cues: %q", untimed)
			}
		})
	}
}

// checkSplit fails unless the parts hold the text.
func checkSplit(t testing.TB, text string, n int, parts []string) {
	t.Helper()
	if len(parts) != n {
		t.Fatalf("%d parts for %d cues: %q", len(parts), n, parts)
	}
	if squeeze(text) == "" {
		return
	}
	repeated := true
	for _, p := range parts {
		if squeeze(p) == "" {
			t.Fatalf("an empty part: %q of %q", parts, text)
		}
		repeated = repeated && squeeze(p) == squeeze(text)
	}
	if !repeated && squeeze(strings.Join(parts, "")) != squeeze(text) {
		t.Fatalf("parts %q do not hold %q", parts, text)
	}
	if !repeated && utf8.ValidString(text) {
		checkBorders(t, text, parts)
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("刚搬到上海的时候，我谁也不认识。", "When I first moved\nto Shanghai", true)
	f.Add("I knew nobody, e.g. 3.5 of them (\"well\")…", "我谁也\n不\n认识。", false)
	f.Add("👨‍👩‍👧《红楼梦》e\u0301 -- - 5%", "a\nb\nc\nd", true)
	f.Fuzz(func(t *testing.T, text, source string, chinese bool) {
		lang := English
		if chinese {
			lang = SimplifiedChinese
		}
		u, cues := unitOf(strings.Split(source, "\n")...)
		if u.Len() > 40 {
			return
		}
		checkSplit(t, text, u.Len(), Split(text, u, cues, lang))
	})
}

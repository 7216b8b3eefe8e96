package subtitles

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
)

func TestWrap(t *testing.T) {
	portrait, _ := ProfileByName("portrait")
	for _, tt := range []struct {
		name string
		lang language.Tag
		p    Profile
		text string
		want []string
	}{
		{"empty", English, Profile{}, "", nil},
		{"fits", English, Profile{}, "When I first moved to Shanghai", []string{"When I first moved to Shanghai"}},
		{"exactly 42", English, Profile{}, strings.Repeat("ab ", 13) + "abc", []string{strings.Repeat("ab ", 13) + "abc"}},
		{"balanced", English, Profile{}, "When I first moved to Shanghai I did not know anybody at all", []string{"When I first moved to Shanghai", "I did not know anybody at all"}},
		{"after a comma", English, Profile{}, "When I first moved to China, nobody there knew who I was", []string{"When I first moved to China,", "nobody there knew who I was"}},
		{"36 columns in portrait", English, portrait, "When I first moved to Shanghai, I was", []string{"When I first moved", "to Shanghai, I was"}},
		{"more lines rather than loss", English, Profile{}, strings.Repeat("some words go on ", 9), nil},
		{"a word wider than a line", English, Profile{}, strings.Repeat("x", 60), []string{strings.Repeat("x", 60)}},
		{"speakers stay apart", English, Profile{}, "- Hi.\n- Hello\nyou.", []string{"- Hi.", "- Hello you."}},
		{"other breaks are set anew", English, Profile{}, "Hello\nyou.", []string{"Hello you."}},
		{"Chinese fits", SimplifiedChinese, Profile{}, "刚搬到上海的时候我谁也不认识", []string{"刚搬到上海的时候我谁也不认识"}},
		{"18 in one line", SimplifiedChinese, Profile{}, "刚搬到上海的时候我谁也不认识真的难过", []string{"刚搬到上海的时候我谁也不认识真的难过"}},
		{"Chinese at a comma", SimplifiedChinese, Profile{}, "刚搬到上海的时候，我谁也不认识，真的很难过", []string{"刚搬到上海的时候，", "我谁也不认识，真的很难过"}},
		{"kinsoku", SimplifiedChinese, Profile{}, "一二三四五六七八九，甲乙丙丁戊己庚辛壬癸", []string{"一二三四五六七八九，", "甲乙丙丁戊己庚辛壬癸"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := Wrap(tt.text, tt.lang, tt.p)
			if tt.want != nil && !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
			checkWrap(t, tt.text, got)
		})
	}
}

// checkBorders fails where a text was divided inside a Latin word or number,
// or so that a line begins with a sign that must not stand there.
func checkBorders(t testing.TB, text string, pieces []string) {
	t.Helper()
	spaceBefore := map[int]bool{} // by bytes that are no space
	n := 0
	for _, r := range text {
		if unicode.IsSpace(r) {
			spaceBefore[n] = true
			continue
		}
		n += utf8.RuneLen(r)
	}
	ascii := func(r rune) bool { return r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) }
	n = 0
	for i, p := range pieces {
		if i > 0 {
			last, _ := utf8.DecodeLastRuneInString(pieces[i-1])
			first, _ := utf8.DecodeRuneInString(p)
			if ascii(last) && ascii(first) && !spaceBefore[n] {
				t.Fatalf("%q is divided inside a word: %q", text, pieces)
			}
			if strings.ContainsRune("。，、；：！？）》」』”…", first) && !strings.Contains(text, "\n") {
				t.Fatalf("%q: a piece begins with %q", pieces, first)
			}
			if strings.ContainsRune("（《「『“", last) && !strings.Contains(text, "\n") {
				t.Fatalf("%q: a piece ends with %q", pieces, last)
			}
		}
		n += len(squeeze(p))
	}
}

func checkWrap(t testing.TB, text string, lines []string) {
	t.Helper()
	if squeeze(strings.Join(lines, "")) != squeeze(text) {
		t.Fatalf("lines %q do not hold %q", lines, text)
	}
	if utf8.ValidString(text) {
		checkBorders(t, text, lines)
	}
	for _, l := range lines {
		if squeeze(l) == "" || strings.Contains(l, "\n") || strings.TrimSpace(l) != l {
			t.Fatalf("a line %q in %q", l, lines)
		}
	}
}

func FuzzWrap(f *testing.F) {
	f.Add("When I first moved to Shanghai, I knew nobody.", false)
	f.Add("刚搬到上海的时候，“我谁也不认识”，《红楼梦》3.5公里的 Hugging Face 模型啊", true)
	f.Add("- a\n- b\r\n\n\u2028c👨‍👩‍👧", true)
	f.Fuzz(func(t *testing.T, text string, chinese bool) {
		lang := English
		if chinese {
			lang = SimplifiedChinese
		}
		lines := Wrap(text, lang, Profile{})
		checkWrap(t, text, lines)
		if again := Wrap(text, lang, Profile{}); !slices.Equal(lines, again) {
			t.Fatalf("%q and %q of one text", lines, again)
		}
	})
}

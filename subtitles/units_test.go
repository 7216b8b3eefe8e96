package subtitles

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/language"
)

// track makes cues of two seconds each, 100 ms apart. A text "+3s|…" begins
// that much later; "Bob|…" is spoken by Bob.
func track(texts ...string) []Cue {
	var cues []Cue
	at := time.Duration(0)
	for i, s := range texts {
		c := Cue{N: i + 1}
		if head, rest, ok := strings.Cut(s, "|"); ok {
			s = rest
			if d, err := time.ParseDuration(strings.TrimPrefix(head, "+")); err == nil {
				at += d
			} else {
				c.Voice = head
			}
		}
		c.Start, c.End, c.Text = at, at+2*time.Second, s
		at += 2100 * time.Millisecond
		cues = append(cues, c)
	}
	return cues
}

// groups writes units as "1-2 3 4*": cue numbers, a star where kept.
func groups(units []Unit) string {
	var b []string
	for _, u := range units {
		s := fmt.Sprint(u.First + 1)
		if u.Last > u.First {
			s += fmt.Sprint("-", u.Last+1)
		}
		if u.Keep {
			s += "*"
		}
		b = append(b, s)
	}
	return strings.Join(b, " ")
}

func TestUnitsJoinsCuesIntoSentences(t *testing.T) {
	for _, tt := range []struct {
		name  string
		lang  language.Tag
		texts []string
		want  string
	}{
		{"no cues", English, nil, ""},
		{"a sentence over two cues", English, []string{"When I first moved", "to Shanghai, I knew nobody.", "Really?"}, "1-2 3"},
		{"every cue a sentence", English, []string{"Hello.", "How are you?", "Great!"}, "1 2 3"},
		{"a title ends no sentence", English, []string{"I was taught by Mr.", "Smith for years.", "He was kind."}, "1-2 3"},
		{"nor does Dr", English, []string{"This is Dr.", "Who lives here.", "Yes."}, "1-2 3"},
		{"U.S. before a noun goes on", English, []string{"He joined the U.S.", "Army in May.", "Then he left."}, "1-2 3"},
		{"U.S. before a new sentence ends", English, []string{"I live in the U.S.", "And I love it.", "Yes."}, "1 2 3"},
		{"e.g. and a.m. before a small letter", English, []string{"Take fruit, e.g.", "apples at 9 a.m.", "every day.", "Good."}, "1-3 4"},
		{"a decimal number cut in two", English, []string{"It rose by 3.", "5 percent.", "Wow."}, "1-2 3"},
		{"a number ends a sentence", English, []string{"There were 35.", "They left.", "Bye."}, "1 2 3"},
		{"No. and a number", English, []string{"We live at No.", "5 Main Street.", "I said no.", "And he left."}, "1-2 3 4"},
		{"an initial", English, []string{"That was George W.", "Bush speaking.", "We chose plan B.", "It worked."}, "1-2 3 4"},
		{"an ellipsis that goes on", English, []string{"I was thinking...", "...of you.", "Well...", "Never mind.", "And so...", "we left."}, "1-2 3 4 5-6"},
		{"a closing quote after the point", English, []string{"He said, “Go home.”", "So I went (at last.)", "It was late."}, "1 2 3"},
		{"a question in quotes goes on", English, []string{"“Are you sure?”", "he asked me.", "I was."}, "1-2 3"},
		{"a comma bridges a pause", English, []string{"After all this time,", "+3s|we met again.", "Good."}, "1-2 3"},
		{"a small letter bridges a pause", English, []string{"It was the biggest", "+3s|surprise ever.", "Good."}, "1-2 3"},
		{"a capital after a pause does not", English, []string{"My first day", "+3s|We went out.", "Good."}, "1 2 3"},
		{"no pause is bridged for ever", English, []string{"After all this time,", "+9s|we met again.", "Good."}, "1 2 3"},
		{"dialogue dashes", English, []string{"- I think we", "should go.", "- Why?\n- Because", "it is late.", "- No"}, "1-2 3 4 5"},
		{"voices", English, []string{"Ann|I think we", "Bob|should go.", "Bob|And then", "Bob|we left."}, "1 2 3-4"},
		{"names in capitals and arrows", English, []string{"ANN: I think", "BOB: you are", ">> not right", "[Tom] and I"}, "1 2 3 4"},
		{"music stays alone", English, []string{"I was going", "♪ la la la", "♪ you and me ♪", "to the shop."}, "1 2 3 4"},
		{"sound effects stay alone", English, []string{"I was going", "[door slams]", "to the shop", "(laughs)", "and back."}, "1 2 3 4 5"},
		{"emoji and numbers are kept", English, []string{"I was going", "😂😂", "2024", "to the shop."}, "1 2* 3* 4"},
		{"Chinese with punctuation", SimplifiedChinese, []string{"刚搬到上海的时候，", "我谁也不认识。", "真的吗？", "真的！"}, "1-2 3 4"},
		{"Chinese closing quotes", SimplifiedChinese, []string{"他说：“我走了。”", "然后就", "走了。"}, "1 2-3"},
		{"Chinese sound effects", SimplifiedChinese, []string{"我们去", "（掌声）", "吃饭。", "【音乐】"}, "1 2 3 4"},
		{"Chinese particles end sentences", SimplifiedChinese, []string{"你吃饭了吗", "我们今天要去", "一个很远的地方", "+2s|大家好"}, "1 2-3 4"},
		{"a name before a colon", SimplifiedChinese, []string{"我们今天要去", "小明：好的", "他说：好"}, "1 2-3"},
		{"Spanish", language.Spanish, []string{"No sé qué", "quieres decir.", "¿Por qué?"}, "1-2 3"},
		{"Japanese", language.Japanese, []string{"昨日は", "学校に行った。", "本当に？"}, "1-2 3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cues := track(tt.texts...)
			units := Units(cues, tt.lang)
			if got := groups(units); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			checkPartition(t, cues, units)
		})
	}
}

// checkPartition fails unless every cue is in exactly one unit, in order.
func checkPartition(t testing.TB, cues []Cue, units []Unit) {
	t.Helper()
	next := 0
	for i, u := range units {
		if u.N != i+1 || u.First != next || u.Last < u.First || u.Last >= len(cues) || len(u.Parts) != u.Len() {
			t.Fatalf("unit %d is %+v, cue %d comes next", i, u, next)
		}
		if u.Keep && u.Len() != 1 {
			t.Fatalf("kept unit %+v has several cues", u)
		}
		if u.Len() > maxUnitCues {
			t.Fatalf("unit of %d cues", u.Len())
		}
		for k, p := range u.Parts {
			if squeeze(p) != squeeze(cues[u.First+k].Text) {
				t.Fatalf("part %q of cue %q", p, cues[u.First+k].Text)
			}
		}
		next = u.Last + 1
	}
	if next != len(cues) {
		t.Fatalf("%d of %d cues are in units", next, len(cues))
	}
}

// squeeze removes white space.
func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

func TestUnitsBoundTextWithoutPunctuation(t *testing.T) {
	var texts []string
	for range 500 {
		texts = append(texts, "我们今天去看一个很大的")
	}
	cues := track(texts...)
	units := Units(cues, SimplifiedChinese)
	checkPartition(t, cues, units)
	for _, u := range units {
		if u.Len() > maxPlainCues || cues[u.Last].End-cues[u.First].Start > maxPlainDuration {
			t.Fatalf("unit %+v is too long", u)
		}
	}
	if len(units) > len(cues)/2 {
		t.Errorf("%d units of %d cues: hardly anything is joined", len(units), len(cues))
	}
}

func TestUnitsCutSentencesThatNeverEnd(t *testing.T) {
	texts := []string{"It began well."}
	for range 300 {
		texts = append(texts, "and then we went, again and again,")
	}
	cues := track(texts...)
	units := Units(cues, English)
	checkPartition(t, cues, units)
	for _, u := range units {
		if cues[u.Last].End-cues[u.First].Start > maxUnitDuration {
			t.Fatalf("unit %+v is too long", u)
		}
	}
}

func TestUnitsPartsJoinLinesAndKeepSpeakersApart(t *testing.T) {
	cues := track("When I\nfirst moved", "- Hi.\n- Hello\nthere.", "刚搬到\n上海")
	units := Units(cues, English)
	var got []string
	for _, u := range units {
		got = append(got, u.Parts...)
	}
	if want := []string{"When I first moved", "- Hi.\n- Hello there.", "刚搬到 上海"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if got := Units(cues[2:], SimplifiedChinese)[0].Parts[0]; got != "刚搬到上海" {
		t.Errorf("Chinese lines: %q", got)
	}
}

func TestKeep(t *testing.T) {
	for text, want := range map[string]bool{
		"": true, "…": true, "♪♪": true, "😂😂": true, "👨‍👩‍👧 🇨🇳": true, "2024": true, "3:45": true, "- ?": true, "100%": true, "①": true,
		"https://example.com/a?b=c": true, "www.example.com": true, "@xiaoming": true, "#上海": true, "#上海 #美食 @小明": true, "me@example.org": true,
		"OK": false, "5 km": false, "2024年": false, "好": false, "♪ la la ♪": false, "# la la #": false, "Hi 😂": false, "see www.example.com": false,
		"@小明 你好": false, "end.Next": false, "[Music]": false,
	} {
		if got := Keep(text); got != want {
			t.Errorf("Keep(%q) = %v", text, got)
		}
	}
}

func TestJoinParts(t *testing.T) {
	for _, tt := range []struct {
		lang  language.Tag
		parts []string
		want  string
	}{
		{English, nil, ""},
		{English, []string{" one "}, "one"},
		{English, []string{"When I first moved", "to Shanghai."}, "When I first moved to Shanghai."},
		{English, []string{"a well-", "known man"}, "a well-known man"},
		{English, []string{"I was -", "well, late"}, "I was - well, late"},
		{English, []string{"a", "", "b"}, "a b"},
		{SimplifiedChinese, []string{"刚搬到上海", "的时候"}, "刚搬到上海的时候"},
		{SimplifiedChinese, []string{"我用 Hugging", "Face 的模型"}, "我用 Hugging Face 的模型"},
		{SimplifiedChinese, []string{"我用 iPhone", "拍照"}, "我用 iPhone拍照"},
		{SimplifiedChinese, []string{"一共 3", "500 元"}, "一共 3 500 元"},
		{SimplifiedChinese, []string{"真的吗？", "OK"}, "真的吗？OK"},
		{language.Korean, []string{"안녕", "하세요"}, "안녕 하세요"},
		{language.Japanese, []string{"昨日は", "学校"}, "昨日は学校"},
	} {
		if got := JoinParts(tt.parts, tt.lang); got != tt.want {
			t.Errorf("JoinParts(%q, %v) = %q, want %q", tt.parts, tt.lang, got, tt.want)
		}
	}
}

func TestNormalize(t *testing.T) {
	for in, want := range map[string]string{
		"": "", " a \n b\t c ": "a b c", "Cafe\u0301": "Café", "\ufeffHi\u200b there\u200f": "Hi there", "❤\ufe0f": "❤", "你好\u3000世界": "你好 世界", "ABC": "ABC", "Ａ": "Ａ",
	} {
		if got := Normalize(in); got != want {
			t.Errorf("Normalize(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzUnits(f *testing.F) {
	f.Add("When I first moved\x00to Shanghai, I knew nobody.\x00- Hi.\n- Hello\x00♪\x00Mr.\x003.\x005", []byte{1, 0, 200, 3}, false)
	f.Add("刚搬到上海的时候\x00我谁也不认识\x00（掌声）\x00😂\x00小明：好", []byte{0, 0, 9}, true)
	f.Fuzz(func(t *testing.T, texts string, gaps []byte, chinese bool) {
		lang := English
		if chinese {
			lang = SimplifiedChinese
		}
		var cues []Cue
		var at time.Duration
		for i, text := range strings.Split(texts, "\x00") {
			if len(gaps) > 0 {
				at += time.Duration(int(gaps[i%len(gaps)])-40) * 25 * time.Millisecond
			}
			cues = append(cues, Cue{N: i + 1, Start: at, End: at + 1500*time.Millisecond, Text: text})
			at += 1500 * time.Millisecond
		}
		units := Units(cues, lang)
		checkPartition(t, cues, units)
		if again := Units(cues, lang); groups(again) != groups(units) {
			t.Fatalf("%s, then %s", groups(units), groups(again))
		}
		for _, u := range units {
			if joined := JoinParts(u.Parts, lang); squeeze(joined) != squeeze(strings.Join(u.Parts, "")) {
				t.Fatalf("%q joined to %q", u.Parts, joined)
			}
			if n := Normalize(texts); Normalize(n) != n {
				t.Fatalf("Normalize(%q) is not stable", texts)
			}
		}
	})
}

package subtitles

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/language"
)

func TestSplitBilingual(t *testing.T) {
	zhFirst := &Track{Cues: []Cue{
		at(0, 1000, "刚搬到上海\nWhen I first moved"), at(1000, 2000, "我用 iPhone\nI use\nan iPhone"), at(2000, 3000, "♪"),
		at(3000, 4000, "只有中文"), at(4000, 5000, "Only English here"), at(5000, 6000, "- 好\n- 不好\n- Good\n- Bad"),
		at(6000, 7000, "Hugging Face Transformers API 的\nof the Hugging Face Transformers API"), at(7000, 8000, "OK。\nOkay."),
		at(8000, 9000, "2024\n2024"), at(9000, 10000, "- 走吗？\n- Shall we?\n- 走。\n- Let's go."), at(10000, 11000, "三\n3"),
		at(11000, 12000, "这叫小红书\nThis is called 小红书 here"), at(12000, 13000, "他说他不来了\nhe said that he's not coming"), at(13000, 14000, "所以我一个人去\nso I went all by myself")}}
	d, ok := SplitBilingual(zhFirst)
	if !ok {
		t.Fatal("not taken as bilingual")
	}
	want := "0-1000 刚搬到上海 | When I first moved\n1000-2000 我用 iPhone | I use/an iPhone\n2000-3000 ♪ | ♪\n" +
		"3000-4000 只有中文 | \n4000-5000  | Only English here\n5000-6000 - 好/- 不好 | - Good/- Bad\n" +
		"6000-7000 Hugging Face Transformers API 的 | of the Hugging Face Transformers API\n7000-8000 OK。 | Okay.\n8000-9000 2024 | 2024\n" +
		"9000-10000 - 走吗？/- 走。 | - Shall we?/- Let's go.\n10000-11000 三 | 3\n11000-12000 这叫小红书 | This is called 小红书 here\n" +
		"12000-13000 他说他不来了 | he said that he's not coming\n13000-14000 所以我一个人去 | so I went all by myself\n"
	if got := shown(d); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if d.Cues[2].Texts[English].Status != StatusKept || d.Cues[0].Texts[English].Status != StatusGiven || d.Cues[0].Texts[SimplifiedChinese].Status != StatusSource {
		t.Errorf("statuses: %+v", d.Cues[:3])
	}

	enFirst := &Track{Cues: []Cue{at(0, 1000, "When I first moved\n剛搬到上海的時候"), at(1000, 2000, "to China\n我誰也不認識")}}
	if d, ok := SplitBilingual(enFirst); !ok || d.Pair != (Pair{Top: English, Bottom: TraditionalChinese}) {
		t.Errorf("English above: %+v, %v", d, ok)
	}
}

// monolingual are tracks that are not to be taken apart.
var monolingual = map[string][]string{
	"empty":   nil,
	"English": {"Hello\nyou", "I love 北京", "and this is\nmy house", "where I live"},
	"Chinese": {"你好\n世界", "我用 iPhone\n拍照", "是的\nOK", "今天 vlog 开始"},
	"English words in Chinese speech": {"我真的 so\nexcited", "今天的 outfit 就是这样", "然后我们去\nShopping Mall", "这个 latte\n真的 so good", "OK\n走吧", "我们 check in 一下\nand then 去吃饭",
		"老师说 deadline 是周五", "I was like\n什么鬼", "好的\nthank you so much", "我先去洗个澡"},
	"a lesson":      {"How do you say hello?", "You say\n你好", "and thank you is\n谢谢", "Very good.", "Now say it\nto the teacher", "再见 means goodbye", "I will see you\ntomorrow"},
	"names below":   {"欢迎来到武康路", "武康大楼\nWukang Mansion", "我们走进去看看", "里面是一家店", "静安寺\nJing'an Temple", "然后坐地铁回家", "晚安"},
	"French":        {"你好\nBonjour tout le monde", "我们走吧\nOn y va, les enfants", "谢谢\nMerci beaucoup à vous", "再见\nAu revoir et à bientôt"},
	"Japanese":      {"こんにちは\nHello there, you", "行きましょう\nLet's go, all of you", "ありがとうございます\nThank you so much", "さようなら、またね\nGoodbye, see you"},
	"other orders":  {"你好\nHello there, you", "Let's go, all of you\n我们走吧", "谢谢你们\nThank you so much", "Goodbye, see you\n再见了朋友"},
	"a title a cue": {"今天我们要去一个非常特别的地方吃一顿非常特别的饭\nvlog", "因为今天是我妈妈的生日所以我们全家都来了\nthe end", "她说她最喜欢的就是家门口的那一家小餐馆\nI know", "所以我们就决定在那里给她一个大大的惊喜\nhappy"},
}

func TestMonolingualTracksStayWhole(t *testing.T) {
	for name, texts := range monolingual {
		tr := &Track{}
		for i, text := range texts {
			tr.Cues = append(tr.Cues, at(i*1000, i*1000+1000, text))
		}
		if d, ok := SplitBilingual(tr); ok {
			t.Errorf("%s is taken as bilingual: %s", name, shown(d))
		}
	}
	for _, file := range []string{"vlog.en.srt", "vlog.en.vtt", "vlog.zh-Hans.srt", "vlog.zh-Hans.vtt", "rolling/youtube.en.vtt", "speech/whisperx.zh.json", "broken/dialogue.ass"} {
		track, _ := readFixture(t, file)
		if _, _, ok := BilingualTracks(track); ok {
			t.Errorf("%s is taken as bilingual", file)
		}
	}
}

// bilingualASS is an ASS file with two styles, as groups that translate make them.
func bilingualASS(top, bottom string, lines ...string) string {
	var b strings.Builder
	b.WriteString("[Script Info]\nScriptType: v4.00+\n[V4+ Styles]\nFormat: Name, Fontname, Alignment\nStyle: " + top + ",Arial,2\nStyle: " + bottom + ",Arial,2\n" +
		"[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n")
	for i, l := range lines {
		times, text, _ := strings.Cut(l, "|")
		style := top
		if i%2 == 1 {
			style = bottom
		}
		fmt.Fprintf(&b, "Dialogue: 0,%s,%s,,0,0,0,,%s\n", times, style, text)
	}
	return b.String()
}

func TestTwoCuesAtATimeAreTakenApart(t *testing.T) {
	const a, b, c = "0:00:01.00,0:00:03.00", "0:00:03.00,0:00:05.50", "0:00:06.00,0:00:09.00"
	ass := bilingualASS("# 中文", "# English", a+"|刚搬到上海的时候", a+"|When I first moved to Shanghai", b+"|我{\\i1}谁{\\i0}也不认识", b+"|I knew nobody at all",
		c+"|直到我遇见了 Mei", c+"|until I met Mei,", "0:00:09.00,0:00:10.00|OK!", "0:00:09.00,0:00:10.00|Okay!", "0:00:10.00,0:00:12.00|她说：来我家吧", "0:00:10.20,0:00:12.30|who said: come to my place",
		"0:00:12.00,0:00:13.00|2024", "0:00:12.00,0:00:13.00|2024", "0:00:14.00,0:00:16.00|后来我们成了好朋友", "0:00:14.00,0:00:15.00|and then", "0:00:16.00,0:00:18.00|到现在", "0:00:15.00,0:00:18.00|we were friends for good")
	srt := "1\n00:00:01,000 --> 00:00:03,000\nWhen I first moved to Shanghai\n\n2\n00:00:01,000 --> 00:00:03,000\n刚搬到上海的时候\n\n" +
		"3\n00:00:03,000 --> 00:00:05,500\nI knew nobody at all\n\n4\n00:00:03,000 --> 00:00:05,500\n我谁也不认识\n\n" +
		"5\n00:00:06,000 --> 00:00:07,000\n♪\n\n6\n00:00:06,000 --> 00:00:07,000\n♪\n\n7\n00:00:08,000 --> 00:00:09,000\n只有这里\n"
	// All of one language first, then all of the other.
	var behind strings.Builder
	for i, text := range []string{"刚搬到上海的时候", "我谁也不认识", "When I first moved to Shanghai", "I knew nobody at all"} {
		fmt.Fprintf(&behind, "00:00:%02d,000 --> 00:00:%02d,000\n%s\n\n", i%2*3, i%2*3+3, text)
	}
	for _, test := range []struct{ name, in, want string }{
		{"styles", ass, "1000-3000 刚搬到上海的时候 | When I first moved to Shanghai\n3000-5500 我谁也不认识 | I knew nobody at all\n6000-9000 直到我遇见了 Mei | until I met Mei,\n" +
			"9000-10000 OK! | Okay!\n10000-12000 她说：来我家吧 | who said: come to my place\n12000-13000 2024 | 2024\n14000-16000 后来我们成了好朋友 | and then we were friends\n16000-18000 到现在 | for good\n"},
		{"the same times twice", srt, "1000-3000 When I first moved to Shanghai | 刚搬到上海的时候\n3000-5500 I knew nobody at all | 我谁也不认识\n6000-7000 ♪ | ♪\n8000-9000  | 只有这里\n"},
		{"one behind the other", behind.String(), "0-3000 刚搬到上海的时候 | When I first moved to Shanghai\n3000-6000 我谁也不认识 | I knew nobody at all\n"},
		{"lines and override tags of ASS", bilingualASS("Default", "Sign", a+`|{\fs20}刚搬到上海的时候\N{\fs12}When I first moved to Shanghai`, b+`|我谁也不认识\N{\i1}I knew nobody at all`), "1000-3000 刚搬到上海的时候 | When I first moved to Shanghai\n3000-5500 我谁也不认识 | I knew nobody at all\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			track, rep, err := Read([]byte(test.in))
			checkTrack(t, track, rep, err)
			d, ok := SplitBilingual(track)
			if !ok {
				t.Fatal("not taken as bilingual")
			}
			if got := shown(d); got != test.want {
				t.Errorf("got\n%swant\n%s", got, test.want)
			}
		})
	}
}

func TestBilingualTracksKeepWhatCuesHave(t *testing.T) {
	in := "WEBVTT\n\nSTYLE\n::cue{}\n\na\n00:01.000 --> 00:02.000 line:0\n<v Ann><i>刚搬到上海</i>\n<b>When I first moved</b></v>\n\nb\n00:02.000 --> 00:03.000\n我谁也不认识\nI knew <i>nobody</i> at all\n\n00:03.000 --> 00:04.000\nAlone here\n"
	track, rep, err := Read([]byte(in))
	checkTrack(t, track, rep, err)
	// Two of three cues are too few.
	if _, _, ok := BilingualTracks(track); ok {
		t.Fatal("one cue in three is in one language")
	}
	track.Cues = append(track.Cues, Cue{N: 4, Start: 5 * time.Second, End: 6 * time.Second, Text: "然后我认识了梅\nand then I met Mei"}, Cue{N: 5, Start: 7 * time.Second, End: 8 * time.Second, Text: "我们成了朋友\nand we were friends"})
	zh, en, ok := BilingualTracks(track)
	if !ok || zh.Language != SimplifiedChinese || en.Language != English || len(zh.Styles) != 1 || zh.Format != VTT {
		t.Fatalf("%v %+v %+v", ok, zh, en)
	}
	if len(zh.Cues) != 4 || len(en.Cues) != 5 {
		t.Fatalf("%d and %d cues", len(zh.Cues), len(en.Cues))
	}
	if c := en.Cues[1]; c.N != 2 || c.ID != "b" || c.Markup != "I knew <i>nobody</i> at all" || c.Text != "I knew nobody at all" {
		t.Errorf("%+v", c)
	}
	if c := zh.Cues[0]; c.Settings == nil || c.Voice != "Ann" || zh.Cues[1].Markup != "" {
		t.Errorf("%+v", zh.Cues)
	}
}

func TestFromBilingualHasTheOrderThatIsAskedFor(t *testing.T) {
	hans := &Track{Cues: []Cue{at(0, 1000, "刚搬到上海的时候\nWhen I first moved here"), at(1000, 2000, "我谁也不认识\nI knew nobody at all")}}
	hant := &Track{Cues: []Cue{at(0, 1000, "剛搬到上海的時候\nWhen I first moved here"), at(1000, 2000, "我誰也不認識\nI knew nobody at all")}}
	for _, test := range []struct {
		track             *Track
		asked, pair, from string
	}{
		{hans, "zh-Hans,en", "zh-Hans,en", "zh-Hans"},
		{hans, "en,zh-Hans", "en,zh-Hans", "zh-Hans"},
		{hans, "en,zh-Hant-TW", "en,zh-Hans", "zh-Hans"},
		{hant, "zh-Hant-HK,en", "zh-Hant-HK,en", "zh-Hant-HK"},
		{hant, "zh-Hans,en", "zh-Hant,en", "zh-Hant"},
	} {
		pair, err := ParsePair(test.asked)
		if err != nil {
			t.Fatal(err)
		}
		d, ok := FromBilingual(test.track, pair)
		if !ok || d.Pair.String() != test.pair || d.Source.String() != test.from {
			t.Errorf("%s: %v, %v", test.asked, d.Pair, d.Source)
			continue
		}
		cov := d.Coverage()
		if cov.Given != 2 || cov.Cues != 2 || !strings.Contains(shown(d), " | ") || strings.Contains(shown(d), " |  ") {
			t.Errorf("%s: %+v\n%s", test.asked, cov, shown(d))
		}
	}
	if _, ok := FromBilingual(&Track{Cues: []Cue{at(0, 1000, "Hello")}}, DefaultPair); ok {
		t.Error("an English track is bilingual")
	}
}

// TestBilingualCorpus takes apart files that people made in two languages, as
// they are, with the languages the other way round, and as two cues at a time;
// and leaves each of their languages alone.
func TestBilingualCorpus(t *testing.T) {
	dir := corpus(t, "pairs")
	files, err := filepath.Glob(filepath.Join(dir, "*.srt"))
	if err != nil || len(files) != 19 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		track, rep, err := Read(data)
		checkTrack(t, track, rep, err)
		swapped, twice := &Track{}, &Track{}
		zh, en := &Track{}, &Track{}
		for _, c := range track.Cues {
			// A translator's note makes three lines of some: Chinese, note, English.
			cut := strings.LastIndexByte(c.Text, '\n')
			top, bottom := c.Text[:cut], c.Text[cut+1:]
			with := func(text string) Cue { c := c; c.Text = text; return c }
			swapped.Cues = append(swapped.Cues, with(bottom+"\n"+top))
			twice.Cues = append(twice.Cues, with(top), with(bottom))
			twice.Cues[len(twice.Cues)-1].Line++
			zh.Cues, en.Cues = append(zh.Cues, with(top)), append(en.Cues, with(bottom))
		}
		name := filepath.Base(file)
		for form, tr := range map[string]*Track{"lines": track, "swapped": swapped, "two cues": twice} {
			top, bottom, ok := BilingualTracks(tr)
			if form == "swapped" {
				top, bottom = bottom, top
			}
			if !ok || top.Language != SimplifiedChinese || bottom.Language != English {
				t.Errorf("%s, %s: %v", name, form, ok)
				continue
			}
			for _, side := range [][2]*Track{{top, zh}, {bottom, en}} {
				if !slices.EqualFunc(side[0].Cues, side[1].Cues, func(a, b Cue) bool { return a.Text == b.Text && a.Start == b.Start }) {
					for i, c := range side[1].Cues {
						if i >= len(side[0].Cues) || side[0].Cues[i].Text != c.Text {
							t.Errorf("%s, %s: cue %d, want %q", name, form, c.N, c.Text)
							break
						}
					}
				}
			}
		}
		for _, tr := range []*Track{zh, en} {
			if _, _, ok := BilingualTracks(tr); ok {
				t.Errorf("%s: one language is taken for two", name)
			}
		}
		if d, ok := SplitBilingual(track); !ok || len(d.Cues) != len(track.Cues) || CheckTrack(track, language.Und, Profile{}) == nil {
			t.Errorf("%s: %v", name, ok)
		}
	}
}

// FuzzSplitBilingual checks that no text is lost or doubled, whatever a track
// holds that is taken as bilingual.
func FuzzSplitBilingual(f *testing.F) {
	f.Add([]byte{0, 0, 0, 0, 0}, false)
	f.Add([]byte{0, 9, 9, 1, 1, 2, 2, 3, 3}, true)
	texts := []string{"刚搬到上海的时候\nWhen I first moved there", "我谁也不认识\nI knew nobody at all", "3\n三", "OK\nOK", "♪", "- 走吗？\n- Shall we?\n- 走\n- Go", "Alone\nis he", "只有\n中文", "a 中 b\nc d 文 e\n好", "1\n2\n3\n中文"}
	f.Fuzz(func(t *testing.T, picks []byte, twice bool) {
		tr := &Track{}
		for i, p := range picks {
			text := texts[int(p)%len(texts)]
			if top, bottom, ok := strings.Cut(text, "\n"); ok && twice {
				tr.Cues = append(tr.Cues, at(i*1000, i*1000+1000, top), at(i*1000, i*1000+1000, bottom))
			} else {
				tr.Cues = append(tr.Cues, at(i*1000, i*1000+1000, text))
			}
		}
		for i := range tr.Cues {
			tr.Cues[i].N = i + 1
		}
		top, bottom, ok := BilingualTracks(tr)
		d, also := SplitBilingual(tr)
		if ok != also {
			t.Fatalf("tracks %v, document %v", ok, also)
		}
		if !ok {
			return
		}
		want, got, document := 0, 0, 0
		for _, c := range tr.Cues {
			want += shownCharacters(c.Text)
		}
		for _, c := range append(slices.Clone(top.Cues), bottom.Cues...) {
			got += shownCharacters(c.Text)
			if c.Text != cleanText(c.Text) || c.Text == "" {
				t.Errorf("%q", c.Text)
			}
		}
		for _, c := range d.Cues {
			for _, text := range c.Texts {
				document += shownCharacters(text.Text)
			}
			if len(c.Texts) == 2 && c.Texts[d.Pair.Bottom].Status == StatusKept {
				document -= shownCharacters(c.Texts[d.Pair.Bottom].Text)
				got -= shownCharacters(c.Texts[d.Pair.Bottom].Text)
			}
		}
		if got != want || document != want {
			t.Errorf("%d characters became %d, in the document %d", want, got, document)
		}
	})
}

package subtitles

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestProfilesHaveTheNumbersOfTheirPublishers(t *testing.T) {
	for _, tt := range []struct {
		name              string
		latin, hans, hant LineRule
		least, most       time.Duration
		style             PunctuationStyle
	}{
		{"default", LineRule{42, 42, 2, 20}, LineRule{32, 36, 2, 9}, LineRule{32, 36, 2, 9}, 833 * time.Millisecond, 7 * time.Second, ""},
		{"portrait", LineRule{36, 36, 2, 20}, LineRule{32, 36, 2, 9}, LineRule{32, 36, 2, 9}, 833 * time.Millisecond, 7 * time.Second, ""},
		{"netflix", LineRule{42, 42, 2, 20}, LineRule{32, 36, 2, 9}, LineRule{32, 36, 2, 9}, 833 * time.Millisecond, 7 * time.Second, PunctuationStreaming},
		{"ted", LineRule{42, 42, 2, 21}, LineRule{32, 32, 2, 10}, LineRule{34, 34, 2, 10}, time.Second, 7 * time.Second, ""},
	} {
		p, ok := ProfileByName(tt.name)
		if !ok || !slices.Contains(ProfileNames(), tt.name) {
			t.Fatalf("%s is unknown", tt.name)
		}
		least, most, gap := p.durations()
		if p.Rule(English) != tt.latin || p.Rule(SimplifiedChinese) != tt.hans || p.Rule(TraditionalChineseTW) != tt.hant ||
			least != tt.least || most != tt.most || gap != 83*time.Millisecond || p.Punctuation != tt.style {
			t.Errorf("%s: %+v", tt.name, p)
		}
	}
	if p, ok := ProfileByName(""); !ok || p.Name != "default" {
		t.Errorf("no name: %+v", p)
	}
	if r := (Profile{Traditional: LineRule{Lines: 1}, CJK: LineRule{Columns: 20, Speed: 5}}).Rule(TraditionalChinese); r != (LineRule{20, 20, 1, 5}) {
		t.Errorf("a rule that leaves most to CJK's: %+v", r)
	}
}

func TestProfileDurationsAreChecked(t *testing.T) {
	ted, _ := ProfileByName("ted")
	tr := &Track{Cues: []Cue{at(0, 900, "Hello there"), at(950, 3000, "Hello again")}}
	if got := brief(CheckTrack(tr, English, ted)[0]); got != "duration 900/1000" {
		t.Errorf("ted: %s", got)
	}
	if got := brief(CheckTrack(tr, English, Profile{})[0]); got != "" {
		t.Errorf("default: %s", got)
	}
	if got := brief(CheckTrack(tr, English, Profile{MinGap: 10 * time.Millisecond})[1]); got != "" {
		t.Errorf("a shorter gap: %s", got)
	}
}

func one(p Pair, en, zh string) *Document {
	c := dualCue(1, 1000, 7000, en, StatusSource, zh, StatusTranslated)
	c.Texts[p.Chinese()] = c.Texts[SimplifiedChinese]
	return &Document{Pair: p, Source: English, Cues: []DualCue{c}}
}

func TestLayoutPunctuatesChineseLinesAlone(t *testing.T) {
	text := "刚搬到上海的时候，我谁也不认识，每天都是一个人，去吃饭。"
	d := one(DefaultPair, "When I moved, I knew nobody.", text)
	for _, tt := range []struct {
		p    Profile
		want string
	}{
		{Profile{}, "刚搬到上海的时候，我谁也不认识\n每天都是一个人，去吃饭"},
		{Profile{Punctuation: PunctuationFull}, "刚搬到上海的时候，我谁也不认识，\n每天都是一个人，去吃饭。"},
		{netflixProfile, "刚搬到上海的时候 我谁也不认识\n每天都是一个人 去吃饭"},
	} {
		if got := d.Single(SimplifiedChinese, tt.p).Cues[0].Text; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.p.Punctuation, got, tt.want)
		}
		if got := d.Dual(tt.p).Cues[0].Text; got != tt.want+"\nWhen I moved, I knew nobody." {
			t.Errorf("dual, %s: %q", tt.p.Punctuation, got)
		}
		d.Check(tt.p)
	}
	if got := d.Cues[0].Texts[SimplifiedChinese].Text; got != text {
		t.Errorf("the document's text became %q", got)
	}
}

// What is dropped at the end of a line takes no room in it.
func TestLayoutMeasuresWhatIsShown(t *testing.T) {
	d := one(DefaultPair, "x", strings.Repeat("我们今天去", 3)+"那边看。")
	if got := d.Single(SimplifiedChinese, Profile{}).Cues[0].Text; strings.Contains(got, "\n") {
		t.Errorf("eighteen characters and a stop in two lines: %q", got)
	}
	// A comma between two lines of the source is not lost when these are joined.
	d = one(DefaultPair, "x", "今天很冷，\n我们很晚才从家里出门，然后就去了一个很远很远的地方，\n玩")
	if got := d.Single(SimplifiedChinese, Profile{}).Cues[0].Text; !strings.Contains(got, "今天很冷，我们") {
		t.Errorf("%q", got)
	}
}

func showCues(tr *Track) string {
	var b strings.Builder
	for _, c := range tr.Cues {
		line := ""
		if c.Settings != nil && c.Settings.Line != nil {
			line = fmt.Sprintf(" line:%v", *c.Settings.Line)
		}
		fmt.Fprintf(&b, "%d %d-%d%s %s\n", c.N, c.Start.Milliseconds(), c.End.Milliseconds(), line, strings.ReplaceAll(c.Text, "\n", "/"))
	}
	return b.String()
}

func TestPortraitShowsThreeLinesAtMostAboveTheButtons(t *testing.T) {
	portrait, _ := ProfileByName("portrait")
	en := "When I first moved to Shanghai, I knew nobody, and every single day I went out and had dinner on my own"
	zh := "刚搬到上海的时候，我谁也不认识，每天都是自己一个人出去吃晚饭。"
	d := one(DefaultPair, en, zh)
	if got, want := showCues(d.Dual(portrait)), "1 1000-3863 line:-7 刚搬到上海的时候，我谁也不认识/When I first moved/to Shanghai, I knew nobody,\n"+
		"0 3863-7000 line:-7 每天都是自己一个人出去吃晚饭/and every single day I went out/and had dinner on my own\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	// The tracks of one language keep their cues.
	if got := d.Single(English, portrait); len(got.Cues) != 1 || *got.Cues[0].Settings.Line != -7 {
		t.Errorf("English alone: %s", showCues(got))
	}
	if got := d.Dual(Profile{}); len(got.Cues) != 1 || got.Cues[0].Settings != nil {
		t.Errorf("in the default profile: %s", showCues(got))
	}
	// Both are the caller's to set.
	portrait.SafeLines, portrait.DualLines = 1, 5
	if got := d.Dual(portrait); len(got.Cues) != 1 || *got.Cues[0].Settings.Line != -6 {
		t.Errorf("own numbers: %s", showCues(got))
	}
}

func TestPortraitDividesSpeakersAndLeavesWhatCannotBeDivided(t *testing.T) {
	portrait, _ := ProfileByName("portrait")
	d := one(DefaultPair, "- Where are you going tonight?\n- Home.", "- 你今晚去哪里？\n- 回家。")
	if got, want := showCues(d.Dual(portrait)), "1 1000-5502 line:-6 - 你今晚去哪里？/- Where are you going tonight?\n0 5502-7000 line:-6 - 回家/- Home.\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	word := strings.Repeat("x", 200)
	d = one(DefaultPair, word, "好")
	d.Cues[0].Texts[SimplifiedChinese] = Text{Text: word + "好", Status: StatusTranslated}
	if got := d.Dual(portrait); len(got.Cues) != 1 {
		t.Errorf("one word: %s", showCues(got))
	}
}

func TestPortraitPiecesShareTheTimeAndLoseNothing(t *testing.T) {
	portrait, _ := ProfileByName("portrait")
	for _, pair := range Pairs() {
		for words := 10; words < 90; words += 7 {
			en := strings.TrimSpace(strings.Repeat("we walked along, ", words/3))
			zh := strings.Repeat("我们一直走，", words/4)
			d := one(pair, en, zh)
			tr := d.Dual(portrait)
			all := ""
			end := tr.Cues[0].Start
			for i, c := range tr.Cues {
				if c.Start != end || c.End <= c.Start || (c.N != 0) != (i == 0) {
					t.Fatalf("%v, %d words: cue %d is %+v", pair, words, i, c)
				}
				end = c.End
				if n := 1 + strings.Count(c.Text, "\n"); n > 3 {
					t.Errorf("%v, %d words: %d lines: %q", pair, words, n, c.Text)
				}
				all += c.Text + " "
			}
			if end != d.Cues[0].End {
				t.Errorf("%v: the last cue ends at %v", pair, end)
			}
			if a, b := strings.Count(all, "walked"), strings.Count(en, "walked"); a != b {
				t.Errorf("%v, %d words: %d of %d are shown", pair, words, a, b)
			}
			if a, b := strings.Count(all, "走"), strings.Count(zh, "走"); a != b {
				t.Errorf("%v, %d words: %d of %d are shown in Chinese", pair, words, a, b)
			}
			before := len(d.Cues)
			d.Check(portrait)
			for _, f := range d.Cues[0].Findings {
				if f.Rule == ruleOverlap || f.Rule == ruleOrder {
					t.Errorf("%v: %+v", pair, f)
				}
			}
			if len(d.Cues) != before {
				t.Error("the document was changed")
			}
		}
	}
}

func TestDividedCuesInFiles(t *testing.T) {
	portrait, _ := ProfileByName("portrait")
	d := one(DefaultPair, "When I first moved to Shanghai, I knew nobody, and every single day I went out and had dinner on my own",
		"刚搬到上海的时候，我谁也不认识，每天都是自己一个人出去吃晚饭。")
	d.Cues = append(d.Cues, dualCue(2, 7000, 9000, "Hello", StatusSource, "你好", StatusTranslated))
	var vtt, srt bytes.Buffer
	if err := WriteVTT(&vtt, d.Dual(portrait)); err != nil {
		t.Fatal(err)
	}
	if err := WriteSRT(&srt, d.Dual(portrait)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\n1\n00:00:01.000 --> 00:00:03.863 line:-7\n", "\n\n00:00:03.863 --> 00:00:07.000 line:-7\n", "\n2\n00:00:07.000 --> 00:00:09.000 line:-6\n"} {
		if !strings.Contains(vtt.String(), want) {
			t.Errorf("no %q in\n%s", want, vtt.String())
		}
	}
	for _, want := range []string{"1\n00:00:01,000", "\n2\n00:00:03,863", "\n3\n00:00:07,000"} {
		if !strings.Contains(srt.String(), want) {
			t.Errorf("no %q in\n%s", want, srt.String())
		}
	}
}

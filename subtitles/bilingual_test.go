package subtitles

import (
	"testing"

	"golang.org/x/text/language"
)

func TestSplitBilingual(t *testing.T) {
	zhFirst := &Track{Cues: []Cue{
		at(0, 1000, "刚搬到上海\nWhen I first moved"), at(1000, 2000, "我用 iPhone\nI use\nan iPhone"), at(2000, 3000, "♪"),
		at(3000, 4000, "只有中文"), at(4000, 5000, "Only English here"), at(5000, 6000, "- 好\n- 不好\n- Good\n- Bad")}}
	d, ok := SplitBilingual(zhFirst)
	if !ok {
		t.Fatal("not taken as bilingual")
	}
	want := "0-1000 刚搬到上海 | When I first moved\n1000-2000 我用 iPhone | I use/an iPhone\n2000-3000 ♪ | ♪\n" +
		"3000-4000 只有中文 | \n4000-5000  | Only English here\n5000-6000 - 好/- 不好 | - Good/- Bad\n"
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

	for name, cues := range map[string][]Cue{
		"empty":   nil,
		"English": {at(0, 1, "Hello\nyou"), at(1, 2, "I love 北京")},
		"Chinese": {at(0, 1, "你好\n世界"), at(1, 2, "我用 iPhone\n拍照"), at(2, 3, "是的\nOK")},
	} {
		if d, ok := SplitBilingual(&Track{Cues: cues}); ok {
			t.Errorf("%s is taken as bilingual: %+v", name, d)
		}
	}
}

func TestSplitBilingualOfTheCorpus(t *testing.T) {
	for _, l := range readLectures(t) {
		tr := &Track{}
		for i, c := range l.cues {
			c.Text = l.chinese[i] + "\n" + c.Text
			tr.Cues = append(tr.Cues, c)
		}
		d, ok := SplitBilingual(tr)
		if !ok || d.Pair != (Pair{Top: SimplifiedChinese, Bottom: English}) {
			t.Fatalf("%s: %v", l.name, ok)
		}
		right := 0
		for i, c := range d.Cues {
			if c.Texts[SimplifiedChinese].Text == l.chinese[i] && c.Texts[English].Text == l.cues[i].Text {
				right++
			}
		}
		if right < len(l.cues)*95/100 {
			t.Errorf("%s: %d of %d cues are taken apart as they were put together", l.name, right, len(l.cues))
		}
		if CheckTrack(tr, language.Und, Profile{}) == nil {
			t.Errorf("%s: not checked", l.name)
		}
	}
}

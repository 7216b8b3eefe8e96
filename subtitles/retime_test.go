package subtitles

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func times(cues []Cue) string {
	var out []string
	for _, c := range cues {
		out = append(out, fmt.Sprintf("%d-%d", c.Start.Milliseconds(), c.End.Milliseconds()))
	}
	return strings.Join(out, " ")
}

func TestRetime(t *testing.T) {
	const fast = "This line has forty characters, in total" // two seconds at 20 a second
	for _, tt := range []struct {
		name string
		cues []Cue
		o    RetimeOptions
		want string
	}{
		{"sound", []Cue{at(0, 2000, "Hello"), at(2000, 4000, "you"), at(5000, 6000, "there")}, RetimeOptions{}, "0-2000 2000-4000 5000-6000"},
		{"too short", []Cue{at(0, 400, "Hi")}, RetimeOptions{}, "0-833"},
		{"too short, and not by more than twelve frames", []Cue{at(0, 100, "Hi")}, RetimeOptions{}, "0-600"},
		{"too short, without room", []Cue{at(0, 400, "Hi"), at(600, 2000, "you")}, RetimeOptions{}, "0-517 600-2000"},
		{"too short, and touching the next", []Cue{at(0, 400, "Hi"), at(400, 2000, "you")}, RetimeOptions{}, "0-400 400-2000"},
		{"too fast", []Cue{at(0, 1800, fast)}, RetimeOptions{}, "0-2000"},
		{"too fast for what is free", []Cue{at(0, 1000, fast), at(3000, 4000, "x")}, RetimeOptions{}, "0-1500 3000-4000"},
		{"Chinese too fast", []Cue{at(0, 1000, "一二三四五六七八九十")}, RetimeOptions{}, "0-1112"},
		{"no longer than seven seconds", []Cue{at(0, 6800, strings.Repeat("x", 200))}, RetimeOptions{}, "0-7000"},
		{"longer already", []Cue{at(0, 9000, "x")}, RetimeOptions{}, "0-9000"},
		{"a small gap", []Cue{at(0, 1950, "Hi"), at(2000, 4000, "you")}, RetimeOptions{}, "0-1917 2000-4000"},
		{"a small gap behind a short cue", []Cue{at(0, 850, "Hi"), at(900, 4000, "you")}, RetimeOptions{}, "0-900 900-4000"},
		{"a gap that is wide enough", []Cue{at(0, 1917, "Hi"), at(2000, 4000, "you")}, RetimeOptions{}, "0-1917 2000-4000"},
		{"a slip of rounding", []Cue{at(0, 2010, "Hi"), at(2000, 4000, "you")}, RetimeOptions{}, "0-1917 2000-4000"},
		{"a slip behind a short cue", []Cue{at(0, 810, "Hi"), at(800, 4000, "you")}, RetimeOptions{}, "0-800 800-4000"},
		{"shown together", []Cue{at(0, 500, "Hi"), at(100, 700, "you"), at(3000, 5000, "x")}, RetimeOptions{}, "0-500 100-700 3000-5000"},
		{"the same times", []Cue{at(0, 500, "Hi"), at(0, 500, "you"), at(3000, 5000, "x")}, RetimeOptions{}, "0-500 0-500 3000-5000"},
		{"a long one under short ones", []Cue{at(0, 9000, "sign"), at(1000, 1300, "a"), at(3000, 3300, "b")}, RetimeOptions{}, "0-9000 1000-1300 3000-3300"},
		{"never shown", []Cue{at(2000, 1000, "Hi"), at(3000, 5000, "x")}, RetimeOptions{}, "2000-1000 3000-5000"},
		{"out of order", []Cue{at(3000, 5000, "x"), at(0, 400, "Hi")}, RetimeOptions{}, "3000-5000 0-833"},
		{"own limits", []Cue{at(0, 400, "Hi"), at(2000, 2950, "you"), at(3000, 5000, "x")}, RetimeOptions{MinGap: 40 * time.Millisecond, MaxExtend: 2 * time.Second, MinDuration: time.Second, MaxDuration: 3 * time.Second}, "0-1000 2000-2960 3000-5000"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			track := &Track{Cues: tt.cues}
			before := times(track.Cues)
			changed := Retime(track, tt.o)
			got := times(track.Cues)
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			differ := 0
			for i, b := range strings.Fields(before) {
				if b != strings.Fields(got)[i] {
					differ++
				}
			}
			if changed != differ {
				t.Errorf("%d changed, not %d", changed, differ)
			}
		})
	}
}

func TestRetimeOfADocumentGivesBothLanguagesTime(t *testing.T) {
	d := &Document{Pair: DefaultPair, Source: English, Cues: []DualCue{
		dualCue(1, 0, 1000, "Hi", StatusSource, "一二三四五六七八九十", StatusTranslated),
		dualCue(2, 3000, 4000, "Twenty-four characters!!", StatusSource, "短", StatusTranslated),
		dualCue(3, 6000, 6400, "Hi", StatusSource, "", StatusUntranslated)}}
	if n := d.Retime(RetimeOptions{}); n != 3 {
		t.Errorf("%d changed", n)
	}
	if got, want := times(d.Dual(Profile{}).Cues), "0-1112 3000-4200 6000-6833"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestRetimeMakesNothingWorse looks for the findings that Retime is to mend,
// in a track of many gaps.
func TestRetimeMakesNothingWorse(t *testing.T) {
	track := &Track{Language: English}
	clock := 0
	for i := range 400 {
		length := 300 + i*131%1900
		track.Cues = append(track.Cues, at(clock, clock+length, strings.Repeat("word ", 1+i%9)))
		clock += length + []int{0, 20, 60, 100, 400, 2000, -30}[i%7]
	}
	count := func() map[string]int {
		n := map[string]int{}
		for _, fs := range CheckTrack(track, English, Profile{}) {
			for _, f := range fs {
				n[f.Rule]++
			}
		}
		return n
	}
	before := count()
	Retime(track, RetimeOptions{})
	after := count()
	for _, rule := range []string{ruleGap, ruleOverlap, ruleDuration, ruleReadingSpeed} {
		if after[rule] >= before[rule] {
			t.Errorf("%s: %d before, %d after", rule, before[rule], after[rule])
		}
	}
	if after[ruleGap]+after[ruleOverlap] > 0 {
		t.Errorf("left: %v", after)
	}
}

package subtitles

import (
	"errors"
	"fmt"
	"math/rand"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/language"
)

// at is a cue from a to b, in milliseconds.
func at(a, b int, text string) Cue {
	return Cue{Start: time.Duration(a) * time.Millisecond, End: time.Duration(b) * time.Millisecond, Text: text}
}

func shown(d *Document) string {
	var b strings.Builder
	for _, c := range d.Cues {
		fmt.Fprintf(&b, "%d-%d %s | %s\n", c.Start.Milliseconds(), c.End.Milliseconds(),
			strings.ReplaceAll(c.Texts[d.Pair.Top].Text, "\n", "/"), strings.ReplaceAll(c.Texts[d.Pair.Bottom].Text, "\n", "/"))
	}
	return b.String()
}

func TestPairTracks(t *testing.T) {
	for _, tt := range []struct {
		name    string
		zh, en  []Cue
		lead    Lead
		want    string
		swapped bool
	}{
		{name: "equal borders",
			zh:   []Cue{at(0, 1000, "你好"), at(1000, 3000, "再见")},
			en:   []Cue{at(0, 1000, "Hello"), at(1000, 3000, "Bye")},
			want: "0-1000 你好 | Hello\n1000-3000 再见 | Bye\n"},
		{name: "borders a little apart, top leads",
			zh:   []Cue{at(0, 1000, "你好"), at(1200, 3000, "再见")},
			en:   []Cue{at(100, 1150, "Hello"), at(1250, 3300, "Bye")},
			want: "0-1000 你好 | Hello\n1200-3000 再见 | Bye\n"},
		{name: "bottom leads", lead: LeadBottom,
			zh:   []Cue{at(0, 1000, "你好"), at(1200, 3000, "再见")},
			en:   []Cue{at(100, 1150, "Hello"), at(1250, 3300, "Bye")},
			want: "100-1150 你好 | Hello\n1250-3300 再见 | Bye\n"},
		{name: "two short ones under a long one",
			zh:   []Cue{at(0, 4000, "我想回家但没人送我")},
			en:   []Cue{at(0, 1900, "I wanted to go home"), at(2000, 4000, "but nobody would drive me.")},
			want: "0-4000 我想回家但没人送我 | I wanted to go home but nobody would drive me.\n"},
		{name: "a long one over two short ones",
			zh:   []Cue{at(0, 1900, "我想回家"), at(2000, 4000, "但是没有人送我")},
			en:   []Cue{at(0, 4000, "I wanted to go home but nobody would drive me.")},
			want: "0-1900 我想回家 | I wanted to go home\n2000-4000 但是没有人送我 | but nobody would drive me.\n"},
		{name: "a word over two cues stands once",
			zh:   []Cue{at(0, 900, "好"), at(1000, 4000, "好的")},
			en:   []Cue{at(0, 4000, "Okay.")},
			want: "0-900 好 | \n1000-4000 好的 | Okay.\n"},
		{name: "no counterpart",
			zh:   []Cue{at(0, 1000, "你好"), at(5000, 7000, "字幕：小明")},
			en:   []Cue{at(0, 1000, "Hello"), at(9000, 12000, "Only here")},
			want: "0-1000 你好 | Hello\n5000-7000 字幕：小明 | \n9000-12000  | Only here\n"},
		{name: "a sliver does not pair",
			zh:   []Cue{at(0, 2000, "你好")},
			en:   []Cue{at(1900, 4000, "Something else")},
			want: "0-2000 你好 | \n1900-4000  | Something else\n"},
		{name: "speakers stay apart",
			zh:   []Cue{at(0, 4000, "- 走吗？\n- 走。")},
			en:   []Cue{at(0, 1900, "- Shall we?"), at(2000, 4000, "- Yes.")},
			want: "0-4000 - 走吗？/- 走。 | - Shall we?/- Yes.\n"},
		{name: "words stay off a music sign",
			zh:   []Cue{at(0, 2000, "她说来我家吧"), at(2000, 3000, "♪")},
			en:   []Cue{at(200, 2300, "who said: come to my place")},
			want: "0-2000 她说来我家吧 | who said: come to my place\n2000-3000 ♪ | \n"},
		{name: "Chinese clauses are joined with a space", lead: LeadBottom,
			zh:   []Cue{at(0, 1900, "我想回家"), at(2000, 4000, "没人送我")},
			en:   []Cue{at(0, 4000, "I wanted to go home but nobody would drive me.")},
			want: "0-4000 我想回家 没人送我 | I wanted to go home but nobody would drive me.\n"},
		{name: "English above",
			zh: []Cue{at(0, 1000, "你好")}, en: []Cue{at(0, 1000, "Hello")}, swapped: true,
			want: "0-1000 Hello | 你好\n"},
		{name: "one track is empty",
			zh: []Cue{at(0, 1000, "你好")}, want: "0-1000 你好 | \n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			top := &Track{Language: SimplifiedChinese, Cues: tt.zh}
			bottom := &Track{Language: English, Cues: tt.en}
			if tt.swapped {
				top, bottom = bottom, top
			}
			d, err := PairTracks(top, bottom, tt.lead)
			if err != nil {
				t.Fatal(err)
			}
			if got := shown(d); got != tt.want {
				t.Errorf("got\n%swant\n%s", got, tt.want)
			}
			for i, c := range d.Cues {
				if c.N != i+1 {
					t.Errorf("cue %d has number %d", i, c.N)
				}
				for tag, text := range c.Texts {
					if want := map[bool]Status{true: StatusSource, false: StatusGiven}[tag == d.Pair.Top]; text.Status != want {
						t.Errorf("%v has status %s", tag, text.Status)
					}
				}
			}
		})
	}
}

func TestPairTracksTakesOutOffsetAndDrift(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	var zh []Cue
	for ms := 4000; len(zh) < 400; ms += rng.Intn(2500) {
		end := ms + 900 + rng.Intn(3000)
		zh = append(zh, at(ms, end, fmt.Sprintf("第%d句话", len(zh)+1)))
		ms = end
	}
	for _, shift := range []Shift{{Rate: 1}, {Rate: 1, Offset: 7300 * time.Millisecond}, {Rate: 1, Offset: -21 * time.Second},
		{Rate: 25.0 / 24}, {Rate: 24 / 25.025, Offset: 4 * time.Second}, {Rate: 1.0004, Offset: 900 * time.Millisecond}} {
		var en []Cue
		for i, c := range zh {
			// People's times are not exact, and some lines are missing.
			jitter := time.Duration(rng.Intn(120)-60) * time.Millisecond
			if i%17 == 5 {
				continue
			}
			start := time.Duration(float64(c.Start-shift.Offset)/shift.Rate) + jitter
			en = append(en, Cue{Start: start, End: start + c.Duration(), Text: fmt.Sprintf("This is line %d", i+1)})
		}
		d, err := PairTracks(&Track{Language: SimplifiedChinese, Cues: zh}, &Track{Language: English, Cues: en}, LeadTop)
		if err != nil {
			t.Fatal(err)
		}
		right, wrong := 0, 0
		for _, c := range d.Cues {
			z, e := c.Texts[SimplifiedChinese].Text, c.Texts[English].Text
			if z == "" || e == "" {
				continue
			}
			var n, m int
			fmt.Sscanf(z, "第%d句话", &n)
			fmt.Sscanf(e, "This is line %d", &m)
			if n == m {
				right++
			} else {
				wrong++
			}
		}
		if right < len(en)*98/100 || wrong > len(en)/100 {
			t.Errorf("%+v: %d right, %d wrong of %d; estimated %+v", shift, right, wrong, len(en), EstimateShift(&Track{Cues: zh}, &Track{Cues: en}))
		}
	}
}

func TestEstimateShiftLeavesUnrelatedTracksAlone(t *testing.T) {
	rng := rand.New(rand.NewSource(2))
	random := func() *Track {
		tr := &Track{}
		for ms := 0; len(tr.Cues) < 300; ms += 500 + rng.Intn(6000) {
			tr.Cues = append(tr.Cues, at(ms, ms+400, "x"))
		}
		return tr
	}
	if s := EstimateShift(random(), random()); !s.IsZero() {
		t.Errorf("unrelated tracks: %+v", s)
	}
	if s := EstimateShift(&Track{}, random()); !s.IsZero() {
		t.Errorf("empty track: %+v", s)
	}
}

func TestPairTracksRefusesWhatIsNoPair(t *testing.T) {
	track := func(tag language.Tag, text string) *Track {
		return &Track{Language: tag, Cues: []Cue{at(0, 1000, text)}}
	}
	for _, tt := range []struct {
		a, b *Track
		kind ErrorKind
	}{
		{track(English, "Hello"), track(English, "Hello"), ErrUnknownPair},
		{track(SimplifiedChinese, "你好"), track(TraditionalChinese, "你好"), ErrUnknownPair},
		{track(language.French, "Bonjour"), track(English, "Hello"), ErrUnknownPair},
		{track(language.Und, "123"), track(English, "Hello"), ErrUnknownLanguage},
	} {
		_, err := PairTracks(tt.a, tt.b, LeadTop)
		var e *Error
		if !errors.As(err, &e) || e.Kind != tt.kind {
			t.Errorf("%v and %v: %v", tt.a.Language, tt.b.Language, err)
		}
	}
	if d, err := PairTracks(track(language.Und, "剛搬到上海"), track(language.MustParse("en-GB"), "Hello"), ""); err != nil || d.Pair.Top != TraditionalChinese || d.Pair.Bottom != English {
		t.Errorf("detected: %v, %v", d, err)
	}
}

// checkPairing fails unless every text of both tracks is in the document once.
func checkPairing(t testing.TB, d *Document, top, bottom []Cue) {
	t.Helper()
	count := func(cues []Cue) map[rune]int {
		m := map[rune]int{}
		for _, c := range cues {
			for _, r := range squeeze(c.Text) {
				m[r]++
			}
		}
		return m
	}
	var gotTop, gotBottom []Cue
	last := time.Duration(-1)
	for _, c := range d.Cues {
		if c.Start < last {
			t.Fatalf("cue %d begins before the one before it", c.N)
		}
		last = c.Start
		gotTop = append(gotTop, Cue{Text: c.Texts[d.Pair.Top].Text})
		gotBottom = append(gotBottom, Cue{Text: c.Texts[d.Pair.Bottom].Text})
	}
	for _, side := range [][2][]Cue{{top, gotTop}, {bottom, gotBottom}} {
		if want, got := fmt.Sprint(count(side[0])), fmt.Sprint(count(side[1])); want != got {
			t.Fatalf("characters %v became %v", want, got)
		}
	}
}

func FuzzPairTracks(f *testing.F) {
	f.Add([]byte{0, 10, 1, 5, 20, 2}, []byte{0, 12, 1, 3, 9, 0, 200, 1, 2}, true)
	f.Add([]byte{0, 0, 0, 0, 0, 0}, []byte{}, false)
	texts := []string{"你好", "我想回家但是没有人送我", "Okay.", "- Hi.\n- Hello, my friend!", "♪", "a b c d e f"}
	f.Fuzz(func(t *testing.T, a, b []byte, swap bool) {
		cues := func(data []byte) []Cue {
			var out []Cue
			at := 0
			for i := 0; i+2 < len(data); i += 3 {
				at += int(data[i])*50 - 500
				out = append(out, Cue{Start: time.Duration(max(at, 0)) * time.Millisecond, End: time.Duration(max(at, 0)+1+int(data[i+1])*40) * time.Millisecond, Text: texts[int(data[i+2])%len(texts)]})
			}
			return out
		}
		top, bottom := cues(a), cues(b)
		lead := LeadTop
		if swap {
			lead = LeadBottom
		}
		d, err := PairTracks(&Track{Language: SimplifiedChinese, Cues: top}, &Track{Language: English, Cues: bottom}, lead)
		if err != nil {
			t.Fatal(err)
		}
		checkPairing(t, d, top, bottom)
	})
}

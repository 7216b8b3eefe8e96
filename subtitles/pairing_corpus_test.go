package subtitles

import (
	"math/rand"
	"strings"
	"testing"
	"time"
)

// pairedShare is the share of words that stand in the cue where people have
// them. The cues of the document that have a top text are the lecture's.
func pairedShare(d *Document, l lecture) float64 {
	right, all := 0, 0
	k := 0
	for _, c := range d.Cues {
		top, ok := c.Texts[SimplifiedChinese]
		if !ok {
			continue
		}
		for k < len(l.cues) && l.chinese[k] != top.Text {
			k++
		}
		if k == len(l.cues) {
			break
		}
		want := map[string]int{}
		for w := range strings.FieldsSeq(l.cues[k].Text) {
			want[w]++
			all++
		}
		for w := range strings.FieldsSeq(c.Texts[English].Text) {
			if want[w] > 0 {
				want[w]--
				right++
			}
		}
		k++
	}
	return float64(right) / float64(max(all, 1))
}

// TestPairingOfHostileTracks makes second tracks of the lectures' English as
// other people would have, and pairs them with the Chinese. The limits are a
// little below what was measured.
func TestPairingOfHostileTracks(t *testing.T) {
	lectures := readLectures(t)
	tests := []struct {
		name  string
		least float64
		alter func(rng *rand.Rand, cues []Cue) []Cue
	}{
		{"equal", 0.999, func(_ *rand.Rand, cues []Cue) []Cue { return cues }},
		{"jitter of 200 ms", 0.995, jitter},
		{"offset", 0.995, func(rng *rand.Rand, cues []Cue) []Cue { return moved(jitter(rng, cues), 1, 4700*time.Millisecond) }},
		{"drift", 0.99, func(rng *rand.Rand, cues []Cue) []Cue {
			return moved(jitter(rng, cues), 25.0/24, -1500*time.Millisecond)
		}},
		{"one in ten is missing", 0.885, func(rng *rand.Rand, cues []Cue) []Cue { return without(jitter(rng, cues), rng, 10) }},
		{"joined in twos and threes", 0.97, func(rng *rand.Rand, cues []Cue) []Cue { return joined(rng, cues) }},
		{"joined, jitter, offset", 0.96, func(rng *rand.Rand, cues []Cue) []Cue {
			return moved(jitter(rng, joined(rng, cues)), 1, -3*time.Second)
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			rng := rand.New(rand.NewSource(4))
			sum, words := 0.0, 0.0
			for _, l := range lectures {
				zh := make([]Cue, len(l.cues))
				for i, c := range l.cues {
					c.Text = l.chinese[i]
					zh[i] = c
				}
				en := test.alter(rng, append([]Cue(nil), l.cues...))
				d, err := PairTracks(&Track{Language: SimplifiedChinese, Cues: zh}, &Track{Language: English, Cues: en}, LeadTop)
				if err != nil {
					t.Fatal(err)
				}
				checkPairing(t, d, zh, en)
				n := float64(len(l.cues))
				sum, words = sum+n*pairedShare(d, l), words+n
			}
			if share := sum / words; share < test.least {
				t.Errorf("%.1f %% of the words are in the right cue, want %.1f %%", 100*share, 100*test.least)
			}
		})
	}
}

func jitter(rng *rand.Rand, cues []Cue) []Cue {
	for i := range cues {
		c := &cues[i]
		c.Start = max(c.Start+time.Duration(rng.Intn(400)-200)*time.Millisecond, 0)
		c.End = max(c.End+time.Duration(rng.Intn(400)-200)*time.Millisecond, c.Start+300*time.Millisecond)
	}
	return cues
}

func moved(cues []Cue, rate float64, offset time.Duration) []Cue {
	out := cues[:0]
	for _, c := range cues {
		c.Start, c.End = time.Duration(float64(c.Start)*rate)+offset, time.Duration(float64(c.End)*rate)+offset
		if c.Start >= 0 {
			out = append(out, c)
		}
	}
	return out
}

func without(cues []Cue, rng *rand.Rand, n int) []Cue {
	out := cues[:0]
	for _, c := range cues {
		if rng.Intn(n) > 0 {
			out = append(out, c)
		}
	}
	return out
}

func joined(rng *rand.Rand, cues []Cue) []Cue {
	var out []Cue
	for i := 0; i < len(cues); {
		c := cues[i]
		i++
		for n := rng.Intn(3); n > 0 && i < len(cues) && cues[i].Start-c.End < 500*time.Millisecond; n-- {
			c.Text += " " + cues[i].Text
			c.End = cues[i].End
			i++
		}
		out = append(out, c)
	}
	return out
}

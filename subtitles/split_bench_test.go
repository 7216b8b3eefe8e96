package subtitles

import (
	"math"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// A corpusSentence is a sentence of two cues or more with the Chinese that
// people laid over its cues.
type corpusSentence struct {
	unit Unit
	cues []Cue
	want []string
}

// corpusSentences are those of each step-th lecture, beginning with one.
func corpusSentences(tb testing.TB, step, begin int) []corpusSentence {
	var all []corpusSentence
	for i, l := range readLectures(tb) {
		if i%step != begin {
			continue
		}
		for _, u := range Units(l.cues, English) {
			if u.Len() > 1 {
				all = append(all, corpusSentence{u, l.cues, l.chinese[u.First : u.Last+1]})
			}
		}
	}
	return all
}

// withoutSigns is a text as the streaming style has it: punctuation and spaces
// between Chinese characters are gone.
func withoutSigns(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPunct(r) && r > 0x7F || r == ',' || r == '?' || r == '!' || r == ';' || r == ':' || r == ' ' {
			return -1
		}
		return r
	}, text)
}

// scoreSentences joins the Chinese with nothing between, since a space would
// tell where the border was, splits it anew, and compares each border with
// people's by the characters before it. prepare, if any, changes the Chinese.
func scoreSentences(all []corpusSentence, split func(s *corpusSentence, text string) []string, prepare func(string) string) (score splitScore) {
	letters := func(p string) int { return utf8.RuneCountInString(strings.ReplaceAll(p, " ", "")) }
	for i := range all {
		s := &all[i]
		want := s.want
		if prepare != nil {
			want = make([]string, len(s.want))
			for k, w := range s.want {
				want[k] = prepare(w)
			}
		}
		got := split(s, strings.Join(want, ""))
		score.sentences++
		a, b := 0, 0
		for k := 0; k+1 < len(want); k++ {
			a, b = a+letters(want[k]), b+letters(got[k])
			score.borders++
			if a == b {
				score.exact++
			}
			if d := a - b; d >= -2 && d <= 2 {
				score.near++
			}
		}
	}
	return score
}

// splitByShare cuts where the source's share of characters falls, anywhere.
func splitByShare(s *corpusSentence, text string) []string {
	runes := []rune(text)
	total, run, from := 0, 0, 0
	for _, p := range s.unit.Parts {
		total += len(p)
	}
	var parts []string
	for k := 0; k+1 < s.unit.Len(); k++ {
		run += len(s.unit.Parts[k])
		to := max(from, int(math.Round(float64(len(runes)*run)/float64(total))))
		parts = append(parts, string(runes[from:to]))
		from = to
	}
	return append(parts, string(runes[from:]))
}

// splitAtSigns cuts at the punctuation that is nearest to the source's share,
// and at the share where there is none.
func splitAtSigns(s *corpusSentence, text string) []string {
	runes := []rune(text)
	byShare := splitByShare(s, text)
	at, from := 0, 0
	var parts []string
	for k := 0; k+1 < len(byShare); k++ {
		at += utf8.RuneCountInString(byShare[k])
		best := -1
		for i := from + 1; i < len(runes); i++ {
			if unicode.IsPunct(runes[i-1]) && (best < 0 || math.Abs(float64(i-at)) < math.Abs(float64(best-at))) {
				best = i
			}
		}
		if best < 0 {
			best = max(from, at)
		}
		parts = append(parts, string(runes[from:best]))
		from = best
	}
	return append(parts, string(runes[from:]))
}

// BenchmarkSplitCorpus splits the corpus' sentences and tells, beside the time
// of a sentence, how many of people's borders are hit exactly and within two
// characters: as Split is, without each part of its cost function, by simpler
// ways, on text without punctuation, and on each half of the lectures (the
// weights were fitted on one of them).
func BenchmarkSplitCorpus(b *testing.B) {
	all := corpusSentences(b, 1, 0)
	with := func(change func(w *splitWeights)) func(*corpusSentence, string) []string {
		w := defaultSplit
		change(&w)
		return func(s *corpusSentence, text string) []string {
			return w.split(text, s.unit, s.cues, SimplifiedChinese)
		}
	}
	asItIs := with(func(*splitWeights) {})
	even, odd := corpusSentences(b, 2, 0), corpusSentences(b, 2, 1)
	for _, tt := range []struct {
		name    string
		split   func(*corpusSentence, string) []string
		prepare func(string) string
	}{
		{"as-it-is", asItIs, nil},
		{"as-it-is/even-lectures", asItIs, nil},
		{"as-it-is/odd-lectures", asItIs, nil},
		{"simple-share-of-length", splitByShare, nil},
		{"simple-nearest-punctuation", splitAtSigns, nil},
		{"without-share", with(func(w *splitWeights) { w.share = 0 }), nil},
		{"share-of-time-only", with(func(w *splitWeights) { w.sourceLean = 0 }), nil},
		{"share-of-length-only", with(func(w *splitWeights) { w.sourceLean = 1 }), nil},
		{"without-break-costs", with(func(w *splitWeights) { w.cost = 0 }), nil},
		{"without-punctuation-classes", with(func(w *splitWeights) { w.mismatch = 0 }), nil},
		{"without-counting-commas", with(func(w *splitWeights) { w.count = 0 }), nil},
		{"without-both", with(func(w *splitWeights) { w.mismatch, w.count = 0, 0 }), nil},
		{"without-names-and-numbers", with(func(w *splitWeights) { w.word = 0 }), nil},
		{"without-connectives", with(func(w *splitWeights) { w.opening = 0 }), nil},
		{"without-reading-speed", with(func(w *splitWeights) { w.speed = 0 }), nil},
		{"without-thin-parts", with(func(w *splitWeights) { w.thin = 0 }), nil},
		{"no-punctuation/as-it-is", asItIs, withoutSigns},
		{"no-punctuation/simple-share", splitByShare, withoutSigns},
		{"no-punctuation/without-break-costs", with(func(w *splitWeights) { w.cost = 0 }), withoutSigns},
		{"no-punctuation/without-names-and-numbers", with(func(w *splitWeights) { w.word = 0 }), withoutSigns},
		{"no-punctuation/without-connectives", with(func(w *splitWeights) { w.opening = 0 }), withoutSigns},
	} {
		sentences := all
		switch {
		case strings.HasSuffix(tt.name, "even-lectures"):
			sentences = even
		case strings.HasSuffix(tt.name, "odd-lectures"):
			sentences = odd
		}
		b.Run(tt.name, func(b *testing.B) {
			var score splitScore
			for b.Loop() {
				score = scoreSentences(sentences, tt.split, tt.prepare)
			}
			exact, near := score.rates()
			b.ReportMetric(exact, "%exact")
			b.ReportMetric(near, "%within-2")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(score.sentences), "ns/sentence")
			b.ReportMetric(0, "ns/op")
		})
	}
}

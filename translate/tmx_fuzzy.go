package translate

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/duosub/duosub/subtitles"
)

const (
	// MinSimilarity is the least score of a [Match].
	MinSimilarity = 0.7
	// maxSimilarLength bounds the texts that similar ones are looked for, in
	// code points.
	maxSimilarLength = 500
	// maxSimilarChecked bounds how many candidates are compared in full. They
	// are those that have most in common with the text by a cheaper measure.
	maxSimilarChecked = 200
)

// Similar answers up to n sentences of the file that are similar to the
// query's text, best first; equal ones are left out. The score is one less the
// edit distance, without case, over the length of the longer text, in code
// points; matches under [MinSimilarity] are none. Texts longer than 500 code
// points have no matches.
func (t *TMX) Similar(q Query, n int) []Match {
	if n <= 0 {
		return nil
	}
	x := t.index(q.Source, q.Target)
	x.once.Do(func() { x.similar = newSimilarIndex(x.exact) })
	text := subtitles.Normalize(q.Text)
	var matches []Match
	for _, h := range x.similar.find(text) {
		if len(matches) == n {
			break
		}
		all := x.exact[h.source]
		p := &x.pairs[x.latest(all)]
		matches = append(matches, Match{Source: p.source, Target: p.target, Score: h.score})
	}
	return matches
}

// latest is the pair that stands for a source text in a hint.
func (x *tmxIndex) latest(all []int32) int32 {
	forward := x.preferred(all, func(p *tmxPair) bool { return p.forward })
	return forward[len(forward)-1]
}

// similarIndex finds texts of small edit distance. Two texts of at most k
// edits share all their pairs of neighbouring characters but 2k of the longer
// one's (the q-gram lemma: Ukkonen, Approximate string-matching with q-grams
// and maximal matches, 1992); so only texts of fitting length with so many
// pairs in common are compared.
type similarIndex struct {
	texts []similarText // shortest first
	// first is, for each length, the first text that is at least so long.
	first []int32
	// postings are, for each pair of characters, the texts that have it, in
	// order. A pair that a text has twice is a second pair.
	postings map[uint64][]int32
}

type similarText struct {
	source string
	folded string
	length int
}

type similarHit struct {
	source string
	score  float64
}

func newSimilarIndex(exact map[string][]int32) *similarIndex {
	s := &similarIndex{postings: map[uint64][]int32{}}
	for source := range exact {
		folded := strings.ToLower(source)
		if n := utf8.RuneCountInString(folded); n <= maxSimilarLength*2 {
			s.texts = append(s.texts, similarText{source, folded, n})
		}
	}
	slices.SortFunc(s.texts, func(a, b similarText) int {
		return cmp.Or(cmp.Compare(a.length, b.length), cmp.Compare(a.source, b.source))
	})
	var grams []uint64
	for i := range s.texts {
		for len(s.first) <= s.texts[i].length {
			s.first = append(s.first, int32(i))
		}
		grams = appendGrams(grams[:0], []rune(s.texts[i].folded))
		for _, g := range grams {
			s.postings[g] = append(s.postings[g], int32(i))
		}
	}
	return s
}

// appendGrams appends the pairs of neighbouring characters of a text, each
// with the number of its occurrence.
func appendGrams(grams []uint64, text []rune) []uint64 {
	start := len(grams)
	for i := 1; i < len(text); i++ {
		grams = append(grams, uint64(text[i-1])<<32|uint64(text[i])<<11)
	}
	own := grams[start:]
	slices.Sort(own)
	nth := uint64(0)
	for i := 1; i < len(own); i++ {
		if own[i] == own[i-1]-nth {
			nth = min(nth+1, 1<<11-1)
			own[i] += nth
		} else {
			nth = 0
		}
	}
	return grams
}

// from is the first text that is at least so long.
func (s *similarIndex) from(length int) int32 {
	if length >= len(s.first) {
		return int32(len(s.texts))
	}
	return s.first[max(length, 0)]
}

// find answers the texts similar to one, best first.
func (s *similarIndex) find(text string) []similarHit {
	want := []rune(strings.ToLower(text))
	if len(want) < 2 || len(want) > maxSimilarLength {
		return nil
	}
	lo := s.from(int(math.Ceil(float64(len(want)) * MinSimilarity)))
	hi := s.from(int(float64(len(want))/MinSimilarity) + 1)
	if lo >= hi {
		return nil
	}
	shared := make([]uint16, hi-lo)
	for _, g := range appendGrams(nil, want) {
		ids := s.postings[g]
		at, _ := slices.BinarySearch(ids, lo)
		for _, id := range ids[at:] {
			if id >= hi {
				break
			}
			shared[id-lo]++
		}
	}
	candidates := s.mostShared(want, lo, shared)
	var hits []similarHit
	for _, id := range candidates {
		t := &s.texts[id]
		if t.source == text {
			continue
		}
		longer := max(len(want), t.length)
		if edits := editDistance(want, []rune(t.folded), maxEdits(longer)); edits <= maxEdits(longer) {
			hits = append(hits, similarHit{t.source, 1 - float64(edits)/float64(longer)})
		}
	}
	slices.SortFunc(hits, func(a, b similarHit) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.source, b.source))
	})
	return hits
}

// mostShared answers the texts from lo on that share enough pairs with the one
// wanted, at most maxSimilarChecked of them: those that share the greatest part
// of the longer one's.
func (s *similarIndex) mostShared(want []rune, lo int32, shared []uint16) []int32 {
	// How many pairs are lacking decides; that is a small number, by which to
	// sort without comparing.
	var byLack [][]int32
	for i, n := range shared {
		if n == 0 {
			continue
		}
		id := lo + int32(i)
		longer := max(len(want), s.texts[id].length)
		lack := longer - 1 - int(n)
		if lack > 2*maxEdits(longer) {
			continue
		}
		for len(byLack) <= lack {
			byLack = append(byLack, nil)
		}
		if len(byLack[lack]) < maxSimilarChecked {
			byLack[lack] = append(byLack[lack], id)
		}
	}
	candidates := slices.Concat(byLack...)
	return candidates[:min(len(candidates), maxSimilarChecked)]
}

// maxEdits is how many edits leave a text of this length similar.
func maxEdits(length int) int {
	// The small term mends products such as 10 * 0.3 = 2.9999….
	return int(float64(length)*(1-MinSimilarity) + 1e-9)
}

// editDistance is the Levenshtein distance of two texts, or some number above
// limit where it is larger than that. Only the cells within limit of the
// diagonal are computed (Ukkonen, Algorithms for approximate string matching,
// 1985).
func editDistance(a, b []rune, limit int) int {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > limit {
		return limit + 1
	}
	far := limit + 1
	row := make([]int, len(a)+1)
	for i := range row {
		row[i] = min(i, far)
	}
	for j := 1; j <= len(b); j++ {
		lo, hi := max(1, j-limit), min(len(a), j+limit)
		diagonal := row[lo-1]
		if lo == 1 {
			row[0] = min(j, far)
		} else {
			row[lo-1] = far
		}
		best := row[lo-1]
		for i := lo; i <= hi; i++ {
			d := diagonal
			if a[i-1] != b[j-1] {
				d = 1 + min(diagonal, row[i-1], row[i])
			}
			diagonal, row[i] = row[i], min(d, far)
			best = min(best, row[i])
		}
		if best > limit {
			return far
		}
	}
	return row[len(a)]
}

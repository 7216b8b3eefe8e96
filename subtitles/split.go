package subtitles

import (
	"math"
	"strings"

	"golang.org/x/text/language"
)

// splitWeights balance the reasons for a border against each other. They were
// fitted by hand on half of a corpus of lectures whose Chinese people had laid
// over English cues, and checked on the other half.
type splitWeights struct {
	share      float64 // distance from the expected place, in parts' lengths
	sourceLean float64 // how much the place is the source text's share rather than the time's
	cost       float64 // the break's own cost
	mismatch   float64 // a comma where the source has none, and the reverse
	count      float64 // commas before the border fewer or more than in the source
	word       float64 // a name or number that stands in another cue of the source
	opening    float64 // the next part begins as its source does: "but" and 但是
	speed      float64 // characters beyond the reading speed, in parts of it
	thin       float64 // a part much shorter than its share
}

var defaultSplit = splitWeights{share: 55, sourceLean: 0.7, cost: 0.7, mismatch: 34, count: 16, word: 13, opening: 29, speed: 20, thin: 6}

// Split lays a translated sentence over the cues of its unit: one part a cue,
// in order, none of them empty. The parts together hold the text, white space
// aside. cues are the track's, which the unit's indexes point into; nil where
// times are not known. lang is the language of text.
//
// Borders are chosen by dynamic programming over the places where a line may
// be broken (never inside a Latin word, a number or before a closing sign):
// near the place where the source's border stands by length and time, at
// punctuation where the source cue ends with punctuation of that class, with
// names and numbers in the cue in which the source has them, within the
// reading speed. Inside one of terms, glossary terms as they stand in the
// text, there is a border only where there is no other place.
//
// A text that has fewer words (or Han characters) than the unit has cues
// cannot be divided: it is shown whole on every one of them, so that no cue
// goes empty and no viewer sees half a word. That is the one case in which the
// parts repeat the text. An empty text gives empty parts.
func Split(text string, u Unit, cues []Cue, lang language.Tag, terms ...string) []string {
	return defaultSplit.split(text, u, cues, lang, terms...)
}

func (w *splitWeights) split(text string, u Unit, cues []Cue, lang language.Tag, terms ...string) []string {
	n := u.Len()
	if n <= 1 {
		return []string{joinLines(text, lang)}
	}
	text = foldSpace(text)
	parts := make([]string, 0, n)
	wide := writesWide(lang)
	var buf clusterBuffer
	cs := scan(buf[:0], text, wide)
	var costBuf [len(buf)]int16
	costs := breakCosts(costBuf[:0], text, cs)
	if wide {
		joinedCost(cs, costs)
	}
	keepTogether(costs, text, cs, terms)
	s := splitter{w: w, text: text, cs: cs, n: n, wide: wide}
	s.findPlaces(costs)
	if len(s.places) < n-1 {
		for range n {
			parts = append(parts, text)
		}
		return parts
	}
	s.measureSource(u, cues)
	s.findAnchors(u.Parts)
	s.findOpenings()
	from := 0
	for _, p := range s.choose() {
		at := int(cs[s.places[p].at].at)
		parts = append(parts, strings.TrimSpace(text[from:at]))
		from = at
	}
	return append(parts, strings.TrimSpace(text[from:]))
}

// maxPlaces bounds the work on absurdly long texts.
const maxPlaces = 600

// A place is where a border may stand.
type place struct {
	at    int     // the cluster before which it stands
	cost  float64 // of the break itself
	len   float64 // of the text before it, in columns
	sign  ending  // how the text before it ends
	signs int     // commas and sentence ends before it, itself included
}

// A splitter is one run of Split.
type splitter struct {
	w      *splitWeights
	text   string
	cs     []cluster
	n      int
	wide   bool
	places []place
	total  float64 // columns of the text
	signs  int     // commas and sentence ends inside the text

	expected []float64 // for each border: columns before it, by share
	room     []float64 // for each part: columns that are read in its time; 0 unknown
	ends     []ending  // for each border: how the source part ends
	counts   []int     // for each border: the source's commas before it
	sameSign bool      // the source has as many inner commas as the text
	anchors  []anchor
	sources  []string
	rendered [][]string // see findOpenings
}

// findPlaces lists where borders may stand.
func (s *splitter) findPlaces(costs []int16) {
	var run float64
	signs := 0
	pending := false
	for i := range s.cs {
		c := &s.cs[i]
		if costs[i] < breakNever {
			sign := endOpen
			if pending {
				signs++
				sign = s.signBefore(i)
			}
			s.places = append(s.places, place{at: i, cost: float64(costs[i]), len: run, sign: sign, signs: signs})
			pending = false
		}
		if c.kind == kindComma || c.kind == kindStrong {
			pending = true
		}
		if c.kind != kindSpace {
			run += float64(c.width)
		}
	}
	s.total, s.signs = run, signs
	if len(s.places) > maxPlaces {
		// Thin out evenly: of so long a text any even division is as good.
		kept := s.places[:0]
		for i := range maxPlaces {
			kept = append(kept, s.places[i*len(s.places)/maxPlaces])
		}
		s.places = kept
	}
}

// signBefore is the class of the punctuation before cluster i.
func (s *splitter) signBefore(i int) ending {
	for k := i - 1; k >= 0; k-- {
		switch s.cs[k].kind {
		case kindSpace, kindClose:
		case kindStrong:
			return endStrong
		case kindComma:
			return endComma
		default:
			return endOpen
		}
	}
	return endOpen
}

// measureSource finds where the source's borders stand by length and time,
// and how its parts end.
func (s *splitter) measureSource(u Unit, cues []Cue) {
	n := s.n
	lens, times := make([]float64, n), make([]float64, n)
	var lenSum, timeSum float64
	for k := range n {
		if k < len(u.Parts) {
			lens[k] = weightOf(u.Parts[k])
		}
		lenSum += lens[k]
		if i := u.First + k; i >= 0 && i < len(cues) {
			times[k] = max(cues[i].Duration().Seconds(), 0)
			timeSum += times[k]
		}
	}
	lean := s.w.sourceLean
	switch {
	case lenSum == 0 && timeSum == 0:
		for k := range lens {
			lens[k] = 1
		}
		lenSum, lean = float64(n), 1
	case lenSum == 0:
		lean = 0
	case timeSum == 0:
		lean = 1
	}
	perSecond := 20.0
	if s.wide {
		perSecond = 18 // columns: nine characters
	}
	var l, t float64
	signs := 0
	s.room = make([]float64, n)
	for k := range n {
		if lenSum > 0 {
			l += lens[k] / lenSum
		}
		if timeSum > 0 {
			t += times[k] / timeSum
			s.room[k] = times[k] * perSecond
		}
		if k < n-1 {
			part := ""
			if k < len(u.Parts) {
				part = u.Parts[k]
			}
			s.expected = append(s.expected, s.total*(lean*l+(1-lean)*t))
			end := tailOf(part).end
			inner := innerSigns(part)
			signs += inner
			if end == endEllipsis || end == endPoint {
				end = endStrong
			}
			if end != endOpen {
				signs++
			}
			s.ends = append(s.ends, end)
			s.counts = append(s.counts, signs)
		} else if k < len(u.Parts) {
			signs += innerSigns(u.Parts[k])
		}
	}
	s.sameSign = signs == s.signs && signs > 0
	s.sources = u.Parts
}

// weightOf is the length of a source text in columns, spaces aside.
func weightOf(text string) (w float64) {
	for _, r := range text {
		switch {
		case r <= ' ':
		case isHanLike(r) || r >= 0xAC00 && r <= 0xD7AF:
			w += 2
		default:
			w++
		}
	}
	return w
}

// innerSigns counts the commas and sentence ends inside a text, the one at
// its end aside.
func innerSigns(text string) (n int) {
	pending := false
	for i, r := range text {
		k := kindOf(r)
		switch {
		case k == kindComma || k == kindStrong:
			if r < 0x80 && i+1 < len(text) && text[i+1] != ' ' && text[i+1] != '"' {
				continue // 3.5, 1,000
			}
			pending = true
		case k == kindSpace || k == kindClose || r == '"':
		case pending:
			n++
			pending = false
		}
	}
	return n
}

// choose is the dynamic programme: the index of the place of each border.
func (s *splitter) choose() []int {
	borders := s.n - 1
	m := len(s.places)
	best := make([]float64, borders*m)
	from := make([]int32, borders*m)
	average := s.total / float64(s.n)
	for b := range borders {
		row := best[b*m : (b+1)*m]
		for j := range m {
			row[j] = math.Inf(1)
			if j < b || m-j < borders-b {
				continue // no room for the borders before or after
			}
			at := s.borderCost(b, j, average)
			if b == 0 {
				row[j] = at + s.partCost(0, s.places[j].len, average)
				continue
			}
			prev := best[(b-1)*m : b*m]
			for i := b - 1; i < j; i++ {
				if math.IsInf(prev[i], 1) {
					continue
				}
				c := prev[i] + at + s.partCost(b, s.places[j].len-s.places[i].len, average)
				if c < row[j] {
					row[j], from[b*m+j] = c, int32(i)
				}
			}
		}
	}
	last, lastCost := -1, math.Inf(1)
	for j := range m {
		c := best[(borders-1)*m+j] + s.partCost(s.n-1, s.total-s.places[j].len, average)
		if c < lastCost {
			last, lastCost = j, c
		}
	}
	out := make([]int, borders)
	for b := borders - 1; b >= 0; b-- {
		out[b] = last
		last = int(from[b*m+last])
	}
	return out
}

// borderCost is what border b costs at place j.
func (s *splitter) borderCost(b, j int, average float64) float64 {
	p := &s.places[j]
	c := s.w.share*math.Abs(p.len-s.expected[b])/average + s.w.cost*p.cost
	source := s.ends[b]
	switch {
	case source == p.sign:
	case source == endOpen:
		c += s.w.mismatch * 0.1
	case p.sign == endOpen:
		c += s.w.mismatch
	default:
		c += s.w.mismatch * 0.3 // a comma for a full stop
	}
	if s.sameSign {
		off := math.Abs(float64(p.signs - s.counts[b]))
		if p.sign != endOpen && source == endOpen {
			// A border right at a comma is well placed, on whichever side
			// the source has it.
			off = max(0, off-0.7)
		}
		c += s.w.count * off
	}
	for i := range s.anchors {
		a := &s.anchors[i]
		if a.part <= b && a.at >= p.at || a.part > b && a.at < p.at {
			c += a.weight
		}
	}
	if b+1 < len(s.sources) {
		if s.opens(b+1, j) {
			c -= s.w.opening
		}
	}
	return c
}

// partCost is what a part of a length costs in its cue.
func (s *splitter) partCost(k int, length, average float64) float64 {
	c := 0.0
	if room := s.room[k]; room > 0 && length > room {
		c += s.w.speed * (length - room) / room
	}
	if length < average/3 {
		c += s.w.thin
	}
	return c
}

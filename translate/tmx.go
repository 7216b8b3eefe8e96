package translate

import (
	"context"
	"sync"
	"time"

	"github.com/duosub/duosub/subtitles"
	"golang.org/x/text/language"
)

// A TMXUnit is one translation unit of a TMX file: one text in two languages
// or more.
type TMXUnit struct {
	// Source is the language that the others were translated from;
	// [language.Und] where the file says that any may be (srclang "*all*").
	Source language.Tag
	// Variants holds one text a language, in the file's order.
	Variants []TMXVariant
	// Prev and Next are the sentences before and after this one in the source
	// language, where the file says for which place the translation holds.
	Prev, Next string
	// Created is when the unit was made, to the second; the zero time where
	// that is not known.
	Created time.Time
}

// A TMXVariant is a unit's text in one language.
type TMXVariant struct {
	Language language.Tag
	Text     string
}

// TMX is a translation memory read from a TMX file. It is read-only, and safe
// for concurrent use.
//
// A unit answers in every direction between its languages, which are compared
// by [subtitles.Canonical] (en-US is English, zh-CN zh-Hans; zh-Hant does not
// answer for zh-Hans). Texts are compared normalised, case and punctuation
// included.
type TMX struct {
	units []TMXUnit

	mu      sync.Mutex
	indexes map[direction]*tmxIndex
}

var (
	_ FuzzyMemory    = (*TMX)(nil)
	_ ReadOnlyMemory = (*TMX)(nil)
)

// NewTMX makes a memory of units that come from elsewhere than a file. The
// units are the memory's from then on.
func NewTMX(units []TMXUnit) *TMX { return &TMX{units: units} }

// Len is how many units the memory has.
func (t *TMX) Len() int { return len(t.units) }

// Units are the memory's units in the file's order; they are not to be
// changed.
func (t *TMX) Units() []TMXUnit { return t.units }

// ReadOnly is true: Store keeps nothing.
func (t *TMX) ReadOnly() bool { return true }

// Store keeps nothing and returns nil.
func (t *TMX) Store(context.Context, []Record) error { return nil }

// Lookup answers exact matches, with origin [OriginTMX] and without parts.
//
// Where the file has several translations of one text, those made in the
// direction that is asked for go before those made in the other one; then the
// ones whose neighbouring sentences are the query's, if it has neighbours;
// then the last one of the file. Of a text shorter than [ShortText] that has
// several translations and no neighbours to choose by, none is an exact match.
func (t *TMX) Lookup(ctx context.Context, queries []Query) ([]*Entry, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	found := make([]*Entry, len(queries))
	for i := range queries {
		q := &queries[i]
		if text, ok := t.index(q.Source, q.Target).lookup(q); ok {
			found[i] = &Entry{Text: text, Origin: OriginTMX}
		}
	}
	return found, nil
}

// tmxIndex is what a TMX knows about one direction.
type tmxIndex struct {
	pairs []tmxPair
	// exact holds, for a normalised source text, its pairs in the file's
	// order.
	exact map[string][]int32

	once    sync.Once
	similar *similarIndex // made when it is first needed
}

// tmxPair is a text and its translation.
type tmxPair struct {
	source, target string // source is normalised
	prev, next     string // normalised, empty where not known
	forward        bool   // made in this direction
}

func (t *TMX) index(source, target language.Tag) *tmxIndex {
	d := newDirection(source, target)
	t.mu.Lock()
	defer t.mu.Unlock()
	x := t.indexes[d]
	if x == nil {
		x = newTMXIndex(t.units, d)
		if t.indexes == nil {
			t.indexes = map[direction]*tmxIndex{}
		}
		t.indexes[d] = x
	}
	return x
}

func newTMXIndex(units []TMXUnit, d direction) *tmxIndex {
	x := &tmxIndex{exact: map[string][]int32{}}
	if d.source == d.target {
		return x
	}
	for i := range units {
		u := &units[i]
		target := ""
		for _, v := range u.Variants {
			if subtitles.Canonical(v.Language) == d.target {
				target = v.Text
				break
			}
		}
		if target == "" {
			continue
		}
		from := subtitles.Canonical(u.Source)
		p := tmxPair{target: target, forward: u.Source == language.Und || from == d.source}
		if p.forward {
			p.prev, p.next = subtitles.Normalize(u.Prev), subtitles.Normalize(u.Next)
		}
		for _, v := range u.Variants {
			if subtitles.Canonical(v.Language) != d.source {
				continue
			}
			if p.source = subtitles.Normalize(v.Text); p.source != "" {
				x.exact[p.source] = append(x.exact[p.source], int32(len(x.pairs)))
				x.pairs = append(x.pairs, p)
			}
		}
	}
	return x
}

// lookup answers the translation of a query's text.
func (x *tmxIndex) lookup(q *Query) (string, bool) {
	text := subtitles.Normalize(q.Text)
	all := x.exact[text]
	if len(all) == 0 {
		return "", false
	}
	candidates := x.preferred(all, func(p *tmxPair) bool { return p.forward })
	if x.ambiguous(candidates) {
		prev, next := subtitles.Normalize(q.Prev), subtitles.Normalize(q.Next)
		chosen := x.preferred(candidates, func(p *tmxPair) bool { return p.inPlace(prev, next) })
		if len(chosen) == len(candidates) || x.ambiguous(chosen) {
			if isShort(text) {
				return "", false
			}
		}
		candidates = chosen
	}
	return x.pairs[candidates[len(candidates)-1]].target, true
}

// preferred is those candidates that fulfil a condition, all where none does.
func (x *tmxIndex) preferred(candidates []int32, holds func(*tmxPair) bool) []int32 {
	var chosen []int32
	for _, i := range candidates {
		if holds(&x.pairs[i]) {
			chosen = append(chosen, i)
		}
	}
	if len(chosen) == 0 {
		return candidates
	}
	return chosen
}

// ambiguous reports whether candidates translate differently.
func (x *tmxIndex) ambiguous(candidates []int32) bool {
	if len(candidates) < 2 {
		return false
	}
	first := subtitles.Normalize(x.pairs[candidates[0]].target)
	for _, i := range candidates[1:] {
		if subtitles.Normalize(x.pairs[i].target) != first {
			return true
		}
	}
	return false
}

// inPlace reports whether the pair is known to hold between these neighbours.
func (p *tmxPair) inPlace(prev, next string) bool {
	if p.prev == "" && p.next == "" {
		return false
	}
	return (p.prev == "" || p.prev == prev) && (p.next == "" || p.next == next)
}

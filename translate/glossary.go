package translate

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"sync"

	"github.com/duosub/duosub/subtitles"
	"golang.org/x/text/language"
)

// A Term is a word or name and how it is to be translated. Target can hold
// several acceptable translations, separated by "|", the preferred one first.
type Term struct{ Source, Target string }

// Alternatives are the acceptable translations, the preferred one first.
func (t Term) Alternatives() []string { return splitAlternatives(t.Target) }

// Preferred is the translation to ask a backend for: the first one.
func (t Term) Preferred() string {
	if a := t.Alternatives(); len(a) > 0 {
		return a[0]
	}
	return ""
}

// A Glossary holds terms for one or more language pairs. The zero value and
// nil are empty glossaries. Its methods are safe for concurrent use.
type Glossary struct {
	rows []glossaryRow

	mu       sync.Mutex
	matchers map[direction]*matcher
}

// direction is a source and a target language in canonical form.
type direction struct{ source, target language.Tag }

func newDirection(source, target language.Tag) direction {
	return direction{subtitles.Canonical(source), subtitles.Canonical(target)}
}

// A glossaryRow is one line of a glossary: the same term in several languages.
type glossaryRow struct {
	cells []glossaryCell
	// sensitive says that the case of letters counts, for every cell.
	sensitive bool
}

// A glossaryCell is a term in one language, with its alternatives separated by
// "|"; [language.Und] where the file does not say which language it is.
type glossaryCell struct {
	tag  language.Tag
	text string
}

// NewGlossary makes a glossary of terms for one direction, such as those that
// a backend proposed for a track. Terms without a source or a target are left
// out; of several with one source the last one counts.
func NewGlossary(source, target language.Tag, terms []Term) *Glossary {
	d := newDirection(source, target)
	g := &Glossary{}
	for _, t := range terms {
		src, dst := cleanCell(t.Source), cleanCell(t.Target)
		if src == "" || dst == "" {
			continue
		}
		g.rows = append(g.rows, glossaryRow{cells: []glossaryCell{{d.source, src}, {d.target, dst}}})
	}
	return g
}

// Merge makes one glossary of several. Where two have the same source term for
// a direction, the later one's translation counts. Nil glossaries are empty.
func Merge(gs ...*Glossary) *Glossary {
	merged := &Glossary{}
	for _, g := range gs {
		if g != nil {
			merged.rows = append(merged.rows, g.rows...)
		}
	}
	return merged
}

// Len is how many rows the glossary has.
func (g *Glossary) Len() int {
	if g == nil {
		return 0
	}
	return len(g.rows)
}

// Terms are all terms of a direction, ordered by source term: each form of a
// term that a text can be matched by, once.
func (g *Glossary) Terms(source, target language.Tag) []Term {
	if g.Len() == 0 {
		return nil
	}
	m := g.matcher(source, target)
	terms := make([]Term, 0, len(m.terms))
	for i := range m.terms {
		terms = append(terms, m.terms[i].Term)
	}
	slices.SortFunc(terms, compareTerms)
	return terms
}

func (g *Glossary) matcher(source, target language.Tag) *matcher {
	d := newDirection(source, target)
	g.mu.Lock()
	defer g.mu.Unlock()
	m := g.matchers[d]
	if m == nil {
		m = newMatcher(g.direct(d))
		if g.matchers == nil {
			g.matchers = map[direction]*matcher{}
		}
		g.matchers[d] = m
	}
	return m
}

// direct picks the terms of one direction from all rows.
func (g *Glossary) direct(d direction) []directTerm {
	var terms []directTerm
	for _, row := range g.rows {
		src, dst := row.pick(d)
		if src == "" || dst == "" {
			continue
		}
		for _, form := range splitAlternatives(src) {
			terms = append(terms, directTerm{Term: Term{Source: form, Target: dst}, sensitive: row.sensitive || isAcronym(form)})
		}
	}
	return terms
}

// pick is the row's source and target text for a direction, empty where the
// row has none.
func (r *glossaryRow) pick(d direction) (source, target string) {
	if len(r.cells) == 2 && r.cells[0].tag == language.Und && r.cells[1].tag == language.Und {
		first, second := r.cells[0].text, r.cells[1].text
		// Nothing says which language these are, but writing does: of two
		// cells, the one with Chinese characters is the Chinese one.
		if han := hasHan(first); han != hasHan(second) {
			zhSource, zhTarget := subtitles.IsChinese(d.source), subtitles.IsChinese(d.target)
			if zhSource != zhTarget && zhSource != han {
				return second, first
			}
		}
		return first, second
	}
	return r.cell(d.source), r.cell(d.target)
}

// cell is the text in the column of a language. A region's Traditional Chinese
// falls back on a plain zh-Hant column; between scripts there is no fallback.
func (r *glossaryRow) cell(tag language.Tag) string {
	for _, c := range r.cells {
		if c.tag == tag && c.text != "" {
			return c.text
		}
	}
	if tag == subtitles.TraditionalChineseHK || tag == subtitles.TraditionalChineseTW {
		return r.cell(subtitles.TraditionalChinese)
	}
	return ""
}

// HashTerms is the hash that a memory entry carries: of the terms that match
// its unit, in any order, "" for none.
func HashTerms(terms []Term) string {
	if len(terms) == 0 {
		return ""
	}
	sorted := slices.Clone(terms)
	slices.SortFunc(sorted, compareTerms)
	h := sha256.New()
	for _, t := range slices.Compact(sorted) {
		hashField(h, t.Source)
		hashField(h, t.Target)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// Hash is a hash of the whole glossary, "" for an empty one. The order of rows
// and columns does not change it, unless rows contradict each other, where the
// later one counts.
func (g *Glossary) Hash() string {
	if g.Len() == 0 {
		return ""
	}
	rows := make([]string, 0, len(g.rows))
	for _, r := range g.rows {
		rows = append(rows, r.hash())
	}
	if !g.contradicts() {
		slices.Sort(rows)
		rows = slices.Compact(rows)
	}
	h := sha256.New()
	for _, r := range rows {
		hashField(h, r)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func (r *glossaryRow) hash() string {
	fields := make([]string, 0, len(r.cells))
	for _, c := range r.cells {
		fields = append(fields, c.tag.String()+"\x00"+c.text)
	}
	// Columns without a language are told apart by their order.
	if len(r.cells) > 0 && r.cells[0].tag != language.Und {
		slices.Sort(fields)
	}
	h := sha256.New()
	for _, f := range fields {
		hashField(h, f)
	}
	if r.sensitive {
		hashField(h, "sensitive")
	}
	return string(h.Sum(nil))
}

// contradicts reports whether a term in one language stands in two rows, so
// that the order of rows can count.
func (g *Glossary) contradicts() bool {
	type form struct {
		tag  language.Tag
		text string
	}
	rowOf := map[form]int{}
	for i, r := range g.rows {
		for _, c := range r.cells {
			for _, s := range splitAlternatives(c.text) {
				f := form{c.tag, string(foldRunes(s))}
				if j, seen := rowOf[f]; seen && g.rows[j].hash() != r.hash() {
					return true
				}
				rowOf[f] = i
			}
		}
	}
	return false
}

func compareTerms(a, b Term) int {
	if c := strings.Compare(a.Source, b.Source); c != 0 {
		return c
	}
	return strings.Compare(a.Target, b.Target)
}

// splitAlternatives splits "a|b" and leaves empty ones out.
func splitAlternatives(s string) []string {
	if !strings.Contains(s, "|") {
		if s = strings.TrimSpace(s); s == "" {
			return nil
		}
		return []string{s}
	}
	var all []string
	for part := range strings.SplitSeq(s, "|") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

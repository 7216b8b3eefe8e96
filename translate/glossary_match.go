package translate

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/duosub/duosub/subtitles"
	"golang.org/x/text/language"
)

// directTerm is a term of one direction.
type directTerm struct {
	Term
	sensitive bool
	exact     []rune // Source as it is compared where case counts
}

// matcher finds the terms of one direction in texts. Terms are compared
// folded: without case, with one kind of space, apostrophe and middle dot.
type matcher struct {
	terms []directTerm
	// next is a trie: (node, rune) to node. ends tells the terms that end at a
	// node: one in which case does not count, and those in which it does.
	next map[trieStep]int32
	ends map[int32][]int32
}

type trieStep struct {
	node int32
	r    rune
}

// newMatcher indexes terms; of those with one source the last one counts.
func newMatcher(terms []directTerm) *matcher {
	m := &matcher{next: map[trieStep]int32{}, ends: map[int32][]int32{}}
	nodes := int32(1)
	for _, t := range terms {
		t.exact = alignRunes(t.Source)
		folded := foldRunes(t.Source)
		if len(folded) == 0 {
			continue
		}
		node := int32(0)
		for _, r := range folded {
			to, ok := m.next[trieStep{node, r}]
			if !ok {
				to = nodes
				nodes++
				m.next[trieStep{node, r}] = to
			}
			node = to
		}
		replaced := false
		for _, i := range m.ends[node] {
			old := &m.terms[i]
			if old.sensitive == t.sensitive && (!t.sensitive || slices.Equal(old.exact, t.exact)) {
				*old, replaced = t, true
			}
		}
		if !replaced {
			m.ends[node] = append(m.ends[node], int32(len(m.terms)))
			m.terms = append(m.terms, t)
		}
	}
	return m
}

// hit is a place in a text where a term stands.
type hit struct {
	from, to int
	term     int32
}

// Match answers the terms that occur in text, in the order in which they first
// occur, each once. Where occurrences overlap the longest one counts.
//
// A term that begins or ends with a letter or digit of a script that writes
// spaces begins or ends at a word border ("art" is not in "start"; Chinese
// beside it is a border); after it a plural or possessive ending may stand
// ("Wukang Road's"). Chinese terms are found anywhere. Case does not count but
// for terms in capitals ("US" is not "us") and those marked in the glossary.
func (g *Glossary) Match(source, target language.Tag, text string) []Term {
	if g.Len() == 0 || text == "" {
		return nil
	}
	return g.matcher(source, target).match(text)
}

func (m *matcher) match(text string) []Term {
	if len(m.terms) == 0 {
		return nil
	}
	folded := foldRunes(text)
	var exact []rune // only made when a term needs it
	var hits []hit
	for from := range folded {
		if from > 0 && isSpacedWord(folded[from]) && isSpacedWord(folded[from-1]) {
			continue // within a word; no term of such a script begins here
		}
		node := int32(0)
		for at := from; at < len(folded); at++ {
			to, ok := m.next[trieStep{node, folded[at]}]
			if !ok {
				break
			}
			node = to
			ends := m.ends[node]
			if len(ends) == 0 || !endsWord(folded, at+1) {
				continue
			}
			if i := m.pick(ends, func() []rune {
				if exact == nil {
					exact = alignRunes(text)
				}
				return exact[from : at+1]
			}); i >= 0 {
				hits = append(hits, hit{from, at + 1, i})
			}
		}
	}
	return m.resolve(hits, len(folded))
}

// pick chooses among the terms that end at a node: one whose case agrees goes
// before one in which case does not count. -1 means none.
func (m *matcher) pick(ends []int32, exact func() []rune) int32 {
	found := int32(-1)
	for _, i := range ends {
		t := &m.terms[i]
		if !t.sensitive {
			if found < 0 {
				found = i
			}
		} else if slices.Equal(t.exact, exact()) {
			return i
		}
	}
	return found
}

// resolve keeps the longest of overlapping hits and answers their terms in the
// order of the text.
func (m *matcher) resolve(hits []hit, length int) []Term {
	if len(hits) == 0 {
		return nil
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.to-b.from, a.to-a.from), cmp.Compare(a.from, b.from))
	})
	taken := make([]bool, length)
	kept := hits[:0]
	for _, h := range hits {
		// A hit that overlaps a longer or equally long one has an end in it.
		if !taken[h.from] && !taken[h.to-1] {
			for i := h.from; i < h.to; i++ {
				taken[i] = true
			}
			kept = append(kept, h)
		}
	}
	slices.SortFunc(kept, func(a, b hit) int { return cmp.Compare(a.from, b.from) })
	var terms []Term
	seen := make(map[int32]bool, len(kept))
	for _, h := range kept {
		if !seen[h.term] {
			seen[h.term] = true
			terms = append(terms, m.terms[h.term].Term)
		}
	}
	return terms
}

// endings may follow a word without making another word of it.
var endings = [][]rune{[]rune("'s"), []rune("s'"), []rune("es"), []rune("s"), []rune("'")}

// endsWord reports whether a term can end before position at.
func endsWord(text []rune, at int) bool {
	if !isSpacedWord(text[at-1]) || at == len(text) || !isSpacedWord(text[at]) && text[at] != '\'' {
		return true
	}
	if !unicode.IsLetter(text[at-1]) {
		return false
	}
	for _, e := range endings {
		if end := at + len(e); end <= len(text) && slices.Equal(text[at:end], e) &&
			(end == len(text) || !isSpacedWord(text[end])) {
			return true
		}
	}
	// "Mei'll" has the name in it, "can't" has not the word.
	return text[at] == '\'' && (at+1 == len(text) || text[at+1] != 't')
}

// Missing answers those of terms none of whose accepted targets occurs in
// translation, which is in the language target.
//
// It is lenient, since it judges a translation and does not write one: case,
// hyphens and, beside Chinese, spaces do not count, an article before the term
// is not needed, and words of four letters or more may be inflected.
func Missing(terms []Term, target language.Tag, translation string) []Term {
	if len(terms) == 0 {
		return nil
	}
	text := looseRunes(translation)
	var missing []Term
	for _, t := range terms {
		forms := t.Alternatives()
		if len(forms) > 0 && !slices.ContainsFunc(forms, func(f string) bool { return occursLoosely(text, f) }) {
			missing = append(missing, t)
		}
	}
	return missing
}

// maxInflection is how many letters an inflected word may have beyond its
// term ("translate" in "translating" counts from the common stem, "translated"
// has one more).
const maxInflection = 3

func occursLoosely(text []rune, form string) bool {
	want := looseRunes(form)
	for _, article := range []string{"the ", "an ", "a "} {
		if rest, found := strings.CutPrefix(string(want), article); found && rest != "" {
			want = []rune(rest)
			break
		}
	}
	if len(want) == 0 {
		return true
	}
	for from := 0; from+len(want) <= len(text); from++ {
		if text[from] != want[0] || !slices.Equal(text[from:from+len(want)], want) {
			continue
		}
		if from > 0 && isSpacedWord(text[from]) && isSpacedWord(text[from-1]) {
			continue
		}
		at := from + len(want)
		if endsWord(text, at) {
			return true
		}
		end := at
		for end < len(text) && unicode.IsLetter(text[end]) && isSpacedWord(text[end]) {
			end++
		}
		if len(want) >= 4 && end-at <= maxInflection && (end == len(text) || !isSpacedWord(text[end])) {
			return true
		}
	}
	return false
}

// foldRunes makes a text comparable: lower case, spaces, apostrophes and
// middle dots of one kind, full-width letters and digits as plain ones. It
// changes runes one by one, so that positions agree with those of alignRunes.
func foldRunes(s string) []rune {
	rs := alignRunes(s)
	for i, r := range rs {
		rs[i] = unicode.ToLower(r)
	}
	return rs
}

// alignRunes is foldRunes without the change of case.
func alignRunes(s string) []rune {
	s = subtitles.Normalize(s)
	rs := make([]rune, 0, len(s))
	for _, r := range s {
		switch r {
		case '’', '‘', 'ʼ', '＇':
			r = '\''
		case '・', '•', '‧', '･':
			r = '·'
		default:
			if r >= '！' && r <= '～' { // full-width forms of ! to ~
				r -= '！' - '!'
			}
		}
		rs = append(rs, r)
	}
	return rs
}

// looseRunes is foldRunes with hyphens as spaces and without spaces beside
// characters of scripts that write none.
func looseRunes(s string) []rune {
	rs := foldRunes(strings.Map(func(r rune) rune {
		if r == '-' || r == '‐' || r == '‑' {
			return ' '
		}
		return r
	}, s))
	out := rs[:0]
	for i, r := range rs {
		if r == ' ' && (i+1 < len(rs) && isTight(rs[i+1]) || len(out) > 0 && isTight(out[len(out)-1])) {
			continue
		}
		out = append(out, r)
	}
	return out
}

// isTight reports whether r belongs to a script that writes no spaces between
// words.
func isTight(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// isSpacedWord reports whether r is a letter or digit of a script that writes
// spaces between words.
func isSpacedWord(r rune) bool {
	if r < 0x80 {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)) && !isTight(r)
}

// hasHan reports whether a text has Chinese characters.
func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// isAcronym reports whether a term is in capitals only, two letters or more.
func isAcronym(s string) bool {
	capitals := 0
	for _, r := range s {
		switch {
		case unicode.IsUpper(r):
			capitals++
		case unicode.IsLetter(r) && unicode.IsLower(r):
			return false
		}
	}
	return capitals >= 2
}

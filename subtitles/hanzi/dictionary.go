package hanzi

import (
	"slices"
	"strings"
)

// A Pair is one entry of a dictionary: a word or character and what it is
// replaced by. An entry whose To equals its From keeps a word from being cut
// up by shorter ones.
type Pair struct{ From, To string }

// The first characters of nearly all entries lie in this block (CJK
// Unified Ideographs with extension A), for which a dictionary has an index.
const (
	blockStart = 0x3400
	blockEnd   = 0xA000
)

// A dictionary finds the longest of its entries that a text begins with. The
// entries are sorted by characters, so those that begin alike stand together
// and each further character of the text narrows the range down; there is no
// tree to build when a dictionary is loaded.
type dictionary struct {
	keys    []rune
	keyAt   []uint32 // entry i is keys[keyAt[i]:keyAt[i+1]]
	values  []rune
	valueAt []uint32 // an empty value: character by character
	index   []uint32 // the first entry of each first character of the block
}

// newDictionary makes a dictionary of pairs, sorted and without doubles. A
// single character's value is stored as it is; a longer entry's only where it
// differs from its characters' own values.
func newDictionary(pairs []Pair) *dictionary {
	d := &dictionary{keyAt: make([]uint32, 1, len(pairs)+1), valueAt: make([]uint32, 1, len(pairs)+1)}
	for _, p := range pairs {
		for _, r := range p.From {
			d.keys = append(d.keys, r)
		}
		for _, r := range p.To {
			d.values = append(d.values, r)
		}
		d.keyAt = append(d.keyAt, uint32(len(d.keys)))
		d.valueAt = append(d.valueAt, uint32(len(d.values)))
	}
	d.index = make([]uint32, blockEnd-blockStart+1)
	i, n := 0, len(pairs)
	for slot := range d.index {
		for i < n && d.keys[d.keyAt[i]] < rune(blockStart+slot) {
			i++
		}
		d.index[slot] = uint32(i)
	}
	return d
}

// bounds is the range of the entries that begin with r.
func (d *dictionary) bounds(r rune) (lo, hi int) {
	switch {
	case r < blockStart:
		return d.narrow(0, int(d.index[0]), 0, r)
	case r >= blockEnd:
		return d.narrow(int(d.index[blockEnd-blockStart]), len(d.keyAt)-1, 0, r)
	}
	return int(d.index[r-blockStart]), int(d.index[r-blockStart+1])
}

// narrow is the part of the entries from lo to hi (which agree in what stands
// before depth, and all go on there) whose character at depth is r.
func (d *dictionary) narrow(lo, hi, depth int, r rune) (int, int) {
	at := func(i int) rune { return d.keys[int(d.keyAt[i])+depth] }
	a, b := lo, hi
	for a < b {
		if m := int(uint(a+b) >> 1); at(m) < r {
			a = m + 1
		} else {
			b = m
		}
	}
	lo, b = a, hi
	for a < b {
		if m := int(uint(a+b) >> 1); at(m) <= r {
			a = m + 1
		} else {
			b = m
		}
	}
	return lo, a
}

// longest is the longest entry that text begins with, and its length; the
// length is zero where there is none.
func (d *dictionary) longest(text []rune) (entry, length int) {
	lo, hi := d.bounds(text[0])
	for depth := 1; lo < hi; depth++ {
		if int(d.keyAt[lo+1]-d.keyAt[lo]) == depth {
			entry, length = lo, depth
			lo++
		}
		if depth == len(text) || lo == hi {
			break
		}
		lo, hi = d.narrow(lo, hi, depth, text[depth])
	}
	return entry, length
}

// appendValue appends what an entry is replaced by.
func (d *dictionary) appendValue(out []rune, entry int) []rune {
	if from, to := d.valueAt[entry], d.valueAt[entry+1]; from < to {
		return append(out, d.values[from:to]...)
	}
	for _, r := range d.keys[d.keyAt[entry]:d.keyAt[entry+1]] {
		out = append(out, d.single(r))
	}
	return out
}

// single is what a character is replaced by when it stands alone.
func (d *dictionary) single(r rune) rune {
	lo, hi := d.bounds(r)
	if lo < hi && d.keyAt[lo+1]-d.keyAt[lo] == 1 {
		return d.values[d.valueAt[lo]]
	}
	return r
}

// convert appends text with every longest entry replaced.
func (d *dictionary) convert(out, text []rune) []rune {
	for len(text) > 0 {
		entry, n := d.longest(text)
		if n == 0 {
			out = append(out, text[0])
			text = text[1:]
			continue
		}
		out = d.appendValue(out, entry)
		text = text[n:]
	}
	return out
}

// words cuts text where entries of two and more characters begin and end, and
// calls f with each piece: an entry, or what stands between two of them.
func (d *dictionary) words(text []rune, f func(piece []rune)) {
	from := 0
	for i := 0; i < len(text); {
		_, n := d.longest(text[i:])
		if n < 2 {
			i++
			continue
		}
		if from < i {
			f(text[from:i])
		}
		f(text[i : i+n])
		i += n
		from = i
	}
	if from < len(text) {
		f(text[from:])
	}
}

// comparePairs orders pairs as dictionaries hold them. UTF-8 sorts as its
// code points do.
func comparePairs(a, b Pair) int { return strings.Compare(a.From, b.From) }

// sorted brings pairs in order; of doubles the first stands.
func sorted(pairs []Pair) []Pair {
	slices.SortStableFunc(pairs, comparePairs)
	return slices.CompactFunc(pairs, func(a, b Pair) bool { return a.From == b.From })
}

// Package hanzi converts Chinese text between Simplified and Traditional
// characters and the standards of Taiwan and Hong Kong, by the phrase
// dictionaries of OpenCC (https://github.com/BYVoid/OpenCC, Apache-2.0) and
// small tables of its own for what these get wrong. It works on text alone and
// knows nothing of subtitles.
//
// Conversion is by longest match, in the chains of OpenCC's configurations:
// the text is cut at the words that the dictionary knows, and inside each
// piece one dictionary after the other replaces the longest entry that it
// finds, from left to right. Dictionaries are unpacked when they are first
// asked for.
package hanzi

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// A Form is a way of writing Chinese.
type Form uint8

const (
	// Simplified is what mainland China and Singapore write.
	Simplified Form = iota
	// Standard is OpenCC's own Traditional Chinese, which keeps apart what
	// can be kept apart (裏, 爲, 喫). It is what the chains go through; nobody
	// writes it.
	Standard
	// Taiwan and HongKong are Traditional Chinese as it is written there.
	Taiwan
	HongKong
)

// Convert brings text from one form to another, character by character in
// the light of the words they stand in: 头发 becomes 頭髮, 发现 發現. Words
// stay what they are: 软件 becomes 軟件 for Taiwan too. What has no other
// form, and what is no Chinese, is left as it is.
func Convert(text string, from, to Form) string { return convert(text, from, to, false) }

// Localize is Convert with the words of the region: 软件 becomes 軟體 for
// Taiwan, 服务器 伺服器 for Taiwan and Hong Kong, and back.
func Localize(text string, from, to Form) string { return convert(text, from, to, true) }

func convert(text string, from, to Form, words bool) string {
	if from > HongKong || to > HongKong || from == to {
		return text
	}
	return chains[from][to][b2i(words)]().convert(text)
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// A chain is the dictionaries that a conversion goes through.
type chain struct {
	words *dictionary // cuts the text first; nil where the text is one piece
	steps []*dictionary
}

// The dictionaries, by OpenCC's names.
var (
	s2t   = lazy("s2t")
	t2s   = lazy("t2s")
	t2tw  = lazy("t2tw")
	t2twp = lazy("t2twp")
	tw2t  = lazy("tw2t")
	twp2t = lazy("twp2t")
	t2hk  = lazy("t2hk")
	t2hkp = lazy("t2hkp")
	hk2t  = lazy("hk2t")
	hkp2t = lazy("hkp2t")

	compatibility = lazy("compatibility")
)

func lazy(name string) func() *dictionary {
	return sync.OnceValue(func() *dictionary { return load(name) })
}

// chains holds for each two forms the chain that converts characters alone,
// and the one that converts words too.
var chains = func() (all [HongKong + 1][HongKong + 1][2]func() *chain) {
	type dictionaryFunc = func() *dictionary
	add := func(from, to Form, words bool, cut dictionaryFunc, steps ...dictionaryFunc) {
		all[from][to][b2i(words)] = sync.OnceValue(func() *chain {
			c := new(chain)
			if cut != nil {
				c.words = cut()
			}
			for _, s := range steps {
				c.steps = append(c.steps, s())
			}
			return c
		})
	}
	for _, words := range []bool{false, true} {
		toRegion := [HongKong + 1]dictionaryFunc{Taiwan: t2tw, HongKong: t2hk}
		fromRegion := [HongKong + 1]dictionaryFunc{Taiwan: tw2t, HongKong: hk2t}
		if words {
			toRegion = [HongKong + 1]dictionaryFunc{Taiwan: t2twp, HongKong: t2hkp}
			fromRegion = [HongKong + 1]dictionaryFunc{Taiwan: twp2t, HongKong: hkp2t}
		}
		add(Simplified, Standard, words, nil, s2t)
		add(Standard, Simplified, words, nil, t2s)
		for _, region := range []Form{Taiwan, HongKong} {
			add(Simplified, region, words, s2t, s2t, toRegion[region])
			add(region, Simplified, words, t2s, fromRegion[region], t2s)
			add(Standard, region, words, nil, toRegion[region])
			add(region, Standard, words, nil, fromRegion[region])
		}
		add(Taiwan, HongKong, words, nil, fromRegion[Taiwan], toRegion[HongKong])
		add(HongKong, Taiwan, words, nil, fromRegion[HongKong], toRegion[Taiwan])
	}
	return all
}()

// convert converts a text. A byte that is no UTF-8 stays where it is.
func (c *chain) convert(text string) string {
	start := firstHan(text)
	if start == len(text) {
		return text
	}
	var buffers [3][160]rune // an ordinary subtitle needs no more
	in := decode(buffers[0][:0], text[start:])
	out := buffers[1][:0]
	if c.words == nil {
		out = c.run(out, in, buffers[2][:0])
	} else {
		spare := buffers[2][:0]
		c.words.words(in, func(piece []rune) {
			out = c.run(out, piece, spare)
		})
	}
	if slices.Equal(in, out) && !strings.ContainsFunc(text[start:], isCompatibility) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text) + 8)
	b.WriteString(text[:start])
	for _, r := range out {
		if r < 0 {
			b.WriteByte(byte(-r))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// run appends a piece as the steps make it.
func (c *chain) run(out, piece, spare []rune) []rune {
	last := len(c.steps) - 1
	for i, step := range c.steps {
		if i == last {
			return step.convert(out, piece)
		}
		piece = step.convert(spare[:0], piece)
	}
	return append(out, piece...)
}

// firstHan is where the first character stands that a dictionary may know.
// Entries begin with Latin letters too (PN结), but only before Han ones.
func firstHan(text string) int {
	for i := 0; i < len(text); i++ {
		if text[i] < utf8.RuneSelf {
			continue
		}
		for i > 0 && text[i-1] != '\n' { // the words before it on the line
			i--
		}
		return i
	}
	return len(text)
}

// decode appends the text's characters, with a byte that is no UTF-8 as its
// negative number and CJK compatibility ideographs as the characters they
// stand for.
func decode(in []rune, text string) []rune {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			r = -rune(text[i])
		case isCompatibility(r):
			r = compatibility().single(r)
		}
		in = append(in, r)
		i += size
	}
	return in
}

// isCompatibility reports whether r is in one of the two blocks of
// compatibility ideographs.
func isCompatibility(r rune) bool {
	return r >= 0xF900 && r <= 0xFAFF || r >= 0x2F800 && r <= 0x2FA1F
}

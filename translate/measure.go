package translate

import (
	"strings"
	"unicode"
)

// hanWeight is how many Latin letters a Han character stands for: the median
// of translated lectures and talks in both directions.
const hanWeight = 3.0

// weight is a text's length in a measure that is alike in both languages:
// Latin letters and digits count 1, Han characters 3, other letters 1.5, and
// punctuation and spaces nothing.
func weight(s string) float64 {
	w := 0.0
	for _, c := range s {
		switch {
		case c < 0x80:
			if isASCIIAlnum(c) {
				w++
			}
		case unicode.Is(unicode.Han, c):
			w += hanWeight
		case unicode.Is(unicode.Latin, c):
			w++
		case unicode.IsLetter(c) || unicode.IsDigit(c):
			w += 1.5
		}
	}
	return w
}

func isASCIIAlnum(c rune) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// scripts counts the letters of a text by script.
type scripts struct{ han, latin, kana, other int }

func countScripts(s string) scripts {
	var n scripts
	for _, c := range s {
		switch {
		case c < 0x80:
			if isASCIIAlnum(c) && (c < '0' || c > '9') {
				n.latin++
			}
		case unicode.Is(unicode.Han, c):
			n.han++
		case unicode.Is(unicode.Latin, c):
			n.latin++
		case unicode.In(c, unicode.Hiragana, unicode.Katakana):
			n.kana++
		case unicode.IsLetter(c):
			n.other++
		}
	}
	return n
}

// fold keeps what a text says and drops how it is written: lower-case
// letters, digits and symbols other than punctuation.
func fold(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case unicode.IsLetter(c), unicode.IsDigit(c):
			return unicode.ToLower(c)
		case unicode.IsPunct(c), unicode.IsSpace(c), unicode.IsControl(c):
			return -1
		}
		return c
	}, s)
}

// latinWords are the words in Latin letters of a text, as written; digits
// inside a word belong to it.
func latinWords(s string) []string {
	return strings.FieldsFunc(s, func(c rune) bool {
		return !(isASCIIAlnum(c) || c == '\'' || c == '’' || c >= 0xC0 && unicode.Is(unicode.Latin, c))
	})
}

// bareWord is a word without what English hangs on it: lower case, no
// possessive, no plural s.
func bareWord(w string) string {
	w = strings.ToLower(strings.ReplaceAll(w, "’", "'"))
	w = strings.Trim(w, "'")
	w = strings.TrimSuffix(w, "'s")
	if len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") {
		w = w[:len(w)-1]
	}
	return w
}

// commonWords are everyday words of English: what holds them is speech, not a
// name.
var commonWords = wordSet(`a about after again all alright also always am amazing an and another any anyone anything are
as ask at away awesome back bad be beautiful because been before behind best better big both boy break breakfast bring but buy by bye call
came can car change check cheers city close cold come congratulations cool could crazy cut damn day delicious did different dinner do does dog
don't done door down dream drink each easy eat end enjoy enough even ever every everybody everyone everything exactly excuse eye
face family far fast feel few fine finally first five follow food for four free friend friends from fun funny game get girl give go goes going gone
gonna good goodbye goodnight got great guess guy guys had half hand happy hard has have he hear hello help her here hers hey hi him his hold home honestly hope hot
house how hungry hurry huge i i'd i'll i'm i've idea if in insane interesting into is it it's job just keep kid know last later laugh left less let let's life light like
listen little long look lot love lunch made make man many maybe me mean mine minute moment money month more morning most mom much music must my name
need never new next nice night no nobody none nope not nothing now of off oh ok okay old on once one only open or other our out over
own part party people perfect place play please pretty probably put question quick quite ready real really relax remember right road room run sad
said same saw say school see seriously seven she should show since sister sit six sleep slow small so some somebody someone something sometimes soon sorry
start stay still stop story street stuff subscribe such sun super sure surprise sweet take talk ten terrible than thank thanks that that's the their them then
there these they thing things think this those thought three through time tired to today together tomorrow tonight too totally town try turn two
under understand until up us use very video wait walk wanna want was watch water way we week weekend weird welcome well went were what what's when where which
while who whole why will wish with without woman wonderful word work world worse worst would wow write wrong yeah year yep yes yesterday yet you you're young your`)

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}

// nameLike reports whether a text consists of names only, such as "Anna Lee"
// or "TP53": a few capitalised words or codes, none of them an everyday word.
// Such a text may well stand in a translation as it is.
func nameLike(s string) bool {
	n := countScripts(s)
	if n.han+n.kana+n.other > 0 {
		return false
	}
	words := latinWords(s)
	if len(words) == 0 || len(words) > 4 {
		return false
	}
	names := 0
	for _, w := range words {
		switch strings.ToLower(w) {
		case "the", "a", "of", "and", "de", "van", "von":
			continue // between names
		}
		names++
		if commonWords[strings.ToLower(w)] || commonWords[bareWord(w)] {
			return false
		}
		if strings.ToLower(w) == w && !strings.ContainsAny(w, "0123456789") {
			return false
		}
	}
	return names > 0
}

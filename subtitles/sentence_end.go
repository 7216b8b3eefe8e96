package subtitles

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// An ending is how a cue's text ends.
type ending uint8

const (
	endOpen     ending = iota // with a word: the sentence may go on
	endComma                  // with , ; : or a dash: it does go on
	endEllipsis               // trailing off: it may go on
	endPoint                  // with a point that could be an abbreviation's
	endStrong                 // with 。！？.!?
)

// A tailInfo is what the end of a text tells about the sentence.
type tailInfo struct {
	end    ending
	quoted bool   // a closing quote follows the sign
	word   string // the word before a point
	before rune   // the first letter of the word before that, for initials
}

// tailOf looks at the end of a text, past closing quotes, brackets and emoji.
func tailOf(text string) (t tailInfo) {
	for text != "" {
		r, size := utf8.DecodeLastRuneInString(text)
		k := kindOf(r)
		switch {
		case unicode.IsSpace(r), showsNothing(r):
		case r == '"', r == '”', r == '’', r == '」', r == '』', r == '»', r == '\'' && len(text) > 1:
			t.quoted = true
		case k == kindClose && r != '%' && r != '℃' && r != '°':
		case k == kindSymbol:
		default:
			t.end = endingOf(text, r, &t)
			return t
		}
		text = text[:len(text)-size]
	}
	return t
}

func endingOf(text string, r rune, t *tailInfo) ending {
	switch r {
	case '…', '⋯':
		return endEllipsis
	case '.':
		if strings.HasSuffix(text, "..") {
			return endEllipsis
		}
		text = text[:len(text)-1]
		i := strings.LastIndexAny(text, " \n\u3000") + 1
		t.word = strings.TrimLeft(text[i:], "([{\"'“‘-")
		if j := strings.TrimRight(text[:i], " \n"); j != "" {
			t.before, _ = utf8.DecodeRuneInString(j[strings.LastIndexAny(j, " \n")+1:])
		}
		return endPoint
	case '。', '！', '？', '!', '?', '｡', '．', '‼', '⁇', '⁈', '⁉', '؟', '।':
		return endStrong
	case '，', '、', '；', '：', ',', ';', ':', '､', '،', '—', '–', '―', '-', '/', '&', '+':
		return endComma
	}
	return endOpen
}

// headBytes bounds what headOf looks at.
const headBytes = 96

// headOf is the first letter or digit of a text, past dashes, quotes and
// brackets, and the word that it begins.
//
// It looks no further than a cue's first words.
func headOf(text string) (first rune, word string, ellipsis bool) {
	if len(text) > headBytes {
		text = text[:headBytes]
	}
	for i, r := range text {
		if r == '…' || r == '⋯' || r == '.' && strings.HasPrefix(text[i:], "..") {
			ellipsis = true
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			if r == '$' || r == '€' || r == '£' || r == '¥' {
				return r, "", ellipsis
			}
			continue
		}
		rest := text[i:]
		end := strings.IndexFunc(rest, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’'
		})
		if end < 0 {
			end = len(rest)
		}
		return r, rest[:end], ellipsis
	}
	return 0, "", ellipsis
}

// pointEnds decides whether a text that ends with a point ends a sentence,
// given how the next cue begins. cased says that the track writes capitals,
// so that a small letter means something.
//
// The rules look at cue ends only, where the gap and the next cue's first
// word tell more than a model of abbreviations does.
func pointEnds(t tailInfo, first rune, nextWord string, cased bool) bool {
	if t.word == "" {
		return true
	}
	lower := cased && unicode.IsLower(first)
	w := t.word
	if isNumber(w) {
		// "3." / "5 percent": a decimal number that a cue border cut.
		return !unicode.IsDigit(first)
	}
	flags := englishFlags(strings.TrimSuffix(w, "."))
	switch {
	case flags&wordTitle != 0 && abbreviates(w, first):
		return false
	case len(w) == 1 && w != "I" && unicode.IsUpper(rune(w[0])):
		// "George W." / "Bush", but "vitamin C." ends.
		return !(unicode.IsUpper(first) && (t.before == 0 || unicode.IsUpper(t.before)) && englishFlags(nextWord)&wordStarter == 0)
	case dotted(w):
		// U.S., a.m., Ph.D.
		if lower {
			return false
		}
		return englishFlags(nextWord)&wordStarter != 0 || !unicode.IsUpper(first)
	}
	switch strings.ToLower(w) {
	case "inc", "ltd", "co", "corp", "jr", "sr", "etc", "jan", "feb", "mar", "apr", "aug", "sept", "oct", "nov", "dec", "ave", "blvd", "dept", "est", "min", "max", "univ":
		return !lower
	}
	return true
}

// abbreviates tells "No. 5", "Fig. 2" and "Mr. Smith" from "I said no." and
// "I work at the co-op. Gen ...": words that are also ordinary ones must be
// followed by what they abbreviate.
func abbreviates(w string, first rune) bool {
	switch w {
	case "no", "No", "nos", "Nos", "fig", "Fig", "vol", "Vol", "pp":
		return unicode.IsDigit(first)
	case "gen", "rep", "sen", "gov", "col", "ft", "mt", "st", "al", "hon", "rev", "mme", "prof", "capt":
		return unicode.IsLower(first) || unicode.IsDigit(first)
	case "Rep", "Gen", "Col", "Ft", "Mt", "St", "Hon", "Rev":
		return unicode.IsUpper(first)
	}
	return true
}

func isNumber(w string) bool {
	for _, r := range w {
		if !unicode.IsDigit(r) && r != ',' && r != '.' && r != '$' {
			return false
		}
	}
	return w != ""
}

// dotted reports whether a word without its last point is an abbreviation of
// several: "U.S", "a.m", "Ph.D".
func dotted(w string) bool {
	if !strings.Contains(w, ".") {
		return false
	}
	for part := range strings.SplitSeq(w, ".") {
		if len(part) == 0 || len(part) > 2 {
			return false
		}
	}
	return true
}

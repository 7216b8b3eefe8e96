package subtitles

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A speechMark is the place of a word in a text, with the word's times.
type speechMark struct {
	at         int // offset of its first letter
	start, end float64
}

// alignReachBytes is how far ahead of its place a word is looked for: what
// stands between is punctuation, or a word that the list lacks.
const alignReachBytes = 64

// alignWords finds the words of a segment in its text and appends their marks.
// The text is what counts: it has the punctuation that some recognisers leave
// out of the words, and whole characters where the tokens are halves of them.
// ok is false where words and text have little in common.
func alignWords(marks []speechMark, text string, base int, words []speechWord) (_ []speechMark, ok bool) {
	first := len(marks)
	pos, sought, timed := 0, 0, 0
	for _, w := range words {
		core := strings.TrimFunc(w.text, isNoWord)
		if core == "" {
			// Punctuation, or half a character: time of the word before it.
			if n := len(marks); n > first && w.end > marks[n-1].end {
				marks[n-1].end = w.end
			}
			continue
		}
		sought++
		i := indexFold(text[pos:min(len(text), pos+len(core)+alignReachBytes)], core)
		if i < 0 {
			continue
		}
		marks = append(marks, speechMark{at: base + pos + i, start: w.start, end: w.end})
		if w.start != unknownTime {
			timed++
		}
		pos += i + len(core)
	}
	found := len(marks) - first
	if found == 0 || found*10 < sought*7 || timed*2 < found {
		return marks[:first], false
	}
	return marks, true
}

// isNoWord reports whether r is neither a letter nor a digit.
func isNoWord(r rune) bool {
	return r == utf8.RuneError || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
}

// indexFold is strings.Index that takes ASCII letters of either case as equal.
func indexFold(s, sub string) int {
	if i := strings.Index(s, sub); i >= 0 {
		return i
	}
	for i := 0; i+len(sub) <= len(s); i++ {
		if equalFoldASCII(s[i:i+len(sub)], sub) {
			return i
		}
	}
	return -1
}

func equalFoldASCII(a, b string) bool {
	for i := 0; i < len(a); i++ {
		if a[i] == b[i] {
			continue
		}
		c := a[i] | 0x20
		if c != b[i]|0x20 || c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}

package subtitles

import (
	"unicode"

	"golang.org/x/text/language"
)

// Length counts a text's characters as reading speeds are given: grapheme
// clusters, spaces included and line breaks not; in Chinese, Japanese and
// Korean a half-width (Latin) character counts one half.
func Length(text string, lang language.Tag) float64 {
	wide := countsWide(lang)
	var buf clusterBuffer
	cs := scan(buf[:0], text, wide)
	n := 0.0
	for i := range cs {
		switch {
		case cs[i].r == '\n' || cs[i].r == '\r' || cs[i].width == 0 && cs[i].kind != kindLetter:
		case wide && cs[i].width < 2:
			n += 0.5
		default:
			n++
		}
	}
	return n
}

// HanShare is the share of Han characters among the letters of a text, from 0
// to 1, where a whole word of Latin letters counts as one; zero for a text
// without letters. Kana and Hangul count as other letters.
func HanShare(text string) float64 {
	n := countScripts(text)
	all := n.han + n.kana + n.hangul + n.words
	if all == 0 {
		return 0
	}
	return float64(n.han) / float64(all)
}

// scriptCounts are what a text is written in: Han, kana and Hangul by
// character, other scripts by word.
type scriptCounts struct {
	han, kana, hangul int
	latin, other      int // words of Latin letters, and of further scripts
	words             int // both together
	lone              int // の, which Chinese text borrows as a decoration
}

func countScripts(text string) (n scriptCounts) {
	inWord := false
	for _, r := range text {
		switch {
		case r < 0x80 && r|0x20 >= 'a' && r|0x20 <= 'z', r >= 0xC0 && r < 0x250 && unicode.IsLetter(r), r >= 0x1E00 && r < 0x1F00:
			if !inWord {
				n.latin++
				n.words++
			}
			inWord = true
			continue
		case r < 0x80:
			// The apostrophe of don't is inside a word.
			inWord = inWord && r == '\''
			continue
		case r == '’' || unicode.IsMark(r):
			continue
		case r == 'の':
			n.lone++
			n.kana++
		case r >= 0x3041 && r <= 0x3096, r >= 0x30A1 && r <= 0x30FA, r >= 0xFF66 && r <= 0xFF9D:
			n.kana++
		case r >= 0xAC00 && r <= 0xD7AF, r >= 0x1100 && r <= 0x11FF, r >= 0x3131 && r <= 0x318E:
			n.hangul++
		case unicode.Is(unicode.Han, r):
			n.han++
		case unicode.IsLetter(r):
			if !inWord {
				n.other++
				n.words++
			}
			inWord = true
			continue
		}
		inWord = false
	}
	return n
}

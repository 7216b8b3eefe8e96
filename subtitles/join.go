package subtitles

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// JoinParts joins the parts of a unit as the language joins them: with a
// space where it writes spaces between words, with nothing in Chinese and
// Japanese, where only two Latin words or numbers get a space between them. A
// word broken at a hyphen is put together with its hyphen ("well-" + "known").
// Lines inside a part stay.
func JoinParts(parts []string, lang language.Tag) string {
	switch len(parts) {
	case 0:
		return ""
	case 1:
		return strings.TrimSpace(parts[0])
	}
	n := len(parts)
	for _, p := range parts {
		n += len(p)
	}
	var b strings.Builder
	b.Grow(n)
	last := rune(0)
	tail := ""
	for _, p := range parts {
		p = strings.TrimSpace(p)
		if p == "" {
			continue
		}
		if b.Len() > 0 {
			first, _ := utf8.DecodeRuneInString(p)
			if spaceBetween(tail, last, first, lang) {
				b.WriteByte(' ')
			}
		}
		b.WriteString(p)
		last, _ = utf8.DecodeLastRuneInString(p)
		tail = p
	}
	return b.String()
}

// spaceBetween reports whether the language writes a space between a text
// that ends in tail (last is its last character) and one that begins with
// first.
func spaceBetween(tail string, last, first rune, lang language.Tag) bool {
	if last == '-' && unicode.IsLower(first) && len(tail) > 1 {
		before, _ := utf8.DecodeLastRuneInString(tail[:len(tail)-1])
		if unicode.IsLetter(before) {
			return false
		}
	}
	if writesTight(lang) {
		return isSpaced(last) && isSpaced(first) && !opensTight(last) && !closesTight(first)
	}
	return true
}

// writesTight reports whether the language writes no space between words.
func writesTight(lang language.Tag) bool {
	if writesWide(lang) {
		return true
	}
	switch baseOf(lang) {
	case "th", "lo", "km", "my":
		return true
	}
	return false
}

// isSpaced reports whether a character is of a script that writes spaces
// between words, or one of its marks.
func isSpaced(r rune) bool {
	if r < 0x2E80 {
		return !(r >= 0x0E00 && r <= 0x0EFF || r >= 0x1000 && r <= 0x109F || r >= 0x1780 && r <= 0x17FF || r >= 0x2010 && r <= 0x2027 || r == '⋯')
	}
	return r >= 0xAC00 && r <= 0xD7AF
}

func opensTight(r rune) bool { return r < 0x80 && asciiKinds[r] == kindOpen && r != '#' }
func closesTight(r rune) bool {
	if r >= 0x80 {
		return false
	}
	k := asciiKinds[r]
	return k == kindClose || k == kindStrong || k == kindComma
}

// joinLines joins the lines of a cue into one, except where lines are
// different speakers': these stay apart, separated by LF.
func joinLines(text string, lang language.Tag) string {
	if !strings.Contains(text, "\n") {
		return foldSpace(text)
	}
	lines := strings.Split(text, "\n")
	speakers := countSpeakerLines(lines) >= 2
	var b strings.Builder
	b.Grow(len(text))
	prev := ""
	for _, l := range lines {
		l = foldSpace(l)
		if l == "" {
			continue
		}
		if prev != "" {
			last, _ := utf8.DecodeLastRuneInString(prev)
			first, _ := utf8.DecodeRuneInString(l)
			switch {
			case speakers && startsSpeaker(l):
				b.WriteByte('\n')
			case spaceBetween(prev, last, first, lang):
				b.WriteByte(' ')
			}
		}
		b.WriteString(l)
		prev = l
	}
	return b.String()
}

// foldSpace trims a line and folds every run of white space in it into one
// space.
func foldSpace(s string) string {
	clean := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x80 || c < ' ' || c == ' ' && (i == 0 || i == len(s)-1 || s[i+1] == ' ') {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	odd := false
	space := true
	for _, r := range s {
		isSpace := unicode.IsSpace(r)
		if isSpace && (space || r != ' ') {
			odd = true
			break
		}
		space = isSpace
	}
	if !odd && !space {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// Normalize brings a text to the form by which it is looked up in a memory:
// NFC, white space (line breaks too) folded to single spaces, and invisible
// characters removed: zero-width spaces and joiners, byte-order marks, the
// marks of bidirectional text, variation selectors, soft hyphens. Case and
// punctuation stay, and so does the difference between full width and half.
// Two texts that differ in nothing that a viewer sees are equal after it.
func Normalize(text string) string {
	ascii := true
	for i := 0; i < len(text); i++ {
		if text[i] >= 0x80 {
			ascii = false
			break
		}
	}
	if ascii {
		return foldSpace(text)
	}
	if strings.ContainsFunc(text, showsNothing) {
		text = strings.Map(func(r rune) rune {
			if showsNothing(r) {
				return -1
			}
			return r
		}, text)
	}
	return foldSpace(norm.NFC.String(text))
}

// showsNothing reports whether a character shows nothing and only steers
// layout (Unicode's Default_Ignorable_Code_Point, as far as it turns up in
// subtitles).
func showsNothing(r rune) bool {
	switch {
	case r < 0xAD:
		return false
	case r == 0xAD, r == 0x34F, r == 0x61C, r == 0x180E, r == 0xFEFF:
		return true
	case r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F:
		return true
	case r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0000 && r <= 0xE0FFF:
		return true
	}
	return false
}

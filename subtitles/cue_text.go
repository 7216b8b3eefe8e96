package subtitles

import (
	"strings"
	"unicode"
)

// cleanText gives a cue's text the form that [Cue] promises: lines separated
// by single LFs, no blank line, no white space at the end of a line. It
// returns s itself where s has that form already.
func cleanText(s string) string {
	if isClean(s) {
		return s
	}
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	}
	s = strings.ReplaceAll(s, "\x00", "")
	b := make([]byte, 0, len(s))
	for line := range strings.SplitSeq(s, "\n") {
		line = trimSpaceRight(line)
		if line == "" {
			continue
		}
		if len(b) > 0 {
			b = append(b, '\n')
		}
		b = append(b, line...)
	}
	return string(b)
}

// isClean reports whether cleanText has nothing to do. It may say no for a
// text that is clean.
func isClean(s string) bool {
	if s == "" || strings.IndexByte(s, '\r') >= 0 || strings.IndexByte(s, 0) >= 0 {
		return false
	}
	for from := 0; ; {
		i := strings.IndexByte(s[from:], '\n')
		if i < 0 {
			return visibleEnd(s)
		}
		if from += i; from == 0 || !visibleEnd(s[:from]) {
			return false
		}
		from++
	}
}

func endsInSpace(s string) bool { return len(trimSpaceRight(s)) < len(s) }

// trimSpaceRight removes white space in the sense of Unicode, and what shows
// nothing either: zero-width spaces and byte order marks.
func trimSpaceRight(s string) string { return strings.TrimRightFunc(s, isInvisible) }

func isInvisible(r rune) bool {
	return unicode.IsSpace(r) || r == '\u200B' || r == '\uFEFF'
}

// needsCare marks the bytes that plain text of a cue does not hold, or only in
// places that isPlain looks at: what starts markup or a guard, and blanks,
// breaks and controls.
var needsCare = func() (t [256]bool) {
	for c := range ' ' {
		t[c] = true
	}
	for _, c := range []byte{'<', '&', '{', guard[0]} {
		t[c] = true
	}
	return t
}()

// isPlain reports whether s has no markup of any format and is clean as
// cleanText makes it, so that it is a cue's text as it stands. It may say no
// for a text that is.
func isPlain(s string) bool {
	if s == "" {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !needsCare[c] {
			continue
		}
		switch c {
		case '\n':
			if i == 0 || !visibleEnd(s[:i]) {
				return false
			}
		case '\t':
		case guard[0]:
			if strings.HasPrefix(s[i:], guard) {
				return false
			}
		default:
			return false
		}
	}
	return visibleEnd(s)
}

// visibleEnd reports whether the last character of s is one that shows.
func visibleEnd(s string) bool {
	c := s[len(s)-1]
	if c < 0x80 {
		return c > ' '
	}
	return !endsInSpace(s)
}

package subtitles

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// How subtitles show that another person speaks: a dash at the start of a
// line, ">>" in live captions, a name in capitals or in brackets.

func countSpeakerLines(lines []string) (n int) {
	for _, l := range lines {
		if startsSpeaker(strings.TrimSpace(l)) {
			n++
		}
	}
	return n
}

// startsSpeaker reports whether a line begins with the mark of a speaker.
func startsSpeaker(line string) bool {
	r, size := utf8.DecodeRuneInString(line)
	rest := line[size:]
	switch r {
	case '-', '‐', '‑', '–', '—', '－', '―':
		// "- Hi", "-Hi"; but not "-5 degrees", "--and then" or "——".
		n, _ := utf8.DecodeRuneInString(strings.TrimLeft(rest, " \u3000"))
		if rest == "" || n == utf8.RuneError || strings.HasPrefix(rest, string(r)) || strings.HasPrefix(rest, "-") {
			return false
		}
		if rest[0] != ' ' && unicode.IsDigit(n) {
			return false
		}
		return r == '-' || r == '‐' || r == '‑' || r == '－' || rest[0] == ' ' || unicode.IsUpper(n)
	case '>':
		return strings.HasPrefix(rest, ">")
	case '[', '(', '（', '【', '［':
		// "[Anna] Hello", "(Bob) Hi"; the bracket closes within a name's
		// length and words follow.
		end := strings.IndexAny(rest, "])）】］")
		if end <= 0 || end > 40 {
			return false
		}
		_, n := utf8.DecodeRuneInString(rest[end:])
		return strings.TrimLeft(rest[end+n:], " :：") != ""
	}
	return hasNameLabel(line)
}

// hasNameLabel reports whether a line begins with "NAME:", or with two to four
// Han characters and a colon that are no verb of saying ("小明：你好").
func hasNameLabel(line string) bool {
	letters, hans := 0, 0
	last := rune(0)
	for i, r := range line {
		if i > 40 {
			return false
		}
		switch {
		case r == ':' || r == '：':
			if hans > 0 {
				return letters == 0 && hans >= 2 && hans <= 4 && !strings.ContainsRune("说說道问問答喊叫讲講是下示到为為题題点點即如", last)
			}
			next := line[i+utf8.RuneLen(r):]
			return letters >= 2 && (next == "" || next[0] == ' ' || next[0] >= 0x80)
		case isHanLike(r):
			hans++
			last = r
		case unicode.IsUpper(r):
			letters++
		case r == ' ' || r == '.' || r == '-' || r == '\'' || r == '#' || unicode.IsDigit(r):
			if i == 0 {
				return false
			}
		default:
			return false
		}
	}
	return false
}

// isMusic reports whether a text is sung: it carries a music sign, or stands
// between number signs as the BBC writes songs.
func isMusic(text string) bool {
	if strings.ContainsAny(text, "♪♫♬♩🎵🎶🎼") {
		return true
	}
	return len(text) > 4 && strings.HasPrefix(text, "# ") && strings.HasSuffix(text, " #")
}

// isSoundEffect reports whether the whole text stands in one pair of
// brackets: [door slams], （掌声）, *laughs*.
func isSoundEffect(text string) bool {
	t := strings.TrimSpace(strings.TrimLeft(text, "-–— >"))
	first, size := utf8.DecodeRuneInString(t)
	last, lastSize := utf8.DecodeLastRuneInString(t)
	closing, ok := bracketPairs[first]
	if !ok || last != closing || len(t) <= size+lastSize {
		return false
	}
	return !strings.ContainsRune(t[size:len(t)-lastSize], closing)
}

var bracketPairs = map[rune]rune{'[': ']', '(': ')', '（': '）', '【': '】', '［': '］', '〔': '〕', '{': '}', '*': '*', '〈': '〉', '<': '>'}

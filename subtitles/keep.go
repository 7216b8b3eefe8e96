package subtitles

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Keep reports whether a text holds nothing to translate and is shown as it
// is in every language: no letter is left once emoji, music signs, digits and
// punctuation are taken away ("♪♪", "😂😂", "2024", "3:45", "- ?").
//
// Addresses alone are kept too, because a translated one leads nowhere: URLs,
// e-mail addresses, @mentions and #hashtags (a hashtag is a link to a page of
// that very name). "OK", "5 km" and "2024年" are translated.
func Keep(text string) bool {
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		if unicode.IsSpace(r) {
			text = text[size:]
			continue
		}
		end := strings.IndexFunc(text, unicode.IsSpace)
		if end < 0 {
			end = len(text)
		}
		if word := text[:end]; hasLetter(word) && !isAddress(word) {
			return false
		}
		text = text[end:]
	}
	return true
}

func hasLetter(s string) bool {
	for _, r := range s {
		if r < 0x80 {
			if r|0x20 >= 'a' && r|0x20 <= 'z' {
				return true
			}
			continue
		}
		// Letter-like symbols such as ™ and ℃ are symbols in Unicode; Ⓜ and
		// the regional indicators of flags are no letters either.
		if unicode.IsLetter(r) && r != 'ー' && r != 'º' && r != 'ª' {
			return true
		}
	}
	return false
}

// isAddress reports whether a word leads somewhere: a URL, an e-mail address,
// a mention or a hashtag, with punctuation around it or not.
func isAddress(word string) bool {
	word = strings.TrimFunc(word, func(r rune) bool {
		return r != '@' && r != '#' && r != '/' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	if word == "" {
		return false
	}
	if word[0] == '@' || word[0] == '#' {
		// One or several joined tags: "#上海#美食".
		rest := strings.TrimLeft(word, "@#")
		return rest != "" && !strings.ContainsFunc(rest, func(r rune) bool {
			return unicode.IsPunct(r) && r != '_' && r != '.' && r != '-' && r != '#' && r != '@' && r != '·'
		})
	}
	if i := strings.Index(word, "://"); i > 0 {
		return true
	}
	lower := strings.ToLower(word)
	if strings.HasPrefix(lower, "www.") {
		return true
	}
	if at := strings.IndexByte(word, '@'); at > 0 {
		return isDomain(lower[at+1:])
	}
	host, path, hasPath := strings.Cut(lower, "/")
	return isDomain(host) && (hasPath && path != "" || strings.HasSuffix(host, ".com"))
}

// isDomain reports whether s looks like a host name: ASCII labels and at
// least one dot between them.
func isDomain(s string) bool {
	dots := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '.':
			if i == 0 || i == len(s)-1 || s[i-1] == '.' {
				return false
			}
			dots++
		case c|0x20 >= 'a' && c|0x20 <= 'z', c >= '0' && c <= '9', c == '-':
		default:
			return false
		}
	}
	return dots > 0
}

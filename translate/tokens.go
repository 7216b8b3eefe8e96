package translate

import (
	"strings"
	"unicode"
)

// The rules of findings about what must stay as it is.
const (
	ruleAddress     = "address"
	rulePlaceholder = "placeholder"
	ruleEmoji       = "emoji"
)

// A token is a piece of a text that stays as it is in every language: a URL,
// an @mention, a #hashtag, a placeholder.
type token struct {
	text        string
	placeholder bool
}

// tokens finds them, in order.
func tokens(s string) []token {
	var found []token
	for word := range strings.FieldsSeq(s) {
		if i := strings.Index(word, "://"); i > 0 || strings.HasPrefix(word, "www.") {
			start := 0
			for j := i - 1; j >= 0 && isASCIIAlnum(rune(word[j])); j-- {
				start = j
			}
			url := word[start:]
			if end := strings.IndexFunc(url, func(c rune) bool { return c > 0x7E }); end >= 0 {
				url = url[:end]
			}
			found = append(found, token{text: strings.TrimRight(url, ".,!?;:)]}\"'")})
			continue
		}
		for i := 0; i < len(word); i++ {
			switch c := word[i]; {
			case (c == '@' || c == '#') && (i == 0 || !isASCIIAlnum(rune(word[i-1]))):
				if name := addressName(word[i+1:]); name != "" {
					found = append(found, token{text: word[i : i+1+len(name)]})
					i += len(name)
				}
			case c == '{':
				if end := strings.IndexByte(word[i:], '}'); end > 1 {
					found = append(found, token{text: word[i : i+end+1], placeholder: true})
					i += end
				}
			case c == '%' && i+1 < len(word) && (word[i+1] == 's' || word[i+1] == 'd') && (i+2 == len(word) || !isASCIIAlnum(rune(word[i+2]))):
				found = append(found, token{text: word[i : i+2], placeholder: true})
				i++
			}
		}
	}
	return found
}

// addressName is the name that follows an @ or #: letters, digits, underscores
// and joints. Chinese is written without spaces, so where a name in Han
// characters ends cannot be told; its first two characters are taken.
func addressName(s string) string {
	han := 0
	for i, c := range s {
		if unicode.Is(unicode.Han, c) {
			if han++; han == 2 {
				return s[:i+len(string(c))]
			}
			continue
		}
		if han > 0 || !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '_' && c != '-' && c != '.' {
			return strings.TrimRight(s[:i], ".-")
		}
	}
	return strings.TrimRight(s, ".-")
}

// withoutTokens is the text without its tokens, for checks of what is to be
// translated.
func withoutTokens(s string) string {
	if !strings.ContainsAny(s, "@#{%") && !strings.Contains(s, "://") && !strings.Contains(s, "www.") {
		return s
	}
	var b strings.Builder
	for _, t := range tokens(s) {
		i := strings.Index(s, t.text)
		if i < 0 {
			continue
		}
		b.WriteString(s[:i])
		s = s[i+len(t.text):]
		if r := []rune(t.text); len(r) == 3 && unicode.Is(unicode.Han, r[2]) {
			// The rest of a name in Han characters, up to the next space.
			if end := strings.IndexFunc(s, func(c rune) bool { return !unicode.Is(unicode.Han, c) }); end > 0 && end < 24 {
				s = s[end:]
			} else if end < 0 && len(s) < 24 {
				s = ""
			}
		}
	}
	b.WriteString(s)
	return b.String()
}

// missingTokens are remarks on tokens and emoji of the source that the
// translation does not have.
func missingTokens(source, text string) []remark {
	var list []remark
	for _, t := range tokens(source) {
		if strings.Contains(text, t.text) {
			continue
		}
		rule := ruleAddress
		if t.placeholder {
			rule = rulePlaceholder
		}
		list = append(list, remark{rule, t.text})
	}
	seen := map[rune]bool{}
	for _, c := range source {
		if isEmoji(c) && !seen[c] && !strings.ContainsRune(text, c) {
			seen[c] = true
			list = append(list, remark{ruleEmoji, string(c)})
		}
	}
	return list
}

// isEmoji tells pictures that carry meaning; joiners and variation selectors
// do not count, nor do marks such as ♪ and ™.
func isEmoji(c rune) bool {
	return 0x1F300 <= c && c <= 0x1FAFF && !(0x1F3FB <= c && c <= 0x1F3FF) || 0x1F1E6 <= c && c <= 0x1F1FF || 0x2600 <= c && c <= 0x26FF || 0x2705 <= c && c <= 0x27BF
}

package subtitles

import (
	"strings"
	"unicode"

	"golang.org/x/text/language"
)

// A PunctuationStyle says how Chinese text is punctuated on the screen.
type PunctuationStyle string

const (
	// PunctuationFull leaves the text as it is.
	PunctuationFull PunctuationStyle = "full"
	// PunctuationDefault drops ， and 。 at the end of a line and keeps them
	// inside. The zero value means the same.
	PunctuationDefault PunctuationStyle = "default"
	// PunctuationStreaming is what streaming services ask for: ， and 。 inside
	// a line become a space, ？ and ！ stay, an ellipsis is one ⋯ (Netflix's
	// timed text style guide for Simplified Chinese).
	PunctuationStreaming PunctuationStyle = "streaming"
)

// PunctuationStyles lists the styles.
func PunctuationStyles() []PunctuationStyle {
	return []PunctuationStyle{PunctuationDefault, PunctuationFull, PunctuationStreaming}
}

// Punctuate sets the signs of a Chinese text as the style wants them, line by
// line. Besides what the styles differ in, all but PunctuationFull
//
//   - write quotes as the script does: “” and ‘’ in Simplified, 「」 and 『』 in
//     Traditional Chinese and Cantonese;
//   - write an ellipsis, however it came, as …… (GB/T 15834 and Taiwan's
//     重訂標點符號手冊), or ⋯ in the streaming style;
//   - set · between the parts of a foreign name;
//   - write digits and Latin letters half-width, and the signs ,.?!:; behind a
//     Han character full-width;
//   - keep one space where there are several, and none beside ，。、；：.
//
// Addresses (URLs, e-mail addresses, @mentions, #hashtags) and the signs inside
// numbers are never touched, nor is text in another language or without a Han
// character or Chinese sign ("OK..."). A line of nothing but ， or 。 stays. Punctuating twice is
// punctuating once.
func Punctuate(text string, lang language.Tag, style PunctuationStyle) string {
	if style == PunctuationFull || !IsChinese(lang) || !strings.ContainsFunc(text, isHanText) {
		return text
	}
	lang = Canonical(lang)
	p := punctuator{streaming: style == PunctuationStreaming, traditional: lang != SimplifiedChinese}
	// What one round brings together the next one may mend ("好.，"); nothing
	// needs more than a few.
	for range 8 {
		next := p.round(text)
		if next == text {
			break
		}
		text = next
	}
	return text
}

// isHan is isHanLike without kana and bopomofo.
func isHan(r rune) bool {
	return isHanLike(r) && !(r >= 0x3041 && r <= 0x30FF) && !(r >= 0x3105 && r <= 0x31FF) && !(r >= 0xFF66 && r <= 0xFF9D)
}

// isHanText: what shows that a text is set in Chinese, a name alone ("Joe's
// Pizza，") included.
func isHanText(r rune) bool { return isHan(r) || strings.ContainsRune("，。、？！；：", r) }

// A punctuator is one run of Punctuate.
type punctuator struct {
	streaming, traditional bool
}

func (p punctuator) round(text string) string {
	rs := []rune(text)
	fixed := addresses(rs)
	p.narrow(rs, fixed)
	p.quote(rs, fixed)
	out := make([]rune, 0, len(rs)+8)
	from := 0
	for i := 0; i <= len(rs); i++ {
		if i < len(rs) && rs[i] != '\n' {
			continue
		}
		out = p.line(out, rs[from:i], fixed[from:i])
		if i < len(rs) {
			out = append(out, '\n')
		}
		from = i + 1
	}
	return string(out)
}

// addresses marks the characters of URLs, e-mail addresses, @mentions and
// #hashtags.
func addresses(rs []rune) []bool {
	fixed := make([]bool, len(rs))
	for i := 0; i < len(rs); {
		if rs[i] == '@' || rs[i] == '#' {
			end := i + 1
			for end < len(rs) && end-i <= 40 && (isNameRune(rs[end]) || strings.ContainsRune("·・.-", rs[end]) && end+1 < len(rs) && isNameRune(rs[end+1])) {
				end++
			}
			mark(fixed[i:end])
			i = end
			continue
		}
		if !isASCIIAlnum(rs[i]) {
			i++
			continue
		}
		// A run without spaces and East Asian signs; where it leads somewhere,
		// all of it is the address.
		end := i
		for end < len(rs) && rs[end] > ' ' && rs[end] < 0x7F {
			end++
		}
		if word := string(rs[i:end]); isAddress(word) || strings.Contains(word, "://") {
			for end < len(rs) && (rs[end] > ' ' && rs[end] < 0x7F || unicode.IsLetter(rs[end]) && strings.Contains(word, "://")) {
				end++
			}
			mark(fixed[i:end])
		}
		i = end
	}
	return fixed
}

// isNameRune: what names of people and tags are made of.
func isNameRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }

func mark(fixed []bool) {
	for i := range fixed {
		fixed[i] = true
	}
}

func isASCIIAlnum(r rune) bool {
	return r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z'
}

func isASCIIDigit(r rune) bool { return r >= '0' && r <= '9' }

// narrow makes digits and letters half-width, the signs behind Han characters
// full-width, and the point between the parts of a name ·.
func (p punctuator) narrow(rs []rune, fixed []bool) {
	at := func(i int) rune {
		if i < 0 || i >= len(rs) {
			return '\n'
		}
		return rs[i]
	}
	for i, r := range rs {
		if fixed[i] {
			continue
		}
		switch {
		case r >= '０' && r <= '９', r >= 'Ａ' && r <= 'Ｚ', r >= 'ａ' && r <= 'ｚ':
			rs[i] = r - 0xFEE0
		case r == '．' && isASCIIDigit(at(i-1)) && (isASCIIDigit(at(i+1)) || at(i+1) >= '０' && at(i+1) <= '９'):
			rs[i] = '.'
		case strings.ContainsRune("•‧・･∙⋅●", r) && isHan(at(i-1)) && isHan(at(i+1)):
			rs[i] = '·'
		case r < 0x80 && strings.ContainsRune(",?!;:", r):
			if b := at(i - 1); isHan(b) || strings.ContainsRune("？！”』」》）", b) {
				rs[i] = r + 0xFEE0
			}
		case r == '.' && isHan(at(i-1)):
			if n := at(i + 1); n == '\n' || n == ' ' || strings.ContainsRune("”’」』）》", n) {
				rs[i] = '。'
			}
		}
	}
}

// quote writes quotes as the script does. Those of a cue need not be in pairs:
// a quotation may begin in one cue and end in the next.
func (p punctuator) quote(rs []rune, fixed []bool) {
	p.straight(rs, fixed)
	var inner []bool // for each open single quote (‘ or 『): whether it stands inside others
	depth := 0
	for i, r := range rs {
		if fixed[i] {
			continue
		}
		switch r {
		case '“', '「':
			rs[i] = p.form(false, true)
			depth++
		case '”', '」':
			rs[i] = p.form(false, false)
			depth = max(depth-1, 0)
		case '『', '‘':
			// The outermost quotes are the double ones of the script.
			if p.traditional == (r == '『') {
				depth++
				break // its own form already, on whatever level the author put it
			}
			inner = append(inner, depth > 0)
			rs[i] = p.form(depth > 0, true)
			depth++
		case '』', '’':
			if p.traditional == (r == '』') {
				depth = max(depth-1, 0)
				break
			}
			if len(inner) > 0 {
				rs[i] = p.form(inner[len(inner)-1], false)
				inner = inner[:len(inner)-1]
				depth = max(depth-1, 0)
			} else if r == '』' {
				rs[i] = p.form(true, false)
				depth = max(depth-1, 0)
			} // a lone ’ is an apostrophe
		}
	}
}

// form is a quote of the script.
func (p punctuator) form(inner, opening bool) rune {
	forms := "“”‘’"
	if p.traditional {
		forms = "「」『』"
	}
	i := 0
	if inner {
		i = 2
	}
	if !opening {
		i++
	}
	return []rune(forms)[i]
}

// straight turns straight quotes that come in pairs into curly ones. The mark
// of inches ("65\"电视") is none.
func (p punctuator) straight(rs []rune, fixed []bool) {
	var places []int
	for i, r := range rs {
		if r != '"' || fixed[i] {
			continue
		}
		if i > 0 && isASCIIDigit(rs[i-1]) && len(places)%2 == 0 {
			return
		}
		places = append(places, i)
	}
	if len(places)%2 > 0 {
		return
	}
	for k, i := range places {
		rs[i] = p.form(false, k%2 == 0)
	}
}

// line appends a line with its ellipses, spaces, commas and full stops set.
func (p punctuator) line(out, rs []rune, fixed []bool) []rune {
	start := len(out)
	space := false // one is owed before the next character
	for i := 0; i < len(rs); i++ {
		r := rs[i]
		if fixed[i] {
			out = p.add(out, start, r, &space, true)
			continue
		}
		if n := ellipsis(rs[i:], fixed[i:], i > 0 && isHan(rs[i-1])); n > 0 {
			i += n - 1
			space = false
			if p.streaming {
				out = append(out, '⋯')
			} else {
				out = append(out, '…', '…')
			}
			continue
		}
		switch {
		case r == '\u3000', r == '\u00A0', r == '\t', r == ' ':
			space = true
		case p.streaming && (r == '，' || r == '。') && !insideNumber(rs, i):
			space = true
		default:
			out = p.add(out, start, r, &space, false)
		}
	}
	return trimEnd(out, start, rs)
}

// add appends a character, after the space that is owed where one may stand.
func (p punctuator) add(out []rune, start int, r rune, space *bool, fixed bool) []rune {
	if *space && len(out) > start && !fixed && isCloser(r) && p.streaming {
		return append(out, r) // “好。”他说: the space comes behind the quote
	}
	if *space && len(out) > start {
		last := out[len(out)-1]
		if fixed || !(noSpaceBefore(r) || noSpaceAfter(last) || p.streaming && (r == '？' || r == '！' || r == '⋯')) {
			out = append(out, ' ')
		}
	}
	*space = false
	return append(out, r)
}

func noSpaceBefore(r rune) bool { return strings.ContainsRune("，。、；：", r) }

func noSpaceAfter(r rune) bool { return strings.ContainsRune("，。、；：“‘「『《（", r) }

func isCloser(r rune) bool { return strings.ContainsRune("”’」』）》】", r) }

// insideNumber: 1，000.
func insideNumber(rs []rune, i int) bool {
	return i > 0 && i+1 < len(rs) && isASCIIDigit(rs[i-1]) && isASCIIDigit(rs[i+1])
}

// ellipsis is the length of the ellipsis at the start of rs, or zero: three
// points of any kind, two of the Chinese full stop, or two ASCII ones behind a
// Han character, or the signs themselves, however many follow each other.
func ellipsis(rs []rune, fixed []bool, afterHan bool) int {
	n, stops, points := 0, 0, 0
	whole := false
	for n < len(rs) && !fixed[n] {
		switch rs[n] {
		case '…', '⋯':
			whole = true
		case '。':
			stops++
		case '.', '．', '・', '･':
			points++
		default:
			goto end
		}
		n++
	}
end:
	if whole || stops >= 2 || points+stops >= 3 || afterHan && points+stops >= 2 {
		return n
	}
	return 0
}

// trimEnd drops ， and 。 from the end of the line that begins at start, before
// closing quotes and brackets too. A line of nothing else is left as it came.
func trimEnd(out []rune, start int, line []rune) []rune {
	closers := len(out)
	for closers > start && (isCloser(out[closers-1]) || out[closers-1] == ' ') {
		closers--
	}
	end := closers
	for end > start && (out[end-1] == '，' || out[end-1] == '。' || out[end-1] == ' ') {
		end--
	}
	tail := string(out[closers:])
	if end == start && strings.TrimSpace(tail) == "" {
		return append(out[:start], []rune(strings.TrimSpace(string(line)))...)
	}
	for _, r := range tail {
		if r != ' ' {
			out[end] = r
			end++
		}
	}
	return out[:end]
}

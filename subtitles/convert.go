package subtitles

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/duosub/duosub/subtitles/hanzi"
)

// CanConvert reports whether [Convert] goes from one language to the other:
// both are Standard Chinese, in whatever script and region. Written Cantonese
// is a language of its own: what is said in it has to be translated.
func CanConvert(from, to language.Tag) bool {
	return isDisplayChinese(Canonical(from)) && isDisplayChinese(Canonical(to))
}

// Convert brings a Chinese text into another script or region, by OpenCC's
// dictionaries (see package hanzi). The tags are taken as [Canonical] takes
// them:
//
//   - zh-Hans is Simplified Chinese,
//   - zh-Hant Traditional Chinese in the characters of Taiwan (which CLDR's
//     likely subtags give it) with the words of the source,
//   - zh-Hant-TW and zh-Hant-HK have their region's words too (軟體, 伺服器).
//
// It fails with an [*Error] of kind ErrNotConvertible where [CanConvert] says
// no: then a translation is wanted.
func Convert(text string, from, to language.Tag) (string, error) {
	if !CanConvert(from, to) {
		return "", &Error{Kind: ErrNotConvertible, Message: "text in " + from.String() + " cannot be converted to " + to.String() + ": have it translated"}
	}
	from, to = Canonical(from), Canonical(to)
	a, b := formOf(from), formOf(to)
	switch {
	case from == to:
		return text, nil
	case to == TraditionalChinese || from == TraditionalChinese && to == SimplifiedChinese:
		return hanzi.Convert(text, a, b), nil
	case a == b: // zh-Hant to zh-Hant-TW: the words alone
		return hanzi.Localize(hanzi.Convert(text, a, hanzi.Standard), hanzi.Standard, b), nil
	}
	return hanzi.Localize(text, a, b), nil
}

// formOf is the form in which a canonical Chinese language is written.
func formOf(lang language.Tag) hanzi.Form {
	switch lang {
	case SimplifiedChinese:
		return hanzi.Simplified
	case TraditionalChineseHK:
		return hanzi.HongKong
	}
	return hanzi.Taiwan
}

// WrongScript lists the characters of a Chinese text that its language does
// not write: Traditional-only ones in Simplified Chinese, Simplified-only ones
// in Traditional Chinese; each once, in order. Characters that both write
// (后, 干, 著) are never wrong, and nothing is in languages other than
// Standard Chinese.
//
// Two kinds of places are left out, since the other script is meant there: an
// @mention that stands for itself, and one or two characters in quotes where
// the text speaks of writing ("“發”字怎么写").
func WrongScript(text string, lang language.Tag) string {
	side := wrongSide(Canonical(lang))
	if side == 0 {
		return ""
	}
	var wrong []rune
	eachWrong(text, side, func(_ int, r rune) {
		if !strings.ContainsRune(string(wrong), r) {
			wrong = append(wrong, r)
		}
	})
	return string(wrong)
}

// Purify mends what [WrongScript] finds and changes nothing else: each wrong
// character becomes the right one for the word that it stands in. A text that
// is in the other script altogether is converted as a whole, with those
// characters that both scripts have (然后 becomes 然後). Words stay as they
// are.
func Purify(text string, lang language.Tag) string {
	lang = Canonical(lang)
	side := wrongSide(lang)
	if side == 0 {
		return text
	}
	var at []int
	eachWrong(text, side, func(i int, _ rune) { at = append(at, i) })
	if len(at) == 0 {
		return text
	}
	from, to := hanzi.Simplified, formOf(lang)
	hans, _, right := ScriptOf(text)
	if side == oneSidedHant {
		from, to, right = hanzi.Taiwan, hanzi.Simplified, hans
	}
	converted := hanzi.Convert(text, from, to)
	if right == 0 && !strings.ContainsAny(text, "@“「『‘\"") {
		return mendSingly(converted, side, from, to)
	}
	// Both have as many characters, so they are walked side by side.
	var b strings.Builder
	b.Grow(len(converted))
	for i := 0; i < len(text) && converted != ""; {
		_, size := utf8.DecodeRuneInString(text[i:])
		c, n := utf8.DecodeRuneInString(converted)
		if len(at) > 0 && at[0] == i {
			at = at[1:]
			b.WriteString(single(c, converted[:n], side, from, to))
		} else {
			b.WriteString(text[i : i+size])
		}
		i, converted = i+size, converted[n:]
	}
	return b.String()
}

// mendSingly replaces what conversion in words has left in the wrong script.
func mendSingly(text string, side uint8, from, to hanzi.Form) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return sideOf(r) == side }) {
		return text
	}
	var b strings.Builder
	for text != "" {
		r, size := utf8.DecodeRuneInString(text)
		b.WriteString(single(r, text[:size], side, from, to))
		text = text[size:]
	}
	return b.String()
}

// single is a character, converted by itself where it is of the wrong script.
func single(r rune, s string, side uint8, from, to hanzi.Form) string {
	if sideOf(r) == side {
		return hanzi.Convert(s, from, to)
	}
	return s
}

// wrongSide is the script that a canonical language does not use; zero for
// languages other than Standard Chinese.
func wrongSide(lang language.Tag) uint8 {
	switch {
	case lang == SimplifiedChinese:
		return oneSidedHant
	case isDisplayChinese(lang):
		return oneSidedHans
	}
	return 0
}

// eachWrong calls f for each character of the wrong script and its offset.
func eachWrong(text string, side uint8, f func(i int, r rune)) {
	skip := -1
	for i, r := range text {
		if i < skip {
			continue
		}
		switch {
		case r == '@':
			skip = mentionEnd(text, i)
		case sideOf(r) == side:
			f(i, r)
		case r == '“' || r == '「' || r == '『' || r == '‘' || r == '"':
			skip = namedCharacter(text, i)
		}
	}
}

// mentionEnd is where the @mention at i ends; i itself where it cannot be told
// from the text around it.
func mentionEnd(text string, i int) int {
	n := 0
	for j, r := range text[i+1:] {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == '-' || r == '.' || r == '·' {
			n++
			continue
		}
		if n > 0 && n <= 16 {
			return i + 1 + j
		}
		return i
	}
	if n <= 16 {
		return len(text)
	}
	return i
}

// namedCharacter is the end of a quotation of one or two Han characters where
// the text speaks of writing; i where there is none.
func namedCharacter(text string, i int) int {
	_, size := utf8.DecodeRuneInString(text[i:])
	n := 0
	for j, r := range text[i+size:] {
		if isHanLike(r) && n < 2 {
			n++
			continue
		}
		end := i + size + j
		if n > 0 && strings.ContainsRune("”」』’\"", r) && strings.ContainsAny(text[:i]+text[end:], "字写寫繁简簡体體笔筆") {
			return end
		}
		return i
	}
	return i
}

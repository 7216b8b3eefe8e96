package subtitles

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// rulePunctuation: signs that do not belong into the language, or into that
// place.
const rulePunctuation = "punctuation"

// checkPunctuation checks a text by the rules of its language: for Chinese
// GB/T 15834 (full-width signs, …… for an ellipsis) and, in Traditional text,
// 「」 as quotes; for English plain typing. The first fault is reported.
func checkPunctuation(fs []Finding, text string, lang language.Tag) []Finding {
	fault := ""
	switch {
	case IsChinese(lang):
		fault = chineseSigns(text, lang != SimplifiedChinese && lang != Cantonese)
	case lang == English:
		fault = englishSigns(text)
	}
	if fault != "" {
		fs = append(fs, Finding{Rule: rulePunctuation, Severity: SeverityWarning, Language: languageOf(lang), Message: fault})
	}
	return fs
}

// halfWidth are signs whose full-width form Chinese wants.
const halfWidth = ",.?!;:"

// chineseSigns is the first fault of a Chinese text. Signs are judged where
// they touch a Chinese character: a URL, a time or a quotation in English
// keeps its own.
func chineseSigns(text string, traditional bool) string {
	var prev, before rune // the character in front, and the one before that
	for i, r := range text {
		next := runeAfter(text, i)
		switch {
		case r < 0x80 && strings.IndexByte(halfWidth, byte(r)) >= 0 && isHanLike(prev):
			if r == '.' && next == '.' {
				return "... for an ellipsis in Chinese text: write …… or ⋯"
			}
			if next <= ' ' || next >= 0x80 {
				return "half-width " + string(r) + " in Chinese text"
			}
		case r == '"' && (isHanLike(prev) || isHanLike(next)):
			return `straight quotes in Chinese text`
		case traditional && (r == '“' || r == '”') && (isHanLike(prev) || isHanLike(next)):
			return "“” in Traditional Chinese text: its quotes are 「」"
		case strings.ContainsRune("，。、；：", r) && r == prev:
			return string(r) + " stands twice"
		case strings.ContainsRune("，。、；：？！）》」』”", r) && (prev == '\n' || prev == 0):
			return "a line begins with " + string(r)
		case strings.ContainsRune("，。、；：？！", r) && prev == ' ' && isHanLike(before):
			return "a space stands before " + string(r)
		}
		prev, before = r, prev
	}
	return ""
}

// englishSigns is the first fault of an English text.
func englishSigns(text string) string {
	var prev rune
	for i, r := range text {
		next := runeAfter(text, i)
		ends := next == 0 || next == ' ' || next == '\n'
		switch {
		case r >= 0xFF01 && r <= 0xFF0F, r >= 0xFF1A && r <= 0xFF20, r >= 0x3001 && r <= 0x3003, r >= 0x3008 && r <= 0x3011:
			if !isHanLike(prev) && !isHanLike(next) {
				return "full-width " + string(r) + " in English text"
			}
		case r == ',' && prev == ',' || r == ';' && prev == ';':
			return string(r) + " stands twice"
		case (r == ',' || r == '?' || r == '!' || r == ';') && prev == ' ' && ends:
			return "a space stands before " + string(r)
		case r == ',' && prev == '\n':
			return "a line begins with ,"
		}
		prev = r
	}
	return ""
}

// runeAfter is the character behind the one at i; zero at the end.
func runeAfter(text string, i int) rune {
	_, size := utf8.DecodeRuneInString(text[i:])
	if i+size >= len(text) {
		return 0
	}
	r, _ := utf8.DecodeRuneInString(text[i+size:])
	return r
}

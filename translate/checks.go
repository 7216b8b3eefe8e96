package translate

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/duosub/duosub/subtitles"
	"golang.org/x/text/language"
)

// The rules of findings that the checks make.
const (
	ruleNumber = "number"
	ruleTerm   = "term"
	ruleScript = "script"
)

// A remark is what a check lets pass with a finding.
type remark struct{ rule, message string }

func (r *run) findings(remarks []remark) []subtitles.Finding {
	var list []subtitles.Finding
	for _, m := range remarks {
		list = append(list, subtitles.Finding{Rule: m.rule, Severity: subtitles.SeverityWarning, Language: r.w.Target.String(), Message: m.message})
	}
	return list
}

// check looks at one unit's answer by itself. It answers why the answer is no
// translation of the unit, "" when it may be one; then the status and the
// remarks are set.
//
// Every check is lax where honest translations differ: they were measured on
// bilingual lectures and talks. Lines that consist of names, single words,
// emoji or mixed languages have rules of their own.
func (r *run) check(a *accepted, req *Request) string {
	source, text := a.item.source, a.whole
	chinese := subtitles.IsChinese(r.w.Target)
	a.status = subtitles.StatusTranslated
	if strings.ContainsFunc(text, func(c rune) bool {
		return c == unicode.ReplacementChar || unicode.IsControl(c) && c != '\n' && c != '\t'
	}) {
		return "garbled"
	}
	if leaks(source, text) {
		return "prompt"
	}
	if fold(source) == fold(text) {
		if nameLike(source) || chinese && sharesHan(source, r.w.Source) {
			// Names that stay as they are, and words that are written alike in
			// both languages: nothing was translated, and it is not said that it
			// was.
			a.status = subtitles.StatusKept
			return ""
		}
		return "echo"
	}
	if reason := checkScript(source, text, chinese); reason != "" {
		return reason
	}
	if chats(source, text) {
		return "chatter"
	}
	if reason := checkLength(source, text); reason != "" {
		return reason
	}
	if endsSentence(source) && !endsSentence(text) && strings.ContainsRune(",，、;；:：", lastRune(text)) {
		return "fragment"
	}
	if repeated(text) >= 40 && repeated(source)*2 < repeated(text) {
		return "repetition"
	}
	for _, i := range []int{a.item.index - 1, a.item.index + 1} {
		if i < 0 || i >= len(r.items) || r.items[i].known == nil || !r.w.linked(min(i, a.item.index)) {
			continue
		}
		if other := r.items[i]; sameText(text, other.known.Text) && !sameText(source, other.source) && weight(text) >= copyWeight {
			return reasonCopy
		}
	}
	a.remarks = r.lacks(a.item, text)
	if req.Kind != "" {
		// A comment that mentions another person, or links elsewhere, is not
		// the same comment.
		for _, m := range a.remarks {
			if m.rule == ruleAddress {
				return ruleAddress
			}
		}
	}
	return ""
}

// remarks are the findings on a translation that comes from the memory.
func (r *run) remarks(it *item, text string) []subtitles.Finding {
	return r.findings(r.lacks(it, text))
}

// lacks are the numbers, terms and marks of the source that the translation
// does not have.
func (r *run) lacks(it *item, text string) []remark {
	var list []remark
	for _, n := range subtitles.MissingNumbers(withoutTokens(it.source), text) {
		list = append(list, remark{ruleNumber, n})
	}
	for _, term := range missingTerms(it.terms, r.w, text) {
		list = append(list, remark{ruleTerm, term.Source + " = " + term.Preferred()})
	}
	list = append(list, missingTokens(it.source, text)...)
	if subtitles.IsChinese(r.w.Source) && !subtitles.IsChinese(r.w.Target) {
		if left := leftHan(it.source, text); left != "" {
			list = append(list, remark{ruleScript, left})
		}
	}
	return list
}

func missingTerms(terms []Term, w Work, text string) []Term {
	if len(terms) == 0 {
		return nil
	}
	return Missing(terms, w.Target, text)
}

// checkScript tells a text that is not in the target language.
func checkScript(source, text string, chinese bool) string {
	plain := withoutTokens(text)
	n, s := countScripts(plain), countScripts(withoutTokens(source))
	if n.kana > 0 && s.kana == 0 {
		return "script"
	}
	if chinese {
		if n.han == 0 && !nameLike(source) && s.han+s.latin+s.kana+s.other > 0 {
			return "script"
		}
		if untranslated(source, plain) {
			return "untranslated"
		}
		return ""
	}
	switch {
	case n.latin == 0 && s.han > 4:
		return "script"
	case n.latin == 0 && n.han > 0:
		return "script"
	case n.latin == 0 && s.han > 0 && len(subtitles.WrittenNumbers(plain)) == 0:
		return "script"
	case float64(n.han)*hanWeight+float64(n.kana+n.other)*1.5 > 0.4*float64(n.latin):
		// A sentence about a character quotes it; this is more.
		return "script"
	}
	return ""
}

// sharesHan reports whether a text of up to four Han characters is of another
// language that writes with them (Cantonese, Japanese), or of the other script:
// such words may be the same in both.
func sharesHan(source string, lang language.Tag) bool {
	n := countScripts(source)
	base, _ := lang.Base()
	return n.han > 0 && n.han <= 4 && n.kana+n.latin+n.other == 0 && (subtitles.IsChinese(lang) || base.String() == "ja")
}

// untranslated reports whether a Chinese text holds a piece of the English
// source in plain words: four words in a row, two of them everyday ones. Code
// and titles stay as they are and have none.
func untranslated(source, text string) bool {
	words, from := latinWords(text), latinWords(source)
	if len(words) < 4 || len(from) < 4 {
		return false
	}
	for i := range words {
		for j := range from {
			run, common := 0, 0
			for i+run < len(words) && j+run < len(from) && words[i+run] == from[j+run] {
				if lower := strings.ToLower(words[i+run]); lower == words[i+run] && commonWords[lower] {
					common++
				}
				run++
			}
			if run >= 4 && common >= 2 {
				return true
			}
		}
	}
	return false
}

// leftHan is the first Han text of a translation into English that stands in
// the source too, mentions and hashtags aside.
func leftHan(source, text string) string {
	for _, piece := range strings.FieldsFunc(withoutTokens(text), func(c rune) bool { return !unicode.Is(unicode.Han, c) }) {
		if strings.Contains(source, piece) {
			return piece
		}
	}
	return ""
}

// checkLength tells texts that are far too long or too short: in honest
// translations of 20 letters and more the ratio of weights stays between
// 0.4 and 2.5.
func checkLength(source, text string) string {
	s, t := weight(withoutTokens(source)), weight(withoutTokens(text))
	switch {
	case t > 3*s+30:
		return "long"
	case t < 0.25*s-3:
		return "short"
	}
	return ""
}

// repeated is how many code points the longest stretch takes in which a piece
// of up to 20 code points comes five times or more in a row, or a longer one
// twice.
func repeated(s string) int {
	runes := []rune(s)
	if len(runes) > 2000 {
		runes = runes[:2000] // the time grows with the square
	}
	longest := 0
	for period := 1; period*2 <= len(runes); period++ {
		times := 5
		if period > 20 {
			times = 2
		}
		same := 0
		for i := period; i < len(runes); i++ {
			if runes[i] != runes[i-period] {
				same = 0
				continue
			}
			same++
			if n := same + period; n >= period*times {
				longest = max(longest, n)
			}
		}
	}
	return longest
}

// leaks reports whether a text holds a piece of the request's form.
func leaks(source, text string) bool {
	for _, mark := range []string{`"units"`, `"before"`, `"after"`, `{"1"`, `":["`, "BCP 47", "JSON object", "JSON 对象"} {
		if strings.Contains(text, mark) && !strings.Contains(source, mark) {
			return true
		}
	}
	return false
}

// chatter are the beginnings of what models say instead of a translation, and
// the words of a source that can honestly be translated so.
var chatter = []struct {
	starts, unless []string
}{
	{[]string{"as an ai", "as a language model", "作为一个ai", "作为ai", "作为人工智能", "作为一个人工智能", "作为语言模型", "我是一个ai", "身為ai"},
		[]string{"ai", "人工智能", "language model", "语言模型"}},
	{[]string{"i'm sorry, but i can", "i’m sorry, but i can", "i am sorry, but i can", "i cannot translate", "i can't translate", "i'm unable to", "i am unable to", "抱歉，我无法", "对不起，我无法", "很抱歉，我无法", "对不起，我不能", "抱歉，我不能", "我无法翻译", "無法翻譯"},
		[]string{"sorry", "抱歉", "对不起", "對不起", "不好意思", "unable", "cannot", "can't", "不能", "无法", "無法"}},
	{[]string{"here is the translation", "here's the translation", "here are the translation", "sure, here", "sure! here", "certainly! here", "the translation is", "translation:", "以下是翻译", "以下为翻译", "翻译如下", "翻译：", "译文：", "譯文：", "好的，以下"},
		[]string{"translat", "翻译", "翻譯", "译文", "sure", "certainly", "here", "这是", "当然", "好的", "这里", "给你"}},
}

// chats reports whether a text begins with what a model says of itself and
// the source gives no reason for it.
func chats(source, text string) bool {
	lower := strings.ToLower(strings.TrimLeft(text, " \"“「『"))
	from := strings.ToLower(source)
	for _, c := range chatter {
		starts := slices.ContainsFunc(c.starts, func(p string) bool { return strings.HasPrefix(lower, p) })
		honest := slices.ContainsFunc(c.unless, func(w string) bool { return strings.Contains(from, w) })
		if starts && !honest {
			return true
		}
	}
	return false
}

func lastRune(s string) rune {
	c, _ := utf8.DecodeLastRuneInString(s)
	return c
}

func endsSentence(s string) bool { return strings.ContainsRune(".!?。！？…", lastRune(s)) }

const (
	// copyWeight is how long a text must be to be suspicious when a neighbour
	// has the same: "非常感谢。" may translate two different lines.
	copyWeight = 18
	// holdWeight is the same for a text that stands inside a neighbour's.
	holdWeight = 27
)

func sameText(a, b string) bool { return fold(a) == fold(b) }

// markCopies rejects neighbours of which one has the other's text, alone or
// among its own: two units were merged, or one text came twice.
func markCopies(answers []accepted, bad []string) {
	for i := 0; i+1 < len(answers); i++ {
		a, b := &answers[i], &answers[i+1]
		if a.whole == "" || b.whole == "" {
			continue
		}
		short, long := a, b
		if weight(a.whole) > weight(b.whole) {
			short, long = b, a
		}
		w := weight(short.whole)
		if strings.Contains(fold(long.item.source), fold(short.item.source)) {
			continue
		}
		// Two short lines may well be translated alike, but not a short one and
		// a long one.
		misfit := w < 0.4*max(weight(a.item.source), weight(b.item.source))
		if (w >= copyWeight || misfit) && sameText(short.whole, long.whole) || w >= holdWeight && strings.Contains(fold(long.whole), fold(short.whole)) {
			bad[i], bad[i+1] = reasonCopy, reasonCopy
		}
	}
}

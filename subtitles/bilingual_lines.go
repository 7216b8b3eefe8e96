package subtitles

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// A lineClass says which language a line is in, as far as its letters tell.
type lineClass uint8

const (
	lineNone  lineClass = iota // no letters
	lineHan                    // Chinese
	lineLatin                  // letters, but no Chinese
	lineMixed                  // Chinese characters, but more other words
)

func classOf(text string) lineClass {
	n := countScripts(text)
	han := n.han + n.kana
	switch {
	case han == 0 && n.words == 0:
		return lineNone
	case han == 0:
		return lineLatin
	case han >= n.words:
		return lineHan
	}
	return lineMixed
}

// A lineSplit is a track whose cues hold both languages in their lines.
type lineSplit struct {
	track        *Track
	top, bottom  language.Tag
	chineseFirst bool
}

// byLines recognises cues with lines in both languages.
func byLines(t *Track) (s lineSplit, ok bool) {
	s = lineSplit{track: t}
	both, single, first := 0, 0, 0
	var classes []lineClass
	for i := range t.Cues {
		classes = classify(classes[:0], t.Cues[i].Text)
		var has [4]bool
		lead := lineNone
		for _, c := range classes {
			has[c] = true
			if lead == lineNone {
				lead = c
			}
		}
		switch {
		case has[lineLatin] && (has[lineHan] || has[lineMixed]), has[lineHan] && has[lineMixed]:
			both++
			if lead == lineHan || lead == lineMixed && has[lineLatin] {
				first++
			}
		case lead != lineNone && !tellsNothing(t.Cues[i].Text, classes):
			single++
		}
	}
	if both < bilingualLeast || both*100 < (both+single)*bilingualShare {
		return s, false
	}
	s.chineseFirst = first*2 >= both
	if agree := max(first, both-first); agree*100 < both*bilingualOrder {
		return s, false
	}
	var han, latin detector
	for i := range t.Cues {
		chinese, english := s.part(t.Cues[i].Text)
		han.add(chinese)
		latin.add(english)
	}
	chinese, ok := bilingualLanguages(&han, &latin)
	s.top, s.bottom = chinese, English
	if !s.chineseFirst {
		s.top, s.bottom = English, chinese
	}
	return s, ok
}

// tellsNothing reports whether two lines may be one word or number in both
// languages ("OK." above "Okay.", "三" above "3"), as well as one in one.
func tellsNothing(text string, classes []lineClass) bool {
	if len(classes) != 2 {
		return false
	}
	return classes[0] == lineNone || classes[1] == lineNone || classes[0] == lineLatin && classes[1] == lineLatin && countScripts(text).words <= 4
}

// bilingualLanguages is the Chinese language of the texts that a track was
// parted into; ok is false where they are not Chinese and English, or where
// one says far less than the other. People's English has 0.4 to 1 words for a
// Chinese character.
func bilingualLanguages(han, latin *detector) (chinese language.Tag, ok bool) {
	chinese = han.tag()
	if !IsChinese(chinese) || latin.tag() != English {
		return chinese, false
	}
	words := latin.latin * 100
	return chinese, words >= han.han*15 && words <= han.han*300
}

// classify appends the class of each line of a text.
func classify(classes []lineClass, text string) []lineClass {
	for l := range strings.SplitSeq(text, "\n") {
		classes = append(classes, classOf(l))
	}
	return classes
}

// part splits a cue's text. A text in one language leaves the other empty; one
// without letters is given as both.
func (s *lineSplit) part(text string) (chinese, english string) {
	lines := strings.Split(text, "\n")
	isChinese, only := s.assign(lines)
	switch only {
	case lineNone:
		return text, text
	case lineHan:
		return text, ""
	case lineLatin:
		return "", text
	}
	var han, latin []string
	for i, l := range lines {
		if isChinese[i] {
			han = append(han, l)
		} else {
			latin = append(latin, l)
		}
	}
	return strings.Join(han, "\n"), strings.Join(latin, "\n")
}

// assign says for each line whether it is Chinese; only is the one language of
// the cue, lineNone for none, lineMixed for both.
func (s *lineSplit) assign(lines []string) (isChinese []bool, only lineClass) {
	classes := make([]lineClass, 0, len(lines))
	var count [4]int
	for _, l := range lines {
		c := classOf(l)
		classes = append(classes, c)
		count[c]++
	}
	if count[lineMixed] > 0 {
		s.settleMixed(lines, classes, &count)
	}
	isChinese = make([]bool, len(lines))
	switch {
	case count[lineHan] > 0 && count[lineLatin] > 0:
		// Lines without letters go with the line before them, those at the
		// start with the one behind.
		last := lineNone
		for _, c := range classes {
			if c != lineNone {
				last = c
				break
			}
		}
		for i, c := range classes {
			if c != lineNone {
				last = c
			}
			isChinese[i] = last == lineHan
		}
		return isChinese, lineMixed
	case len(lines) == 2 && (sayTheSame(lines[0], lines[1], s.chineseFirst) || s.numberBeside(classes)):
		// "OK." above "Okay.", "Trainer API。" above "The Trainer API.",
		// "2024" above "2024", "三" above "3".
		isChinese[0], isChinese[1] = s.chineseFirst, !s.chineseFirst
		return isChinese, lineMixed
	case count[lineHan] > 0:
		return nil, lineHan
	case count[lineLatin] > 0:
		return nil, lineLatin
	}
	return nil, lineNone
}

// settleMixed decides about lines with Chinese characters among more words of
// another script: beside a line without any they are the Chinese ones, beside
// one of Chinese they are the English ones, and among themselves the ones with
// more of them are Chinese.
func (s *lineSplit) settleMixed(lines []string, classes []lineClass, count *[4]int) {
	most := 0.0
	for i, c := range classes {
		if c == lineMixed {
			most = max(most, HanShare(lines[i]))
		}
	}
	for i, c := range classes {
		if c != lineMixed {
			continue
		}
		switch {
		case count[lineLatin] > 0 && count[lineHan] == 0, count[lineHan] == 0 && HanShare(lines[i]) == most:
			classes[i] = lineHan
		default:
			classes[i] = lineLatin
		}
	}
	clear(count[:])
	for _, c := range classes {
		count[c]++
	}
}

// numberBeside reports whether one of two lines has letters, in the language
// of its place, and the other one none.
func (s *lineSplit) numberBeside(classes []lineClass) bool {
	chinese, english := classes[0], classes[1]
	if !s.chineseFirst {
		chinese, english = english, chinese
	}
	return chinese == lineHan && english == lineNone || chinese == lineNone && english == lineLatin
}

// sayTheSame reports whether two lines without Chinese characters, the upper
// one first, may be a name or number in both languages: a word each, or all
// words of the one in the other, or the punctuation of each in its place.
func sayTheSame(chinese, english string, chineseFirst bool) bool {
	if !chineseFirst {
		chinese, english = english, chinese
	}
	a, b := strings.FieldsFunc(chinese, isNoWord), strings.FieldsFunc(english, isNoWord)
	if classOf(chinese) == lineHan || classOf(english) == lineHan {
		return false
	}
	const wide = "。，？！、；："
	if len(a) == 1 && len(b) == 1 || strings.ContainsAny(chinese, wide) && !strings.ContainsAny(english, wide) {
		return true
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	for _, w := range a {
		if !slices.ContainsFunc(b, func(other string) bool { return strings.EqualFold(w, other) }) {
			return false
		}
	}
	return len(b) <= 2*len(a)+1
}

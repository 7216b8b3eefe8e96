package subtitles

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// SplitBilingual takes a track apart that already shows Chinese and English
// together: line by line within its cues, or as two cues at a time (see
// [BilingualTracks]). ok is false for a track that does not.
//
// The pair has the order in which the track shows the languages, in the
// Chinese script that it is written in; texts of the top one have
// StatusSource, those of the other one StatusGiven. A cue in one language has
// only that text; one with nothing to translate ("♪") stands in both, the
// second time as StatusKept. Where the languages share their cues, numbers and
// times are the track's; two cues at a time are paired by [PairTracks].
func SplitBilingual(t *Track) (d *Document, ok bool) {
	if s, ok := byLines(t); ok {
		return s.document(), true
	}
	top, bottom, ok := byOverlap(t)
	if !ok {
		return nil, false
	}
	d, err := PairTracks(top, bottom, LeadTop)
	if err != nil {
		return nil, false
	}
	for _, c := range d.Cues {
		if a, b := c.Texts[d.Pair.Top], c.Texts[d.Pair.Bottom]; a.Text == b.Text && Keep(b.Text) {
			b.Status = StatusKept
			c.Texts[d.Pair.Bottom] = b
		}
	}
	return d, true
}

// FromBilingual is [SplitBilingual] for a pair that is asked for: the
// document's pair has its order, and its region where the script is the same
// (zh-Hant becomes zh-Hant-HK). Where the track is in the other Chinese
// script, the document's pair names that, and its texts are for the caller to
// convert.
func FromBilingual(t *Track, pair Pair) (d *Document, ok bool) {
	d, ok = SplitBilingual(t)
	if !ok {
		return nil, false
	}
	if found, asked := d.Pair.Chinese(), pair.Chinese(); found != asked && isTraditional(found) == isTraditional(asked) {
		for i := range d.Cues {
			if text, has := d.Cues[i].Texts[found]; has {
				delete(d.Cues[i].Texts, found)
				d.Cues[i].Texts[asked] = text
			}
		}
		if d.Source == found {
			d.Source = asked
		}
		d.Pair.replace(found, asked)
	}
	if (d.Pair.Top == English) != (pair.Top == English) {
		d.Pair.Top, d.Pair.Bottom = d.Pair.Bottom, d.Pair.Top
	}
	return d, true
}

func isTraditional(tag language.Tag) bool { return tag != SimplifiedChinese }

// replace puts one language for another.
func (p *Pair) replace(old, now language.Tag) {
	if p.Top == old {
		p.Top = now
	} else {
		p.Bottom = now
	}
}

// BilingualTracks takes a track apart into one for each of its two languages,
// in the order in which it shows them; each states its Language. It recognises
//
//   - cues whose lines are in Chinese and in English, in one order throughout
//     the track;
//   - two cues at a time, one in each language: Dialogue events in two styles
//     of an ASS file, or cues of an SRT file with the same times. Their borders
//     need not be equal.
//
// It is careful: at least four in five cues must show both languages, and the
// texts of each must be recognisable as Chinese and English. English words in
// Chinese speech do not make a track bilingual. Cues in one language go to
// that track alone, those with nothing to translate to both; numbers and times
// stay as they are.
func BilingualTracks(t *Track) (top, bottom *Track, ok bool) {
	if s, ok := byLines(t); ok {
		top, bottom = s.tracks()
		return top, bottom, true
	}
	return byOverlap(t)
}

// Shares that decide, in percent, and the fewest cues that show both.
const (
	bilingualShare = 80 // of the cues with letters
	bilingualOrder = 90 // of the cues in both languages, in the same order
	bilingualLeast = 2
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

// tracks are the two languages, each with the cues that have text in it.
func (s *lineSplit) tracks() (top, bottom *Track) {
	chinese := s.track.alike(s.top)
	english := s.track.alike(s.bottom)
	if !s.chineseFirst {
		chinese, english = english, chinese
	}
	for i := range s.track.Cues {
		c := &s.track.Cues[i]
		han, latin := s.part(c.Text)
		chinese.addPart(c, han)
		english.addPart(c, latin)
	}
	if s.chineseFirst {
		return chinese, english
	}
	return english, chinese
}

// alike is a track without cues that came from the same file.
func (t *Track) alike(lang language.Tag) *Track {
	return &Track{Format: t.Format, Title: t.Title, Styles: t.Styles, Regions: t.Regions, Language: lang, Cues: make([]Cue, 0, len(t.Cues))}
}

// addPart adds a cue with some of its lines. Markup stays with a cue whose
// text is whole.
func (t *Track) addPart(c *Cue, text string) {
	if text == "" {
		return
	}
	part := *c
	if text != c.Text {
		part.Text, part.Markup = text, partMarkup(c, text)
	}
	t.Cues = append(t.Cues, part)
}

// partMarkup is the markup of some of a cue's lines, which stand together,
// where each line has its own; else empty.
func partMarkup(c *Cue, text string) string {
	own := lineMarkups(c.Markup, strings.Split(c.Text, "\n"))
	if own == nil {
		return ""
	}
	lines := strings.Split(c.Text, "\n")
	part := strings.Split(text, "\n")
	for i := 0; i+len(part) <= len(lines); i++ {
		if slices.Equal(lines[i:i+len(part)], part) {
			if m := strings.Join(own[i:i+len(part)], "\n"); m != text {
				return m
			}
		}
	}
	return ""
}

func (s *lineSplit) document() *Document {
	display := func(tag language.Tag) language.Tag {
		if tag == Cantonese {
			// As PairTracks has it: what Hong Kong reads beside English.
			return TraditionalChineseHK
		}
		return Canonical(tag)
	}
	pair := Pair{Top: display(s.top), Bottom: display(s.bottom)}
	d := &Document{Pair: pair, Source: pair.Top, Cues: make([]DualCue, 0, len(s.track.Cues))}
	for i := range s.track.Cues {
		c := &s.track.Cues[i]
		dual := DualCue{N: c.N, Start: c.Start, End: c.End, Texts: make(map[language.Tag]Text, 2)}
		dual.Carry(c)
		top, bottom := s.part(c.Text)
		if !s.chineseFirst {
			top, bottom = bottom, top
		}
		given := StatusGiven
		if top == c.Text && bottom == c.Text {
			given = StatusKept
		}
		if top != "" {
			dual.Texts[pair.Top] = Text{Text: top, Status: StatusSource}
		}
		if bottom != "" {
			dual.Texts[pair.Bottom] = Text{Text: bottom, Status: given}
		}
		d.Cues = append(d.Cues, dual)
	}
	return d
}

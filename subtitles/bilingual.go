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

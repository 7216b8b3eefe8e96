package subtitles

import (
	"strings"

	"golang.org/x/text/language"
)

// Single lays the document out as a track in one language. Cues that have no
// text in it (untranslated ones, and cues of the other track in a merged
// document) are left out. Numbers and times are the document's, and so is what
// the source says about how a cue is shown: its line, italics and voice.
func (d *Document) Single(lang language.Tag, p Profile) *Track {
	t := &Track{Language: lang, Cues: make([]Cue, 0, len(d.Cues))}
	for i := range d.Cues {
		c := &d.Cues[i]
		if text := c.set(lang, p); text != "" {
			t.Cues = append(t.Cues, c.shown(text))
		}
	}
	p.raise(t)
	return t
}

// Dual lays the document out as one track that shows both languages: in each
// cue the lines of the pair's top language, then those of the bottom one. A
// cue without a translation shows the source alone; a text that is the same
// in both languages is shown once. Numbers and times are the document's, except
// where the profile's DualLines makes several cues of one: the first of them has
// its number, the others have none. Line, italics and voice are the document's
// too; the track's Language is undetermined, its Pair the document's.
func (d *Document) Dual(p Profile) *Track {
	cues := d.consecutive(p)
	t := &Track{Pair: d.Pair, Cues: make([]Cue, 0, len(cues))}
	for i := range cues {
		c := &cues[i]
		top, bottom := c.set(d.Pair.Top, p), c.set(d.Pair.Bottom, p)
		var text string
		topLines := 0
		switch {
		case top == "" && bottom == "":
			if text = c.set(d.Source, p); text == "" {
				continue
			}
			topLines = -1
		case top == "":
			text = bottom
		default:
			text, topLines = top, 1+strings.Count(top, "\n")
			if bottom != "" && Normalize(top) != Normalize(bottom) {
				text += "\n" + bottom
			}
		}
		cue := c.shown(text)
		cue.TopLines = topLines
		t.Cues = append(t.Cues, cue)
	}
	p.raise(t)
	return t
}

// set is the cue's text in a language, in lines, punctuated as the profile
// wants it; empty where there is none.
func (c *DualCue) set(lang language.Tag, p Profile) string {
	t, ok := c.Texts[lang]
	if !ok || t.Status == StatusUntranslated || strings.TrimSpace(t.Text) == "" {
		return ""
	}
	if (t.Status == StatusSource || t.Status == StatusGiven || t.Status == StatusEdited) && strings.Contains(t.Text, "\n") {
		if own, ok := ownLines(Punctuate(t.Text, lang, p.Punctuation), lang, p); ok {
			return own
		}
	}
	text := t.Text
	if t.Status == StatusTranslated || t.Status == StatusReused {
		text = keepMusic(text, c.sourceText())
	}
	// Once before the lines are made, since what is dropped at the end takes no
	// room, and once after, for the ends of the lines.
	text = Punctuate(joinLines(text, lang), lang, p.Punctuation)
	lines := Wrap(text, lang, p)
	if len(lines) == 1 {
		return lines[0]
	}
	return Punctuate(strings.Join(lines, "\n"), lang, p.Punctuation)
}

// ownLines is a text in the lines that its author gave it, if these fit the
// profile.
func ownLines(text string, lang language.Tag, p Profile) (string, bool) {
	rule, wide := p.Rule(lang), writesWide(lang)
	lines := strings.Split(text, "\n")
	out := lines[:0]
	for _, l := range lines {
		if l = foldSpace(l); l != "" {
			out = append(out, l)
		}
	}
	if len(out) > rule.Lines {
		return "", false
	}
	for _, l := range out {
		if len(l) > rule.Columns && columns(l, wide) > rule.MaxColumns {
			return "", false
		}
	}
	return strings.Join(out, "\n"), true
}

package subtitles

import (
	"strings"

	"golang.org/x/text/language"
)

// Severity says how much a finding matters.
type Severity string

const (
	// SeverityWarning: worth a look.
	SeverityWarning Severity = "warning"
	// SeverityError: a viewer or a player will stumble over it.
	SeverityError Severity = "error"
)

// A Finding is one thing that Check or the translation layer found in a cue.
type Finding struct {
	// Rule is a stable word: "reading-speed", "line-length", "lines", "gap",
	// "overlap", "duration", "script", "term", "number", …
	Rule     string   `json:"rule"`
	Severity Severity `json:"severity"`
	// Language is the text that is meant; empty when the cue's times are.
	Language string `json:"language,omitempty"`
	// Value was measured and Limit is what it should keep to, both in the
	// rule's own unit (characters a second, columns, milliseconds).
	Value float64 `json:"value,omitempty"`
	Limit float64 `json:"limit,omitempty"`
	// Message is a sentence for people; empty where rule and value say it.
	Message string `json:"message,omitempty"`
}

// languageOf is the tag's text as Finding.Language holds it.
func languageOf(t language.Tag) string {
	if t == language.Und {
		return ""
	}
	return t.String()
}

// CheckTrack looks at a track as a file's viewers will see it and returns the
// findings of each cue, nil where there are none: reading speed, length and
// number of lines, gaps, overlaps, order and duration, the wrong script, and
// what a reader or a player would stumble over (markup, blank lines, arrows,
// control characters). lang is the text's language; [language.Und] means that
// it is detected, and that a track with a Chinese and an English line in its
// cues is checked as bilingual.
func CheckTrack(t *Track, lang language.Tag, p Profile) [][]Finding {
	out := make([][]Finding, len(t.Cues))
	chinese := language.Und
	if lang == language.Und {
		lang, chinese = languagesOf(t)
	}
	lang = Canonical(lang)
	var prev *Cue
	for i := range t.Cues {
		c := &t.Cues[i]
		fs := checkTimes(nil, prev, c, p)
		prev = c
		fs = checkText(fs, c.Text, "")
		lines := strings.Split(strings.TrimSpace(c.Text), "\n")
		switch {
		case lines[0] == "":
		case chinese != language.Und:
			han, latin := splitByScript(lines)
			if len(han) > 0 {
				fs = checkLines(fs, han, c.Duration(), chinese, p, true)
				fs = checkScript(fs, strings.Join(han, "\n"), chinese)
				fs = checkPunctuation(fs, strings.Join(han, "\n"), chinese)
			}
			if len(latin) > 0 {
				fs = checkLines(fs, latin, c.Duration(), English, p, false)
				fs = checkPunctuation(fs, strings.Join(latin, "\n"), English)
			}
			fs = checkBothShown(fs, han, latin, chinese)
		default:
			fs = checkLines(fs, lines, c.Duration(), lang, p, true)
			fs = checkScript(fs, c.Text, lang)
			fs = checkPunctuation(fs, c.Text, lang)
		}
		out[i] = fs
	}
	return out
}

// Check looks at the document as it will be shown in the profile and puts what
// it finds into the cues' Findings, in place of what an earlier Check found;
// findings of the translation layer stay, first. The Chinese text is taken as
// the one that must be readable in its time: an English one beside it only
// gets warnings for its speed.
func (d *Document) Check(p Profile) {
	dual := d.Dual(p)
	k := 0
	var prev *Cue
	for i := range d.Cues {
		c := &d.Cues[i]
		var fs []Finding
		for _, f := range c.Findings {
			if !ownRules[f.Rule] {
				fs = append(fs, f)
			}
		}
		// Cues without a number go on with the one before them.
		for first := k; k < len(dual.Cues) && (k == first && dual.Cues[k].N == c.N || k > first && dual.Cues[k].N == 0); k++ {
			fs = checkTimes(fs, prev, &dual.Cues[k], p)
			prev = &dual.Cues[k]
		}
		for _, tag := range d.Languages() {
			t, ok := c.Texts[tag]
			if !ok || t.Status == StatusUntranslated {
				continue
			}
			fs = checkText(fs, t.Text, languageOf(tag))
			if text := c.set(tag, p); text != "" && d.Pair.Has(tag) {
				fs = checkLines(fs, strings.Split(text, "\n"), c.End-c.Start, tag, p, tag != English)
				if t.Status != StatusKept {
					fs = checkScript(fs, text, tag)
					fs = checkPunctuation(fs, text, tag)
				}
			}
		}
		c.Findings = d.checkUntranslated(fs, c)
	}
	d.checkNumbers()
}

// languagesOf detects what a track is written in. For a bilingual one (most
// cues that have a Chinese line have one in Latin script too) chinese is its
// Chinese language, else undetermined.
func languagesOf(t *Track) (lang, chinese language.Tag) {
	both, withHan := 0, 0
	var d detector
	for i := range t.Cues {
		han, latin := splitByScript(strings.Split(t.Cues[i].Text, "\n"))
		if len(han) == 0 {
			continue
		}
		withHan++
		d.add(strings.Join(han, "\n"))
		if len(latin) > 0 {
			both++
		}
	}
	if both*2 > withHan && withHan*3 > len(t.Cues) {
		if tag := d.tag(); IsChinese(tag) {
			return English, tag
		}
	}
	return DetectLanguage(t), language.Und
}

// splitByScript parts a cue's lines into those with more Han characters than
// Latin words and the others; lines without letters stay with the line before
// them.
func splitByScript(lines []string) (han, latin []string) {
	inHan := true
	for _, l := range lines {
		n := countScripts(l)
		if n.han+n.kana+n.words > 0 {
			inHan = n.han+n.kana > 0 && n.han+n.kana >= n.words
		}
		if inHan {
			han = append(han, l)
		} else {
			latin = append(latin, l)
		}
	}
	return han, latin
}

package subtitles

import (
	"strings"
	"unicode"

	"golang.org/x/text/language"
)

// Rules that compare the two languages of a document.
const (
	ruleNumber       = "number"
	ruleUntranslated = "untranslated"
)

// readable reports whether a cue has a text in the language to compare.
func (c *DualCue) readable(lang language.Tag) bool {
	t, ok := c.Texts[lang]
	return ok && t.Status != StatusUntranslated && strings.TrimSpace(t.Text) != ""
}

// checkUntranslated finds gaps, and source text that stands in for a
// translation.
func (d *Document) checkUntranslated(fs []Finding, c *DualCue) []Finding {
	source := c.sourceText()
	for _, tag := range []language.Tag{d.Pair.Top, d.Pair.Bottom} {
		t, ok := c.Texts[tag]
		if !ok {
			continue
		}
		switch {
		case t.Status == StatusUntranslated:
			fs = append(fs, Finding{Rule: ruleUntranslated, Severity: SeverityError, Language: languageOf(tag), Message: "there is no translation"})
		case t.Status != StatusTranslated && t.Status != StatusReused || source == "":
		case sameWords(t.Text, source) && countScripts(source).words > 2:
			fs = append(fs, Finding{Rule: ruleUntranslated, Severity: SeverityError, Language: languageOf(tag), Message: "the translation is the source's own text"})
		case IsChinese(tag):
			if left := leftWords(t.Text, source); left != "" {
				fs = append(fs, Finding{Rule: ruleUntranslated, Severity: SeverityWarning, Language: languageOf(tag), Message: "words of the source were left as they are: " + left})
			}
		}
	}
	return fs
}

func sameWords(a, b string) bool {
	return strings.EqualFold(joinLines(Normalize(a), English), joinLines(Normalize(b), English))
}

// leftWords is a run of four Latin words or more of a Chinese text that stands
// in the source too, most of them in small letters: names and titles have
// capitals.
func leftWords(text, source string) string {
	run, small := 0, 0
	from := -1
	end := 0
	flush := func() string {
		if run >= 4 && small*2 > run {
			if left := strings.TrimSpace(text[from:end]); strings.Contains(strings.ToLower(foldSpace(source)), strings.ToLower(foldSpace(left))) {
				return left
			}
		}
		run, small, from = 0, 0, -1
		return ""
	}
	inWord := false
	for i, r := range text {
		letter := r < 0x250 && unicode.IsLetter(r) || inWord && (r == '\'' || r == '’' || r == '-')
		switch {
		case letter && !inWord:
			if from < 0 {
				from = i
			}
			run++
			if unicode.IsLower(r) {
				small++
			}
		case !letter && r != ' ' && r != '\n':
			if left := flush(); left != "" {
				return left
			}
		}
		if inWord = letter; letter {
			end = i + len(string(r))
		}
	}
	return flush()
}

// checkNumbers compares the numbers of the pair's texts, sentence by sentence,
// because a number may stand in another cue of it than in the other language;
// in a document without sentences, the cues beside count too.
func (d *Document) checkNumbers() {
	for first := 0; first < len(d.Cues); {
		last := first
		for d.Cues[first].Unit != 0 && last+1 < len(d.Cues) && d.Cues[last+1].Unit == d.Cues[first].Unit {
			last++
		}
		d.compareNumbers(first, last)
		first = last + 1
	}
}

// compareNumbers compares the cues from first to last and puts what it finds
// into the first.
func (d *Document) compareNumbers(first, last int) {
	around := 0
	if d.Cues[first].Unit == 0 {
		around = 1
	}
	for i := first; i <= last; i++ {
		if !d.Cues[i].readable(d.Pair.Top) || !d.Cues[i].readable(d.Pair.Bottom) {
			return
		}
	}
	top, bottom := d.joined(d.Pair.Top, first, last), d.joined(d.Pair.Bottom, first, last)
	aroundTop, aroundBottom := top, bottom
	if around > 0 {
		aroundTop, aroundBottom = d.joined(d.Pair.Top, first-around, last+around), d.joined(d.Pair.Bottom, first-around, last+around)
	}
	c := &d.Cues[first]
	c.Findings = numberFindings(c.Findings, top, bottom, aroundTop, aroundBottom, d.Pair.Top, d.Pair.Bottom)
}

// joined is a language's text of some cues; indexes beyond the ends are left
// out.
func (d *Document) joined(lang language.Tag, first, last int) string {
	var parts []string
	for i := max(0, first); i <= min(last, len(d.Cues)-1); i++ {
		if d.Cues[i].readable(lang) {
			parts = append(parts, d.Cues[i].Texts[lang].Text)
		}
	}
	return strings.Join(parts, "\n")
}

func hasDigit(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { _, ok := digit(r); return ok })
}

// checkBothShown compares the lines of one cue of a bilingual track: whether
// both languages are there, and their numbers.
func checkBothShown(fs []Finding, han, latin []string, chinese language.Tag) []Finding {
	a, b := strings.Join(han, "\n"), strings.Join(latin, "\n")
	add := func(lang language.Tag, message string) {
		fs = append(fs, Finding{Rule: ruleUntranslated, Severity: SeverityWarning, Language: languageOf(lang), Message: message})
	}
	switch {
	case len(latin) == 0 && countScripts(a).han > 0 && !Keep(a):
		add(English, "the cue has no English line")
	case len(han) == 0 || countScripts(a).han == 0:
		if countScripts(a+"\n"+b).words > 2 { // "OK" and names are the same in both
			add(chinese, "the cue has no Chinese line")
		}
	case len(latin) > 0:
		fs = numberFindings(fs, a, b, a, b, chinese, English)
	}
	return fs
}

// numberFindings compares two texts both ways: the numbers of each that the
// other has neither itself nor around it.
func numberFindings(fs []Finding, a, b, aroundA, aroundB string, langA, langB language.Tag) []Finding {
	if !hasDigit(a) && !hasDigit(b) {
		return fs
	}
	for _, side := range []struct {
		lang     language.Tag
		from, in string
	}{{langA, b, aroundA}, {langB, a, aroundB}} {
		if missing := MissingNumbers(side.from, side.in); len(missing) > 0 {
			fs = append(fs, Finding{Rule: ruleNumber, Severity: SeverityWarning, Language: languageOf(side.lang),
				Message: "numbers of the other language are missing: " + strings.Join(missing, ", ")})
		}
	}
	return fs
}

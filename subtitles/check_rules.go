package subtitles

import (
	"math"
	"regexp"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/language"
)

// The rules that this package checks by, with those of check_pairs.go and
// check_punctuation.go. Others (terms) are the translation layer's.
const (
	ruleReadingSpeed = "reading-speed"
	ruleLineLength   = "line-length"
	ruleLines        = "lines"
	ruleGap          = "gap"
	ruleOverlap      = "overlap"
	ruleOrder        = "order"
	ruleDuration     = "duration"
	ruleTime         = "time"
	ruleDuplicate    = "duplicate"
	ruleScript       = "script"
	ruleEmpty        = "empty"
	ruleBlankLine    = "blank-line"
	ruleArrow        = "arrow"
	ruleMarkup       = "markup"
	ruleEntity       = "entity"
	ruleControl      = "control"
	ruleEncoding     = "encoding"
)

var ownRules = map[string]bool{ruleReadingSpeed: true, ruleLineLength: true, ruleLines: true, ruleGap: true, ruleOverlap: true, ruleOrder: true,
	ruleDuration: true, ruleTime: true, ruleDuplicate: true, ruleScript: true, ruleEmpty: true, ruleBlankLine: true, ruleArrow: true, ruleMarkup: true,
	ruleEntity: true, ruleControl: true, ruleEncoding: true, ruleNumber: true, ruleUntranslated: true, rulePunctuation: true}

// Netflix's timed text style guide: 5/6 of a second to 7 seconds a cue, two
// frames (83 ms at 24 a second) between cues that do not touch. A profile may
// say otherwise.
const (
	minDuration = 833 * time.Millisecond
	maxDuration = 7 * time.Second
	minGap      = 83 * time.Millisecond
	// tooFast is how far beyond the limit a reading speed is no matter of
	// taste any more.
	tooFast = 1.5
)

func round1(x float64) float64 { return math.Round(x*10) / 10 }

func millis(d time.Duration) float64 { return float64(d.Milliseconds()) }

// checkTimes checks a cue's times against its own and the cue's before it.
func checkTimes(fs []Finding, prev *Cue, c *Cue, p Profile) []Finding {
	least, most, between := p.durations()
	if c.Start < 0 || c.End <= c.Start {
		fs = append(fs, Finding{Rule: ruleTime, Severity: SeverityError, Value: millis(c.End - c.Start), Message: "the cue ends before it begins, or begins before the video"})
	} else if d := c.Duration(); d < least {
		fs = append(fs, Finding{Rule: ruleDuration, Severity: SeverityWarning, Value: millis(d), Limit: millis(least)})
	} else if d > most {
		fs = append(fs, Finding{Rule: ruleDuration, Severity: SeverityWarning, Value: millis(d), Limit: millis(most)})
	}
	if prev == nil {
		return fs
	}
	gap := c.Start - prev.End
	switch {
	case c.Start == prev.Start && c.End == prev.End && c.Text == prev.Text:
		fs = append(fs, Finding{Rule: ruleDuplicate, Severity: SeverityWarning, Message: "the cue repeats the one before it: players show it twice"})
	case c.Start < prev.Start:
		fs = append(fs, Finding{Rule: ruleOrder, Severity: SeverityError, Value: millis(prev.Start - c.Start), Message: "the cue begins before the one before it: some players skip it"})
	case gap < 0:
		s := SeverityError // shown together, in an order that players disagree on
		if -gap < between {
			s = SeverityWarning
		}
		fs = append(fs, Finding{Rule: ruleOverlap, Severity: s, Value: millis(-gap)})
	case gap > 0 && gap < between:
		fs = append(fs, Finding{Rule: ruleGap, Severity: SeverityWarning, Value: millis(gap), Limit: millis(between)})
	}
	return fs
}

// checkLines checks how a text in a language is set: lines are what a viewer
// sees of it. reading says that it is the line that viewers must have time
// for; the other one of a bilingual cue only gets warnings.
func checkLines(fs []Finding, lines []string, d time.Duration, lang language.Tag, p Profile, reading bool) []Finding {
	rule, wide, name := p.Rule(lang), writesWide(lang), languageOf(lang)
	widest, length := 0, 0.0
	for _, l := range lines {
		if len(l) > rule.MaxColumns {
			widest = max(widest, columns(l, wide))
		}
		length += Length(l, lang)
	}
	if d > 0 && length > 0 {
		if speed := length / d.Seconds(); round1(speed) > rule.Speed {
			s := SeverityWarning
			if reading && speed > tooFast*rule.Speed {
				s = SeverityError
			}
			fs = append(fs, Finding{Rule: ruleReadingSpeed, Severity: s, Language: name, Value: round1(speed), Limit: rule.Speed})
		}
	}
	if widest > rule.MaxColumns {
		fs = append(fs, Finding{Rule: ruleLineLength, Severity: SeverityWarning, Language: name, Value: float64(widest), Limit: float64(rule.MaxColumns)})
	}
	if len(lines) > rule.Lines {
		fs = append(fs, Finding{Rule: ruleLines, Severity: SeverityWarning, Language: name, Value: float64(len(lines)), Limit: float64(rule.Lines)})
	}
	return fs
}

// checkScript checks that a text is written as its language is.
func checkScript(fs []Finding, text string, lang language.Tag) []Finding {
	if Keep(text) {
		return fs
	}
	name := languageOf(lang)
	n := countScripts(text)
	add := func(s Severity, value int, message string) {
		fs = append(fs, Finding{Rule: ruleScript, Severity: s, Language: name, Value: float64(value), Message: message})
	}
	if lang == English {
		if n.han+n.kana+n.hangul > 0 {
			s := SeverityWarning
			if n.han+n.kana+n.hangul > n.words {
				s = SeverityError
			}
			add(s, n.han+n.kana+n.hangul, "Chinese, Japanese or Korean characters in English text")
		}
		return fs
	}
	if !IsChinese(lang) {
		return fs
	}
	if n.han == 0 {
		s := SeverityWarning // "OK", a name, a title
		if n.words > 2 {
			s = SeverityError
		}
		add(s, n.words, "no Chinese character in Chinese text")
		return fs
	}
	if foreign := n.kana - n.lone + n.hangul; foreign > 0 {
		add(SeverityWarning, foreign, "Japanese or Korean characters in Chinese text")
	}
	if lang == Cantonese {
		return fs
	}
	side := wrongSide(lang)
	if side == 0 {
		return fs
	}
	wrong := 0
	eachWrong(text, side, func(int, rune) { wrong++ })
	if wrong == 0 {
		return fs
	}
	right, _, hant := ScriptOf(text)
	message := "Traditional characters in Simplified text: "
	if side == oneSidedHans {
		right, message = hant, "Simplified characters in Traditional text: "
	}
	s := SeverityWarning // a name in its own script, a slip
	if wrong > right && wrong > 1 {
		s = SeverityError
	}
	add(s, wrong, message+firstRunes(WrongScript(text, lang), 8))
	return fs
}

// firstRunes is the beginning of a text, n characters long at most.
func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

var (
	markupText = regexp.MustCompile(`(?i)</?(?:i|b|u|s|font|span|ruby|rt|c|v|lang|br)(?:[ .][^<>]*)?/?>|\{\\[a-z0-9]+[^{}]*\}|<\d\d:\d\d[:.]`)
	entityText = regexp.MustCompile(`&(?:amp|lt|gt|nbsp|quot|apos|lrm|rlm|#\d+|#x[0-9a-fA-F]+);`)
)

// checkText checks for what a reader or player of the file would stumble over
// in a text.
func checkText(fs []Finding, text, lang string) []Finding {
	add := func(rule string, s Severity, message string) {
		fs = append(fs, Finding{Rule: rule, Severity: s, Language: lang, Message: message})
	}
	if strings.TrimSpace(text) == "" {
		add(ruleEmpty, SeverityError, "the cue shows nothing")
		return fs
	}
	if text[0] == '\n' || text[len(text)-1] == '\n' || strings.Contains(text, "\n\n") || holdsBlankLine(text) {
		add(ruleBlankLine, SeverityError, "a blank line ends the cue in SRT and WebVTT files: what follows it is lost")
	}
	if strings.Contains(text, "-->") {
		add(ruleArrow, SeverityError, "“-->” stands for a cue's times: players drop what is around it")
	}
	if strings.IndexByte(text, '<') >= 0 || strings.IndexByte(text, '{') >= 0 {
		if m := markupText.FindString(text); m != "" {
			add(ruleMarkup, SeverityWarning, "markup in the text: "+m)
		}
	}
	if strings.IndexByte(text, '&') >= 0 {
		if m := entityText.FindString(text); m != "" {
			add(ruleEntity, SeverityWarning, "a character reference that was written out twice: "+m)
		}
	}
	var control, broken, private bool
	for _, r := range text {
		switch {
		case r == '\n' || r >= ' ' && r < 0x7F || isHanLike(r):
		case r == unicode.ReplacementChar:
			broken = true
		case unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0xFEFF, r == 0x2028, r == 0x2029:
			control = true
		case r >= 0xE000 && r <= 0xF8FF, r >= 0xF0000:
			private = true
		}
	}
	if control {
		add(ruleControl, SeverityError, "control characters in the text")
	}
	if broken {
		add(ruleEncoding, SeverityError, "characters were lost when the file was converted (U+FFFD)")
	}
	if private {
		add(ruleEncoding, SeverityWarning, "private-use characters, for which fonts have no glyph")
	}
	return fs
}

func holdsBlankLine(text string) bool {
	if !strings.Contains(text, "\n ") && !strings.Contains(text, "\n\t") && !strings.Contains(text, " \n") && !strings.Contains(text, "\n\u3000") {
		return false
	}
	for l := range strings.SplitSeq(text, "\n") {
		if strings.TrimSpace(l) == "" {
			return true
		}
	}
	return false
}

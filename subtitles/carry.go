package subtitles

import (
	"math"
	"strings"
)

// Carry takes over how the source shows a cue, so that it survives into all
// outputs that can say it: the line (the top of the picture above all), whole
// italics and the voice. Everything else of its markup stays behind: a
// translation has other words in another order, and tags around some of them
// would come back broken.
func (c *DualCue) Carry(from *Cue) {
	c.Line, c.Italic, c.Voice = lineNumber(from.Settings), from.Italic, from.Voice
}

// lineNumber is the line number that a cue's settings come to, or nil. A
// percentage in the upper half is the first line; one in the lower half leaves
// the place to the player, since an output with two languages is higher than
// its source.
func lineNumber(s *Settings) *int {
	if s == nil || s.Line == nil || s.Vertical != "" {
		return nil
	}
	line := 0
	switch v := *s.Line; {
	case s.LinePercent && v >= 50:
		return nil
	case s.LinePercent:
	case math.Abs(v) > maxLine:
		return nil
	default:
		line = int(math.Round(v))
	}
	return &line
}

// maxLine bounds line numbers: beyond it a setting is a slip of somebody's
// program.
const maxLine = 1000

// shown is the cue with a text as it is laid out.
func (c *DualCue) shown(text string) Cue {
	cue := Cue{N: c.N, Start: c.Start, End: c.End, Text: text, Italic: c.Italic, Voice: c.Voice}
	if c.Line != nil {
		line := float64(*c.Line)
		cue.Settings = &Settings{Line: &line}
	}
	return cue
}

// isAtTop reports whether a cue's line is in the upper third of the picture,
// which has 15 to 20 lines.
func isAtTop(s *Settings) bool {
	n := lineNumber(s)
	return n != nil && (*n >= 0 && *n <= 5 || *n <= -12)
}

// lineSetting is the line that WebVTT files get: an integer, which every
// player understands alike.
func lineSetting(s *Settings) (line int, ok bool) {
	if s == nil || s.Line == nil || s.LinePercent {
		return 0, false
	}
	if v := *s.Line; v == math.Trunc(v) && math.Abs(v) <= maxLine {
		return int(v), true
	}
	return 0, false
}

// sourceText is the text that the cue came with; empty where none did.
func (c *DualCue) sourceText() string {
	for _, t := range c.Texts {
		if t.Status == StatusSource {
			return t.Text // a cue has one
		}
	}
	return ""
}

// musicSigns mark what is sung.
const musicSigns = "♪♫♬♩🎵🎶🎼"

// keepMusic puts the music signs that stand around the source around a
// translation that has none.
func keepMusic(text, source string) string {
	if !strings.ContainsAny(source, musicSigns) || strings.ContainsAny(text, musicSigns) || strings.TrimSpace(text) == "" {
		return text
	}
	source = strings.TrimSpace(source)
	opening := source[:len(source)-len(strings.TrimLeft(source, musicSigns+" "))]
	if opening == source {
		return text
	}
	closing := source[len(strings.TrimRight(source, musicSigns+" ")):]
	// At the edge that has a sign, as the source writes it.
	if o := strings.TrimSpace(opening); o != "" {
		text = o + " " + text
	}
	if c := strings.TrimSpace(closing); c != "" {
		text += " " + c
	}
	return text
}

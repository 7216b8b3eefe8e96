package subtitles

import (
	"io"
	"slices"
	"strconv"
	"strings"
)

// WriteSRT writes a track as SRT: UTF-8 without a byte order mark, LF line
// breaks, cues numbered N (all by their place where one has no N), times as
// hh:mm:ss,mmm, and plain text: no tags, no entities ("R&D" stays "R&D"), no
// positions. Times are cut to milliseconds, negative ones to zero.
//
// SRT has no way to escape. Where a text holds what readers take for markup
// (a tag, an entity, a {\…} block, \N) or a line that is one of times, U+2060
// WORD JOINER, which shows nothing, is put behind its first character, or in
// front of the line; [Read] takes it out again, and players show the text as
// it is. Blanks at the start of a line, which players drop, are not written.
//
// The file goes to w in one call of Write, whose error is returned.
func WriteSRT(w io.Writer, t *Track) error {
	b := make([]byte, 0, sizeOf(t, 42))
	byPlace := slices.ContainsFunc(t.Cues, func(c Cue) bool { return c.N <= 0 })
	for i := range t.Cues {
		c := &t.Cues[i]
		n := c.N
		if byPlace {
			n = i + 1
		}
		if i > 0 {
			b = append(b, '\n')
		}
		b = strconv.AppendInt(b, int64(n), 10)
		b = append(b, '\n')
		b = appendTimes(b, c, ',')
		b = append(b, '\n')
		if text := cleanText(c.Text); text != "" {
			b = appendSRTText(b, validUTF8(text))
			b = append(b, '\n')
		}
	}
	_, err := w.Write(b)
	return err
}

// appendSRTText writes a text with guards where it needs them.
func appendSRTText(b []byte, text string) []byte {
	for first := true; ; first = false {
		line, rest, more := strings.Cut(text, "\n")
		line = strings.TrimLeft(line, " \t")
		if !first {
			b = append(b, '\n')
		}
		if strings.HasPrefix(line, guard) || mayHoldArrow(line) && looksTimed(line) {
			b = append(b, guard...)
		}
		b = appendSRTLine(b, line)
		if !more {
			return b
		}
		text = rest
	}
}

// looksTimed reports whether readers may take a line of text for one of times.
func looksTimed(line string) bool {
	_, ok := parseSRTTiming(line)
	return ok || strings.Contains(line, "-->")
}

// appendSRTLine writes a line, with a guard behind each character that would
// start markup, and behind one that a guard follows already.
func appendSRTLine(b []byte, line string) []byte {
	start := 0
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '<', '&', '{', '\\':
		default:
			continue
		}
		if startsMarkup(line[i:]) {
			b = append(b, line[start:i+1]...)
			b = append(b, guard...)
			start = i + 1
		}
	}
	return append(b, line[start:]...)
}

// startsMarkup reports whether s, which begins with <, &, { or \, is markup to
// some reader. Players differ on which tags they know, so any letter or slash
// behind a < will do.
func startsMarkup(s string) bool {
	if len(s) < 2 {
		return false
	}
	if strings.HasPrefix(s[1:], guard) {
		return true
	}
	c := s[1] | 0x20
	switch s[0] {
	case '<':
		return c >= 'a' && c <= 'z' || s[1] == '/' || s[1] == ' ' || s[1] == '\t'
	case '&':
		_, n := entity(s)
		return n > 0
	case '\\':
		return c == 'n' || c == 'h'
	}
	return s[1] == '\\'
}

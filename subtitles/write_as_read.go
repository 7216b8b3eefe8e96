package subtitles

import (
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// appendVTTAsRead writes a cue's payload as VTTOptions.AsRead has it: what
// stood in the WebVTT file, or the same styles in WebVTT's tags. ok is false
// where neither gives the cue's text, as after an edit.
func appendVTTAsRead(b []byte, c *Cue, format Format) (_ []byte, ok bool) {
	if format == VTT {
		payload := c.Markup
		if payload == "" {
			payload = c.Text
		}
		text, _ := vttPlainText(payload)
		if cleanText(text) != c.Text || !isVTTPayload(payload) {
			return b, false
		}
		return append(b, payload...), true
	}
	s, ok := styledCue(c, format)
	if !ok {
		return b, false
	}
	if b, ok = appendVTTVoice(b, c.Voice); ok {
		return append(s.tagged(b, appendVTTText), "</v>"...), true
	}
	return s.tagged(b, appendVTTText), true
}

// isVTTPayload reports whether a payload can stand in a file as it is.
func isVTTPayload(s string) bool {
	return s != "" && !strings.Contains(s, "-->") && !strings.Contains(s, "\n\n") && !strings.ContainsAny(s, "\r\x00") &&
		s[0] != '\n' && s[len(s)-1] != '\n' && utf8.ValidString(s)
}

// SRTOptions say what [WriteSRTWith] writes beside plain text. The zero value
// is plain text, as WriteSRT has it.
type SRTOptions struct {
	// AsRead writes what the file held, as far as SRT has it: of an SRT file
	// the counters, tags, blocks and entities as they stood, and settings
	// behind the times; of WebVTT, SBV and SSA files italics, bold and
	// underlined text and the place at the top ({\an8}). A cue without a
	// counter gets its number; one whose text has been changed since is
	// written plain.
	AsRead bool
}

// WriteSRTWith is [WriteSRT] with options.
func WriteSRTWith(w io.Writer, t *Track, o SRTOptions) error {
	if !o.AsRead {
		return WriteSRT(w, t)
	}
	b := make([]byte, 0, sizeOf(t, 56))
	for i := range t.Cues {
		c := &t.Cues[i]
		if i > 0 {
			b = append(b, '\n')
		}
		switch {
		case isCounter(c.ID):
			b = append(b, strings.TrimSpace(c.ID)...)
		case c.N > 0:
			b = strconv.AppendInt(b, int64(c.N), 10)
		default:
			b = strconv.AppendInt(b, int64(i+1), 10)
		}
		b = append(b, '\n')
		b = appendTimes(b, c, ',')
		b = appendSRTAsRead(b, c, t.Format)
		b = append(b, '\n')
	}
	_, err := w.Write(b)
	return err
}

// appendSRTAsRead writes settings, a line break and a cue's text with its
// markup.
func appendSRTAsRead(b []byte, c *Cue, format Format) []byte {
	if format == SRT {
		payload := c.Markup
		if payload == "" {
			payload = c.Text
		}
		text, _, top := stripSRTMarkup(payload)
		if payload, ok := srtPayload(payload, c.Text); ok && cleanText(text) == c.Text {
			if !top || !c.Settings.isTop() {
				b = appendSettings(b, c.Settings)
			}
			return append(append(b, '\n'), payload...)
		}
	}
	b = append(b, '\n')
	s, ok := styledCue(c, format)
	if !ok {
		s = styledText{}
		s.write(validUTF8(cleanText(c.Text)), 0)
	}
	if isAtTop(c.Settings) {
		b = append(b, `{\an8}`...)
	}
	from := len(b)
	b = s.tagged(b, func(b []byte, text string) []byte {
		if len(b) == from || b[len(b)-1] == '\n' {
			return appendSRTText(b, text)
		}
		return appendSRTLine(b, text)
	})
	return b
}

// withoutBlankLines takes out the lines that would end a cue.
func withoutBlankLines(s string) string {
	if !hasBlankLine(s) {
		return s
	}
	lines := strings.Split(s, "\n")
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return strings.TrimSpace(l) == "" }), "\n")
}

// srtPayload brings a payload of an SRT file to a form that can stand in one:
// without blank lines, and with guards in front of lines that would be taken
// for lines of times here. ok is false where that is not to be had.
func srtPayload(s, text string) (payload string, ok bool) {
	if s == "" || strings.ContainsAny(s, "\r\x00") || !utf8.ValidString(s) {
		return "", false
	}
	s = withoutBlankLines(s)
	if arrow := mayHoldArrow(s); !arrow || readsAs(s, text) {
		return s, true
	}
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if mayHoldArrow(line) && looksTimed(line) {
			lines[i] = guard + line
		}
	}
	s = strings.Join(lines, "\n")
	return s, readsAs(s, text)
}

// readsAs reports whether a payload comes back as the text of one cue.
func readsAs(payload, text string) bool {
	const times = "1\n00:00:01,000 --> 00:00:02,000\n"
	t, err := readSRT(times+payload+"\n\n2\n"+times[2:]+"x\n", &Report{})
	return err == nil && len(t.Cues) == 2 && t.Cues[0].Text == text
}

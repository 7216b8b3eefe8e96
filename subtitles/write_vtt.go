package subtitles

import (
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// WriteVTT writes a track as WebVTT, in the subset that every player
// understands alike: the signature, then for each cue its number N as the
// identifier, its times as hh:mm:ss.mmm (hours with more digits where they
// need them) and its text, with &, < and the arrow --> escaped. Of the
// settings only an integer line number is written, of the markup the cue's
// voice as <v> and whole italics as <i>, the latter around narrow script only:
// Chinese has no italics. Times are cut to milliseconds, negative ones to zero.
//
// A text that does not keep to what [Cue] promises is brought to it: no blank
// line ever ends a cue early. The file goes to w in one call of Write, whose
// error is returned.
func WriteVTT(w io.Writer, t *Track) error { return WriteVTTWith(w, t, VTTOptions{}) }

// appendVTT writes a track with a line behind the signature, unless that is
// empty.
func appendVTT(b []byte, t *Track, o VTTOptions, header string) []byte {
	b = append(b, "WEBVTT\n"...)
	if header != "" {
		b = append(b, header...)
		b = append(b, '\n')
	}
	if o.AsRead && t.Language != language.Und {
		b = append(append(append(b, "Language: "...), t.Language.String()...), '\n')
	}
	b = o.appendBlocks(b, t)
	for i := range t.Cues {
		b = o.appendCue(b, t, &t.Cues[i])
	}
	return b
}

// appendCue writes one cue and the blank line in front of it.
func (o *VTTOptions) appendCue(b []byte, t *Track, c *Cue) []byte {
	b = append(b, '\n')
	switch {
	case o.AsRead:
		if id := vttLine(c.ID); id != "" {
			b = append(append(b, id...), '\n')
		}
	case c.N > 0:
		b = strconv.AppendInt(b, int64(c.N), 10)
		b = append(b, '\n')
	}
	b = appendTimes(b, c, '.')
	if o.AsRead {
		b = appendSettings(b, c.Settings)
	} else if line, ok := lineSetting(c.Settings); ok {
		b = append(b, " line:"...)
		b = strconv.AppendInt(b, int64(line), 10)
	}
	b = append(b, '\n')
	if text := cleanText(c.Text); text != "" {
		b = o.appendPayload(b, t, c, text)
		b = append(b, '\n')
	}
	return b
}

// appendVTTText escapes what would be markup. A > is escaped only where it
// ends an arrow, which would start a new cue.
func appendVTTText(b []byte, text string) []byte {
	text = validUTF8(text)
	start := 0
	for i := 0; i < len(text); i++ {
		var escaped string
		switch c := text[i]; {
		case c > '>':
			continue
		case c == '&':
			escaped = "&amp;"
		case c == '<':
			escaped = "&lt;"
		case c == '>' && i >= 2 && text[i-2:i] == "--":
			escaped = "&gt;"
		default:
			continue
		}
		b = append(b, text[start:i]...)
		b = append(b, escaped...)
		start = i + 1
	}
	return append(b, text[start:]...)
}

// appendTimes writes "start --> end" with the given decimal sign.
func appendTimes(b []byte, c *Cue, decimal byte) []byte {
	b = appendTime(b, c.Start, decimal)
	b = append(b, " --> "...)
	return appendTime(b, c.End, decimal)
}

func appendTime(b []byte, d time.Duration, decimal byte) []byte {
	ms := max(d.Milliseconds(), 0)
	h := ms / 3_600_000
	if h < 10 {
		b = append(b, '0')
	}
	b = strconv.AppendInt(b, h, 10)
	m, s, ms := ms/60_000%60, ms/1000%60, ms%1000
	return append(b, ':', '0'+byte(m/10), '0'+byte(m%10), ':', '0'+byte(s/10), '0'+byte(s%10),
		decimal, '0'+byte(ms/100), '0'+byte(ms/10%10), '0'+byte(ms%10))
}

// sizeOf guesses how many bytes a track takes, with so many a cue beside its
// text.
func sizeOf(t *Track, each int) int {
	n := 0
	for i := range t.Cues {
		n += len(t.Cues[i].Text) + each
	}
	return n + n/16
}

// validUTF8 replaces what is not UTF-8 by U+FFFD, one for each bad byte.
func validUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		b.WriteRune(r)
	}
	return b.String()
}

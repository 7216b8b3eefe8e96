package subtitles

import (
	"io"
	"strconv"
	"strings"

	"golang.org/x/text/language"
)

// VTTOptions say what [WriteVTTWith] writes beside the subset that every
// player understands alike. The zero value is that subset, as WriteVTT has it.
type VTTOptions struct {
	// Plain leaves <i> and <v> out.
	Plain bool
	// Lang puts <lang zh-Hans> around the lines of each language that is
	// known, so that style sheets can tell them apart (::cue(:lang(en))) and
	// browsers choose the right glyphs. Players strip it.
	Lang bool
	// Styles are style sheets, each written as a STYLE block. Some players
	// know none, and some (hls.js, video.js) drop the block as a bad cue; none
	// is harmed.
	Styles []string
	// AsRead writes what a WebVTT file held: its language, its STYLE and
	// REGION blocks, the cues' own identifiers in place of their numbers, all
	// settings, and the payloads with their markup as it stood. A file that is
	// read and written so has the same cues. Of SRT, SBV and SSA files italics,
	// bold and underlined text are kept too. A cue whose text has been changed
	// since is written as without AsRead, and so is every cue with Lang.
	AsRead bool
}

// WriteVTTWith is [WriteVTT] with options. It fails with an [*Error] of kind
// ErrMalformed where a style sheet holds "-->", which no STYLE block can.
func WriteVTTWith(w io.Writer, t *Track, o VTTOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	b := appendVTT(make([]byte, 0, len("WEBVTT\n")+sizeOf(t, 48)), t, o, "")
	_, err := w.Write(b)
	return err
}

func (o *VTTOptions) check() error {
	for _, s := range o.Styles {
		if strings.Contains(s, "-->") {
			return &Error{Kind: ErrMalformed, Message: "a style sheet for WebVTT holds -->, which would end it: write the arrow in another way"}
		}
	}
	return nil
}

// appendBlocks writes the STYLE and REGION blocks.
func (o *VTTOptions) appendBlocks(b []byte, t *Track) []byte {
	add := func(name string, blocks []string) {
		for _, s := range blocks {
			if strings.Contains(s, "\n\n") || strings.ContainsAny(s, "\r\x00") {
				s = cleanText(s)
			}
			if s = strings.Trim(s, "\n"); s == "" || strings.Contains(s, "-->") {
				continue
			}
			b = append(append(append(b, '\n'), name...), '\n')
			b = append(append(b, validUTF8(s)...), '\n')
		}
	}
	if o.AsRead {
		add("STYLE", t.Styles)
		add("REGION", t.Regions)
	}
	add("STYLE", o.Styles)
	return b
}

// appendPayload writes a cue's text, which is clean, with its markup.
func (o *VTTOptions) appendPayload(b []byte, t *Track, c *Cue, text string) []byte {
	if o.AsRead && !o.Lang {
		if b, ok := appendVTTAsRead(b, c, t.Format); ok {
			return b
		}
	}
	if !o.Lang && (o.Plain || !c.Italic && c.Voice == "") {
		return appendVTTText(b, text)
	}
	if !o.Plain {
		b, _ = appendVTTVoice(b, c.Voice)
	}
	for i, block := range t.blocks(c, text) {
		if i > 0 {
			b = append(b, '\n')
		}
		lang := o.Lang && block.lang != language.Und
		italic := c.Italic && !o.Plain && !block.wide()
		if lang {
			b = append(append(append(b, "<lang "...), block.lang.String()...), '>')
		}
		if italic {
			b = append(b, "<i>"...)
		}
		b = appendVTTText(b, block.text)
		if italic {
			b = append(b, "</i>"...)
		}
		if lang {
			b = append(b, "</lang>"...)
		}
	}
	return b
}

// appendVTTVoice writes the start tag of a voice, if there is one.
func appendVTTVoice(b []byte, voice string) (_ []byte, ok bool) {
	if voice = foldSpace(voice); voice == "" {
		return b, false
	}
	b = append(b, "<v "...)
	b = append(b, strings.ReplaceAll(string(appendVTTText(nil, voice)), ">", "&gt;")...)
	return append(b, '>'), true
}

// A textBlock is the lines of a cue that are in one language, which is
// undetermined where the track does not tell.
type textBlock struct {
	text string
	lang language.Tag
}

// wide reports whether the block is set in Chinese, Japanese or Korean.
func (b *textBlock) wide() bool {
	if b.lang != language.Und {
		return countsWide(b.lang)
	}
	return strings.ContainsFunc(b.text, func(r rune) bool { return isHanLike(r) || r >= 0xAC00 && r <= 0xD7AF })
}

// blocks parts a cue's text by language.
func (t *Track) blocks(c *Cue, text string) []textBlock {
	if t.Pair == (Pair{}) {
		return []textBlock{{text, t.Language}}
	}
	lines := strings.Split(text, "\n")
	switch n := c.TopLines; {
	case n < 0:
		return []textBlock{{text, language.Und}}
	case n == 0:
		return []textBlock{{text, t.Pair.Bottom}}
	case n >= len(lines):
		return []textBlock{{text, t.Pair.Top}}
	default:
		return []textBlock{{strings.Join(lines[:n], "\n"), t.Pair.Top}, {strings.Join(lines[n:], "\n"), t.Pair.Bottom}}
	}
}

// vttLine makes a text one line that starts no cue, as an identifier must be.
func vttLine(s string) string {
	if !strings.ContainsAny(s, "\r\n\x00") && !strings.Contains(s, "-->") {
		return validUTF8(s)
	}
	return strings.ReplaceAll(foldSpace(validUTF8(s)), "-->", "->")
}

// appendSettings writes all settings of a cue (WebVTT §4.4), those with their
// default values aside. The region comes last: others behind it would take the
// cue out of it.
func appendSettings(b []byte, s *Settings) []byte {
	if s == nil {
		return b
	}
	number := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	word := func(name, value string) {
		if value != "" && !strings.ContainsAny(value, vttSpace+"\x00") && !strings.Contains(value, "-->") {
			b = append(append(append(append(b, ' '), name...), ':'), validUTF8(value)...)
		}
	}
	word("vertical", s.Vertical)
	if s.Line != nil {
		value := number(*s.Line)
		if s.LinePercent {
			value += "%"
		}
		if s.LineAlign != "" {
			value += "," + s.LineAlign
		}
		word("line", value)
	}
	if s.Position != nil {
		value := number(*s.Position) + "%"
		if s.PositionAlign != "" {
			value += "," + s.PositionAlign
		}
		word("position", value)
	}
	if s.Size != nil {
		word("size", number(*s.Size)+"%")
	}
	word("align", s.Align)
	word("region", s.Region)
	return b
}

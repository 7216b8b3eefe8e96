package subtitles

import (
	"strings"
)

// Styles of a character that WebVTT and SRT both have tags for.
const (
	styleItalic uint8 = 1 << iota
	styleBold
	styleUnderline
)

// styleTags are the tags, outermost first.
var styleTags = []struct {
	style uint8
	name  string
}{{styleBold, "b"}, {styleItalic, "i"}, {styleUnderline, "u"}}

// A styledText is what a viewer reads and how each byte of it is set: the
// common ground of the formats' markups.
type styledText struct {
	text   []byte
	styles []uint8
}

func (s *styledText) write(text string, style uint8) {
	s.text = append(s.text, text...)
	for range len(text) {
		s.styles = append(s.styles, style)
	}
}

// styledCue is the text of a cue with the styles that its markup gives. ok is
// false where the cue has no markup, or markup of another text.
func styledCue(c *Cue, format Format) (s styledText, ok bool) {
	if c.Markup == "" {
		return s, false
	}
	switch format {
	case VTT:
		s.readVTT(c.Markup)
	case SRT, SBV:
		s.readSRT(c.Markup)
	case SSA:
		s.readSSA(c.Markup)
	default:
		return s, false
	}
	s.clean()
	return s, string(s.text) == c.Text
}

func (s *styledText) readVTT(markup string) {
	z := vttTokenizer{input: markup}
	var open styleCounter
	for {
		t, ok := z.next()
		if !ok {
			return
		}
		switch t.kind {
		case vttString:
			s.write(t.text, open.style())
		case vttStartTag:
			open.tag(t.text, 1)
		case vttEndTag:
			open.tag(t.text, -1)
		}
	}
}

func (s *styledText) readSRT(markup string) {
	var open styleCounter
	behind := -1
	for i := 0; i < len(markup); {
		switch c := markup[i]; {
		case c == '<':
			if name, _, closing, n := srtTag(markup[i:]); n > 0 {
				switch {
				case name == "br":
					s.write("\n", 0)
				case closing:
					open.tag(name, -1)
				default:
					open.tag(name, 1)
				}
				i += n
				behind = i
				continue
			}
		case c == '&':
			if plain, n := entity(markup[i:]); n > 0 {
				s.write(plain, open.style())
				i += n
				continue
			}
		case c == '{' && strings.HasPrefix(markup[i:], `{\`):
			if end := strings.IndexByte(markup[i:min(len(markup), i+maxMarkup)], '}'); end > 0 && strings.IndexByte(markup[i:i+end], '\n') < 0 {
				open.block(markup[i+1 : i+end])
				i += end + 1
				behind = i
				continue
			}
		case c == guard[0] && strings.HasPrefix(markup[i:], guard) && (guarded(markup, i) || i == behind && atLineStart(s.text)):
			i += len(guard)
			continue
		}
		s.write(markup[i:i+1], open.style())
		i++
	}
}

// readSSA reads an event's text; soft breaks count as spaces.
func (s *styledText) readSSA(markup string) {
	var open styleCounter
	drawing := false
	lastClose := strings.LastIndexByte(markup, '}')
	for i := 0; i < len(markup); {
		c := markup[i]
		switch {
		case c == '{' && i < lastClose:
			end := i + strings.IndexByte(markup[i:], '}')
			open.block(markup[i+1 : end])
			drawing = drawsAfter(markup[i+1:end], drawing)
			i = end + 1
			continue
		case drawing:
		case c == '\\' && i+1 < len(markup) && strings.IndexByte("Nnh{}", markup[i+1]) >= 0:
			plain := markup[i+1 : i+2]
			switch plain {
			case "N":
				plain = "\n"
			case "n":
				plain = " "
			case "h":
				plain = "\u00A0"
			}
			s.write(plain, open.style())
			i += 2
			continue
		default:
			s.write(markup[i:i+1], open.style())
		}
		i++
	}
}

// clean gives the text the form that a cue's has, as cleanText does.
func (s *styledText) clean() {
	if isClean(string(s.text)) {
		return
	}
	out := styledText{}
	for start := 0; start <= len(s.text); {
		end := start
		for end < len(s.text) && s.text[end] != '\n' {
			end++
		}
		if line := trimSpaceRight(string(s.text[start:end])); line != "" {
			if len(out.text) > 0 {
				out.write("\n", 0)
			}
			out.text = append(out.text, line...)
			out.styles = append(out.styles, s.styles[start:start+len(line)]...)
		}
		start = end + 1
	}
	*s = out
}

// tagged appends the text with the tags of its styles. plain appends a stretch
// of it in one style, escaped as the format wants. A line break carries no
// style, so that tags close with their line.
func (s *styledText) tagged(b []byte, plain func(b []byte, text string) []byte) []byte {
	var now uint8
	turn := func(b []byte, to uint8) []byte {
		// The inner tags of one that ends are closed with it.
		keep := 0
		for keep < len(styleTags) && now&styleTags[keep].style == to&styleTags[keep].style {
			keep++
		}
		for i := len(styleTags) - 1; i >= keep; i-- {
			if now&styleTags[i].style != 0 {
				b = append(append(append(b, "</"...), styleTags[i].name...), '>')
			}
		}
		for i := keep; i < len(styleTags); i++ {
			if to&styleTags[i].style != 0 {
				b = append(append(append(b, '<'), styleTags[i].name...), '>')
			}
		}
		now = to
		return b
	}
	for i := 0; i < len(s.text); {
		end := i + 1
		for end < len(s.text) && s.styles[end] == s.styles[i] && s.text[end] != '\n' && s.text[i] != '\n' {
			end++
		}
		style := s.styles[i]
		if s.text[i] == '\n' {
			style = 0
		}
		b = plain(turn(b, style), string(s.text[i:end]))
		i = end
	}
	return turn(b, 0)
}

// A styleCounter counts the tags that are open.
type styleCounter struct{ italic, bold, underline int }

func (c *styleCounter) style() (s uint8) {
	if c.italic > 0 {
		s |= styleItalic
	}
	if c.bold > 0 {
		s |= styleBold
	}
	if c.underline > 0 {
		s |= styleUnderline
	}
	return s
}

// tag opens (by 1) or closes (by -1) a tag; those without a style do nothing.
func (c *styleCounter) tag(name string, by int) {
	n := new(int)
	switch name {
	case "i", "em":
		n = &c.italic
	case "b", "strong":
		n = &c.bold
	case "u":
		n = &c.underline
	}
	*n = max(*n+by, 0)
}

// block carries out an override block of SSA: \i1, \b700, \u0, \r.
func (c *styleCounter) block(block string) {
	for tag := range strings.SplitSeq(block, `\`) {
		tag = strings.TrimSpace(tag)
		if tag == "" {
			continue
		}
		n := new(int)
		switch tag[0] {
		case 'i':
			n = &c.italic
		case 'b':
			n = &c.bold
		case 'u':
			n = &c.underline
		case 'r':
			*c = styleCounter{}
			continue
		}
		if value, _, width := digits(tag[1:]); width > 0 && width == len(tag)-1 {
			*n = 0
			if value == 1 || value >= 600 {
				*n = 1
			}
		}
	}
}

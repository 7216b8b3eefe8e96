package subtitles

import "strings"

// markItalics sets Cue.Italic from the cues' markup, in the formats whose
// markup says it all. Readers of formats with styles set it themselves.
func markItalics(t *Track) {
	whole := italicVTT
	switch t.Format {
	case VTT:
	case SRT:
		whole = italicSRT
	default:
		return
	}
	for i := range t.Cues {
		if c := &t.Cues[i]; c.Markup != "" {
			c.Italic = whole(c.Markup)
		}
	}
}

// An italicWatch tells whether every visible character of a text is italic.
type italicWatch struct {
	on            bool // what comes next is italic
	some, upright bool // there was text; there was text that is not italic
}

func (w *italicWatch) text(s string) {
	if strings.TrimFunc(s, isInvisible) == "" {
		return
	}
	w.some = true
	w.upright = w.upright || !w.on
}

func (w *italicWatch) whole() bool { return w.some && !w.upright }

// italicVTT reports whether all text of a WebVTT payload stands inside <i>.
func italicVTT(payload string) bool {
	var w italicWatch
	open := 0
	z := vttTokenizer{input: payload}
	for {
		t, ok := z.next()
		if !ok {
			return w.whole()
		}
		switch {
		case t.kind == vttString:
			w.on = open > 0
			w.text(t.text)
		case t.text != "i":
		case t.kind == vttStartTag:
			open++
		case t.kind == vttEndTag:
			open = max(0, open-1)
		}
	}
}

// italicSRT reports whether all text of an SRT payload stands inside <i> or
// <em>, or behind {\i1}.
func italicSRT(payload string) bool {
	var w italicWatch
	open, override := 0, false
	from := 0
	for i := 0; i < len(payload); {
		n := 0
		switch payload[i] {
		case '<':
			var name string
			var closing bool
			name, _, closing, n = srtTag(payload[i:])
			if n > 0 {
				w.text(payload[from:i])
			}
			switch {
			case name != "i" && name != "em":
			case closing:
				open = max(0, open-1)
			default:
				open++
			}
		case '{':
			if end := strings.IndexByte(payload[i:min(len(payload), i+maxMarkup)], '}'); end > 0 && strings.HasPrefix(payload[i:], `{\`) {
				w.text(payload[from:i])
				override = italicAfter(payload[i+1:i+end], override, false)
				n = end + 1
			}
		}
		if n == 0 {
			i++
			continue
		}
		i += n
		from, w.on = i, open > 0 || override
	}
	w.text(payload[from:])
	return w.whole()
}

// italicSSA reports whether all text of an SSA event is italic; on is what its
// style says. Drawings are no text.
func italicSSA(markup string, on bool) bool {
	w := italicWatch{on: on}
	drawing := false
	for markup != "" {
		start := strings.IndexByte(markup, '{')
		if start < 0 || strings.IndexByte(markup[start:], '}') < 0 {
			break
		}
		end := start + strings.IndexByte(markup[start:], '}')
		if !drawing {
			w.text(ssaBreaks.Replace(markup[:start]))
		}
		block := markup[start+1 : end]
		w.on, drawing = italicAfter(block, w.on, on), drawsAfter(block, drawing)
		markup = markup[end+1:]
	}
	if !drawing {
		w.text(ssaBreaks.Replace(markup))
	}
	return w.whole()
}

var ssaBreaks = strings.NewReplacer(`\N`, "\n", `\n`, "\n", `\h`, " ")

// italicAfter reports whether text behind an override block is italic; before
// and style say so of the text in front of it, and of the event's style.
func italicAfter(block string, before, style bool) bool {
	for tag := range strings.SplitSeq(block, `\`) {
		switch strings.TrimSpace(tag) {
		case "i1":
			before = true
		case "i0":
			before = false
		case "i", "r":
			before = style
		}
	}
	return before
}

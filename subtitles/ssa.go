package subtitles

import (
	"strings"

	"github.com/asticode/go-astisub"
)

// readSSA reads SSA and ASS: the Dialogue events, in order of time, without
// override blocks and drawings. Comment events are not shown and not read.
// Each Dialogue line gives a cue or a dropped note.
func readSSA(text string, rep *Report) (*Track, error) {
	return newSSAParser(rep).parse(text)
}

func newSSAParser(rep *Report) *ssaParser {
	return &ssaParser{rep: rep, track: &Track{Format: SSA}, columns: defaultSSAColumns, styles: map[string]bool{}, italics: map[string]bool{}, section: "events"}
}

func (p *ssaParser) parse(text string) (*Track, error) {
	line := 0
	for l := range strings.SplitSeq(text, "\n") {
		line++
		if l = strings.TrimSpace(l); l != "" && l[0] != ';' {
			p.read(l, line)
		}
		if len(p.events) > MaxCues {
			return nil, tooManyCues(line)
		}
	}
	var err error
	p.track.Cues, err = readForeign(p.events, readSSAChunk, ssaText, p.rep)
	return p.track, err
}

// ssaColumns are the places of an event's fields, counted from zero.
type ssaColumns struct{ count, start, end, style, name, text int }

// defaultSSAColumns are those of ASS, and of SSA too, for events without a
// Format line.
var defaultSSAColumns = ssaColumns{count: 10, start: 1, end: 2, style: 3, name: 4, text: 9}

type ssaParser struct {
	rep       *Report
	track     *Track
	section   string
	columns   ssaColumns
	styleName int // columns of the styles' Format line
	styleAt   int
	styles    map[string]bool // which styles are at the top
	italicAt  int             // the column of the styles that says so
	italics   map[string]bool // which styles are italic
	softBreak bool            // \n breaks a line (WrapStyle 2)
	events    []foreignEvent
}

// read takes one line.
func (p *ssaParser) read(l string, line int) {
	if l[0] == '[' && l[len(l)-1] == ']' {
		p.section = strings.ToLower(l[1 : len(l)-1])
		return
	}
	key, value, ok := strings.Cut(l, ":")
	if !ok {
		return
	}
	key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
	switch p.section {
	case "script info":
		switch key {
		case "title":
			p.track.Title = value
		case "wrapstyle":
			p.softBreak = value == "2"
		}
	case "v4 styles", "v4+ styles", "v4 styles+":
		p.style(key, value)
	case "events":
		switch key {
		case "format":
			p.columns = ssaFormat(value)
		case "dialogue":
			p.rep.Audit.Timings++
			p.dialogue(value, line)
		case "picture", "sound", "movie", "command":
			p.drop(line, "no-dialogue", "the event is a "+key+", not text; it was left out")
		}
	}
}

// style notes which styles are italic, and which are at the top: \an7 to \an9
// of ASS, 5 to 7 of SSA.
func (p *ssaParser) style(key, value string) {
	fields := strings.Split(value, ",")
	switch key {
	case "format":
		p.styleName, p.styleAt, p.italicAt = -1, -1, -1
		for i, name := range fields {
			switch strings.ToLower(strings.TrimSpace(name)) {
			case "name":
				p.styleName = i
			case "alignment":
				p.styleAt = i
			case "italic":
				p.italicAt = i
			}
		}
	case "style":
		if p.styleName < 0 || p.styleName >= len(fields) {
			return
		}
		name := strings.TrimLeft(strings.TrimSpace(fields[p.styleName]), "*")
		if p.italicAt > 0 && p.italicAt < len(fields) {
			on := strings.TrimSpace(fields[p.italicAt])
			p.italics[name] = on != "" && on != "0"
		}
		if p.styleAt <= 0 || p.styleAt >= len(fields) {
			return
		}
		prefix := `\an`
		if p.section == "v4 styles" {
			prefix = `\a`
		}
		p.styles[name] = putsOnTop(prefix + strings.TrimSpace(fields[p.styleAt]))
	}
}

func ssaFormat(value string) ssaColumns {
	c := ssaColumns{start: -1, end: -1, style: -1, name: -1, text: -1}
	for i, name := range strings.Split(value, ",") {
		c.count = i + 1
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "start":
			c.start = i
		case "end":
			c.end = i
		case "style":
			c.style = i
		case "name", "actor":
			c.name = i
		case "text":
			c.text = i
		}
	}
	return c
}

// dialogue takes the fields of a Dialogue line.
func (p *ssaParser) dialogue(value string, line int) {
	c := p.columns
	fields := strings.SplitN(value, ",", c.count)
	if len(fields) < c.count || c.start < 0 || c.end < 0 || c.text < 0 {
		p.drop(line, "bad-event", "the event has too few fields; it was left out")
		p.rep.Audit.Dropped++
		return
	}
	start, n := parseLooseTime(strings.TrimSpace(fields[c.start]))
	end, m := parseLooseTime(strings.TrimSpace(fields[c.end]))
	if n == 0 || m == 0 {
		p.drop(line, "bad-times", "the times of the event cannot be read; it was left out")
		p.rep.Audit.Dropped++
		return
	}
	e := foreignEvent{start: start.d, end: end.d, markup: strings.TrimSpace(fields[c.text]), line: line}
	if c.name >= 0 {
		e.voice = strings.TrimSpace(fields[c.name])
	}
	if c.style >= 0 {
		e.style = strings.TrimLeft(strings.TrimSpace(fields[c.style]), "*")
	}
	e.top, e.italic = p.styles[e.style], italicSSA(e.markup, p.italics[e.style])
	e.text = p.plainBraces(e.markup)
	e.braces = strings.Count(e.text, "{")
	e.lines = strings.Count(e.text, `\N`) + strings.Count(e.text, `\n`)
	if len(value) > foreignLine || max(e.braces, e.lines) > foreignBraces {
		p.drop(line, "line-too-long", "the event has more text or markup than a subtitle can have; it was left out")
		p.rep.Audit.Dropped++
		return
	}
	e.shown = ssaShown(e.text)
	if foreignTimes(&e, p.rep) {
		p.events = append(p.events, e)
	}
}

func (p *ssaParser) drop(line int, rule, message string) {
	p.rep.add(Note{Line: line, Dropped: true, Rule: rule, Message: message})
}

// Braces that are text stand as these noncharacters while the library sees it.
const (
	openBrace  = "\uFDD0"
	closeBrace = "\uFDD1"
)

// ssaBlock takes out of an override block what the library would end it at:
// line breaks too, which a player does not look for there.
var ssaBlock = strings.NewReplacer("{", "", `\N`, " ", `\n`, " ")

// plainBraces makes the braces of a text what the library takes them for: each
// { has its }, nothing is nested, no block is empty. As in libass, a block
// runs from { to the next }, a { without one is text, and so is \{. A soft
// break (\n) is a space, unless the file says otherwise.
func (p *ssaParser) plainBraces(s string) string {
	if !p.softBreak && strings.Contains(s, `\n`) {
		s = softBreaks(s)
	}
	if strings.IndexByte(s, '{') < 0 && strings.IndexByte(s, '}') < 0 {
		return s
	}
	var b strings.Builder
	lastClose := strings.LastIndexByte(s, '}')
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && (s[i+1] == '{' || s[i+1] == '}'):
			if s[i+1] == '{' {
				b.WriteString(openBrace)
			} else {
				b.WriteString(closeBrace)
			}
			i += 2
		case c == '{':
			if i > lastClose {
				b.WriteString(openBrace)
				i++
				continue
			}
			end := strings.IndexByte(s[i:], '}')
			if block := ssaBlock.Replace(s[i+1 : i+end]); block != "" {
				b.WriteString("{" + block + "}")
			}
			i += end + 1
		case c == '}':
			b.WriteString(closeBrace)
			i++
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String()
}

// softBreaks turns \n into a space outside of override blocks.
func softBreaks(s string) string {
	var b strings.Builder
	inBlock := false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '{':
			inBlock = true
		case s[i] == '}':
			inBlock = false
		case s[i] == '\\' && !inBlock && i+1 < len(s) && s[i+1] == 'n':
			b.WriteByte(' ')
			i++
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// readSSAChunk has go-astisub read events.
func readSSAChunk(events []foreignEvent) (*astisub.Subtitles, error) {
	b := []byte("[Events]\nFormat: Start, End, Text\n")
	for i := range events {
		e := &events[i]
		b = append(b, "Dialogue: "...)
		b = appendTime(b, e.start, '.')
		b = append(b, ',')
		b = appendTime(b, e.end, '.')
		b = append(b, ',')
		b = append(b, e.text...)
		b = append(b, '\n')
	}
	// Nothing unknown is in these lines; the defaults would write to the log.
	return astisub.ReadFromSSAWithOptions(strings.NewReader(string(b)), astisub.SSAOptions{})
}

// ssaText is the text of an event: without override blocks, and without what
// they declare to be a drawing (\p1 to \p0).
func ssaText(item *astisub.Item) (text string, top bool) {
	var b strings.Builder
	drawing := false
	for i, line := range item.Lines {
		if i > 0 && !drawing {
			b.WriteByte('\n')
		}
		for _, part := range line.Items {
			if part.InlineStyle != nil {
				block := strings.Trim(part.InlineStyle.SSAEffect, "{}")
				drawing = drawsAfter(block, drawing)
				top = top || putsOnTop(block)
			}
			if !drawing {
				b.WriteString(part.Text)
			}
		}
	}
	return ssaEscapes.Replace(b.String()), top
}

// ssaShown counts the characters of an event that show, from its text as
// plainBraces made it: an account of what the library ought to give back.
func ssaShown(s string) (n int) {
	drawing := false
	for s != "" {
		text, rest, found := strings.Cut(s, "{")
		if !drawing {
			n += shownCharacters(text) - strings.Count(text, `\`+guard)
			for i := 0; i+1 < len(text); i++ {
				if text[i] == '\\' && strings.IndexByte("Nnh", text[i+1]) >= 0 {
					n -= 2
					i++
				}
			}
		}
		if !found {
			break
		}
		block, after, _ := strings.Cut(rest, "}")
		drawing = drawsAfter(block, drawing)
		s = after
	}
	return n
}

var ssaEscapes = strings.NewReplacer(`\h`, "\u00A0", `\`+guard, `\`, openBrace, "{", closeBrace, "}")

// drawsAfter reports whether what follows an override block is a drawing.
func drawsAfter(block string, before bool) bool {
	for tag := range strings.SplitSeq(block, `\`) {
		tag = strings.TrimSpace(tag)
		if len(tag) >= 2 && tag[0] == 'p' && isDigit(tag[1]) {
			scale, _, _ := digits(tag[1:])
			before = scale > 0
		}
	}
	return before
}

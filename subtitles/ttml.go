package subtitles

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/asticode/go-astisub"
	"golang.org/x/text/language"
)

// readTTML reads TTML (and its profiles DFXP, IMSC and EBU-TT-D): a cue for
// each <p>, in order of time. Times are taken relative to those of the
// elements around, with end or dur; a <p> without times of its own gives a cue
// for each <span> that has some. Each <p> with text gives a cue or a dropped
// note.
//
// The structure is worked out here and go-astisub is given flat paragraphs,
// because on its own it loses nested spans and paragraphs, joins the words of
// indented lines, knows no dur, and panics where a time is missing.
func readTTML(text string, rep *Report) (*Track, error) {
	return newTTMLParser(rep).parse(text)
}

func newTTMLParser(rep *Report) *ttmlParser {
	return &ttmlParser{rep: rep, track: &Track{Format: TTML}, clock: defaultTTMLClock, topRegions: map[string]bool{}, italicStyles: map[string]bool{}}
}

func (p *ttmlParser) parse(text string) (*Track, error) {
	d := xml.NewDecoder(strings.NewReader(text))
	d.Entity = xml.HTMLEntity
	// The text is UTF-8 by now, whatever its declaration says.
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	for {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		line, _ := d.InputPos()
		if err != nil {
			return nil, &Error{Kind: ErrMalformed, Line: line, Err: err, Message: "the XML of the file is broken: export the subtitles again"}
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if len(p.stack) >= ttmlDepth {
				return nil, unreadable(line, fmt.Errorf("elements are nested deeper than %d", ttmlDepth))
			}
			p.start(tok, line)
		case xml.EndElement:
			p.end()
		case xml.CharData:
			p.text(string(tok))
		}
		if len(p.events) > MaxCues {
			return nil, tooManyCues(line)
		}
	}
	mendForeignEnds(p.events)
	var err error
	p.track.Cues, err = readForeign(p.events, readTTMLChunk, itemText, p.rep)
	return p.track, err
}

// ttmlDepth bounds how deep elements may be nested.
const ttmlDepth = 256

// ttmlElement is an element that is open.
type ttmlElement struct {
	name       string
	begin, end time.Duration // absolute
	timed      bool          // begin is known
	ends       bool          // end is known
	preserve   bool          // xml:space="preserve"
	skip       bool          // its text is not shown
	top        bool
	italic     bool
	upright    *bool         // set where its cue holds text that is not italic
	isCue      bool          // its text becomes a cue of its own
	seq        bool          // its children are shown one after the other
	bounded    bool          // it has an end of its own
	next       time.Duration // when the next child of a sequence begins
	latest     time.Duration // when the last of its children ends
	line       int
	buf        *strings.Builder // where its text goes; nil outside of <p>
}

type ttmlParser struct {
	rep        *Report
	track      *Track
	clock      ttmlClock
	topRegions map[string]bool
	// italicStyles are the identifiers of styles that say so.
	italicStyles map[string]bool
	stack        []ttmlElement
	events       []foreignEvent
}

// start opens an element.
func (p *ttmlParser) start(tok xml.StartElement, line int) {
	e := ttmlElement{name: tok.Name.Local, line: line}
	var parent ttmlElement
	if n := len(p.stack); n > 0 {
		parent = p.stack[n-1]
		e.begin, e.end, e.timed, e.ends = parent.begin, parent.end, parent.timed, parent.ends
		e.preserve, e.skip, e.top, e.buf = parent.preserve, parent.skip, parent.top, parent.buf
		e.italic, e.upright = parent.italic, parent.upright
	}
	attr := func(name string) string {
		for _, a := range tok.Attr {
			if a.Name.Local == name {
				return strings.TrimSpace(a.Value)
			}
		}
		return ""
	}
	switch s := attr("space"); s {
	case "preserve", "default":
		e.preserve = s == "preserve"
	}
	if r := attr("region"); r != "" {
		e.top = p.topRegions[r]
	}
	for id := range strings.FieldsSeq(attr("style")) {
		if on, known := p.italicStyles[id]; known {
			e.italic = on
		}
	}
	if s := attr("fontStyle"); s != "" {
		e.italic = s == "italic" || s == "oblique"
	}
	e.seq = attr("timeContainer") == "seq"
	hasTimes := false
	switch e.name {
	case "style":
		if attr("fontStyle") != "" {
			p.italicStyles[attr("id")] = e.italic
		}
	case "tt":
		p.clock = newTTMLClock(attr)
		if tag, err := language.Parse(attr("lang")); err == nil {
			p.track.Language = Canonical(tag)
		}
	case "region":
		p.topRegions[attr("id")] = isTopRegion(attr("origin"), attr("extent"), attr("displayAlign"))
	case "body", "div", "p", "span":
		hasTimes = p.times(&e, parent, attr)
		e.next, e.latest = e.begin, e.begin
	case "br":
		if e.buf != nil && !e.skip {
			e.buf.WriteByte('\n')
		}
	}
	if strings.HasSuffix(tok.Name.Space, "#metadata") || e.name == "metadata" {
		e.skip = true
	}
	switch {
	case e.name == "p":
		e.isCue, e.buf, e.upright = true, &strings.Builder{}, new(bool)
	case e.name == "span" && hasTimes && parent.buf != nil && !p.paragraphTimed():
		e.isCue, e.buf, e.upright = true, &strings.Builder{}, new(bool)
	}
	p.stack = append(p.stack, e)
}

// paragraphTimed reports whether the open <p> has its own times: those of
// spans inside of it then only say how it builds up.
func (p *ttmlParser) paragraphTimed() bool {
	for i := len(p.stack) - 1; i >= 0; i-- {
		if p.stack[i].name == "p" {
			return p.stack[i].timed && p.stack[i].ends
		}
	}
	return false
}

// times works out an element's times and reports whether it has any itself.
func (p *ttmlParser) times(e *ttmlElement, parent ttmlElement, attr func(string) string) bool {
	begin, hasBegin := p.clock.parse(attr("begin"))
	end, hasEnd := p.clock.parse(attr("end"))
	dur, hasDur := p.clock.parse(attr("dur"))
	// Times are counted from when the parent begins, or, in a sequence, from
	// when the child before ends (TTML2 §12.2.4).
	from := parent.begin
	if parent.seq {
		from = parent.next
		e.begin = from
	}
	if hasBegin {
		e.begin, e.timed = min(from+begin, maxTime), true
	}
	// An element ends at its end, after its duration, and with its parent,
	// whichever is first.
	limit := func(t time.Duration) {
		if !e.ends || t < e.end {
			e.end, e.ends = t, true
		}
	}
	e.bounded = hasEnd || hasDur
	if hasEnd {
		e.timed = true
		limit(min(from+end, maxTime))
	}
	if hasDur {
		e.timed = true
		limit(min(e.begin+dur, maxTime))
	}
	return hasBegin || hasEnd || hasDur
}

// text takes character data.
func (p *ttmlParser) text(s string) {
	if len(p.stack) == 0 {
		return
	}
	e := &p.stack[len(p.stack)-1]
	switch {
	case e.name == "title" && p.track.Title == "" && len(p.stack) < 5:
		p.track.Title = strings.Join(strings.Fields(s), " ")
	case e.buf == nil || e.skip:
		return
	case e.preserve:
		e.buf.WriteString(s)
	default:
		collapse(e.buf, s)
	}
	if e.buf != nil && !e.italic && strings.TrimSpace(s) != "" {
		*e.upright = true
	}
}

// collapse writes s with each run of XML white space as one space, and none at
// the start of a line.
func collapse(b *strings.Builder, s string) {
	const space = " \t\n\r"
	for s != "" {
		i := strings.IndexAny(s, space)
		if i < 0 {
			b.WriteString(s)
			return
		}
		b.WriteString(s[:i])
		s = strings.TrimLeft(s[i:], space)
		if so := b.String(); so != "" && so[len(so)-1] != ' ' && so[len(so)-1] != '\n' {
			b.WriteByte(' ')
		}
	}
}

// end closes the innermost element; one that is a cue becomes an event.
func (p *ttmlParser) end() {
	e := p.stack[len(p.stack)-1]
	p.stack = p.stack[:len(p.stack)-1]
	p.advance(&e)
	if !e.isCue {
		return
	}
	text := cleanText(e.buf.String())
	if text == "" {
		return
	}
	p.rep.Audit.Timings++
	event := foreignEvent{shown: shownCharacters(text), lines: strings.Count(text, "\n"), start: e.begin, end: e.end, text: text, top: e.top, italic: !*e.upright, noEnd: !e.ends, line: e.line}
	switch {
	case !e.timed:
		p.rep.add(Note{Line: e.line, Dropped: true, Rule: "no-times", Message: "the paragraph has no times; it was left out"})
		p.rep.Audit.Dropped++
	case len(text) > foreignLine || event.lines > foreignBraces:
		p.rep.add(Note{Line: e.line, Dropped: true, Rule: "line-too-long", Message: "the paragraph has more text than a subtitle can have; it was left out"})
		p.rep.Audit.Dropped++
	case foreignTimes(&event, p.rep):
		if event.noEnd {
			p.rep.add(Note{Line: e.line, Rule: "no-end-time", Message: "the paragraph has no end; it is shown until the next one, five seconds at most"})
		}
		p.events = append(p.events, event)
	}
}

// advance lets the next child of a sequence begin where the one that was closed
// ends: at its own end, or else with the last of its children.
func (p *ttmlParser) advance(e *ttmlElement) {
	switch e.name {
	case "body", "div", "p", "span":
	default:
		return
	}
	if len(p.stack) == 0 {
		return
	}
	end := e.latest
	if e.bounded {
		end = e.end
	}
	parent := &p.stack[len(p.stack)-1]
	parent.latest = max(parent.latest, end)
	if parent.seq {
		parent.next = end
	}
}

// readTTMLChunk has go-astisub read events.
func readTTMLChunk(events []foreignEvent) (*astisub.Subtitles, error) {
	var b bytes.Buffer
	b.WriteString("<tt><body><div>\n")
	for i := range events {
		e := &events[i]
		fmt.Fprintf(&b, `<p begin="%dms" end="%dms">`, e.start.Milliseconds(), e.end.Milliseconds())
		for line := range strings.SplitSeq(e.text, "\n") {
			// White space in front of a line would be lost, and a line of
			// nothing else is none.
			if err := xml.EscapeText(&b, []byte(ttmlMargin+line)); err != nil {
				return nil, err
			}
			b.WriteString("<br/>")
		}
		b.WriteString("</p>\n")
	}
	b.WriteString("</div></body></tt>")
	return astisub.ReadFromTTML(&b)
}

// ttmlMargin is a noncharacter that keeps white space at the start of lines
// from the library's trimming.
const ttmlMargin = "\uFDD2"

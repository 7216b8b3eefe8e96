package translate

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/duosub/duosub/subtitles"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/language"
	"golang.org/x/text/transform"
)

// MaxTMXBytes bounds a TMX file, as UTF-8 (256 MiB).
const MaxTMXBytes = 256 << 20

// maxTMXDepth bounds how deep elements nest. TMX itself needs eight; sub and
// hi can add to that.
const maxTMXDepth = 64

// ReadTMX reads a TMX file, versions 1.1 to 1.4b, in UTF-8, UTF-16 or the
// encoding that its XML declaration names.
//
// Of a segment the text is kept and the codes are dropped: what stands inside
// bpt, ept, it, ph and ut is some program's markup, and a sub inside it (a
// footnote, a link's title) is no part of the sentence; hi only marks text. A
// code of type "lb" is a line break. Language attributes are xml:lang, or lang
// as before TMX 1.4. Variants without a readable language or without text, and
// units with fewer than two variants, are left out. The sentences around a
// unit are read from props of the types x-context-pre and x-context-post, or
// prev and next. Entities that a file defines for itself are not expanded, and
// nothing outside the file is ever read.
//
// Errors are [*subtitles.Error] of the kinds ErrEmpty, ErrMalformed (with the
// line) and ErrTooLarge, or the reader's own.
func ReadTMX(r io.Reader) (*TMX, error) { return readTMX(r, MaxTMXBytes) }

func readTMX(r io.Reader, limit int64) (*TMX, error) {
	utf8, decoded, err := tmxUTF8(r)
	if err != nil {
		return nil, fmt.Errorf("reading the TMX file: %w", err)
	}
	d := xml.NewDecoder(&tmxSource{r: utf8, left: limit})
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		if decoded || strings.HasPrefix(strings.ToLower(label), "utf-16") {
			return in, nil // it is UTF-8 by now, or was in spite of its label
		}
		enc, err := htmlindex.Get(label)
		if err != nil {
			return nil, fmt.Errorf("the encoding %q is not known", label)
		}
		return enc.NewDecoder().Reader(in), nil
	}
	p := tmxParser{}
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = p.token(tok)
		}
		if err != nil {
			return nil, tmxError(d, err, limit)
		}
	}
	if !p.rooted {
		return nil, &subtitles.Error{Kind: subtitles.ErrEmpty, Message: "the TMX file holds nothing"}
	}
	return NewTMX(p.units), nil
}

var (
	errTMXTooLarge = errors.New("the file is too large")
	errTMXTooDeep  = errors.New("elements are nested too deep")
	errNoTMX       = errors.New("its first element is not <tmx>")
)

// tmxError makes one sentence of what went wrong.
func tmxError(d *xml.Decoder, err error, limit int64) error {
	line, _ := d.InputPos()
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, errTMXTooLarge):
		return &subtitles.Error{Kind: subtitles.ErrTooLarge, Err: err,
			Message: fmt.Sprintf("the TMX file is larger than %d MiB: split it", limit>>20)}
	case errors.As(err, &syntax):
		return &subtitles.Error{Kind: subtitles.ErrMalformed, Line: syntax.Line, Err: err,
			Message: "the TMX file is no sound XML (" + syntax.Msg + "): export it again"}
	case errors.Is(err, errNoTMX), errors.Is(err, errTMXTooDeep):
		return &subtitles.Error{Kind: subtitles.ErrMalformed, Line: line, Err: err, Message: "this cannot be read as TMX: " + err.Error()}
	}
	var read *tmxReadError
	if errors.As(err, &read) {
		return fmt.Errorf("reading the TMX file: %w", read.err)
	}
	return &subtitles.Error{Kind: subtitles.ErrMalformed, Line: line, Err: err,
		Message: "the TMX file cannot be read: " + strings.TrimPrefix(err.Error(), "xml: ")}
}

// tmxUTF8 decodes UTF-16 and drops a byte-order mark; it says whether it
// decoded anything.
func tmxUTF8(r io.Reader) (io.Reader, bool, error) {
	br := bufio.NewReaderSize(r, 1<<16)
	head, err := br.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, false, err
	}
	endian := unicode.LittleEndian
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("<\x00")):
	case bytes.HasPrefix(head, []byte("\xfe\xff")), bytes.HasPrefix(head, []byte("\x00<")):
		endian = unicode.BigEndian
	default:
		if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
			_, err = br.Discard(3)
			return br, false, err
		}
		return br, false, nil
	}
	return transform.NewReader(br, unicode.UTF16(endian, unicode.UseBOM).NewDecoder()), true, nil
}

// tmxSource bounds the file, and turns the control characters that XML forbids
// and exporters write all the same into spaces.
type tmxSource struct {
	r    io.Reader
	left int64
}

// tmxReadError is an error of the reader, not of the file.
type tmxReadError struct{ err error }

func (e *tmxReadError) Error() string { return e.err.Error() }
func (e *tmxReadError) Unwrap() error { return e.err }

func (s *tmxSource) Read(b []byte) (int, error) {
	n, err := s.r.Read(b)
	if s.left -= int64(n); s.left < 0 {
		return 0, errTMXTooLarge
	}
	for i, c := range b[:n] {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			b[i] = ' '
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = &tmxReadError{err}
	}
	return n, err
}

// tmxParser makes units of a file's tokens.
type tmxParser struct {
	units  []TMXUnit
	rooted bool
	depth  int
	all    language.Tag // the header's srclang

	unit *TMXUnit
	// What is being read: the variant, its segment (at segAt, the depth of the
	// seg element), a code within it (at codeAt), a prop.
	variant   TMXVariant
	text      strings.Builder
	segAt     int
	codeAt    int
	propAt    int
	prop      string
	inVariant bool
	// Context that a variant's own props give; it counts when the variant is
	// the source's.
	prev, next string
}

func (p *tmxParser) token(tok xml.Token) error {
	switch tok := tok.(type) {
	case xml.StartElement:
		p.depth++
		if p.depth > maxTMXDepth {
			return errTMXTooDeep
		}
		return p.start(tok)
	case xml.EndElement:
		p.end(tok.Name.Local)
		p.depth--
	case xml.CharData:
		if p.segAt > 0 && p.codeAt == 0 || p.propAt > 0 {
			p.text.Write(tok)
		}
	}
	return nil
}

func (p *tmxParser) start(e xml.StartElement) error {
	name := e.Name.Local
	switch {
	case !p.rooted:
		if name != "tmx" {
			return errNoTMX
		}
		p.rooted = true
	case p.segAt > 0:
		p.startInline(name, e)
	case p.propAt > 0: // elements in a prop only wrap its text
	case name == "header":
		p.all = parseTMXLanguage(attribute(e, "srclang"))
	case name == "tu":
		p.unit = &TMXUnit{Source: p.all}
		if s := attribute(e, "srclang"); s != "" {
			p.unit.Source = parseTMXLanguage(s)
		}
		// A date that cannot be read is as good as none.
		p.unit.Created, _ = time.Parse(tmxTime, attribute(e, "creationdate"))
	case name == "tuv" && p.unit != nil:
		p.variant = TMXVariant{Language: parseTMXLanguage(attribute(e, "lang"))}
		p.inVariant, p.prev, p.next = true, "", ""
	case name == "seg" && p.inVariant:
		p.segAt, p.codeAt = p.depth, 0
		p.text.Reset()
	case name == "prop" && p.unit != nil:
		p.propAt, p.prop = p.depth, strings.ToLower(attribute(e, "type"))
		p.text.Reset()
	}
	return nil
}

// startInline handles an element inside a segment.
func (p *tmxParser) startInline(name string, e xml.StartElement) {
	switch name {
	case "bpt", "ept", "it", "ph", "ut":
		if p.codeAt == 0 {
			p.codeAt = p.depth
			if attribute(e, "type") == "lb" {
				p.text.WriteByte('\n')
			}
		}
	}
}

func (p *tmxParser) end(name string) {
	switch {
	case p.codeAt == p.depth:
		p.codeAt = 0
	case p.segAt == p.depth:
		p.segAt = 0
		p.variant.Text = cleanSegment(p.text.String())
	case p.propAt == p.depth:
		p.propAt = 0
		p.endProp(cleanContext(p.text.String()))
	case p.segAt > 0 || p.propAt > 0:
	case name == "tuv" && p.inVariant:
		p.endVariant()
	case name == "tu" && p.unit != nil:
		if len(p.unit.Variants) >= 2 {
			p.units = append(p.units, *p.unit)
		}
		p.unit, p.inVariant = nil, false
	}
}

func (p *tmxParser) endProp(text string) {
	prev, next := &p.unit.Prev, &p.unit.Next
	if p.inVariant {
		prev, next = &p.prev, &p.next
	}
	switch p.prop {
	case "x-context-pre", "prev":
		*prev = text
	case "x-context-post", "next":
		*next = text
	}
}

func (p *tmxParser) endVariant() {
	p.inVariant = false
	if p.variant.Language == language.Und || p.variant.Text == "" {
		return
	}
	p.unit.Variants = append(p.unit.Variants, p.variant)
	if p.unit.Source != language.Und && subtitles.Canonical(p.variant.Language) == subtitles.Canonical(p.unit.Source) {
		if p.prev != "" {
			p.unit.Prev = p.prev
		}
		if p.next != "" {
			p.unit.Next = p.next
		}
	}
}

// attribute is the value of an attribute, whatever its namespace; of two of
// the same name (xml:lang and lang) the one with a namespace.
func attribute(e xml.StartElement, name string) string {
	value := ""
	for _, a := range e.Attr {
		if a.Name.Local == name && (value == "" || a.Name.Space != "") {
			value = a.Value
		}
	}
	return strings.TrimSpace(value)
}

// parseTMXLanguage reads a language; "*all*" and what is none are Und.
func parseTMXLanguage(s string) language.Tag {
	tag, err := language.Parse(s)
	if err != nil {
		return language.Und
	}
	return tag
}

// cleanSegment drops white space around lines, and blank lines. Line breaks
// stay: they keep two speakers of one cue apart.
func cleanSegment(s string) string {
	s = strings.TrimSpace(s)
	if !strings.ContainsAny(s, "\n\r") {
		return s
	}
	var lines []string
	for line := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '\n' || r == '\r' }) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// cleanContext is cleanSegment for a context, which some programs wrap in an
// escaped seg element.
func cleanContext(s string) string {
	s = cleanSegment(s)
	if inner, ok := strings.CutPrefix(s, "<seg>"); ok {
		s = cleanSegment(strings.TrimSuffix(inner, "</seg>"))
	}
	return s
}

package subtitles

import (
	"html"
	"strings"
)

// vttTokenKind is the kind of a token of WebVTT cue text (WebVTT §6.4).
type vttTokenKind int

const (
	vttString vttTokenKind = iota
	vttStartTag
	vttEndTag
	vttTimestampTag
)

// vttToken is one token. text is the string, the name of the tag or the
// timestamp; classes and annotation belong to start tags.
type vttToken struct {
	kind       vttTokenKind
	text       string
	classes    []string
	annotation string
}

// vttTokenizer is the "WebVTT cue text tokenizer" of §6.4.
type vttTokenizer struct {
	input string
	pos   int
}

// next returns the next token; ok is false behind the last one.
func (z *vttTokenizer) next() (t vttToken, ok bool) {
	if z.pos >= len(z.input) {
		return t, false
	}
	rest := z.input[z.pos:]
	if rest[0] != '<' {
		end := strings.IndexByte(rest, '<')
		if end < 0 {
			end = len(rest)
		}
		z.pos += end
		return vttToken{kind: vttString, text: unescapeVTT(rest[:end])}, true
	}
	// A tag runs to the next >, or to the end.
	tag := rest[1:]
	if end := strings.IndexByte(tag, '>'); end >= 0 {
		tag = tag[:end]
		z.pos += end + 2
	} else {
		z.pos = len(z.input)
	}
	switch {
	case tag == "":
		return vttToken{kind: vttStartTag}, true
	case tag[0] == '/':
		return vttToken{kind: vttEndTag, text: tag[1:]}, true
	case isDigit(tag[0]):
		return vttToken{kind: vttTimestampTag, text: tag}, true
	}
	return startTag(tag), true
}

// startTag splits "name.class.class annotation".
func startTag(tag string) vttToken {
	t := vttToken{kind: vttStartTag}
	head := tag
	if i := strings.IndexAny(tag, " \t\n\f"); i >= 0 {
		head = tag[:i]
		t.annotation = strings.Join(strings.FieldsFunc(unescapeVTT(tag[i:]), isVTTSpace), " ")
	}
	t.text, head, _ = strings.Cut(head, ".")
	if head != "" {
		for class := range strings.SplitSeq(head, ".") {
			if class != "" {
				t.classes = append(t.classes, class)
			}
		}
	}
	return t
}

// unescapeVTT decodes character references, as HTML does in text.
func unescapeVTT(s string) string {
	if strings.IndexByte(s, '&') < 0 {
		return s
	}
	return html.UnescapeString(s)
}

// vttPlainText is the text of a cue's payload without its tags, which is what
// textContent of Chromium's getCueAsHTML gives; ruby text stays in its order.
// voice is the annotation of the cue's <v> tags, where all agree.
func vttPlainText(payload string) (text, voice string) {
	if strings.IndexByte(payload, '<') < 0 {
		return unescapeVTT(payload), ""
	}
	var b strings.Builder
	b.Grow(len(payload))
	var voices voiceSet
	z := vttTokenizer{input: payload}
	for {
		t, ok := z.next()
		if !ok {
			return b.String(), voices.only()
		}
		switch {
		case t.kind == vttString:
			b.WriteString(t.text)
		case t.kind == vttStartTag && t.text == "v":
			voices.add(t.annotation)
		}
	}
}

package subtitles

import (
	"html"
	"strings"
)

// guard is U+2060 WORD JOINER, which shows nothing. WriteSRT puts one behind a
// character that readers would take for the start of markup, and in front of a
// line that they would take for times; the reader here takes it out again, so
// that such a text comes back as it was.
const guard = "\u2060"

// stripSRTMarkup turns the payload of an SRT cue into what a viewer reads.
//
// SRT has no specification. What players agree on is followed: the tags of
// srtTags go, <br> is a line break, {\…} blocks (as of SSA) go, of which \an7,
// \an8 and \an9 put the cue at the top; HTML entities are decoded; any other
// < and & is text. The voice of a <v> tag is given back where the whole cue
// has one.
func stripSRTMarkup(s string) (text, voice string, top bool) {
	special := strings.IndexAny(s, "<&{"+guard)
	if special < 0 {
		return s, "", false
	}
	b := make([]byte, 0, len(s))
	var voices voiceSet
	i := 0
	// A guard may stand behind markup that begins a line, too.
	behind := -1
	for i < len(s) {
		c := s[i]
		switch {
		case c == '<':
			if name, annotation, closing, n := srtTag(s[i:]); n > 0 {
				switch {
				case name == "br":
					b = append(b, '\n')
				case name == "v" && !closing:
					voices.add(html.UnescapeString(annotation))
				}
				i += n
				behind = i
				continue
			}
		case c == '&':
			if plain, n := entity(s[i:]); n > 0 {
				b = append(b, plain...)
				i += n
				continue
			}
		case c == '{' && strings.HasPrefix(s[i:], `{\`):
			if end := strings.IndexByte(s[i:min(len(s), i+maxMarkup)], '}'); end > 0 && strings.IndexByte(s[i:i+end], '\n') < 0 {
				top = top || putsOnTop(s[i:i+end])
				i += end + 1
				behind = i
				continue
			}
		case c == guard[0] && strings.HasPrefix(s[i:], guard) && (guarded(s, i) || i == behind && atLineStart(b)):
			i += len(guard)
			continue
		}
		b = append(b, c)
		i++
	}
	return string(b), voices.only(), top
}

// guarded reports whether the guard at i is one: it stands at the start of a
// line or behind a character that starts markup.
func guarded(s string, i int) bool {
	return i == 0 || strings.IndexByte("\n<&{\\", s[i-1]) >= 0
}

func atLineStart(b []byte) bool { return len(b) == 0 || b[len(b)-1] == '\n' }

// srtTags are the tags that players take for markup in SRT files: HTML's, and
// those of WebVTT, which converters leave behind. What they may carry is given
// as: 0 nothing but name=value attributes, 'a' an annotation too.
var srtTags = map[string]byte{
	"b": 0, "i": 0, "u": 0, "s": 0, "em": 0, "strong": 0, "font": 0, "span": 0, "br": 0, "p": 0, "div": 0,
	"ruby": 0, "rt": 0, "rp": 0, "c": 0, "v": 'a', "lang": 'a',
}

// maxMarkup bounds a tag or a block; it keeps a text of a million unclosed ones
// from being searched a million times.
const maxMarkup = 2048

// srtTag reads a tag of srtTags at the start of s, which begins with <. n is
// its length, zero when it is none: a < in text, or a tag that is not known.
func srtTag(s string) (name, annotation string, closing bool, n int) {
	end := strings.IndexByte(s[:min(len(s), maxMarkup)], '>')
	if end < 0 {
		return "", "", false, 0
	}
	body := s[1:end]
	if strings.IndexByte(body, '<') >= 0 {
		return "", "", false, 0
	}
	// A line break behind the < is none of a tag's.
	const blanks = " \t"
	body = strings.Trim(body, blanks)
	if strings.HasPrefix(body, "/") {
		closing = true
		body = strings.Trim(body[1:], blanks)
	}
	body = strings.TrimRight(strings.TrimSuffix(body, "/"), blanks+"\n")
	nameEnd := 0
	for nameEnd < len(body) && (body[nameEnd]|0x20 >= 'a' && body[nameEnd]|0x20 <= 'z') {
		nameEnd++
	}
	name = strings.ToLower(body[:nameEnd])
	kind, known := srtTags[name]
	if !known {
		return "", "", false, 0
	}
	rest := body[nameEnd:]
	switch {
	case rest == "":
	case rest[0] == '.' && (name == "c" || name == "v" || name == "lang" || len(name) == 1):
		// Classes, as of WebVTT.
		classes, after, _ := strings.Cut(rest, " ")
		if kind != 'a' && strings.TrimSpace(after) != "" || strings.ContainsAny(classes, "\n") {
			return "", "", false, 0
		}
		annotation = strings.TrimSpace(after)
	case rest[0] != ' ' && rest[0] != '\t' && rest[0] != '\n' && rest[0] != '=':
		return "", "", false, 0
	case kind == 'a':
		annotation = strings.TrimSpace(rest)
	case !closing && strings.IndexByte(rest, '=') < 0:
		return "", "", false, 0
	}
	return name, annotation, closing, end + 1
}

// entity decodes the HTML character reference at the start of s, which begins
// with &. Only references that end in a semicolon count: "R&D" and "AT&T" are
// text. n is the length, zero when there is none.
func entity(s string) (plain string, n int) {
	end := strings.IndexByte(s[:min(len(s), 34)], ';')
	if end < 2 {
		return "", 0
	}
	ref := s[:end+1]
	if strings.ContainsAny(ref, " \n<") {
		return "", 0
	}
	plain = html.UnescapeString(ref)
	// A reference that is known takes the semicolon with it; "&notit;" would
	// leave "¬it;".
	if plain == ref || strings.HasSuffix(plain, ";") && plain != ";" {
		return "", 0
	}
	return plain, end + 1
}

// putsOnTop reports whether a {\…} block, given without its closing brace,
// aligns the cue with the top of the picture: \an7 to \an9, or \a5 to \a7 of
// the older numbering.
func putsOnTop(block string) bool {
	for part := range strings.SplitSeq(block, `\`) {
		part = strings.TrimSpace(part)
		if digit, ok := strings.CutPrefix(part, "an"); ok {
			return digit == "7" || digit == "8" || digit == "9"
		}
		if digit, ok := strings.CutPrefix(part, "a"); ok && len(digit) == 1 {
			return digit >= "5" && digit <= "7"
		}
	}
	return false
}

// topSettings put a cue on the first line of the picture.
func topSettings() *Settings {
	line := 0.0
	return &Settings{Line: &line}
}

// isTop reports whether s are the settings of topSettings.
func (s *Settings) isTop() bool {
	if s == nil || s.Line == nil || *s.Line != 0 || s.LinePercent {
		return false
	}
	rest := *s
	rest.Line = nil
	return rest == (Settings{})
}

// A voiceSet collects the speakers of a cue.
type voiceSet struct {
	name    string
	several bool
}

func (v *voiceSet) add(name string) {
	if v.name != "" && name != v.name {
		v.several = true
	}
	v.name = name
}

// only is the one speaker of the cue; empty when there are several, because
// none of them says the whole text.
func (v *voiceSet) only() string {
	if v.several {
		return ""
	}
	return v.name
}

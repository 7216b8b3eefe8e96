package subtitles

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A jsonScanner walks over a JSON text (RFC 8259) once, without building a
// tree: whoever reads says which members it wants and skips the others, so
// that memory does not depend on what else a file holds.
//
// It takes what Python's json module writes beyond the standard: NaN, Infinity
// and -Infinity, which recognisers give as a probability.
//
// After the first error every method returns at once and err tells what is
// wrong, on which line.
type jsonScanner struct {
	s       string
	pos     int
	err     *Error
	counted int // the offset up to which newlines are counted
	lines   int
}

// jsonDepth bounds how deep values may be nested.
const jsonDepth = 512

var errJSONSyntax = errors.New("JSON syntax error")

// line is the number of the line at pos, from 1.
func (z *jsonScanner) line() int {
	if z.pos > z.counted {
		z.lines += strings.Count(z.s[z.counted:z.pos], "\n")
		z.counted = z.pos
	}
	return z.lines + 1
}

// peek skips white space and is the byte that begins the next token, or 0.
func (z *jsonScanner) peek() byte {
	for z.err == nil && z.pos < len(z.s) {
		switch c := z.s[z.pos]; c {
		case ' ', '\t', '\n', '\r':
			z.pos++
		default:
			return c
		}
	}
	return 0
}

func (z *jsonScanner) fail() {
	if z.err != nil {
		return
	}
	z.pos = min(z.pos, len(z.s))
	message := "the JSON of the file is broken here: export the recognition's result again"
	if z.pos == len(z.s) {
		message = "the JSON of the file ends too early, so it was probably cut: upload it again, or export the recognition's result again"
	}
	z.err = &Error{Kind: ErrMalformed, Line: z.line(), Message: message, Err: errJSONSyntax}
}

// object calls member for each member of the object that comes next, with its
// key; member reads the value or skips it. What is no object is skipped.
func (z *jsonScanner) object(member func(key string)) {
	if z.peek() != '{' {
		z.skip()
		return
	}
	z.pos++
	if z.peek() == '}' {
		z.pos++
		return
	}
	for z.err == nil {
		if z.peek() != '"' {
			z.fail()
			return
		}
		key, _ := z.text()
		if z.peek() != ':' {
			z.fail()
			return
		}
		z.pos++
		member(key)
		if z.more('}') {
			continue
		}
		return
	}
}

// array calls element for each element of the array that comes next; element
// reads it or skips it. What is no array is skipped.
func (z *jsonScanner) array(element func()) {
	if z.peek() != '[' {
		z.skip()
		return
	}
	z.pos++
	if z.peek() == ']' {
		z.pos++
		return
	}
	for z.err == nil {
		element()
		if !z.more(']') {
			return
		}
	}
}

// more takes a comma, or the end of an object or array.
func (z *jsonScanner) more(end byte) bool {
	switch z.peek() {
	case ',':
		z.pos++
		return true
	case end:
		z.pos++
	default:
		z.fail()
	}
	return false
}

// text reads a string; ok is false, and the value skipped, where it is none.
// A half of a surrogate pair becomes U+FFFD.
func (z *jsonScanner) text() (s string, ok bool) {
	if z.peek() != '"' {
		z.skip()
		return "", false
	}
	start := z.pos + 1
	end := z.stringEnd()
	if z.err != nil {
		return "", false
	}
	raw := z.s[start:end]
	if strings.IndexByte(raw, '\\') < 0 {
		return raw, true
	}
	return z.unescape(raw)
}

// stringEnd takes a string and is the offset of its closing quote.
func (z *jsonScanner) stringEnd() int {
	for i := z.pos + 1; i < len(z.s); i++ {
		switch z.s[i] {
		case '"':
			z.pos = i + 1
			return i
		case '\\':
			i++
		}
	}
	z.pos = len(z.s)
	z.fail()
	return 0
}

func (z *jsonScanner) unescape(raw string) (string, bool) {
	b := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		if c != '\\' {
			b = append(b, c)
			continue
		}
		i++
		switch c = raw[i]; c {
		case 'n':
			b = append(b, '\n')
		case 't':
			b = append(b, '\t')
		case 'r':
			b = append(b, '\r')
		case 'b', 'f':
			b = append(b, ' ')
		case '"', '\\', '/':
			b = append(b, c)
		case 'u':
			r, ok := hexUnit(raw[i+1:])
			if !ok {
				z.fail()
				return "", false
			}
			i += 4
			if r >= 0xD800 && r < 0xDC00 && strings.HasPrefix(raw[i+1:], `\u`) {
				if low, ok := hexUnit(raw[i+3:]); ok && low >= 0xDC00 && low < 0xE000 {
					r = (r-0xD800)<<10 | (low - 0xDC00) + 0x10000
					i += 6
				}
			}
			if r == 0 {
				continue
			}
			b = utf8.AppendRune(b, r) // U+FFFD for a lone surrogate
		default:
			z.fail()
			return "", false
		}
	}
	return string(b), true
}

// hexUnit reads four hexadecimal digits.
func hexUnit(s string) (rune, bool) {
	if len(s) < 4 {
		return 0, false
	}
	v, err := strconv.ParseUint(s[:4], 16, 32)
	return rune(v), err == nil
}

// number reads a number; ok is false, and the value skipped, where it is none.
// whole says that it is written without a point and an exponent.
func (z *jsonScanner) number() (v float64, whole, ok bool) {
	if c := z.peek(); c != '-' && !isDigit(c) {
		z.skip()
		return 0, false, false
	}
	word := z.word()
	v, err := strconv.ParseFloat(word, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		if word != "-Infinity" {
			z.fail()
		}
		return 0, false, false
	}
	return v, !strings.ContainsAny(word, ".eE"), true
}

// word takes what is no string, object or array.
func (z *jsonScanner) word() string {
	start := z.pos
	for z.pos < len(z.s) && strings.IndexByte(" \t\n\r,:]}[{\"", z.s[z.pos]) < 0 {
		z.pos++
	}
	return z.s[start:z.pos]
}

// skip takes the next value, whatever it is.
func (z *jsonScanner) skip() {
	var open [jsonDepth]byte
	depth := 0
	for z.err == nil {
		switch c := z.peek(); c {
		case '{', '[':
			if depth == jsonDepth {
				z.fail()
				return
			}
			open[depth] = c + 2 // } and ] are two behind { and [
			depth++
			z.pos++
			if z.peek() != c+2 {
				if c == '{' {
					z.key()
				}
				continue
			}
			depth--
			z.pos++
		case '"':
			z.stringEnd()
		case 0:
			z.fail()
			return
		default:
			if !isJSONWord(z.word()) {
				z.fail()
				return
			}
		}
		// Behind a value: its container goes on or ends.
		for z.err == nil {
			if depth == 0 {
				return
			}
			if z.more(open[depth-1]) {
				if open[depth-1] == '}' {
					z.key()
				}
				break
			}
			depth--
		}
	}
}

// key takes a key and its colon.
func (z *jsonScanner) key() {
	if z.peek() != '"' {
		z.fail()
		return
	}
	z.stringEnd()
	if z.peek() != ':' {
		z.fail()
		return
	}
	z.pos++
}

func isJSONWord(w string) bool {
	switch w {
	case "true", "false", "null", "NaN", "Infinity", "-Infinity":
		return true
	case "":
		return false
	}
	_, err := strconv.ParseFloat(w, 64)
	return (err == nil || errors.Is(err, strconv.ErrRange)) && (w[0] == '-' || isDigit(w[0]))
}

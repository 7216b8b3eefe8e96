package subtitles

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// The names of encodings, as the WHATWG Encoding Standard spells them.
const (
	encodingUTF8    = "utf-8"
	encodingUTF16LE = "utf-16le"
	encodingUTF16BE = "utf-16be"
	encodingGB18030 = "gb18030"
	encodingBig5    = "big5"
	encodingLatin   = "windows-1252"
)

// decode turns a file's bytes into text and notes in rep what it had to mend.
// Line breaks and NULs are left as they are.
//
// The order of the questions: a byte order mark settles it; NULs on every
// other byte are UTF-16; what is valid UTF-8 is UTF-8; what is mostly valid
// UTF-8 is UTF-8 with damage; then GB18030 and Big5 compete by how common the
// Chinese characters are that they give; Latin letters that stand alone among
// ASCII are windows-1252. Where none of these holds nothing is guessed: the
// error is of kind ErrEncoding.
func decode(data []byte, rep *Report) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE, 0, 0}), bytes.HasPrefix(data, []byte{0, 0, 0xFE, 0xFF}):
		return "", &Error{Kind: ErrEncoding, Message: "the file is in UTF-32, which is not read: save it as UTF-8 and try again"}
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		return decodeUTF16ThenOther(data[2:], false, rep)
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		return decodeUTF16ThenOther(data[2:], true, rep)
	case bytes.HasPrefix(data, []byte{0x84, 0x31, 0x95, 0x33}):
		return decodeLegacy(data[4:], encodingGB18030, rep), nil
	case bytes.HasPrefix(data, []byte{0xEF, 0xBB, 0xBF}):
		return decodeUTF8(data[3:], rep), nil
	}
	if big, ok := guessUTF16(data); ok {
		return decodeUTF16ThenOther(data, big, rep)
	}
	if utf8.Valid(data) {
		rep.Encoding = encodingUTF8
		text := string(data)
		if mended, ok := repairMojibake(text); ok {
			rep.add(Note{Rule: "mojibake", Message: "the text was GBK that had been read as Latin-1; it was turned back into Chinese"})
			return mended, nil
		}
		return text, nil
	}
	if mostlyUTF8(data) {
		return decodeUTF8(data, rep), nil
	}
	if name := guessLegacy(data); name != "" {
		return decodeLegacy(data, name, rep), nil
	}
	return "", &Error{Kind: ErrEncoding, Message: "the character encoding of the file could not be told: save it as UTF-8 and try again"}
}

// decodeUTF8 replaces what is not UTF-8 by U+FFFD, with a note for each line.
func decodeUTF8(data []byte, rep *Report) string {
	rep.Encoding = encodingUTF8
	if utf8.Valid(data) {
		return string(data)
	}
	var b strings.Builder
	b.Grow(len(data) + 16)
	lines := lineCounter{data: data}
	start := 0
	for i := 0; i < len(data); {
		if data[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(data[i:])
		if r != utf8.RuneError || size > 1 {
			i += size
			continue
		}
		b.Write(data[start:i])
		b.WriteRune(utf8.RuneError)
		lines.damaged(i, rep)
		i += badLength(data[i:])
		start = i
	}
	b.Write(data[start:])
	return b.String()
}

// badLength is how many bytes of invalid UTF-8 one U+FFFD stands for: the
// longest start of a character, or one byte, as the Encoding Standard has it.
func badLength(b []byte) int {
	lo, hi := byte(0x80), byte(0xBF)
	need := 0
	switch lead := b[0]; {
	case lead >= 0xC2 && lead <= 0xDF:
		need = 1
	case lead >= 0xE0 && lead <= 0xEF:
		need = 2
		if lead == 0xE0 {
			lo = 0xA0
		} else if lead == 0xED {
			hi = 0x9F
		}
	case lead >= 0xF0 && lead <= 0xF4:
		need = 3
		if lead == 0xF0 {
			lo = 0x90
		} else if lead == 0xF4 {
			hi = 0x8F
		}
	}
	n := 1
	for n <= need && n < len(b) && b[n] >= lo && b[n] <= hi {
		n++
		lo, hi = 0x80, 0xBF
	}
	return n
}

// lineCounter finds the lines of rising offsets and notes each damaged line
// once.
type lineCounter struct {
	data []byte
	pos  int
	line int // lines that end before pos
	last int // the line noted last
}

func (c *lineCounter) damaged(offset int, rep *Report) {
	for ; c.pos < offset; c.pos++ {
		switch c.data[c.pos] {
		case '\n':
			c.line++
		case '\r':
			if c.pos+1 == len(c.data) || c.data[c.pos+1] != '\n' {
				c.line++
			}
		}
	}
	if c.line+1 == c.last {
		return
	}
	c.last = c.line + 1
	rep.add(damagedNote(c.last))
}

func damagedNote(line int) Note {
	return Note{Line: line, Dropped: true, Rule: "bad-bytes",
		Message: "bytes that are no character of the file's encoding were replaced by U+FFFD"}
}

// decodeUTF16ThenOther decodes UTF-16 to which a program has appended text in
// another encoding: the bytes of an arrow one beside the other, which real
// UTF-16 does not hold, give that away. The other text starts behind the last
// line break before them.
func decodeUTF16ThenOther(data []byte, bigEndian bool, rep *Report) (string, error) {
	arrow := bytes.Index(data, []byte("-->"))
	if arrow < 0 {
		if len(data)%2 == 1 {
			// What is missing may be most of the file; half a film's
			// subtitles must not go out as if they were all.
			return "", &Error{Kind: ErrEncoding, Message: "the file ends in the middle of a UTF-16 character, its end is missing: upload the whole file again"}
		}
		return decodeUTF16(data, bigEndian, rep), nil
	}
	lineBreak := "\n\x00"
	if bigEndian {
		lineBreak = "\x00\n"
	}
	cut := bytes.LastIndex(data[:arrow], []byte(lineBreak)) + 2
	if cut < 2 || cut%2 == 1 {
		return "", mixedEncodings()
	}
	head := decodeUTF16(data[:cut], bigEndian, rep)
	name, line := rep.Encoding, strings.Count(head, "\n")+1
	sub := &Report{}
	tail := data[cut:]
	if _, utf16 := guessUTF16(tail); utf16 {
		return "", mixedEncodings()
	}
	text, err := decode(tail, sub)
	if err != nil {
		return "", mixedEncodings()
	}
	rep.Encoding = name
	rep.add(Note{Line: line, Rule: "mixed-encodings", Message: "from here on the file is in " + sub.Encoding + ", not in " + name + " as before; both were read"})
	for _, n := range sub.Notes {
		n.Line += line - 1
		rep.add(n)
	}
	return head + text, nil
}

func mixedEncodings() error {
	return &Error{Kind: ErrEncoding, Message: "the file mixes UTF-16 with another encoding: save it as UTF-8 and try again"}
}

// decodeUTF16 decodes UTF-16 without its byte order mark. Lone surrogates
// become U+FFFD, which is noted.
func decodeUTF16(data []byte, bigEndian bool, rep *Report) string {
	rep.Encoding = encodingUTF16LE
	hi, lo := 1, 0
	if bigEndian {
		rep.Encoding = encodingUTF16BE
		hi, lo = 0, 1
	}
	unit := func(i int) rune { return rune(data[i+hi])<<8 | rune(data[i+lo]) }
	out := make([]byte, 0, len(data)+len(data)/4)
	line, noted := 1, 0
	for i := 0; i+1 < len(data); i += 2 {
		r := unit(i)
		switch {
		case r == '\n', r == '\r' && (i+3 >= len(data) || unit(i+2) != '\n'):
			line++
		case r >= 0xD800 && r < 0xDC00 && i+3 < len(data) && unit(i+2) >= 0xDC00 && unit(i+2) < 0xE000:
			r = (r-0xD800)<<10 | (unit(i+2) - 0xDC00) + 0x10000
			i += 2
		case r >= 0xD800 && r < 0xE000:
			r = utf8.RuneError
			if noted != line {
				noted = line
				rep.add(damagedNote(line))
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}

// legacyEncodings are what guessLegacy and decodeLegacy know.
var legacyEncodings = map[string]encoding.Encoding{
	encodingGB18030: simplifiedchinese.GB18030,
	encodingBig5:    traditionalchinese.Big5,
	encodingLatin:   charmap.Windows1252,
}

// decodeLegacy decodes with one of legacyEncodings and notes lines that hold
// bytes outside of it.
func decodeLegacy(data []byte, name string, rep *Report) string {
	rep.Encoding = name
	// The decoders replace what they cannot read by U+FFFD and never fail.
	text, _ := legacyEncodings[name].NewDecoder().String(string(data))
	line, rest := 1, text
	for {
		i := strings.IndexRune(rest, utf8.RuneError)
		if i < 0 {
			return text
		}
		line += countLines(rest[:i])
		rep.add(damagedNote(line))
		// On with the next line: one note a line.
		end := strings.IndexAny(rest[i:], "\r\n")
		if end < 0 {
			return text
		}
		rest = rest[i+end:]
	}
}

// countLines counts the line breaks (LF, CR or CRLF) of s.
func countLines(s string) int {
	n := strings.Count(s, "\n")
	for i := strings.IndexByte(s, '\r'); i >= 0; {
		if i+1 == len(s) || s[i+1] != '\n' {
			n++
		}
		next := strings.IndexByte(s[i+1:], '\r')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return n
}

package subtitles

import (
	"strings"
	"time"
	"unicode/utf8"
)

// maxTime bounds the times that are read; later ones are noted and cut. It is
// beyond any video and leaves arithmetic with times far from overflowing.
const maxTime = 999_999 * time.Hour

// srtTiming is what a line of times says.
type srtTiming struct {
	start, end time.Duration
	hasStart   bool
	hasEnd     bool
	// odd says that a field exceeds its range (a minute of 75 seconds) or that
	// the time was cut to maxTime.
	odd bool
	// full says that each time has three fields or a fraction, so that the
	// line is hardly a line of text.
	full bool
	// rest stands behind the times, trimmed.
	rest string
}

// parseSRTTiming reads a line of times, as leniently as such lines occur:
// "00:00:01,000 --> 00:00:02,000" with comma, dot or no milliseconds, fields
// of any width, hours left out, blanks within, full-width punctuation, and any
// of -->, ->, -- >, →, —>. ok is false where the line holds no arrow or no
// time beside it; where only one of the two times can be read the line is one
// of times still, and hasStart or hasEnd says which.
func parseSRTTiming(line string) (t srtTiming, ok bool) {
	if start, end, ok := parsePlainTiming(line); ok {
		return srtTiming{start: start, end: end, hasStart: true, hasEnd: true, full: true}, true
	}
	if !mayBeTiming(line) {
		return t, false
	}
	s := trimBlank(line)
	start, n := parseLooseTime(s)
	if n > 0 {
		t.start, t.hasStart = start.d, true
		s = trimBlank(s[n:])
	}
	n = arrowLength(s)
	if n == 0 {
		return t, false
	}
	s = trimBlank(s[n:])
	end, n := parseLooseTime(s)
	if n > 0 {
		t.end, t.hasEnd = end.d, true
		s = s[n:]
	}
	t.odd = start.odd || end.odd
	t.full = (start.full || !t.hasStart) && (end.full || !t.hasEnd)
	t.rest = strings.TrimSpace(s)
	return t, t.hasStart || t.hasEnd
}

// parsePlainTiming is the fast way through a line of exactly the usual form.
func parsePlainTiming(line string) (start, end time.Duration, ok bool) {
	if len(line) != len("00:00:01,000 --> 00:00:02,000") || line[12:17] != " --> " {
		return 0, 0, false
	}
	start, ok = parsePlainTime(line[:12])
	if !ok {
		return 0, 0, false
	}
	end, ok = parsePlainTime(line[17:])
	return start, end, ok
}

// parsePlainTime reads hh:mm:ss,mmm or hh:mm:ss.mmm, twelve bytes.
func parsePlainTime(s string) (time.Duration, bool) {
	if s[2] != ':' || s[5] != ':' || s[8] != ',' && s[8] != '.' {
		return 0, false
	}
	var bad byte
	digit := func(i int) int {
		d := s[i] - '0'
		if d > 9 {
			bad = 1
		}
		return int(d)
	}
	h, m, sec := digit(0)*10+digit(1), digit(3)*10+digit(4), digit(6)*10+digit(7)
	ms := digit(9)*100 + digit(10)*10 + digit(11)
	if bad != 0 || m > 59 || sec > 59 {
		return 0, false
	}
	return time.Duration(((h*60+m)*60+sec)*1000+ms) * time.Millisecond, true
}

// mayHoldArrow is a cheap look that spares most lines of text all others.
func mayHoldArrow(line string) bool {
	if strings.IndexByte(line, '>') >= 0 {
		return true
	}
	// The other arrows and > are U+27F6, U+2192 and U+FF1E.
	return strings.IndexByte(line, 0xE2) >= 0 && (strings.Contains(line, "→") || strings.Contains(line, "⟶")) ||
		strings.IndexByte(line, 0xEF) >= 0 && strings.Contains(line, "＞")
}

// mayBeTiming reports whether a line begins as one of times may.
func mayBeTiming(line string) bool {
	s := trimBlank(line)
	if s == "" {
		return false
	}
	switch c := s[0]; {
	case c >= '0' && c <= '9', c == '-', c == '=':
	case c >= 0x80:
		switch r, _ := utf8.DecodeRuneInString(s); {
		case r >= '０' && r <= '９', arrowLength(s) > 0:
		default:
			return false
		}
	default:
		return false
	}
	return true
}

// looseTime is a time as parseLooseTime reads it; odd and full are as in
// srtTiming.
type looseTime struct {
	d         time.Duration
	odd, full bool
}

// parseLooseTime reads a time at the start of s and says how many bytes it
// takes; zero when there is none. Two fields are minutes and seconds, three
// are hours, minutes and seconds; a last field behind a comma or a dot, or a
// fourth one, is a decimal fraction of a second ("1,5" is a second and a
// half), cut to milliseconds.
func parseLooseTime(s string) (t looseTime, n int) {
	i, negative := 0, false
	if strings.HasPrefix(s, "-") && arrowLength(s) == 0 {
		negative = true
		i++
	}
	var fields [4]int
	count, fraction, hasFraction := 0, 0, false
	for {
		value, milli, width := digits(s[i:])
		if width == 0 {
			break
		}
		i += width
		n = i
		if hasFraction || count == 3 {
			fraction, hasFraction = milli, true
			break
		}
		fields[count] = value
		count++
		rest := strings.TrimLeft(s[i:], " \u00A0")
		sep, size := separator(rest)
		if size == 0 {
			break
		}
		hasFraction = sep == '.'
		next := strings.TrimLeft(rest[size:], " \u00A0")
		if _, _, w := digits(next); w == 0 {
			// "00:00:01," or "00:00:01." in front of the arrow.
			if hasFraction {
				n = len(s) - len(rest) + size
			}
			break
		}
		i = len(s) - len(next)
	}
	if count == 0 || count == 1 && !hasFraction {
		return t, 0
	}
	t.full = count == 3 || hasFraction
	var h, m, sec int
	switch count {
	case 3:
		h, m, sec = fields[0], fields[1], fields[2]
	case 2:
		m, sec = fields[0], fields[1]
	case 1:
		sec = fields[0]
	}
	t.odd = sec > 59 && count > 1 || m > 59 && count > 2
	const most = int(maxTime / time.Hour)
	if h >= most || m >= most || sec >= most {
		t.d, t.odd = maxTime, true
		return t, n
	}
	t.d = time.Duration(((h*60+m)*60+sec)*1000+fraction) * time.Millisecond
	if negative {
		t.d = -t.d
	}
	return t, n
}

// digits reads decimal digits, ASCII or full-width: their value (cut at a
// billion), what they are as a fraction in thousandths, and their bytes.
func digits(s string) (value, milli, n int) {
	scale := 100
	for n < len(s) {
		d, size := int(s[n])-'0', 1
		if s[n] == 0xEF {
			var r rune
			r, size = utf8.DecodeRuneInString(s[n:])
			d = int(r - '０')
		}
		if d < 0 || d > 9 {
			break
		}
		if value < 1e9 {
			value = value*10 + d
		}
		milli += d * scale
		scale /= 10
		n += size
	}
	return value, milli, n
}

// separator reads what stands between the fields of a time: ':' for one
// between fields, '.' for one in front of a fraction.
func separator(s string) (kind byte, n int) {
	r, size := utf8.DecodeRuneInString(s)
	switch r {
	case ':', '：', ';', '；', '∶':
		return ':', size
	case ',', '.', '，', '．', '。', '、':
		return '.', size
	}
	return 0, 0
}

// arrowLength is the length of the arrow at the start of s, or zero.
func arrowLength(s string) int {
	n, dashes := 0, 0
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		n += size
		switch r {
		case '→', '⟶':
			return n
		case '-', '–', '—', '−', '=', '－':
			dashes++
		case ' ':
			if dashes == 0 {
				return 0
			}
		case '>', '＞':
			if dashes == 0 {
				return 0
			}
			return n
		default:
			return 0
		}
	}
	return 0
}

// trimBlank removes blanks at the start, those of East Asian text among them.
func trimBlank(s string) string {
	if s == "" || s[0] > ' ' && s[0] < 0x80 {
		return s
	}
	return strings.TrimLeft(s, " \t\u00A0\u3000\uFEFF")
}

package subtitles

import (
	"strconv"
	"strings"
)

// lastLine is the last line of s, with its LF where it has one.
func lastLine(s string) string {
	return s[strings.LastIndexByte(strings.TrimSuffix(s, "\n"), '\n')+1:]
}

// isBlankLine reports whether s is nothing but white space.
func isBlankLine(s string) bool {
	return s == "" || (s[0] <= ' ' || s[0] >= 0x80) && strings.TrimSpace(s) == ""
}

// firstTextLine is the number of the first line of s that is not blank, where
// s starts on the given line.
func firstTextLine(s string, line int) int {
	for l := range strings.SplitSeq(s, "\n") {
		if strings.TrimSpace(l) != "" {
			break
		}
		line++
	}
	return line
}

// hasBlankLine reports whether a line inside of s is blank.
func hasBlankLine(s string) bool {
	if strings.Contains(s, "\n\n") {
		return true
	}
	for {
		i := strings.IndexByte(s, '\n')
		if i < 0 {
			return false
		}
		s = s[i+1:]
		if s != "" && s[0] <= ' ' {
			if line, _, more := strings.Cut(s, "\n"); more && strings.TrimSpace(line) == "" {
				return true
			}
		}
	}
}

// isCounter reports whether a line is an SRT counter: a number of up to nine
// digits, ASCII or full-width.
func isCounter(line string) bool {
	line = strings.TrimSpace(strings.TrimPrefix(line, "\uFEFF"))
	_, _, n := digits(line)
	return n > 0 && n == len(line) && n <= 27
}

// counts reports whether next is the counter that follows id.
func counts(id, next string) bool {
	a, err := strconv.Atoi(id)
	if err != nil {
		return false
	}
	b, err := strconv.Atoi(next)
	return err == nil && b == a+1
}

// isCoordinates reports whether s is the "X1:… X2:… Y1:… Y2:…" that some SRT
// files have behind the times.
func isCoordinates(s string) bool {
	for field := range strings.FieldsSeq(s) {
		name, value, ok := strings.Cut(field, ":")
		if !ok || len(name) != 2 || name[0]|0x20 != 'x' && name[0]|0x20 != 'y' || name[1] != '1' && name[1] != '2' {
			return false
		}
		if _, err := strconv.Atoi(value); err != nil {
			return false
		}
	}
	return true
}

package subtitles

import "strings"

// normalizeBreaks makes every line break a single LF, which all readers here
// work on. CRLF, CR and LF are line breaks; CRCRLF, which a file has that was
// converted to CRLF twice, is one break too. In WebVTT (WebVTT §6.1) it is two
// by the letter, so there it counts as one only where every line of the file
// ends that way: read literally such a file would have no text at all.
func normalizeBreaks(text string, vtt bool, rep *Report) string {
	if strings.IndexByte(text, '\r') < 0 {
		return text
	}
	doubled := strings.Count(text, "\r\r\n")
	double := doubled > 0 && (!vtt || doubled == strings.Count(text, "\n"))
	if double {
		rep.add(Note{Rule: "doubled-line-breaks", Message: "lines end in CR CR LF, as after converting the file twice; each was read as one line break"})
	}
	var b strings.Builder
	b.Grow(len(text))
	for {
		i := strings.IndexByte(text, '\r')
		if i < 0 {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:i])
		b.WriteByte('\n')
		text = text[i+1:]
		switch {
		case strings.HasPrefix(text, "\n"):
			text = text[1:]
		case double && strings.HasPrefix(text, "\r\n"):
			text = text[2:]
		}
	}
}

// removeNULs takes NUL characters out of text whose breaks are normalized and
// notes each line that had some. NULs at the end of the file, left by a disk
// or a recorder, are one note.
func removeNULs(text string, rep *Report) string {
	if strings.IndexByte(text, 0) < 0 {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	line, noted := 1, 0
	for {
		i := strings.IndexByte(text, 0)
		if i < 0 {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:i])
		line += strings.Count(text[:i], "\n")
		if noted != line {
			noted = line
			rep.add(Note{Line: line, Rule: "nul", Message: "NUL characters were removed"})
		}
		text = strings.TrimLeft(text[i:], "\x00")
	}
}

package subtitles

import (
	"strings"
	"time"

	"golang.org/x/text/language"
)

// hasVTTSignature reports whether text starts as a WebVTT file does (WebVTT
// §6.1, steps 4 to 6): "WEBVTT", then nothing, a space, a tab or a line break.
func hasVTTSignature(text string) bool {
	rest, ok := strings.CutPrefix(text, "WEBVTT")
	return ok && (rest == "" || strings.IndexByte(" \t\n\r", rest[0]) >= 0)
}

// vttFile is what the specification's parser makes of a file, before its cues
// become those of a Track.
type vttFile struct {
	header  string // behind the signature, without the blank line
	cues    []vttCue
	styles  []string
	regions []string
}

// vttCue is a cue of a WebVTT file: id and payload as they stand.
type vttCue struct {
	id         string
	start, end time.Duration
	cut        bool // a time exceeds maxTime
	settings   *Settings
	payload    string
	line       int
}

// vttParser carries out the algorithm of WebVTT §6.1, "WebVTT file parsing".
type vttParser struct {
	input   string
	pos     int
	line    int // of the line at pos
	file    vttFile
	seenCue bool
	regions regionSet
	rep     *Report
}

// parseVTT parses text whose breaks are LFs, in which NULs are U+FFFD, and
// which has the signature. Its only error is that there are too many cues.
func parseVTT(text string, rep *Report) (*vttParser, error) {
	p := &vttParser{input: text, line: 1, regions: regionSet{}, rep: rep}
	p.file.cues = make([]vttCue, 0, min(strings.Count(text, "-->"), MaxCues))
	first := p.nextLine()
	if p.pos < len(p.input) && p.input[p.pos] != '\n' {
		start := p.pos
		p.block(true)
		p.file.header = p.input[start:p.pos]
	}
	p.file.header = strings.TrimPrefix(first, "WEBVTT") + "\n" + p.file.header
	p.skipBlank()
	for p.pos < len(p.input) {
		p.block(false)
		if len(p.file.cues) > MaxCues {
			return nil, tooManyCues(p.line)
		}
		p.skipBlank()
	}
	return p, nil
}

// nextLine takes the line at pos, without its LF.
func (p *vttParser) nextLine() string {
	rest := p.input[p.pos:]
	p.line++
	if i := strings.IndexByte(rest, '\n'); i >= 0 {
		p.pos += i + 1
		return rest[:i]
	}
	p.pos = len(p.input)
	return rest
}

func (p *vttParser) skipBlank() {
	for p.pos < len(p.input) && p.input[p.pos] == '\n' {
		p.pos++
		p.line++
	}
}

// block is "collect a WebVTT block". The buffer of the specification is always
// a stretch of the input, from bufStart to bufEnd.
func (p *vttParser) block(inHeader bool) {
	var (
		cue              vttCue
		isCue, seenArrow bool
		kind             string // "STYLE" or "REGION"
		firstLine        = p.line
		bufStart, bufEnd = p.pos, p.pos
	)
	for count := 1; p.pos < len(p.input); count++ {
		previous, previousLine := p.pos, p.line
		line := p.nextLine()
		if line == "" {
			break
		}
		if strings.Contains(line, "-->") {
			if inHeader || count > 2 || count == 2 && seenArrow {
				p.pos, p.line = previous, previousLine
				break
			}
			seenArrow = true
			p.rep.Audit.Timings++
			cue = vttCue{id: p.input[bufStart:bufEnd], line: previousLine}
			if isCue = p.timing(line, &cue); isCue {
				p.seenCue = true
			} else {
				p.drop(previousLine, "bad-times", "the times of the cue are not as WebVTT wants them (hh:mm:ss.mmm --> hh:mm:ss.mmm); players leave the cue out, and so it was")
				p.rep.Audit.Dropped++
			}
			bufStart, bufEnd = p.pos, p.pos
			continue
		}
		if count == 2 && !inHeader && !p.seenCue {
			switch buffer := p.input[bufStart:bufEnd]; {
			case isBlockName(buffer, "STYLE"):
				kind, bufStart = "STYLE", previous
			case isBlockName(buffer, "REGION"):
				kind, bufStart = "REGION", previous
			}
		}
		bufEnd = previous + len(line)
	}
	buffer := p.input[bufStart:bufEnd]
	switch {
	case inHeader:
	case isCue:
		cue.payload = buffer
		p.file.cues = append(p.file.cues, cue)
	case kind == "STYLE":
		p.file.styles = append(p.file.styles, buffer)
	case kind == "REGION":
		p.file.regions = append(p.file.regions, buffer)
		p.regions[regionID(buffer)] = struct{}{}
	case seenArrow, buffer == "", isComment(buffer):
	case isBlockName(firstLineOf(buffer), "STYLE"), isBlockName(firstLineOf(buffer), "REGION"):
		p.drop(firstLine, "late-block", "a STYLE or REGION block behind the first cue counts for nothing; it was left out")
	default:
		p.drop(firstLine, "no-times", "text that belongs to no cue was left out, as players do")
	}
}

// timing is "collect WebVTT cue timings and settings".
func (p *vttParser) timing(line string, cue *vttCue) bool {
	s := trimVTTSpace(line)
	start, n, ok := vttTimestamp(s)
	if !ok {
		return false
	}
	s, ok = strings.CutPrefix(trimVTTSpace(s[n:]), "-->")
	if !ok {
		return false
	}
	s = trimVTTSpace(s)
	end, n, ok := vttTimestamp(s)
	if !ok {
		return false
	}
	cue.start, cue.end = min(start, maxTime), min(end, maxTime)
	cue.cut = start > maxTime || end > maxTime
	if s = s[n:]; s != "" {
		cue.settings, _ = parseVTTSettings(s, p.regions)
	}
	return true
}

func (p *vttParser) drop(line int, rule, message string) {
	p.rep.add(Note{Line: line, Dropped: true, Rule: rule, Message: message})
}

// vttTimestamp is "collect a WebVTT timestamp"; n is how much of s it takes.
// Hours may have any number of digits; what exceeds maxTime comes as a time
// beyond it.
func vttTimestamp(s string) (d time.Duration, n int, ok bool) {
	if len(s) >= 12 {
		if d, ok := parsePlainTime(s[:12]); ok && s[8] == '.' && (len(s) == 12 || !isDigit(s[12])) {
			return d, 12, true
		}
	}
	v1, n, width := vttNumber(s, 0)
	if width == 0 {
		return 0, 0, false
	}
	hours := width != 2 || v1 > 59
	v2, n, ok := vttField(s, n, ':', 2)
	if !ok {
		return 0, 0, false
	}
	var v3 int
	if hours || n < len(s) && s[n] == ':' {
		if v3, n, ok = vttField(s, n, ':', 2); !ok {
			return 0, 0, false
		}
	} else {
		v1, v2, v3 = 0, v1, v2
	}
	v4, n, ok := vttField(s, n, '.', 3)
	if !ok || v2 > 59 || v3 > 59 {
		return 0, 0, false
	}
	v1 = min(v1, int(maxTime/time.Hour)+1)
	return time.Duration(((v1*60+v2)*60+v3)*1000+v4) * time.Millisecond, n, true
}

// vttField reads a separator and then exactly width digits.
func vttField(s string, pos int, sep byte, width int) (value, n int, ok bool) {
	if pos >= len(s) || s[pos] != sep {
		return 0, pos, false
	}
	value, n, got := vttNumber(s, pos+1)
	return value, n, got == width
}

// vttNumber reads ASCII digits; the value stops growing beyond a million.
func vttNumber(s string, pos int) (value, n, width int) {
	for n = pos; n < len(s) && isDigit(s[n]); n++ {
		if value < 1_000_000 {
			value = value*10 + int(s[n]-'0')
		}
	}
	return value, n, n - pos
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// trimVTTSpace skips ASCII white space as HTML defines it (no vertical tab).
func trimVTTSpace(s string) string {
	if s == "" || s[0] > ' ' {
		return s
	}
	return strings.TrimLeft(s, vttSpace)
}

const vttSpace = " \t\n\f\r"

// isBlockName reports whether a line is the given name and white space.
func isBlockName(line, name string) bool {
	rest, ok := strings.CutPrefix(line, name)
	return ok && trimVTTSpace(rest) == ""
}

func firstLineOf(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// isComment reports whether a block is a WebVTT comment block.
func isComment(block string) bool {
	rest, ok := strings.CutPrefix(block, "NOTE")
	return ok && (rest == "" || strings.IndexByte(" \t\n", rest[0]) >= 0)
}

// readVTT reads a WebVTT file: strictly by the specification's algorithm, so
// that a cue is here when it is in a browser, with the same times and text.
// Cues without text are left out with a note, because they show nothing.
func readVTT(text string, rep *Report) (*Track, error) {
	p, err := parseVTT(text, rep)
	if err != nil {
		return nil, err
	}
	t := &Track{Format: VTT, Styles: p.file.styles, Regions: p.file.regions, Cues: make([]Cue, 0, len(p.file.cues))}
	t.Language = headerLanguage(p.file.header)
	if strings.Contains(p.file.header, "\nX-TIMESTAMP-MAP=") {
		noteTimestampMap(p.file.header, rep)
	}
	for _, c := range p.file.cues {
		cue := Cue{N: len(t.Cues) + 1, ID: c.id, Start: c.start, End: c.end, Text: c.payload, Settings: c.settings, Line: c.line}
		if !isPlain(c.payload) {
			cue.Text, cue.Voice = vttPlainText(c.payload)
			cue.Text = cleanText(cue.Text)
		}
		rep.Audit.CharactersIn += shownCharacters(cue.Text)
		if cue.Text == "" {
			p.drop(c.line, "no-text", "the cue has no text; it was left out")
			rep.Audit.Dropped++
			continue
		}
		if cue.Text != c.payload {
			cue.Markup = c.payload
		}
		switch {
		case c.cut:
			rep.add(Note{Line: c.line, Rule: "odd-time", Message: "a time lies more than a hundred years ahead; it was cut"})
		case c.end <= c.start:
			rep.add(Note{Line: c.line, Rule: "end-not-after-start", Message: "the cue does not end after its start, so players never show it; its times were kept"})
		}
		t.Cues = append(t.Cues, cue)
	}
	return t, nil
}

// headerLanguage finds the "Language: en" that some services write into the
// header of a WebVTT file.
func headerLanguage(header string) language.Tag {
	for line := range strings.SplitSeq(header, "\n") {
		if value, ok := strings.CutPrefix(line, "Language:"); ok {
			if tag, err := language.Parse(strings.TrimSpace(value)); err == nil {
				return Canonical(tag)
			}
		}
	}
	return language.Und
}

// noteTimestampMap tells of a segment of an HLS stream whose times are not
// those of the video: its X-TIMESTAMP-MAP (RFC 8216 §3.5) says that cue times
// do not count from zero. Where that lies in the video only its playlist tells.
func noteTimestampMap(header string, rep *Report) {
	line := 1
	for l := range strings.SplitSeq(header, "\n") {
		if value, ok := strings.CutPrefix(l, "X-TIMESTAMP-MAP="); ok {
			_, local, _ := strings.Cut(value, "LOCAL:")
			if local, _, _ = strings.Cut(local, ","); strings.Trim(local, "0:. ") != "" {
				rep.add(Note{Line: line, Rule: "timestamp-map", Message: "the file is one segment of an HLS stream, whose cue times count from " + cutRunes(strings.TrimSpace(local), 20) + "; they were kept as they stand: give the playlist instead"})
			}
			return
		}
		line++
	}
}

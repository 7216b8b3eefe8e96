package subtitles

import (
	"strings"
	"time"
)

// readSBV reads SBV, which YouTube gives out, and its parent SubViewer: a line
// "0:00:01.000,0:00:03.000", the text below it (in SubViewer with [br] for a
// line break), a blank line. As in SRT, text runs from one line of times to
// the next, and each line of times gives a cue or a dropped note.
//
// Neither format has markup. Where tags, blocks and references of SRT stand in
// the text all the same, they are treated as there.
func readSBV(text string, rep *Report) (*Track, error) {
	p := sbvParser{rep: rep, track: &Track{Format: SBV}}
	line, textStart, textLine := 0, 0, 1
	for pos := 0; pos < len(text); {
		line++
		end := strings.IndexByte(text[pos:], '\n')
		if end < 0 {
			end = len(text)
		} else {
			end += pos
		}
		if start, stop, ok := parseSBVTiming(text[pos:end]); ok {
			p.finish(text[textStart:pos], textLine)
			if len(p.track.Cues) >= MaxCues {
				return nil, tooManyCues(line)
			}
			p.cue = Cue{Start: start, End: stop, Line: line}
			p.open = true
			textStart, textLine = min(end+1, len(text)), line+1
		}
		pos = end + 1
	}
	p.finish(text[textStart:], textLine)
	mendEnds(p.track.Cues, p.noEnds)
	return p.track, nil
}

type sbvParser struct {
	rep    *Report
	track  *Track
	cue    Cue
	open   bool
	noEnds []int
}

// finish ends the cue that is open with the text below its times, which begins
// on the given line.
func (p *sbvParser) finish(body string, line int) {
	if !p.open {
		p.header(body, line)
		return
	}
	c := &p.cue
	payload := strings.Trim(body, "\n")
	c.Text = payload
	if !isPlain(payload) || strings.IndexByte(payload, '[') >= 0 {
		text, voice, top := stripSRTMarkup(breakSBVLines(payload))
		c.Text, c.Voice = cleanText(text), voice
		if top {
			c.Settings = topSettings()
		}
		if c.Text != payload {
			c.Markup = payload
		}
	}
	p.rep.Audit.saw(c.Text)
	note := Note{Line: c.Line}
	switch {
	case c.Text == "":
		p.rep.add(Note{Line: c.Line, Dropped: true, Rule: "no-text", Message: "the cue has no text; it was left out"})
		p.rep.Audit.lost("")
		return
	case c.End <= c.Start:
		note.Rule, note.Message = "end-not-after-start", "the cue does not end after its start; it is shown until the next one, five seconds at most"
		p.noEnds = append(p.noEnds, len(p.track.Cues))
		p.rep.add(note)
	}
	if body != "" && body[0] == '\n' || hasBlankLine(payload) {
		p.rep.add(Note{Line: line, Rule: "blank-line", Message: "a blank line inside the cue was taken out"})
	}
	c.N = len(p.track.Cues) + 1
	p.track.Cues = append(p.track.Cues, *c)
}

// header takes what stands in front of the first cue: SubViewer's sections, of
// which only the title counts, or stray text.
func (p *sbvParser) header(body string, line int) {
	for l := range strings.SplitSeq(strings.TrimSuffix(body, "\n"), "\n") {
		switch l = strings.TrimSpace(l); {
		case l == "":
		case l[0] != '[':
			p.rep.add(Note{Line: line, Dropped: true, Rule: "text-before-first-cue", Message: "text in front of the first cue was left out"})
			p.rep.Audit.leftOut(l)
		case startsWithFold(l, "[TITLE]"):
			p.track.Title = strings.TrimSpace(l[len("[TITLE]"):])
		}
		line++
	}
}

// breakSBVLines makes a line break of each [br], in any case.
func breakSBVLines(s string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '[')
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		if s = s[i:]; startsWithFold(s, "[br]") {
			b.WriteByte('\n')
			s = s[len("[br]"):]
		} else {
			b.WriteByte('[')
			s = s[1:]
		}
	}
}

// parseSBVTiming reads a line that is two times with a comma between them, and
// nothing else.
func parseSBVTiming(line string) (start, end time.Duration, ok bool) {
	if line == "" || !isDigit(line[0]) && line[0] != ' ' && line[0] != '\t' {
		return 0, 0, false
	}
	s := strings.TrimSpace(line)
	start, n, ok := sbvTime(s)
	if !ok || n >= len(s) || s[n] != ',' {
		return 0, 0, false
	}
	s = strings.TrimLeft(s[n+1:], " ")
	end, n, ok = sbvTime(s)
	return start, end, ok && n == len(s)
}

// sbvTime reads "h:mm:ss.fff", the hours of any width and one to three digits
// behind the point; n is how much of s it takes. Times beyond maxTime are cut.
func sbvTime(s string) (d time.Duration, n int, ok bool) {
	h, n, width := vttNumber(s, 0)
	if width == 0 {
		return 0, 0, false
	}
	m, n, ok := vttField(s, n, ':', 2)
	if !ok || m > 59 {
		return 0, 0, false
	}
	sec, n, ok := vttField(s, n, ':', 2)
	if !ok || sec > 59 || n >= len(s) || s[n] != '.' {
		return 0, 0, false
	}
	_, milli, width := digits(s[n+1:])
	if width == 0 || width > 3 {
		return 0, 0, false
	}
	h = min(h, int(maxTime/time.Hour))
	d = time.Duration(((h*60+m)*60+sec)*1000+milli) * time.Millisecond
	return min(d, maxTime), n + 1 + width, true
}

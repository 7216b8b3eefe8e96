package subtitles

import (
	"strings"
	"time"
)

// Times that are given to a cue whose end is missing, or not after its start:
// it is shown until the next cue, at most mendedMost, and for mendedLast where
// no later one follows.
const (
	mendedMost = 5 * time.Second
	mendedLast = 2 * time.Second
)

// readSRT reads an SRT file, or what resembles one.
//
// The format has no specification, so the structure is taken from what every
// file has: lines of times. Text runs from one line of times to the next,
// without the counter in front of the latter. Each line of times gives a cue
// or a dropped note.
func readSRT(text string, rep *Report) (*Track, error) {
	p := srtParser{rep: rep, track: &Track{Format: SRT}}
	// Four lines a cue in most files.
	p.track.Cues = make([]Cue, 0, min(strings.Count(text, "\n")/4+1, MaxCues))
	line, pos, textStart, textLine := 0, 0, 0, 1
	// Where the next arrow may be, so that lines without one cost nothing.
	arrow, otherArrows := -1, strings.Contains(text, "→") || strings.Contains(text, "⟶") || strings.Contains(text, "＞")
	for pos < len(text) {
		line++
		end := strings.IndexByte(text[pos:], '\n')
		if end < 0 {
			end = len(text)
		} else {
			end += pos
		}
		if arrow < pos {
			if arrow = strings.IndexByte(text[pos:], '>'); arrow < 0 {
				arrow = len(text)
			} else {
				arrow += pos
			}
		}
		var t srtTiming
		ok := false
		if arrow < end || otherArrows && mayHoldArrow(text[pos:end]) {
			if t.start, t.end, ok = parsePlainTiming(text[pos:end]); ok {
				t.hasStart, t.hasEnd = true, true
			} else {
				t, ok = p.timing(text, textStart, pos, end)
			}
		}
		if ok {
			p.finish(text[textStart:pos], textLine, true)
			if len(p.track.Cues) >= MaxCues {
				return nil, tooManyCues(line)
			}
			p.begin(t, line)
			textStart, textLine = min(end+1, len(text)), line+1
			p.hasText = false
		} else if !p.hasText {
			p.hasText = !isBlankLine(text[pos:end])
		}
		pos = end + 1
	}
	p.finish(text[textStart:], textLine, false)
	mendEnds(p.track.Cues, p.noEnds)
	return p.track, nil
}

func tooManyCues(line int) error {
	return &Error{Kind: ErrTooLarge, Line: line, Message: "the file holds more than 200,000 cues: split it and try again"}
}

type srtParser struct {
	rep     *Report
	track   *Track
	cue     Cue // what begin started
	open    bool
	bad     bool   // cue has no start; its text is dropped with it
	early   bool   // cue starts before the video
	noEnd   bool   // cue has no end
	rest    string // text behind the times
	next    string // the counter that finish found in front of the times
	hasText bool   // a line since the last times is not blank
	indexed bool   // the file has counters
	noEnds  []int  // indexes of cues whose end mendEnds has to find
}

// timing decides whether text[pos:end], which holds an arrow, is a line of
// times.
func (p *srtParser) timing(text string, textStart, pos, end int) (srtTiming, bool) {
	line := text[pos:end]
	t, ok := parseSRTTiming(line)
	if ok {
		return t, t.full && (t.hasStart && t.hasEnd || t.rest == "") || p.inPlace(text[textStart:pos])
	}
	// An arrow where times belong, with nothing that can be read beside it.
	if strings.Contains(line, "-->") && strings.ContainsAny(line, "0123456789") && p.inPlace(text[textStart:pos]) &&
		strings.Count(line, ":") >= 2 && !strings.HasPrefix(line, guard) {
		return srtTiming{}, true
	}
	return t, false
}

// inPlace reports whether a line of times is due behind the given text: it is
// empty, or ends in a blank line or in a counter.
func (p *srtParser) inPlace(before string) bool {
	if !p.hasText {
		// The line right below times is the first one of their text.
		return !p.open || before != ""
	}
	last := lastLine(before)
	return strings.TrimSpace(last) == "" || isCounter(last)
}

// begin starts the cue of a line of times.
func (p *srtParser) begin(t srtTiming, line int) {
	p.cue = Cue{ID: p.next, Start: t.start, End: t.end, Line: line}
	p.open, p.bad, p.noEnd, p.rest = true, !t.hasStart, !t.hasEnd, t.rest
	p.early = t.start < 0
	if p.bad {
		return
	}
	if t.odd {
		p.note(line, "odd-time", "a field of the times exceeds its range; it was counted as it stands")
	}
	if p.cue.Start < 0 {
		p.note(line, "negative-time", "the cue starts before the video; it was made to start with it")
		p.cue.Start = 0
	}
	if p.rest == "" {
		return
	}
	if strings.IndexByte(p.rest, ':') > 0 {
		if isCoordinates(p.rest) {
			p.rest = ""
			return
		}
		if s, all := parseVTTSettings(p.rest, nil); all {
			p.cue.Settings, p.rest = s, ""
			return
		}
	}
	p.note(line, "text-behind-times", "text stands on the line of the times; it was read as the cue's first line")
}

// finish ends the cue that is open with the text that follows its times. more
// says that a line of times follows the text, which may have a counter.
func (p *srtParser) finish(body string, line int, more bool) {
	p.next = ""
	if more {
		body, p.next = p.splitCounter(body)
	} else if p.open {
		body = p.cutTail(body, line)
	}
	if !p.open {
		if strings.TrimSpace(body) != "" && !p.expected(body) {
			p.drop(firstTextLine(body, line), "text-before-first-cue", "text in front of the first cue was left out")
			p.rep.Audit.leftOut(body)
		}
		return
	}
	p.open = false
	if p.bad {
		p.drop(p.cue.Line, "bad-times", "the times of the cue cannot be read; it was left out")
		p.rep.Audit.saw(body)
		p.rep.Audit.lost(body)
		return
	}
	if p.rest != "" {
		body = p.rest + "\n" + body
	}
	payload := strings.Trim(body, "\n")
	plain := isPlain(payload)
	if plain {
		p.cue.Text = payload
	} else {
		p.markup(payload)
	}
	p.rep.Audit.saw(p.cue.Text)
	if p.cue.Text == "" {
		p.drop(p.cue.Line, "no-text", "the cue has no text; it was left out")
		p.rep.Audit.lost("")
		return
	}
	if body[0] == '\n' || !plain && hasBlankLine(payload) {
		p.note(line, "blank-line", "a blank line inside the cue was taken out")
	}
	if !p.noEnd && (p.cue.End < 0 || p.cue.End == 0 && p.early) {
		p.drop(p.cue.Line, "negative-time", "the cue ends before the video starts; it was left out")
		p.rep.Audit.lost(p.cue.Text)
		return
	}
	switch {
	case p.noEnd:
		p.note(p.cue.Line, "no-end-time", "the cue has no end; it is shown until the next one, five seconds at most")
		p.noEnds = append(p.noEnds, len(p.track.Cues))
	case p.cue.End <= p.cue.Start:
		p.note(p.cue.Line, "end-not-after-start", "the cue does not end after its start; it is shown until the next one, five seconds at most")
		p.noEnds = append(p.noEnds, len(p.track.Cues))
	}
	p.cue.N = len(p.track.Cues) + 1
	p.track.Cues = append(p.track.Cues, p.cue)
}

// markup sets the cue's text from a payload that is not plain.
func (p *srtParser) markup(payload string) {
	text, voice, top := stripSRTMarkup(payload)
	p.cue.Text, p.cue.Voice = cleanText(text), voice
	if top && p.cue.Settings == nil {
		p.cue.Settings = topSettings()
	}
	if p.cue.Text != payload {
		p.cue.Markup = payload
	}
}

// expected reports whether what stands in front of the first cue may go
// without a note: a file's number of cues, or nothing.
func (p *srtParser) expected(body string) bool {
	return isCounter(strings.TrimSpace(body))
}

// splitCounter takes the counter of the next cue off the end of a cue's text.
// A number is the counter when a blank line is in front of it, or when it
// counts on from the cue's own; and, where the cue has other text, when the
// file has counters at all. So the text "42" stays text.
func (p *srtParser) splitCounter(body string) (text, counter string) {
	last := lastLine(body)
	head := body[:len(body)-len(last)]
	if len(last) > 0 && last[len(last)-1] == '\n' {
		last = last[:len(last)-1]
	}
	if isBlankLine(last) {
		return p.splitDistantCounter(body, head)
	}
	if !isCounter(last) {
		return body, ""
	}
	counter = strings.TrimSpace(last)
	blankAbove := !p.open || head != "" && isBlankLine(lastLine(head))
	hasText := !isBlankLine(head) || p.rest != ""
	if blankAbove || counts(p.cue.ID, counter) || p.indexed && hasText {
		p.indexed = true
		return head, counter
	}
	return body, ""
}

// cutTail takes off what a file that was cut ends with: the counter of the
// next cue, and maybe the beginning of its times.
func (p *srtParser) cutTail(body string, line int) string {
	i := strings.LastIndex(body, "\n\n")
	if i < 0 {
		return body
	}
	counter, rest, _ := strings.Cut(strings.TrimSpace(body[i:]), "\n")
	if !isCounter(counter) || !counts(p.cue.ID, strings.TrimSpace(counter)) || strings.Trim(rest, "0123456789:,.- >") != "" {
		return body
	}
	p.drop(line+strings.Count(body[:i], "\n")+2, "cut", "the file ends inside a cue, so it was probably cut; what is there of that cue was left out")
	return body[:i]
}

// splitDistantCounter finds a counter that a blank line separates from its
// times, as in files with every line doubled. It must count on from the cue's
// own and stand behind a blank line.
func (p *srtParser) splitDistantCounter(body, head string) (text, counter string) {
	head = strings.TrimRight(head, "\n \t")
	last := lastLine(head)
	counter = strings.TrimSpace(last)
	above := head[:len(head)-len(last)]
	switch {
	case !isCounter(counter):
	case !p.open && strings.TrimSpace(above) == "":
		p.indexed = true
		return above, counter
	case p.open && counts(p.cue.ID, counter) && strings.TrimSpace(above) != "" && strings.TrimSpace(lastLine(above)) == "":
		return above, counter
	}
	return body, ""
}

// mendEnds gives an end to the cues that have none, whose indexes are noEnds.
func mendEnds(cues []Cue, noEnds []int) {
	for _, i := range noEnds {
		c := &cues[i]
		c.End = c.Start + mendedLast
		for _, next := range cues[i+1 : min(len(cues), i+1+mendedSearch)] {
			if next.Start > c.Start {
				c.End = min(next.Start, c.Start+mendedMost)
				break
			}
		}
	}
}

// mendedSearch bounds how many cues mendEnds looks at for a later one.
const mendedSearch = 100

func (p *srtParser) note(line int, rule, message string) {
	p.rep.add(Note{Line: line, Rule: rule, Message: message})
}

func (p *srtParser) drop(line int, rule, message string) {
	p.rep.add(Note{Line: line, Dropped: true, Rule: rule, Message: message})
}

package subtitles

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// What makes a track one of rolling captions. Ordinary subtitles repeat a line
// now and then, a song in its chorus; captions that roll do it from cue to cue.
const (
	rollingGap   = 200 * time.Millisecond // between a cue and the one that repeats it
	rollingLeast = 3                      // cues that repeat a line and add one
	rollingLines = 8                      // lines of a cue that are compared
)

// A rollKind is how a cue follows from the one before it.
type rollKind int

const (
	rollNone   rollKind = iota
	rollRepeat          // it shows the last lines of the other again
	rollAdd             // and further lines below them
	rollGrow            // and its last line goes on where the other's ended
)

// A roll is a rollKind and how many lines of the cue are the other's.
type roll struct {
	kind   rollKind
	common int // lines that both have, a grown one not counted
}

// collapseRolling recognises captions that roll, as YouTube's automatic ones
// and those of live broadcasts do: each cue repeats the line before and adds
// one, or goes on with it, often with cues of 10 ms between them. Then each
// line is kept once, from when it first appears until the next one does.
func collapseRolling(t *Track, rep *Report) {
	if !isRolling(t.Cues) {
		return
	}
	before := len(t.Cues)
	out := make([]Cue, 0, len(t.Cues)/2+1)
	var lines, prevLines []string
	var prev Cue
	for i, c := range t.Cues {
		lines = append(lines[:0], strings.Split(c.Text, "\n")...)
		r := roll{}
		if i > 0 {
			r = rollOf(&prev, prevLines, &c, lines)
		}
		prev = c
		fresh := lines[r.common:]
		if r.kind != rollNone {
			rep.Audit.CharactersRepeated += shownCharacters(strings.Join(lines[:r.common], ""))
		}
		if r.kind == rollGrow {
			last := &out[len(out)-1]
			old := prevLines[len(prevLines)-1]
			rep.Audit.CharactersRepeated += shownCharacters(old)
			last.Text = strings.TrimSuffix(last.Text, old) + fresh[0]
			last.Markup = ""
			fresh = fresh[1:]
		}
		if r.kind == rollRepeat || r.kind == rollGrow {
			last := &out[len(out)-1]
			last.End = max(last.End, c.End)
		}
		if len(fresh) > 0 {
			out = append(out, freshCue(c, lines, len(fresh), len(out)+1))
		} else {
			rep.Audit.Repeats++
		}
		lines, prevLines = prevLines, lines
	}
	for i := range out[:len(out)-1] {
		// A line that stayed while the next one came.
		if next := out[i+1].Start; next > out[i].Start {
			out[i].End = min(out[i].End, next)
		}
	}
	t.Cues = slices.Clip(out)
	rep.add(Note{Rule: "rolling", Message: fmt.Sprintf("the captions roll, each cue repeating the line before: %d cues became %d, in which each line stands once", before, len(out))})
}

// isRolling decides for a whole track. Beside the cues that follow from the
// one before it asks for lines that are new and stand below a repeated one,
// which no chorus and no "No! No!" has from cue to cue.
func isRolling(cues []Cue) bool {
	if len(cues) <= rollingLeast {
		return false
	}
	follows, adds, pairs := 0, 0, len(cues)-1
	var lines, prevLines []string
	for i := 1; i < len(cues); i++ {
		if (follows+len(cues)-i)*10 < pairs*6 {
			return false // those that are left cannot be enough
		}
		prev, c := &cues[i-1], &cues[i]
		if !mayRoll(prev, c) {
			continue
		}
		prevLines = append(prevLines[:0], strings.Split(prev.Text, "\n")...)
		lines = append(lines[:0], strings.Split(c.Text, "\n")...)
		r := rollOf(prev, prevLines, c, lines)
		if r.kind == rollNone {
			continue
		}
		follows++
		if r.kind == rollGrow || r.kind == rollAdd && !slices.ContainsFunc(lines[r.common:], func(l string) bool { return slices.Contains(prevLines, l) }) {
			adds++
		}
	}
	return adds >= rollingLeast && adds*4 >= pairs && follows*10 >= pairs*6
}

// mayRoll is a cheap look: the cues are next to each other, and the one begins
// with a line of the other.
func mayRoll(prev, c *Cue) bool {
	if c.Start < prev.Start || c.Start-prev.End > rollingGap {
		return false
	}
	for rest := prev.Text; ; {
		i := strings.IndexByte(rest, '\n')
		if i < 0 {
			return strings.HasPrefix(c.Text, rest)
		}
		if strings.HasPrefix(c.Text, rest[:i]) {
			return true
		}
		rest = rest[i+1:]
	}
}

// rollOf compares two cues that follow each other: most lines in common first.
func rollOf(prev *Cue, prevLines []string, c *Cue, lines []string) roll {
	if c.Start < prev.Start || c.Start-prev.End > rollingGap || len(lines) > rollingLines || len(prevLines) > rollingLines {
		return roll{}
	}
	for k := min(len(lines), len(prevLines)); k > 0; k-- {
		if !slices.Equal(prevLines[len(prevLines)-k:], lines[:k]) {
			continue
		}
		if k == len(lines) {
			return roll{kind: rollRepeat, common: k}
		}
		return roll{kind: rollAdd, common: k}
	}
	for k := min(len(lines), len(prevLines)); k > 0; k-- {
		if slices.Equal(prevLines[len(prevLines)-k:len(prevLines)-1], lines[:k-1]) && growsFrom(prevLines[len(prevLines)-1], lines[k-1]) {
			return roll{kind: rollGrow, common: k - 1}
		}
	}
	return roll{}
}

// growsFrom reports whether a line goes on where another ended, with another
// word.
func growsFrom(old, line string) bool {
	if len(line) <= len(old) || old == "" || !strings.HasPrefix(line, old) {
		return false
	}
	// Not inside of a word: "so" is no beginning of "some".
	return !(isASCIILetter(old[len(old)-1]) && isASCIILetter(line[len(old)]))
}

func isASCIILetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// freshCue is a cue with its last n lines alone.
func freshCue(c Cue, lines []string, n, number int) Cue {
	c.N = number
	if n < len(lines) {
		c.Markup = lastMarkup(c.Markup, lines, n)
		c.Text = strings.Join(lines[len(lines)-n:], "\n")
		if c.Markup == c.Text {
			c.Markup = ""
		}
	}
	if s := c.Settings; s != nil && s.Position != nil {
		// Where YouTube puts captions that roll; other ones stand elsewhere.
		if rest := *s; *s.Position == 0 && s.Align == "start" {
			if rest.Position, rest.Align = nil, ""; rest == (Settings{}) {
				c.Settings = nil
			}
		}
	}
	return c
}

// lastMarkup is the markup of the last n lines of a cue, where each line has
// its own, else empty.
func lastMarkup(markup string, lines []string, n int) string {
	own := lineMarkups(markup, lines)
	if own == nil {
		return ""
	}
	return strings.Join(own[len(own)-n:], "\n")
}

// lineMarkups is the markup of each line of a cue; nil where there is none, or
// where lines and markup do not go together one by one.
func lineMarkups(markup string, lines []string) []string {
	if markup == "" {
		return nil
	}
	var kept []string
	for l := range strings.SplitSeq(markup, "\n") {
		if plain, _ := vttPlainText(l); strings.TrimFunc(plain, isInvisible) != "" {
			kept = append(kept, l)
		}
	}
	if len(kept) != len(lines) {
		return nil
	}
	for i, l := range kept {
		if plain, _ := vttPlainText(l); cleanText(plain) != lines[i] {
			return nil
		}
	}
	return kept
}

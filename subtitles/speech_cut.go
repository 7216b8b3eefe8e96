package subtitles

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"
)

// What a cue cut from speech should be. Lengths are in columns of Latin text,
// of which a Chinese character takes 42/16, so that one line of either
// language is the same length (Netflix: 42 and 16); times in seconds.
const (
	speechHan     = 42.0 / 16
	speechLine    = 42.0 // one line: no cost
	speechFull    = 60.0 // beyond it each column costs
	speechMost    = 84.0 // two lines: never more, unless there is no place to cut
	speechBrief   = 12.0 // below it a cue is a fragment
	speechLong    = 6.0  // a cue of more seconds costs
	speechLongest = 7.0
	speechSilence = 2.0 // a pause that no cue spans
	speechLeast   = time.Second
	speechPiece   = 16 << 10 // bytes of a segment without words that are cut at once
)

// track makes cues of the segments.
func (sp *speech) track(rep *Report) (*Track, error) {
	t := &Track{Format: JSON}
	han := 0
	for i := range sp.segments {
		if HanShare(sp.segments[i].text) > 0.3 {
			han++
		}
	}
	c := speechCutter{track: t, wide: han*2 > len(sp.segments)}
	kept, wordless := 0, 0
	for i := range sp.segments {
		s := &sp.segments[i]
		rep.Audit.saw(s.text)
		switch {
		case s.text == "":
			rep.add(Note{Line: s.line, Dropped: true, Rule: "no-text", Message: "the segment has no text; it was left out"})
			rep.Audit.lost("")
			continue
		case s.start == unknownTime:
			rep.add(Note{Line: s.line, Dropped: true, Rule: "bad-times", Message: "the segment has no time at which it begins; it was left out"})
			rep.Audit.lost(s.text)
			continue
		}
		kept++
		if s.end == unknownTime {
			s.end = sp.endOf(i)
			rep.add(Note{Line: s.line, Rule: "no-end-time", Message: "the segment has no end; it is shown until the next one, five seconds at most"})
		}
		words := sp.words[s.words.from:s.words.to]
		if !c.add(s, words) {
			c.flush()
			c.plain(s)
			if len(words) > 0 {
				wordless++
			}
		}
		if len(t.Cues) > MaxCues {
			return nil, tooManyCues(s.line)
		}
	}
	c.flush()
	if len(t.Cues) > MaxCues {
		return nil, tooManyCues(0)
	}
	c.settle()
	rep.Audit.Recut = len(t.Cues) - kept
	if c.cut {
		rep.add(Note{Rule: "recut", Message: fmt.Sprintf("%d segments were cut into %d cues, at pauses and the ends of phrases", kept, len(t.Cues))})
	}
	if wordless > 0 {
		rep.add(Note{Rule: "words-unlike-text", Message: fmt.Sprintf("in %d segments the words are not those of the text or have no times; the text was kept, and timed by its length", wordless)})
	}
	if !sp.damaged() {
		// Halves of characters in tokens: the text has them whole.
		rep.remove("bad-bytes")
	}
	t.Language = speechLanguage(sp.language, t)
	return t, nil
}

// endOf is an end for a segment that has none.
func (sp *speech) endOf(i int) float64 {
	start := sp.segments[i].start
	for _, next := range sp.segments[i+1 : min(len(sp.segments), i+1+mendedSearch)] {
		if next.start > start {
			return min(next.start, start+mendedMost.Seconds())
		}
	}
	return start + mendedLast.Seconds()
}

func (sp *speech) damaged() bool {
	for i := range sp.segments {
		if strings.ContainsRune(sp.segments[i].text, utf8.RuneError) {
			return true
		}
	}
	return false
}

// A speechCutter collects segments whose words have times into runs, which a
// long pause or another speaker ends, and cuts each run into cues.
type speechCutter struct {
	track *Track
	wide  bool // the language is written without spaces
	cut   bool // cues are not simply the segments

	text    strings.Builder
	marks   []speechMark
	borders []speechBorder
	voice   string
	last    float64 // where the run ends

	clusters []cluster
	costs    []int16
	atoms    []speechAtom
	best     []float64
	from     []int32
}

// A speechBorder is where a segment begins in the text of a run.
type speechBorder struct{ at, line int }

// A speechAtom is a piece of text that is not cut, with what went before it.
type speechAtom struct {
	at         int // offset in the run's text
	start, end float64
	load       float64 // columns before it, from the beginning of the run
	inner      float64 // cost of having the borders before it inside of cues
	cost       float64 // cost of a cue that begins with it
}

// add puts a segment into the run. It is false where the words cannot be used.
func (c *speechCutter) add(s *speechSegment, words []speechWord) bool {
	if len(words) == 0 {
		return false
	}
	if len(c.borders) > 0 && (s.voice != c.voice || s.start-c.last >= speechSilence || s.start < c.last-speechSilence) {
		c.flush()
	}
	at := c.text.Len()
	sep := ""
	if at > 0 {
		sep = c.between(c.text.String(), s.text)
	}
	marks, ok := alignWords(c.marks, s.text, at+len(sep), words)
	if !ok {
		return false
	}
	c.marks = marks
	c.text.WriteString(sep)
	c.borders = append(c.borders, speechBorder{at: c.text.Len(), line: s.line})
	c.text.WriteString(s.text)
	c.voice = s.voice
	c.last = max(c.last, s.end)
	return true
}

// between is what stands between two segments. Chinese ones without
// punctuation are phrases, which subtitles separate with a space.
func (c *speechCutter) between(before, after string) string {
	lang := English
	if c.wide {
		lang = SimplifiedChinese
	}
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(after)
	hans := isHanLike(last) && isHanLike(first)
	mixed := isHanLike(last) != isHanLike(first) && kindOf(last) != kindComma && kindOf(last) != kindStrong && kindOf(first) != kindClose
	if spaceBetween(before, last, first, lang) || hans || mixed {
		return " "
	}
	return ""
}

// plain makes cues of a segment without times of words: one, or several where
// it is too long, by share of length.
func (c *speechCutter) plain(s *speechSegment) {
	for text := s.text; text != ""; {
		piece := text
		if len(piece) > speechPiece {
			piece = piece[:cutBefore(piece, speechPiece)]
		}
		text = text[len(piece):]
		share := func(rest string) float64 {
			return s.end - (s.end-s.start)*float64(len(rest))/float64(len(s.text))
		}
		start, end := share(piece+text), share(text)
		c.text.WriteString(piece)
		c.borders = append(c.borders[:0], speechBorder{line: s.line})
		c.voice, c.last = s.voice, end
		c.scan(piece)
		c.atomsByLength(start, end)
		c.compose(piece)
		c.reset()
	}
}

// cutBefore is the last place at or before limit behind a space, or else
// between characters.
func cutBefore(s string, limit int) int {
	if i := strings.LastIndexByte(s[:limit], ' '); i > limit/2 {
		return i + 1
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return limit
}

// flush cuts the run into cues.
func (c *speechCutter) flush() {
	if len(c.borders) > 0 {
		text := c.text.String()
		c.scan(text)
		c.atomsByWords(text)
		c.compose(text)
	}
	c.reset()
}

func (c *speechCutter) reset() {
	c.text.Reset()
	c.marks, c.borders, c.last = c.marks[:0], c.borders[:0], 0
}

// scan finds the places where the text may be cut and what each costs.
func (c *speechCutter) scan(text string) {
	c.clusters = scan(c.clusters[:0], text, c.wide)
	c.costs = breakCosts(c.costs[:0], text, c.clusters)
	if c.wide {
		joinedCost(c.clusters, c.costs)
	}
	// A segment's beginning is where the recogniser heard a phrase begin.
	b := 1
	for i := range c.clusters {
		if b < len(c.borders) && int(c.clusters[i].at) >= c.borders[b].at {
			if c.costs[i] < breakNever {
				c.costs[i] = min(c.costs[i], breakComma)
			}
			b++
		}
	}
}

func loadOf(cl *cluster) float64 {
	if cl.width > 1 {
		return speechHan
	}
	return float64(cl.width)
}

// atomsByLength cuts the text wherever it may be, and times it by its length.
func (c *speechCutter) atomsByLength(start, end float64) {
	c.atoms = c.atoms[:0]
	load := 0.0
	for i := range c.clusters {
		if i == 0 || c.costs[i] < breakNever {
			c.push(speechAtom{at: int(c.clusters[i].at), load: load}, c.costs[i])
		}
		load += loadOf(&c.clusters[i])
	}
	c.finishAtoms(load, end)
	for i := range c.atoms {
		a := &c.atoms[i]
		a.start = start + (end-start)*a.load/max(load, 1)
		if i > 0 {
			c.atoms[i-1].end = a.start
		}
	}
	if n := len(c.atoms); n > 1 {
		c.atoms[n-2].end = end
	}
}

// atomsByWords cuts the text where it may be and a word with times begins.
func (c *speechCutter) atomsByWords(text string) {
	c.atoms = c.atoms[:0]
	load, now := 0.0, max(c.marks[0].start, 0)
	m := 0
	for i := range c.clusters {
		at := int(c.clusters[i].at)
		for m < len(c.marks) && c.marks[m].at < at {
			now = max(now, c.marks[m].start, c.marks[m].end)
			m++
		}
		switch {
		case i == 0:
			c.push(speechAtom{start: now}, breakFree)
		case c.costs[i] < breakNever && m < len(c.marks) && c.marks[m].start != unknownTime && strings.TrimLeftFunc(text[at:c.marks[m].at], isNoWord) == "":
			n := len(c.atoms)
			c.atoms[n-1].end = now
			start := max(c.marks[m].start, c.atoms[n-1].start)
			// A word that the recogniser lets begin before the last one ends.
			c.atoms[n-1].end = min(now, max(start, c.atoms[n-1].start))
			c.push(speechAtom{at: at, start: start, load: load}, c.costs[i])
			now = start
		}
		load += loadOf(&c.clusters[i])
	}
	for ; m < len(c.marks); m++ {
		now = max(now, c.marks[m].start, c.marks[m].end)
	}
	n := len(c.atoms)
	c.atoms[n-1].end = max(now, c.atoms[n-1].start)
	c.finishAtoms(load, c.atoms[n-1].end)
}

// push adds an atom before which a cut costs cost.
func (c *speechCutter) push(a speechAtom, cost int16) {
	if n := len(c.atoms); n > 0 {
		prev := &c.atoms[n-1]
		pause := max(a.start-prev.end, 0)
		a.cost = max(float64(cost)-min(pause*20, 24), 0)
		a.inner = prev.inner
		if cost == breakFree {
			a.inner += 8
		}
		if pause > 0.5 {
			a.inner += (pause - 0.5) * 40
		}
	}
	c.atoms = append(c.atoms, a)
}

// finishAtoms adds the one that stands for the end of the text.
func (c *speechCutter) finishAtoms(load, end float64) {
	n := len(c.atoms)
	c.atoms = append(c.atoms, speechAtom{at: math.MaxInt, start: end, end: end, load: load, inner: c.atoms[n-1].inner})
}

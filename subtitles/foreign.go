package subtitles

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/asticode/go-astisub"
)

// Limits on what goes to go-astisub. It keeps a large record for each stretch of
// styled text and drops everything behind a line of 64 KiB, so it is given
// plain, short pieces.
const (
	foreignBytes  = 16 << 20  // bytes of a file
	foreignLine   = 60 << 10  // bytes of a line
	foreignBraces = 2000      // override blocks, or lines, of an event
	foreignMarkup = 1_000_000 // override blocks of a file
	chunkLines    = 500
	chunkBytes    = 256 << 10
	chunkBraces   = 4000 // override blocks and lines
)

// A foreignEvent is one event of a format that go-astisub reads, brought to
// the plain form in which it makes no mistakes.
type foreignEvent struct {
	start, end  time.Duration
	voice, text string
	style       string
	markup      string // the text as it stood in the file, where that is known
	top, italic bool
	noEnd       bool // mendForeignEnds has to find the end
	line        int
	braces      int
	lines       int // lines of text, or more
	shown       int // characters that show, counted here and not by the library
}

// foreignReader reads the chunk of a file that holds the given events, in
// order.
type foreignReader func(events []foreignEvent) (*astisub.Subtitles, error)

// readForeign has read turn events into cues, chunk by chunk, so that memory
// is bounded by a chunk. toText makes the text of an event's item.
//
// The library drops text silently on some inputs, so the items are counted:
// when a chunk gives not exactly one for each event, with its times, reading
// fails, and so it does when the library panics.
func readForeign(events []foreignEvent, read foreignReader, toText func(*astisub.Item) (text string, top bool), rep *Report) ([]Cue, error) {
	braces := 0
	for i := range events {
		if braces += events[i].braces; braces > foreignMarkup {
			return nil, &Error{Kind: ErrTooLarge, Line: events[i].line, Message: "the file holds more than a million override blocks: leave the typesetting out of it, or convert it to SRT"}
		}
	}
	cues := make([]Cue, 0, len(events))
	for len(events) > 0 {
		n := chunkLength(events)
		items, err := readChunk(events[:n], read)
		if err != nil {
			return nil, err
		}
		for i, item := range items {
			e := &events[i]
			text, top := toText(item)
			rep.Audit.CharactersIn += e.shown
			cue := Cue{Start: e.start, End: e.end, Text: cleanText(text), Voice: e.voice, Style: e.style, Italic: e.italic, Line: e.line}
			if cue.Text != e.markup {
				cue.Markup = e.markup
			}
			if top || e.top {
				cue.Settings = topSettings()
			}
			if cue.Text == "" {
				rep.add(Note{Line: e.line, Dropped: true, Rule: "no-text", Message: "the event has no text (nothing, or a drawing); it was left out"})
				rep.Audit.Dropped++
				continue
			}
			cues = append(cues, cue)
		}
		events = events[n:]
	}
	return ordered(cues, rep), nil
}

// chunkLength is how many of the events go into the next chunk.
func chunkLength(events []foreignEvent) int {
	bytes, braces := 0, 0
	for i, e := range events {
		bytes += len(e.text)
		braces += e.braces + e.lines
		if i == chunkLines || i > 0 && (bytes > chunkBytes || braces > chunkBraces) {
			return i
		}
	}
	return len(events)
}

// readChunk calls the library behind the guard and audits what it gives.
func readChunk(events []foreignEvent, read foreignReader) (items []*astisub.Item, err error) {
	line := events[0].line
	defer func() {
		if r := recover(); r != nil {
			items, err = nil, unreadable(line, fmt.Errorf("panic: %v", r))
		}
	}()
	subs, err := read(events)
	if err != nil {
		return nil, unreadable(line, err)
	}
	if len(subs.Items) != len(events) {
		return nil, unreadable(line, fmt.Errorf("%d events gave %d items", len(events), len(subs.Items)))
	}
	for i, item := range subs.Items {
		if item == nil || item.StartAt != events[i].start || item.EndAt != events[i].end {
			return nil, unreadable(events[i].line, fmt.Errorf("the times of an event came back changed"))
		}
	}
	return subs.Items, nil
}

func unreadable(line int, cause error) error {
	return &Error{Kind: ErrMalformed, Line: line, Err: cause,
		Message: "the file cannot be read from here on: export the subtitles again, or convert them to SRT or WebVTT"}
}

// ordered sorts cues by start, numbers them, and leaves out those that say the
// same at the same time, as the layers of a styled line do.
func ordered(cues []Cue, rep *Report) []Cue {
	sort.SliceStable(cues, func(i, j int) bool { return cues[i].Start < cues[j].Start })
	type key struct {
		start, end time.Duration
		text       string
	}
	seen := make(map[key]struct{}, len(cues))
	kept := cues[:0]
	for _, c := range cues {
		k := key{c.Start, c.End, c.Text}
		if _, twice := seen[k]; twice {
			rep.add(Note{Line: c.Line, Dropped: true, Rule: "duplicate", Message: "the same text is there at the same time already, as another layer; it was left out"})
			rep.Audit.lost(c.Text)
			continue
		}
		seen[k] = struct{}{}
		c.N = len(kept) + 1
		kept = append(kept, c)
	}
	return kept
}

// foreignTimes checks the times of an event; it notes and refuses those that
// nothing can be shown at.
func foreignTimes(e *foreignEvent, rep *Report) bool {
	if e.start < 0 {
		rep.add(Note{Line: e.line, Rule: "negative-time", Message: "the event starts before the video; it was made to start with it"})
		e.start = 0
	}
	if !e.noEnd && e.end <= e.start {
		rep.add(Note{Line: e.line, Dropped: true, Rule: "end-not-after-start", Message: "the event does not end after its start, so it is never shown; it was left out"})
		rep.Audit.Dropped++
		return false
	}
	return true
}

// mendForeignEnds gives events without an end one: the next start, five
// seconds after their own at most.
func mendForeignEnds(events []foreignEvent) {
	starts := make([]time.Duration, 0, len(events))
	for _, e := range events {
		starts = append(starts, e.start)
	}
	slices.Sort(starts)
	for i := range events {
		e := &events[i]
		if !e.noEnd {
			continue
		}
		e.end = e.start + mendedLast
		if at, _ := slices.BinarySearch(starts, e.start+1); at < len(starts) {
			e.end = min(starts[at], e.start+mendedMost)
		}
	}
}

// itemText joins the lines of an item that readTTMLChunk made.
func itemText(item *astisub.Item) (text string, top bool) {
	var b strings.Builder
	for i, line := range item.Lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		for _, part := range line.Items {
			b.WriteString(part.Text)
		}
	}
	return strings.ReplaceAll(b.String(), ttmlMargin, ""), false
}

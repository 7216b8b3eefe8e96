package worker

import (
	"github.com/duosub/duosub/subtitles"
)

// A Gate decides how many gaps a document may have and still be published.
type Gate struct {
	// Share is the largest share of untranslated cues, from 0 to 1.
	Share float64
	// InARow is the longest run of untranslated cues; zero with a Share above
	// zero means 2.
	InARow int
}

var (
	// Strict is the command's gate: all or nothing.
	Strict = Gate{}
	// Lenient is the service's gate: up to 2 % of the cues, never three in a
	// row.
	Lenient = Gate{Share: 0.02, InARow: 2}
)

// Open reports whether the document may be published.
func (g Gate) Open(d *subtitles.Document) bool {
	inARow := g.InARow
	if inARow == 0 && g.Share > 0 {
		inARow = Lenient.InARow
	}
	gaps, run := 0, 0
	for _, c := range d.Cues {
		if !hasGap(d, c) {
			run = 0
			continue
		}
		gaps++
		if run++; run > inARow {
			return false
		}
	}
	return float64(gaps) <= g.Share*float64(len(d.Cues))
}

// hasGap reports whether a language of the document is missing in the cue.
func hasGap(d *subtitles.Document, c subtitles.DualCue) bool {
	for _, tag := range d.Languages() {
		if t, ok := c.Texts[tag]; !ok || t.Status == subtitles.StatusUntranslated {
			return true
		}
	}
	return false
}

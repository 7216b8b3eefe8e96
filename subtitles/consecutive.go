package subtitles

import (
	"maps"
	"strings"
	"time"

	"golang.org/x/text/language"
)

// maxPieces is how many cues one cue of a document becomes at most.
const maxPieces = 12

// consecutive lists the document's cues as the dual track of the profile
// shows them: a cue that would have more than DualLines lines is divided into
// several, one after the other, which share its time by what there is to read
// in each. The first of them has the cue's number, the others have none.
// A cue that cannot be divided (one long word) stays as it is.
func (d *Document) consecutive(p Profile) []DualCue {
	if p.DualLines <= 0 {
		return d.Cues
	}
	cues := make([]DualCue, 0, len(d.Cues))
	for i := range d.Cues {
		c := &d.Cues[i]
		if lines, _ := d.dualLines(c, p); lines <= p.DualLines {
			cues = append(cues, *c)
			continue
		}
		cues = append(cues, d.divide(c, p)...)
	}
	return cues
}

// dualLines is how many lines the dual track has for a cue, and which of its
// languages are shown.
func (d *Document) dualLines(c *DualCue, p Profile) (lines int, shown []language.Tag) {
	before := ""
	for _, tag := range []language.Tag{d.Pair.Top, d.Pair.Bottom} {
		if text := c.set(tag, p); text != "" && Normalize(text) != Normalize(before) {
			lines += 1 + strings.Count(text, "\n")
			shown = append(shown, tag)
			before = text
		}
	}
	if lines > 0 || d.Source == language.Und {
		return lines, shown
	}
	if text := c.set(d.Source, p); text != "" {
		return 1 + strings.Count(text, "\n"), []language.Tag{d.Source}
	}
	return 0, nil
}

// divide makes as few cues of one as keep to the profile's DualLines, or where
// none do, as come nearest to it.
func (d *Document) divide(c *DualCue, p Profile) []DualCue {
	lines, shown := d.dualLines(c, p)
	best := []DualCue{*c}
	for n := 2; n <= maxPieces && time.Duration(n)*time.Millisecond <= c.End-c.Start; n++ {
		pieces := c.pieces(n, shown)
		if pieces == nil {
			break
		}
		most := 0
		for i := range pieces {
			k, _ := d.dualLines(&pieces[i], p)
			most = max(most, k)
		}
		if most < lines {
			best, lines = pieces, most
		}
		if most <= p.DualLines {
			break
		}
	}
	return best
}

// pieces divides the cue's texts in the languages shown into n parts each. The
// text with the most to read is divided first, by itself; the other one follows
// its borders. It answers nil where the first cannot be divided.
func (c *DualCue) pieces(n int, shown []language.Tag) []DualCue {
	first, most := shown[0], 0.0
	for _, tag := range shown {
		if l := readingLoad(c.Texts[tag].Text, tag); l > most {
			first, most = tag, l
		}
	}
	u := Unit{Last: n - 1, Parts: make([]string, n)}
	for i := range u.Parts {
		u.Parts[i] = "……" // all alike, so that the parts come out alike
	}
	leading := divideText(c.Texts[first].Text, u, first)
	if leading[0] == foldSpace(c.Texts[first].Text) {
		return nil
	}
	u.Parts = leading
	parts := map[language.Tag][]string{first: leading}
	for _, tag := range shown {
		if tag != first {
			parts[tag] = divideText(c.Texts[tag].Text, u, tag)
		}
	}

	weights := make([]float64, n)
	total := 0.0
	for i := range weights {
		for _, tag := range shown {
			weights[i] += readingLoad(parts[tag][i], tag)
		}
		total += weights[i]
	}
	pieces := make([]DualCue, n)
	at, sum := c.Start, 0.0
	for i := range pieces {
		q := *c
		q.Texts = maps.Clone(c.Texts)
		for _, tag := range shown {
			t := q.Texts[tag]
			t.Text = parts[tag][i]
			q.Texts[tag] = t
		}
		sum += weights[i]
		end := c.Start + (time.Duration(float64(c.End-c.Start) * sum / total)).Truncate(time.Millisecond)
		// Every cue is shown for a while, and the last one to the end.
		end = min(max(end, at+time.Millisecond), c.End-time.Duration(n-1-i)*time.Millisecond)
		if i == n-1 {
			end = c.End
		}
		q.Start, q.End = at, end
		at = end
		if i > 0 {
			q.N, q.Findings = 0, nil
		}
		pieces[i] = q
	}
	return pieces
}

// divideText is Split, except that the lines of different speakers are the
// parts where there are as many.
func divideText(text string, u Unit, lang language.Tag) []string {
	if lines := strings.Split(joinLines(text, lang), "\n"); len(lines) == u.Len() {
		return lines
	}
	return Split(text, u, nil, lang)
}

// readingLoad is how much there is to read in a text: seconds at the default
// profile's speed, a little at least.
func readingLoad(text string, lang language.Tag) float64 {
	return max(Length(text, lang)/defaultProfile.Rule(lang).Speed, 0.01)
}

// raise puts the cues that have no place of their own above the lines that the
// profile leaves free. A WebVTT line number below zero counts from the bottom
// and is where the first line of the cue goes (WebVTT §7.2).
func (p Profile) raise(t *Track) {
	if p.SafeLines <= 0 {
		return
	}
	for i := range t.Cues {
		c := &t.Cues[i]
		if c.Settings != nil && (c.Settings.Line != nil || c.Settings.Region != "") {
			continue
		}
		s := Settings{}
		if c.Settings != nil {
			s = *c.Settings
		}
		line := -float64(p.SafeLines + 1 + strings.Count(c.Text, "\n"))
		s.Line = &line
		c.Settings = &s
	}
}

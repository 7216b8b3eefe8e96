package subtitles

import (
	"math"
	"strings"

	"golang.org/x/text/language"
)

// Wrap sets a text in lines for the language and profile. It makes one line
// where that fits, else as few as possible, about equally long, broken where
// a reader pauses; never inside a word or a number, inside 《a title》 or one of
// the profile's terms only where there is no other place, and with no
// line that begins or ends with a sign that must not stand there (kinsoku). A
// text that is too long makes more lines than the profile wants rather than
// lose anything, and a word wider than a line stays whole. Lines that are
// different speakers' ("- Hi." LF "- Hello.") stay apart; other line breaks
// are set anew. The lines together hold the text, white space aside.
func Wrap(text string, lang language.Tag, p Profile) []string {
	rule := p.Rule(lang)
	wide := writesWide(lang)
	text = joinLines(text, lang)
	if text == "" {
		return nil
	}
	if !strings.Contains(text, "\n") {
		return wrapLine(nil, text, rule, wide, p.Terms)
	}
	var lines []string
	for l := range strings.SplitSeq(text, "\n") {
		lines = wrapLine(lines, l, rule, wide, p.Terms)
	}
	return lines
}

// wrapLine appends the lines that one speaker's text is set in.
func wrapLine(lines []string, text string, rule LineRule, wide bool, terms []string) []string {
	if len(text) <= rule.Columns && len(text) <= rule.MaxColumns && !wide {
		return append(lines, text) // no character has more columns than bytes
	}
	var buf clusterBuffer
	cs := scan(buf[:0], text, wide)
	total := sumWidth(cs)
	if total <= rule.MaxColumns {
		return append(lines, text)
	}
	var costBuf [len(buf)]int16
	costs := breakCosts(costBuf[:0], text, cs)
	if wide {
		joinedCost(cs, costs)
	}
	keepTogether(costs, text, cs, terms)

	limit := rule.Columns
	n := linesNeeded(cs, costs, limit)
	if m := linesNeeded(cs, costs, rule.MaxColumns); m < n {
		n, limit = m, rule.MaxColumns
	}
	breaks := balance(cs, costs, limit, float64(total)/float64(n))
	from := 0
	for _, b := range breaks {
		at := int(cs[b].at)
		lines = append(lines, strings.TrimRight(text[from:at], " "))
		from = at
	}
	return append(lines, text[from:])
}

// linesNeeded is how many lines the text needs at least.
func linesNeeded(cs []cluster, costs []int16, limit int) int {
	lines, width, since := 1, 0, 0 // since: the width after the last possible break
	for i := range cs {
		w := int(cs[i].width)
		if costs[i] < breakNever {
			since = 0
		}
		width += w
		since += w
		if width > limit && cs[i].kind != kindSpace && since < width {
			lines++
			width = since
		}
	}
	return lines
}

// balance chooses the clusters before which lines begin: every line within
// the limit where it can be, as few lines as possible, near the target width,
// at the cheapest places. Lines are short, so the work is linear in the text.
func balance(cs []cluster, costs []int16, limit int, target float64) []int {
	const (
		perLine  = 1e4 // one line more is worse than anything but overflow
		overflow = 1e6
		uneven   = 120
	)
	n := len(cs)
	best := make([]float64, n+1)
	from := make([]int32, n+1)
	for j := 1; j <= n; j++ {
		best[j] = math.Inf(1)
		if j < n && costs[j] >= breakNever {
			continue
		}
		// Spaces before the break take no room.
		end := j
		for end > 0 && cs[end-1].kind == kindSpace {
			end--
		}
		width := 0
		for i := end - 1; i >= 0; i-- {
			width += int(cs[i].width)
			if i > 0 && costs[i] >= breakNever {
				continue
			}
			if math.IsInf(best[i], 1) {
				continue
			}
			d := (float64(width) - target) / target
			c := best[i] + perLine + uneven*d*d
			if width > limit {
				c += overflow
			}
			if j < n {
				c += float64(costs[j])
			}
			if c < best[j] {
				best[j], from[j] = c, int32(i)
			}
			if width > limit {
				break
			}
		}
	}
	var breaks []int
	for j := int(from[n]); j > 0; j = int(from[j]) {
		breaks = append(breaks, j)
	}
	for a, b := 0, len(breaks)-1; a < b; a, b = a+1, b-1 {
		breaks[a], breaks[b] = breaks[b], breaks[a]
	}
	return breaks
}

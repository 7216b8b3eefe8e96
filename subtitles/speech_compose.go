package subtitles

import (
	"math"
	"sort"
	"strings"
	"time"
)

// compose finds the cues of least cost, by dynamic programming over the atoms,
// and adds them to the track.
func (c *speechCutter) compose(text string) {
	n := len(c.atoms) - 1
	c.best = append(c.best[:0], 0)
	c.from = append(c.from[:0], 0)
	if c.fits() {
		c.best, c.from = append(c.best, make([]float64, n)...), append(c.from, make([]int32, n)...)
	} else {
		for j := 1; j <= n; j++ {
			best, from := math.Inf(1), j-1
			for i := j - 1; i >= 0; i-- {
				if c.atoms[j].load-c.atoms[i].load > speechMost && i < j-1 {
					break
				}
				if cost := c.best[i] + c.cueCost(i, j); cost < best {
					best, from = cost, i
				}
			}
			c.best, c.from = append(c.best, best), append(c.from, int32(from))
		}
	}
	first := len(c.track.Cues)
	for j := n; j > 0; j = int(c.from[j]) {
		i := int(c.from[j])
		a, end := c.atoms[i], len(text)
		if j < n {
			end = c.atoms[j].at
		}
		c.track.Cues = append(c.track.Cues, Cue{Start: inTime(a.start), End: inTime(c.atoms[j-1].end), Voice: c.voice,
			Text: strings.TrimSpace(text[a.at:end]), Line: c.lineAt(a.at)})
	}
	made := c.track.Cues[first:]
	for i, j := 0, len(made)-1; i < j; i, j = i+1, j-1 {
		made[i], made[j] = made[j], made[i]
	}
	c.cut = c.cut || len(made) != len(c.borders)
}

// fits reports whether the run is one segment that is a good cue as it is.
func (c *speechCutter) fits() bool {
	end := &c.atoms[len(c.atoms)-1]
	length := end.end - c.atoms[0].start
	return len(c.borders) == 1 && end.load <= speechFull && length <= speechLongest && end.inner-c.atoms[0].inner < 20
}

// cueCost is what a cue of the atoms from i to before j costs.
func (c *speechCutter) cueCost(i, j int) float64 {
	a, b := &c.atoms[i], &c.atoms[j]
	// The base keeps sentences of two words together where nobody pauses.
	cost := 6 + a.cost + c.atoms[j-1].inner - a.inner
	load, length := b.load-a.load, c.atoms[j-1].end-a.start
	cost += max(load-speechLine, 0) * 0.25
	cost += max(load-speechFull, 0)
	cost += max(load-speechMost, 0) * 100
	cost += max(speechBrief-load, 0)
	cost += max(1-length, 0) * 8
	cost += max(length-speechLong, 0) * 15
	cost += max(length-speechLongest, 0) * 40
	return cost
}

// lineAt is the line of the segment that holds an offset of the run's text.
func (c *speechCutter) lineAt(at int) int {
	i := sort.Search(len(c.borders), func(i int) bool { return c.borders[i].at > at })
	return c.borders[max(i-1, 0)].line
}

// settle numbers the cues and gives those that are too short to be read the
// silence behind them, and each an end after its start.
func (c *speechCutter) settle() {
	cues := c.track.Cues
	for i := range cues {
		cue := &cues[i]
		cue.N = i + 1
		if cue.Duration() < speechLeast {
			end := cue.Start + speechLeast
			if i+1 < len(cues) && cues[i+1].Start >= cue.End {
				end = min(end, cues[i+1].Start)
			}
			cue.End = max(cue.End, end, cue.Start+time.Millisecond)
		}
	}
}

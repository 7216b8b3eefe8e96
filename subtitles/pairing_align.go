package subtitles

import (
	"math"
	"slices"
	"sort"
	"time"
)

// A bead is how many leading and other cues belong together.
type bead struct{ a, b uint8 }

// beads are the groups that are considered, with what each costs beyond the
// distance of its borders, in seconds. One to one comes first: of equal costs
// the earlier one is taken.
var beads = []struct {
	bead
	cost float64
}{
	{bead{1, 1}, 0}, {bead{1, 2}, 0.25}, {bead{2, 1}, 0.25}, {bead{1, 3}, 0.5}, {bead{3, 1}, 0.5},
	{bead{2, 2}, 0.7}, {bead{1, 4}, 0.75}, {bead{4, 1}, 0.75}, {bead{2, 3}, 1}, {bead{3, 2}, 1},
	{bead{1, 0}, 0}, {bead{0, 1}, 0},
}

const (
	// alignReach is how far apart cues may be and still be compared.
	alignReach = 8 * time.Second
	// alignBudget bounds the states of the dynamic programme; tracks that
	// need more (thousands of cues at one time) are paired one by one.
	alignBudget = 4 << 20
	beadRows    = 5 // one more than the most leading cues in a bead
)

// align finds the beads that cover both lists, in order, at the least cost:
// Gale and Church's programme (1993) over times instead of lengths.
func align(a, b []Cue) []bead {
	lo, hi, states := band(a, b)
	if states > alignBudget {
		return alignGreedily(a, b)
	}
	signsA, signsB := signs(a), signs(b)
	choice := make([][]uint8, len(a)+1)
	var rows [beadRows][]float64
	flat := make([]uint8, states)
	for i := 0; i <= len(a); i++ {
		width := hi[i] - lo[i] + 1
		choice[i], flat = flat[:width:width], flat[width:]
		row := rows[i%beadRows]
		if cap(row) < width {
			row = make([]float64, width, 2*width)
		}
		row = row[:width]
		rows[i%beadRows] = row
		for j := lo[i]; j <= hi[i]; j++ {
			best, pick := math.Inf(1), uint8(0)
			if i == 0 && j == 0 {
				row[0] = 0
				continue
			}
			for k := range beads {
				bd := &beads[k]
				i0, j0 := i-int(bd.a), j-int(bd.b)
				if i0 < 0 || j0 < lo[max(i0, 0)] || j0 > hi[i0] {
					continue
				}
				c := rows[i0%beadRows][j0-lo[i0]]
				if c >= best {
					continue
				}
				if c += bd.cost + beadCost(a[i0:i], b[j0:j]) + signCost(signsA[i0:i], signsB[j0:j]); c < best {
					best, pick = c, uint8(k)
				}
			}
			row[j-lo[i]] = best
			choice[i][j-lo[i]] = pick
		}
	}
	var out []bead
	for i, j := len(a), len(b); i > 0 || j > 0; {
		bd := beads[choice[i][j-lo[i]]].bead
		out = append(out, bd)
		i, j = i-int(bd.a), j-int(bd.b)
	}
	for x, y := 0, len(out)-1; x < y; x, y = x+1, y-1 {
		out[x], out[y] = out[y], out[x]
	}
	return out
}

// band bounds, for each number of leading cues that are done, how many of the
// others may be: those long past must be, those far ahead cannot.
func band(a, b []Cue) (lo, hi []int, states int) {
	lo, hi = make([]int, len(a)+1), make([]int, len(a)+1)
	for i := 0; i <= len(a); i++ {
		if i > 0 {
			before := a[i-1].Start - alignReach
			lo[i] = sort.Search(len(b), func(j int) bool { return b[j].Start >= before })
			lo[i] = min(max(lo[i], lo[i-1]), hi[i-1])
		}
		hi[i] = len(b)
		if i < len(a) {
			after := a[i].Start + alignReach
			hi[i] = sort.Search(len(b), func(j int) bool { return b[j].Start > after })
		}
		if i > 0 {
			hi[i] = max(hi[i], hi[i-1])
		}
		states += hi[i] - lo[i] + 1
	}
	return lo, hi, states
}

// beadCost is how badly the borders of two groups fit, in seconds, or the
// cost of leaving a cue alone.
func beadCost(a, b []Cue) float64 {
	if len(a) == 0 {
		return aloneCost(b[0])
	}
	if len(b) == 0 {
		return aloneCost(a[0])
	}
	startA, endA := hull(a)
	startB, endB := hull(b)
	for i := range a {
		if !belongs(a[i], b) {
			return math.Inf(1)
		}
	}
	for i := range b {
		if !belongs(b[i], a) {
			return math.Inf(1)
		}
	}
	// People let a subtitle stand longer to be read; its start is exact.
	return math.Abs((startA - startB).Seconds()) + 0.6*math.Abs((endA-endB).Seconds())
}

// signs says which cues hold no words: music signs, numbers, emoji.
func signs(cues []Cue) []bool {
	out := make([]bool, len(cues))
	for i := range cues {
		out[i] = Keep(cues[i].Text)
	}
	return out
}

// signCost keeps words from being laid over a cue of mere signs beside one of
// words.
func signCost(a, b []bool) float64 {
	if len(a)+len(b) <= 2 {
		return 0
	}
	mixed := func(x []bool) bool { return slices.Contains(x, true) && slices.Contains(x, false) }
	if mixed(a) && !slices.Contains(b, true) || mixed(b) && !slices.Contains(a, true) {
		return 1
	}
	return 0
}

func aloneCost(c Cue) float64 { return 0.4 + 0.5*c.Duration().Seconds() }

func hull(cues []Cue) (start, end time.Duration) {
	start, end = cues[0].Start, cues[0].End
	for _, c := range cues[1:] {
		start, end = min(start, c.Start), max(end, c.End)
	}
	return start, end
}

// belongs reports whether a good part of a cue is shown with one of others: a
// sliver at a border does not count.
func belongs(c Cue, others []Cue) bool {
	for _, x := range others {
		o := overlap(c, x)
		if o > 0 && (o*4 >= c.Duration() || o*4 >= x.Duration() || o >= 800*time.Millisecond) {
			return true
		}
	}
	return false
}

// alignGreedily gives each other cue to the leading one that it overlaps most
// and that is not before the last one used. It is for input that no real
// video has.
func alignGreedily(a, b []Cue) []bead {
	var out []bead
	i := 0
	for j := range b {
		for i < len(a) && a[i].End <= b[j].Start {
			out = append(out, bead{1, 0})
			i++
		}
		if i < len(a) && overlap(a[i], b[j]) > 0 {
			out = append(out, bead{1, 1})
			i++
		} else {
			out = append(out, bead{0, 1})
		}
	}
	for ; i < len(a); i++ {
		out = append(out, bead{1, 0})
	}
	return out
}

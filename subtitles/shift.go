package subtitles

import (
	"math"
	"slices"
	"time"
)

// A Shift maps the times of one track to those of another: t × Rate + Offset.
// The zero value maps every time to itself.
type Shift struct {
	Offset time.Duration
	// Rate is 1 for equal speed, 25/24 for a film sped up for television;
	// zero means 1.
	Rate float64
}

// Apply maps a time, to the millisecond.
func (s Shift) Apply(t time.Duration) time.Duration {
	if s.Rate != 0 && s.Rate != 1 {
		t = time.Duration(float64(t) * s.Rate)
	}
	return (t + s.Offset).Round(time.Millisecond)
}

// IsZero reports whether the shift changes no time.
func (s Shift) IsZero() bool { return s.Offset == 0 && (s.Rate == 0 || s.Rate == 1) }

const (
	shiftReach  = 90.0 // seconds: larger offsets are other cuts of a video
	shiftBin    = 0.1  // seconds
	shiftSample = 1200 // cues that vote
	shiftVotes  = 1e6  // votes that are counted for each speed
	shiftFewest = 10   // cues below which nothing is estimated
)

// shiftRates are the speeds that are tried: those between the frame rates in
// use (23.976, 24, 25, 29.97, 30), and a grid for clocks that drift.
var shiftRates = func() []float64 {
	rates := []float64{1, 25.0 / 24, 24.0 / 25, 25 * 1.001 / 24, 24 / (25 * 1.001), 1.001, 1 / 1.001}
	for k := 1; k <= 6; k++ {
		rates = append(rates, 1+float64(k)*0.00025, 1-float64(k)*0.00025)
	}
	return rates
}()

// EstimateShift finds the constant offset and the drift by which other's times
// differ from lead's, from where cues begin: each pair of beginnings votes for
// an offset, for each of the usual speeds. The shift is zero unless it brings
// clearly more cues together than leaving the times alone; tracks of fewer
// than ten cues are left alone.
func EstimateShift(lead, other *Track) Shift {
	a, b := beginnings(lead.Cues), beginnings(other.Cues)
	if len(a) < shiftFewest || len(b) < shiftFewest {
		return Shift{}
	}
	sample := b
	// Each of the sample meets every beginning of a within reach.
	met := float64(len(a)) * min(1, 2*shiftReach/max(a[len(a)-1]-a[0], 1))
	if n := min(shiftSample, max(50, int(shiftVotes/met))); len(sample) > n {
		sample = make([]float64, n)
		for i := range sample {
			sample[i] = b[i*len(b)/n]
		}
	}
	limit := min(len(a), len(sample))
	still := together(a, sample, Shift{Rate: 1})
	if still*2 >= limit {
		return Shift{}
	}
	best, bestVotes := Shift{}, 0
	votes := make([]int32, int(2*shiftReach/shiftBin)+3)
	plainVotes := 0
	for k, rate := range shiftRates {
		offset, n := vote(a, sample, rate, votes)
		if k == 0 {
			plainVotes = n
		}
		// Another speed must win clearly over a mere offset.
		if n > bestVotes && (k == 0 || n*10 > plainVotes*13) {
			best, bestVotes = Shift{Offset: inDuration(offset), Rate: rate}, n
		}
	}
	best = refine(a, sample, best)
	matched := together(a, sample, best)
	if matched*4 < limit || matched*10 < still*14 || matched < shiftFewest/2 {
		return Shift{}
	}
	return best
}

func inDuration(s float64) time.Duration {
	return time.Duration(math.Round(s*1000)) * time.Millisecond
}

// beginnings are the times in seconds at which cues begin, sorted.
func beginnings(cues []Cue) []float64 {
	out := make([]float64, len(cues))
	for i := range cues {
		out[i] = cues[i].Start.Seconds()
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// vote finds the offset that brings most beginnings of b onto ones of a.
func vote(a, b []float64, rate float64, votes []int32) (offset float64, n int) {
	clear(votes)
	from := 0
	for _, t := range b {
		t *= rate
		for from < len(a) && a[from] < t-shiftReach {
			from++
		}
		for i := from; i < len(a) && a[i] <= t+shiftReach; i++ {
			votes[int((a[i]-t+shiftReach)/shiftBin)+1]++
		}
	}
	for i := 1; i+1 < len(votes); i++ {
		if v := int(votes[i-1] + votes[i] + votes[i+1]); v > n {
			n, offset = v, (float64(i-1)+0.5)*shiftBin-shiftReach
		}
	}
	return offset, n
}

// nearest calls f with each beginning of b and the one of a that is nearest
// to it under the shift, where they are within reach.
func nearest(a, b []float64, s Shift, reach float64, f func(b, a float64)) {
	i := 0
	off := s.Offset.Seconds()
	for _, t := range b {
		m := t*s.Rate + off
		for i+1 < len(a) && math.Abs(a[i+1]-m) <= math.Abs(a[i]-m) {
			i++
		}
		if math.Abs(a[i]-m) <= reach {
			f(t, a[i])
		}
	}
}

// together counts the beginnings that a shift brings within 150 ms of another.
func together(a, b []float64, s Shift) (n int) {
	nearest(a, b, s, 0.15, func(_, _ float64) { n++ })
	return n
}

// refine fits offset and speed to the pairs near the estimate: medians of the
// first and the last third, which single strays do not move.
func refine(a, b []float64, s Shift) Shift {
	if s.Rate == 0 {
		s.Rate = 1
	}
	for _, reach := range []float64{0.8, 0.4, 0.2} {
		var ts, ds []float64
		nearest(a, b, s, reach, func(t, u float64) {
			ts, ds = append(ts, t), append(ds, u-t*s.Rate)
		})
		if len(ts) < shiftFewest {
			break
		}
		third := len(ts) / 3
		t0, t1 := median(ts[:third]), median(ts[len(ts)-third:])
		d0, d1 := median(ds[:third]), median(ds[len(ds)-third:])
		// A drift of less than a frame from end to end is noise of rounding.
		if t1-t0 > 60 && math.Abs(d1-d0) > 0.04 {
			slope := (d1 - d0) / (t1 - t0)
			s = Shift{Rate: s.Rate + slope, Offset: inDuration(d0 - slope*t0)}
		} else {
			s.Offset = inDuration(median(ds))
		}
	}
	return s
}

func median(xs []float64) float64 {
	if len(xs) == 0 {
		return 0
	}
	ys := slices.Clone(xs)
	slices.Sort(ys)
	return ys[len(ys)/2]
}

package subtitles

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// ttmlClock is how a document counts time (TTML2 §6.2, the ttp parameters).
type ttmlClock struct {
	frameRate float64 // frames a second, the multiplier applied
	subFrames float64
	tickRate  float64
}

var defaultTTMLClock = ttmlClock{frameRate: 30, subFrames: 1, tickRate: 1}

// newTTMLClock reads the parameters of the root element. The tick rate is one
// a second, or one a frame where a frame rate is given.
func newTTMLClock(attr func(string) string) ttmlClock {
	c := defaultTTMLClock
	positive := func(name string) (float64, bool) {
		v, err := strconv.ParseFloat(attr(name), 64)
		return v, err == nil && v > 0 && v < 1e9
	}
	if sub, ok := positive("subFrameRate"); ok {
		c.subFrames = sub
	}
	if rate, ok := positive("frameRate"); ok {
		c.frameRate = rate
		c.tickRate = rate * c.subFrames
	}
	// "1000 1001" in TTML, "1000:1001" in DFXP.
	if f := strings.FieldsFunc(attr("frameRateMultiplier"), func(r rune) bool { return r == ' ' || r == ':' }); len(f) == 2 {
		a, err1 := strconv.ParseFloat(f[0], 64)
		b, err2 := strconv.ParseFloat(f[1], 64)
		if err1 == nil && err2 == nil && a > 0 && b > 0 && !math.IsInf(a/b, 0) {
			c.frameRate *= a / b
		}
	}
	if rate, ok := positive("tickRate"); ok {
		c.tickRate = rate
	}
	return c
}

// parse reads a time expression (TTML2 §12.3.1): a clock time "hh:mm:ss",
// with a fraction or frames, or an offset with one of the metrics h, m, s, ms,
// f and t. The result is in whole milliseconds.
func (c ttmlClock) parse(s string) (time.Duration, bool) {
	if s == "" {
		return 0, false
	}
	if strings.IndexByte(s, ':') >= 0 {
		return c.clockTime(s)
	}
	number := strings.TrimRight(s, "hmsft")
	value, ok := ttmlNumber(number)
	if !ok {
		return 0, false
	}
	switch s[len(number):] {
	case "h":
		value *= 3600
	case "m":
		value *= 60
	case "s":
	case "ms":
		value /= 1000
	case "f":
		value /= c.frameRate
	case "t":
		value /= c.tickRate
	default:
		return 0, false
	}
	return ttmlDuration(value), true
}

func (c ttmlClock) clockTime(s string) (time.Duration, bool) {
	parts := strings.Split(s, ":")
	if len(parts) != 3 && len(parts) != 4 {
		return 0, false
	}
	var fields [4]float64
	for i, part := range parts {
		var ok bool
		if i == 3 {
			// Frames, and sub-frames behind a point.
			frames, sub, hasSub := strings.Cut(part, ".")
			if fields[3], ok = ttmlNumber(frames); ok && hasSub {
				var f float64
				f, ok = ttmlNumber(sub)
				fields[3] += f / c.subFrames
			}
		} else {
			// Some files have a comma for the point.
			fields[i], ok = ttmlNumber(strings.Replace(part, ",", ".", 1))
		}
		if !ok {
			return 0, false
		}
	}
	return ttmlDuration(fields[0]*3600 + fields[1]*60 + fields[2] + fields[3]/c.frameRate), true
}

// ttmlNumber reads digits with at most one point.
func ttmlNumber(s string) (float64, bool) {
	if !isVTTDecimal(s) {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil
}

// ttmlDuration rounds seconds to milliseconds, and cuts them to maxTime.
func ttmlDuration(seconds float64) time.Duration {
	if seconds >= maxTime.Seconds() {
		return maxTime
	}
	return time.Duration(math.Round(seconds*1000)) * time.Millisecond
}

// isTopRegion reports whether a region shows its text in the upper half, by
// its own attributes, where they are percentages.
func isTopRegion(origin, extent, displayAlign string) bool {
	_, y, ok := percentPair(origin)
	if !ok {
		return false
	}
	if displayAlign == "" || displayAlign == "before" {
		return y < 40
	}
	_, height, ok := percentPair(extent)
	return ok && y+height <= 50
}

func percentPair(s string) (x, y float64, ok bool) {
	f := strings.Fields(s)
	if len(f) != 2 {
		return 0, 0, false
	}
	x, ok1 := vttPercentage(f[0])
	y, ok2 := vttPercentage(f[1])
	return x, y, ok1 && ok2
}

package media

import (
	"bytes"
	"strconv"
	"strings"
	"time"
)

// A timestampMap is a segment's X-TIMESTAMP-MAP (RFC 8216 §3.5): which time
// stamp of the video a cue time stands for.
type timestampMap struct {
	mpegts uint64 // in 90 kHz, below 2^33
	local  time.Duration
	known  bool
}

// zero is the time stamp of cue time zero, as a duration.
func (m timestampMap) zero() time.Duration {
	return time.Duration(m.mpegts)*time.Second/90_000 - m.local
}

// wrap is after how long time stamps begin anew: 2^33 of them, 26.5 hours.
const wrap = time.Duration(1<<33) * time.Second / 90_000

// parseTimestampMap finds the line in front of the first cue of a WebVTT file,
// where it ought to stand in the header: some packagers put a blank line before
// it. One that cannot be read counts as none.
func parseTimestampMap(data []byte) (m timestampMap) {
	const name = "X-TIMESTAMP-MAP="
	for range 64 { // a header is short
		line, rest, more := bytes.Cut(data, []byte("\n"))
		line = bytes.TrimRight(line, "\r")
		if !more && len(line) == 0 || bytes.Contains(line, []byte("-->")) {
			return m
		}
		if bytes.HasPrefix(line, []byte(name)) {
			return parseMap(string(line[len(name):]))
		}
		data = rest
	}
	return m
}

func parseMap(s string) (m timestampMap) {
	var hasStamp, hasLocal bool
	for field := range strings.SplitSeq(s, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(field), ":")
		switch key {
		case "MPEGTS":
			n, err := strconv.ParseUint(strings.TrimSpace(value), 10, 64)
			// Some packagers let the number grow beyond its 33 bits.
			m.mpegts, hasStamp = n&(1<<33-1), err == nil
		case "LOCAL":
			m.local, hasLocal = parseLocal(strings.TrimSpace(value))
		}
	}
	if m.known = hasStamp && hasLocal; !m.known {
		return timestampMap{}
	}
	return m
}

// parseLocal reads hh:mm:ss.mmm or mm:ss.mmm.
func parseLocal(s string) (time.Duration, bool) {
	clock, millis, ok := strings.Cut(s, ".")
	ms, err := strconv.ParseUint(millis, 10, 16)
	if !ok || len(millis) != 3 || err != nil {
		return 0, false
	}
	fields := strings.Split(clock, ":")
	if len(fields) < 2 || len(fields) > 3 {
		return 0, false
	}
	total := time.Duration(0)
	for _, f := range fields {
		n, err := strconv.ParseUint(f, 10, 16)
		if err != nil {
			return 0, false
		}
		total = total*60 + time.Duration(n)
	}
	return total*time.Second + time.Duration(ms)*time.Millisecond, true
}

// place answers what is to be added to the cue times of each part to put them
// onto the playlist's own time, and how many parts have cues that then lie
// outside of them.
//
// The time stamps are the video's, which is not here. What a cue time means in
// the playlist is known all the same where the first segment has a map: its
// time zero is the playlist's, whether a packager counts cue times from the
// start of the video or of each segment. Other readings are tried for
// playlists that leave maps out, and the one by which most segments hold their
// own cues is taken, the specification's first.
func place(parts []part) (offsets []time.Duration, odd int) {
	reference := -1
	for i := range parts {
		if parts[i].stamp.known && (parts[i].at == 0 || len(parts[i].cues) > 0) {
			reference = i
			break
		}
	}
	var stamp timestampMap
	var stampAt time.Duration
	if reference >= 0 {
		stamp, stampAt = parts[reference].stamp, parts[reference].at
	}
	readings := []func(p *part) time.Duration{
		func(p *part) time.Duration { return onto(p, stamp, stamp.zero()) },
		// The first map tells the start of its own segment.
		func(p *part) time.Duration { return onto(p, stamp, stamp.zero()+stamp.local-stampAt) },
		// Times begin anew in each segment, and no map says so.
		func(p *part) time.Duration { return p.at },
	}
	best := -1
	for k, reading := range readings {
		tried, fitting, withCues := make([]time.Duration, len(parts)), 0, 0
		groups := map[int]timestampMap{}
		for i := range parts {
			p := &parts[i]
			tried[i] = reading(p)
			if k < 2 {
				tried[i] = acrossDiscontinuity(p, tried[i], groups)
			}
			if len(p.cues) > 0 {
				withCues++
				if fits(p, tried[i]) {
					fitting++
				}
			}
		}
		if fitting > best {
			best, offsets, odd = fitting, tried, withCues-fitting
		}
	}
	return offsets, odd
}

// onto is what brings a part's cue times onto the playlist's, whose zero is
// the given time stamp; the turn of the 33-bit clock is the one that brings
// the first cue nearest to the segment. A segment without a map is taken by
// the specification (its zero is time stamp zero) where its cues then lie in
// it, else as if it had the reference's map.
func onto(p *part, reference timestampMap, zero time.Duration) time.Duration {
	if p.stamp.known {
		return turned(p, p.stamp.zero()-zero)
	}
	if literal := turned(p, -zero); fits(p, literal) {
		return literal
	}
	return turned(p, reference.zero()-zero)
}

// turned adds the turns of the clock that bring the first cue nearest to its
// segment.
func turned(p *part, offset time.Duration) time.Duration {
	if len(p.cues) == 0 {
		return offset
	}
	distance := p.at - (p.cues[0].Start + offset)
	turns := distance / wrap
	switch rest := distance % wrap; {
	case rest > wrap/2:
		turns++
	case rest < -wrap/2:
		turns--
	}
	return offset + turns*wrap
}

// acrossDiscontinuity takes the first map behind a discontinuity for the start
// of a new clock, where the old one leads out of the segment.
func acrossDiscontinuity(p *part, offset time.Duration, groups map[int]timestampMap) time.Duration {
	if p.group == 0 || !p.stamp.known {
		return offset
	}
	first, ok := groups[p.group]
	if !ok {
		first = p.stamp
		groups[p.group] = first
	}
	if fits(p, offset) {
		return offset
	}
	if anew := turned(p, p.stamp.zero()-first.zero()+p.groupAt); fits(p, anew) {
		return anew
	}
	return offset
}

// fits reports whether one of the part's cues then lies in its segment, give
// or take a second.
func fits(p *part, offset time.Duration) bool {
	for i := range p.cues {
		c := &p.cues[i]
		if c.Start+offset < p.at+p.length+time.Second && c.End+offset > p.at-time.Second {
			return true
		}
	}
	return false
}

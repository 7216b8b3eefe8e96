package subtitles

import (
	"cmp"
	"math"
	"slices"
	"time"

	"golang.org/x/text/language"
)

// RetimeOptions are the limits of [Retime]. The zero value has those of
// Netflix's timed text style guide.
type RetimeOptions struct {
	// MinGap is kept between cues that do not touch; zero means 83 ms, two
	// frames of a film.
	MinGap time.Duration
	// MaxExtend is how much later a cue may end; zero means 500 ms, twelve
	// frames of a film.
	MaxExtend time.Duration
	// MinDuration is what every cue should be shown; zero means 833 ms, five
	// sixths of a second.
	MinDuration time.Duration
	// MaxDuration is what no cue is extended beyond; zero means seven seconds.
	MaxDuration time.Duration
	// Profile says how fast the languages are read.
	Profile Profile
}

func (o RetimeOptions) withDefaults() RetimeOptions {
	o.MinGap = cmp.Or(o.MinGap, minGap)
	o.MaxExtend = cmp.Or(o.MaxExtend, 12*time.Second/24)
	o.MinDuration = cmp.Or(o.MinDuration, minDuration)
	o.MaxDuration = cmp.Or(o.MaxDuration, maxDuration)
	return o
}

// Retime mends the ends of cues, as far as that touches no speech, and answers
// how many it changed. No cue begins at another time than before, and no text
// is touched.
//
// A cue that is too short, or too fast to be read, ends later, where the time
// up to the next cue is free. Of a gap too small to be seen as one, the cue
// before it gives up as much as makes it MinGap long; where it cannot spare
// that it ends with the next one's beginning instead. An overlap shorter than
// MinGap, which is a slip of rounding, is mended in the same way. Cues that are
// shown together for longer are meant so and left alone, and so are cues that
// end before they begin.
//
// It goes by the times that it finds: run it once, on the times of the source.
func Retime(t *Track, o RetimeOptions) (changed int) {
	o = o.withDefaults()
	spans := make([]timeSpan, len(t.Cues))
	for i := range t.Cues {
		c := &t.Cues[i]
		spans[i] = timeSpan{start: c.Start, end: c.End, index: i}
		for _, b := range t.blocks(c, c.Text) {
			lang := b.lang
			if lang == language.Und {
				if lang = English; b.wide() {
					lang = SimplifiedChinese
				}
			}
			spans[i].want = max(spans[i].want, readingTime(b.text, lang, o.Profile))
		}
	}
	for _, s := range retime(spans, o) {
		t.Cues[s.index].End = s.end
		changed++
	}
	return changed
}

// Retime is [Retime] for a document: a cue is given the time that each of the
// pair's languages needs.
func (d *Document) Retime(o RetimeOptions) (changed int) {
	o = o.withDefaults()
	spans := make([]timeSpan, len(d.Cues))
	for i := range d.Cues {
		c := &d.Cues[i]
		spans[i] = timeSpan{start: c.Start, end: c.End, index: i}
		for _, lang := range []language.Tag{d.Pair.Top, d.Pair.Bottom} {
			spans[i].want = max(spans[i].want, readingTime(c.set(lang, o.Profile), lang, o.Profile))
		}
	}
	for _, s := range retime(spans, o) {
		d.Cues[s.index].End = s.end
		changed++
	}
	return changed
}

// readingTime is how long a text must be shown to be read at the profile's
// speed.
func readingTime(text string, lang language.Tag, p Profile) time.Duration {
	return time.Duration(math.Ceil(Length(text, lang)/p.Rule(lang).Speed*1000)) * time.Millisecond
}

// A timeSpan is what retime knows of a cue.
type timeSpan struct {
	start, end time.Duration
	want       time.Duration // to be read in
	index      int
}

// retime answers the spans whose ends change, with their new ends.
func retime(spans []timeSpan, o RetimeOptions) (changed []timeSpan) {
	slices.SortStableFunc(spans, func(a, b timeSpan) int { return cmp.Compare(a.start, b.start) })
	var shownUntil time.Duration // by the cues before
	for i, s := range spans {
		together := i > 0 && shownUntil-s.start >= o.MinGap
		shownUntil = max(shownUntil, s.end)
		if s.end <= s.start || together {
			continue
		}
		end := s.end
		limit := s.end + o.MaxExtend
		if i+1 < len(spans) {
			next := spans[i+1].start
			gap := next - s.end
			if gap <= -o.MinGap || next == s.start {
				continue // shown together with the next
			}
			if gap != 0 && gap < o.MinGap {
				if end = next - o.MinGap; end-s.start < max(o.MinDuration, s.want) {
					end = next
				}
			}
			limit = min(limit, next-o.MinGap)
		}
		wanted := s.start + min(max(o.MinDuration, s.want), o.MaxDuration)
		end = max(end, min(wanted, limit))
		if end != s.end {
			s.end = end
			changed = append(changed, s)
		}
	}
	return changed
}

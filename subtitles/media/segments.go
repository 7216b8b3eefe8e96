package media

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/duosub/duosub/subtitles"
)

// segmentFetches is how many segments are fetched at once.
const segmentFetches = 4

// A part is what one segment gave.
type part struct {
	cues       []subtitles.Cue // in the segment's own time
	stamp      timestampMap
	at, length time.Duration // where the segment stands in the playlist
	group      int           // counts discontinuities
	groupAt    time.Duration // where the group begins
	track      *subtitles.Track
	report     *subtitles.Report
}

// A resource is one file that segments are made of; several next to each
// other may be ranges of the same.
type resource struct {
	address string
	first   int // segment
	count   int
}

// readSegments fetches and reads all segments of a media playlist.
func readSegments(ctx context.Context, open Opener, base *url.URL, list *subtitles.Playlist) ([]part, *subtitles.Report, error) {
	parts := make([]part, len(list.Segments))
	var resources []resource
	var at, groupAt time.Duration
	group := 0
	for i, s := range list.Segments {
		if s.Discontinuity && i > 0 {
			group++
			groupAt = at
		}
		parts[i] = part{at: at, length: s.Duration, group: group, groupAt: groupAt}
		at += s.Duration
		if n := len(resources); n > 0 && s.Length > 0 && resources[n-1].address == s.URI {
			resources[n-1].count++
		} else {
			resources = append(resources, resource{s.URI, i, 1})
		}
	}
	r := &segmentReader{open: open, base: base, list: list, parts: parts}
	if err := r.run(ctx, resources); err != nil {
		return nil, nil, err
	}
	return parts, mergeReports(parts), nil
}

// A segmentReader is one run of readSegments.
type segmentReader struct {
	open  Opener
	base  *url.URL
	list  *subtitles.Playlist
	parts []part

	mu    sync.Mutex
	bytes int64
	cues  int
	// err is the error of the earliest resource that failed, so that it does
	// not depend on which answered first.
	err   error
	errAt int
}

// run reads the resources, a few at once.
func (r *segmentReader) run(ctx context.Context, resources []resource) error {
	work, stop := context.WithCancel(ctx)
	defer stop()
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(segmentFetches, len(resources)) {
		wg.Go(func() {
			for i := range next {
				if err := r.read(work, resources[i]); err != nil {
					r.fail(err, i, work)
					stop()
				}
			}
		})
	}
feeding:
	for i := range resources {
		select {
		case next <- i:
		case <-work.Done():
			break feeding
		}
	}
	close(next)
	wg.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return r.err
}

// fail keeps an error, unless it only says that another one stopped the work.
func (r *segmentReader) fail(err error, at int, work context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil && (work.Err() != nil && err == work.Err() || at > r.errAt) {
		return
	}
	r.err, r.errAt = err, at
}

// read fetches one resource and reads its segments.
func (r *segmentReader) read(ctx context.Context, res resource) error {
	at, err := resolve(r.base, res.address)
	if err != nil {
		return err
	}
	data, err := fetch(ctx, r.open, at, subtitles.MaxBytes, fmt.Sprintf("segment %d of the playlist", res.first+1))
	if err != nil {
		return err
	}
	for i := res.first; i < res.first+res.count; i++ {
		piece := data
		if s := r.list.Segments[i]; s.Length > 0 {
			if s.Offset > int64(len(data)) || s.Length > int64(len(data))-s.Offset {
				return &Error{Kind: KindBadPlaylist, Message: fmt.Sprintf("segment %d of the playlist lies beyond the end of its file: package the subtitles anew", i+1)}
			}
			piece = data[s.Offset : s.Offset+s.Length]
		}
		if err := r.segment(i, piece); err != nil {
			return err
		}
	}
	return nil
}

// segment reads one segment within the limits of all.
func (r *segmentReader) segment(i int, data []byte) error {
	if err := checkSegment(data, i+1); err != nil {
		return err
	}
	r.mu.Lock()
	r.bytes += int64(len(data))
	over := r.bytes > subtitles.MaxBytes
	r.mu.Unlock()
	if over {
		return tooLarge()
	}
	t, report, err := subtitles.Read(data)
	p := &r.parts[i]
	p.report = report
	if asEmpty(err) {
		p.stamp = parseTimestampMap(data)
		return nil
	}
	if err != nil {
		return &Error{Kind: KindBadPlaylist, Message: fmt.Sprintf("segment %d of the playlist cannot be read: %v", i+1, err), Err: err}
	}
	p.track, p.cues, p.stamp = t, t.Cues, parseTimestampMap(data)
	r.mu.Lock()
	r.cues += len(t.Cues)
	over = r.cues > subtitles.MaxCues
	r.mu.Unlock()
	if over {
		return tooLarge()
	}
	return nil
}

// mergeReports makes one report of the segments'; their notes say in which
// segment a line is.
func mergeReports(parts []part) *subtitles.Report {
	merged := &subtitles.Report{Format: subtitles.VTT, Encoding: "utf-8"}
	for i := range parts {
		rep := parts[i].report
		if rep == nil {
			continue
		}
		merged.Omitted += rep.Omitted
		for _, n := range rep.Notes {
			if n.Rule == "timestamp-map" {
				continue // place has seen to it
			}
			where := fmt.Sprintf("segment %d: ", i+1)
			if n.Line > 0 {
				where = fmt.Sprintf("segment %d, line %d: ", i+1, n.Line)
			}
			addNote(merged, subtitles.Note{Dropped: n.Dropped, Rule: n.Rule, Message: where + n.Message})
		}
	}
	return merged
}

func addNote(rep *subtitles.Report, n subtitles.Note) {
	if len(rep.Notes) >= subtitles.MaxNotes {
		rep.Omitted++
		return
	}
	rep.Notes = append(rep.Notes, n)
}

// sameTime allows for the rounding of time stamps.
const sameTime = 2 * time.Millisecond

func near(a, b, by time.Duration) bool { return a-b <= by && b-a <= by }

// assembleSegments puts the segments' cues onto one time line, each cue once.
func assembleSegments(parts []part, report *subtitles.Report) (*subtitles.Track, error) {
	offsets, odd := place(parts)
	if odd > 0 {
		addNote(report, subtitles.Note{Rule: "odd-timestamps", Message: fmt.Sprintf("the cues of %d segments lie outside of them; check the times against the video", odd)})
	}
	t := &subtitles.Track{Format: subtitles.VTT}
	type shown struct{ index, segment int }
	last := map[string]shown{} // the last cue with a text
	for i := range parts {
		p := &parts[i]
		if p.track != nil {
			if len(t.Cues) == 0 {
				t.Language, t.Styles, t.Regions = p.track.Language, p.track.Styles, p.track.Regions
			}
		}
		for _, c := range p.cues {
			c.Start, c.End = (c.Start + offsets[i]).Round(time.Millisecond), (c.End + offsets[i]).Round(time.Millisecond)
			c.Line = 0 // of a segment, which is no line of the track
			if c.Start < 0 {
				if c.End <= 0 {
					addNote(report, subtitles.Note{Dropped: true, Rule: "negative-time", Message: fmt.Sprintf("segment %d: a cue ends before the video starts; it was left out", i+1)})
					continue
				}
				addNote(report, subtitles.Note{Rule: "negative-time", Message: fmt.Sprintf("segment %d: a cue starts before the video; it was made to start with it", i+1)})
				c.Start = 0
			}
			if was, ok := last[c.Text]; ok && was.segment < i && continues(&t.Cues[was.index], &c, p.at) {
				t.Cues[was.index].End = max(t.Cues[was.index].End, c.End)
				last[c.Text] = shown{was.index, i}
				continue
			}
			last[c.Text] = shown{len(t.Cues), i}
			t.Cues = append(t.Cues, c)
		}
	}
	if len(t.Cues) == 0 {
		return nil, &subtitles.Error{Kind: subtitles.ErrNoCues, Message: "no segment of the playlist holds a cue: check that it is the right one"}
	}
	slices.SortStableFunc(t.Cues, func(a, b subtitles.Cue) int { return int(max(-1, min(1, a.Start-b.Start))) })
	for i := range t.Cues {
		t.Cues[i].N = i + 1
	}
	return t, nil
}

// continues reports whether a cue is one of an earlier segment again: repeated
// whole, or what a cut at the border at left of it.
func continues(was, c *subtitles.Cue, border time.Duration) bool {
	switch {
	case near(was.Start, c.Start, sameTime):
		return true
	case near(was.End, c.Start, sameTime):
		return near(c.Start, border, 50*time.Millisecond)
	}
	return false
}

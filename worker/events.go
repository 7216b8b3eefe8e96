package worker

import (
	"context"
	"encoding/json"
	"time"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/worker/job"
	"github.com/redis/go-redis/v9"
)

// An Event is one entry of a job's event stream.
type Event struct {
	// ID orders the events of a job; a reader resumes after it.
	ID string
	// Type is "progress", "cue" or "state".
	Type string
	// Data is one JSON object.
	Data []byte
}

// eventPoll is how often a waiting reader looks for new events. Polling keeps
// readers from holding connections of the pool that the workers share.
const eventPoll = 200 * time.Millisecond

// Events hands the job's events after lastID (empty: from the beginning) to
// each, in order, waits for new ones, and returns nil after the event that
// finishes the job's present run. It returns each's error, the context's, or
// ErrNotFound.
func (s *Service) Events(ctx context.Context, id, lastID string, each func(Event) error) error {
	var r *Record
	var err error
	from := "-"
	if validEventID(lastID) {
		from = "(" + lastID
	}
	told := false // whether the last event was a state
	for {
		// The record is read before the events: a job that had ended by then
		// has no event that the next reading misses.
		if r, err = s.Get(ctx, id); err != nil {
			return err
		}
		entries, err := s.cfg.Redis.XRangeN(ctx, jobKey(id, "events"), from, "+", 200).Result()
		if err != nil {
			return unavailable("read the events of a job", err)
		}
		for _, e := range entries {
			ev := Event{ID: e.ID}
			ev.Type, _ = e.Values["type"].(string)
			data, _ := e.Values["data"].(string)
			ev.Data = []byte(data)
			if err := each(ev); err != nil {
				return err
			}
			from = "(" + e.ID
			told = ev.Type == "state"
		}
		if len(entries) > 0 {
			continue
		}
		if r.State.Finished() {
			return s.tellEnd(ctx, r, told, lastID, each)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(eventPoll):
		}
	}
}

// tellEnd tells the state of a finished job to a reader who has not heard it:
// the stream may have expired, while the record is in the store.
func (s *Service) tellEnd(ctx context.Context, r *Record, told bool, lastID string, each func(Event) error) error {
	if told {
		return nil
	}
	if validEventID(lastID) {
		// A reader who resumes after the last event has heard it.
		n, err := s.cfg.Redis.XRevRangeN(ctx, jobKey(r.ID, "events"), "+", lastID, 1).Result()
		if err != nil {
			return unavailable("read the events of a job", err)
		}
		if len(n) > 0 {
			return nil
		}
	}
	data, err := r.StateJSON()
	if err != nil {
		return err
	}
	return each(Event{Type: "state", Data: data})
}

// validEventID reports whether s is an id of a Redis stream; others are
// treated as absent, since they come from outside.
func validEventID(s string) bool {
	digits, dash := 0, 0
	for _, c := range s {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '-' && digits > 0:
			dash++
		default:
			return false
		}
	}
	return digits > 0 && dash <= 1 && len(s) <= 40
}

// setProgress adds the progress of a job's record to a pipeline.
func setProgress(ctx context.Context, pipe redis.Pipeliner, r *Record, p Progress) {
	pipe.HSet(ctx, jobKey(r.ID, "rec"), "done", p.Done, "units", p.Units)
}

// addProgress adds a job's progress to a pipeline: that of its record, and an
// event.
func addProgress(ctx context.Context, pipe redis.Pipeliner, r *Record, p Progress) {
	setProgress(ctx, pipe, r, p)
	data, _ := json.Marshal(p) // two integers
	addEvent(ctx, pipe, r, "progress", data)
}

// addCues adds "cue" events for finished cues. Backfill has no listeners and
// sends none.
func addCues(ctx context.Context, pipe redis.Pipeliner, r *Record, cues []subtitles.DualCue) error {
	if r.Lane == job.Backfill {
		return nil
	}
	for _, c := range cues {
		data, err := c.MarshalJSON()
		if err != nil {
			return err
		}
		addEvent(ctx, pipe, r, "cue", data)
	}
	return nil
}

func addEvent(ctx context.Context, pipe redis.Pipeliner, r *Record, kind string, data []byte) {
	pipe.XAdd(ctx, &redis.XAddArgs{Stream: jobKey(r.ID, "events"), MaxLen: eventsKept, Approx: true,
		Values: []any{"type", kind, "data", data}})
}

package worker

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/worker/job"
)

// A Filter chooses jobs of a list. Zero fields choose all.
type Filter struct {
	Tenant       string
	Video        string
	State        State
	UpdatedAfter time.Time
	// Cursor goes on after an earlier answer.
	Cursor string
	// Limit bounds the answer; zero means 50, 500 is the most.
	Limit int
}

// List answers jobs, the longest unchanged first, and the cursor of the next
// page, empty after the last one. Finished jobs leave the list a week after
// their last change; with Video set they are found however old they are.
func (s *Service) List(ctx context.Context, f Filter) (jobs []*Record, next string, err error) {
	if f.State != "" && !slices.Contains(States, f.State) {
		return nil, "", badRequest("unknown state %q: use queued, running, done, partial, failed or canceled", string(f.State))
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	f.Limit = min(f.Limit, 500)
	if f.Video != "" {
		jobs, err = s.ofVideo(ctx, f)
		return jobs, "", err
	}
	at, err := parseCursor(f.Cursor)
	if err != nil {
		return nil, "", err
	}
	if f.Cursor == "" && !f.UpdatedAfter.IsZero() {
		at = cursor{millis: f.UpdatedAfter.UnixMilli() + 1}
	}
	for {
		// One more than a page, so that a cursor inside equal milliseconds
		// always gets on.
		page, err := s.records.list(ctx, at, f.Limit+200)
		if err != nil {
			return nil, "", err
		}
		moved := false
		for _, z := range page {
			here := cursor{int64(z.Score), z.Member.(string)}
			if here.millis < at.millis || here.millis == at.millis && here.id <= at.id {
				continue
			}
			moved, at = true, here
			r, err := s.Get(ctx, here.id)
			if err == ErrNotFound {
				s.cfg.Redis.ZRem(ctx, jobsKey, here.id)
				continue
			}
			if err != nil {
				return nil, "", err
			}
			if f.matches(r) {
				jobs = append(jobs, r)
			}
			if len(jobs) == f.Limit {
				return jobs, at.String(), nil
			}
		}
		if !moved {
			return jobs, "", nil
		}
	}
}

func (f Filter) matches(r *Record) bool {
	return (f.State == "" || r.State == f.State) && (f.Tenant == "" || r.Spec.Tenant == f.Tenant)
}

// ofVideo answers the jobs of one video: there is one for each pair, and
// their ids follow from it.
func (s *Service) ofVideo(ctx context.Context, f Filter) ([]*Record, error) {
	var jobs []*Record
	for _, pair := range subtitles.Pairs() {
		r, err := s.Get(ctx, job.ID(f.Tenant, f.Video, pair))
		if err == ErrNotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		if f.matches(r) && r.UpdatedAt.After(f.UpdatedAfter) {
			jobs = append(jobs, r)
		}
	}
	slices.SortFunc(jobs, func(a, b *Record) int {
		if c := a.UpdatedAt.Compare(b.UpdatedAt); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return jobs, nil
}

package worker

import (
	"context"
	"io"
	"time"
)

// An OpenedOutput is a file of a job, ready to be read.
type OpenedOutput struct {
	Output
	ModTime time.Time
	// Content is the whole file; it reads from anywhere.
	Content io.ReadSeekCloser
}

// OpenOutput opens a file of the job, [ErrNotFound] when there is none of
// that name. Names are compared with those that the record lists, never
// turned into paths.
func (s *Service) OpenOutput(ctx context.Context, id, name string) (*OpenedOutput, error) {
	r, err := s.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, o := range r.Outputs {
		if o.Name != name {
			continue
		}
		rd, err := s.store.open(ctx, outputBlob(id, o.Version, o.Name))
		if err != nil {
			return nil, err
		}
		if rd == nil {
			return nil, ErrNotFound
		}
		return &OpenedOutput{Output: o, ModTime: rd.ModTime(), Content: rd}, nil
	}
	return nil, ErrNotFound
}

// mergeOutputs lists what a job serves after a new version: its files, and of
// the version before those that it did not write. A gate that stays closed
// must not take published captions away.
func mergeOutputs(old, written []Output, complete bool) []Output {
	if complete {
		return written
	}
	merged := make([]Output, 0, len(old)+len(written))
	for _, o := range old {
		replaced := false
		for _, w := range written {
			replaced = replaced || w.Name == o.Name
		}
		if !replaced {
			merged = append(merged, o)
		}
	}
	return append(merged, written...)
}

package worker

import (
	"context"
	"io"
	"time"

	"github.com/duosub/duosub/worker/job"
	"golang.org/x/text/language"
)

// A Service accepts jobs and answers for them. Its methods are safe for
// concurrent use.
type Service struct{}

// Submit accepts a job. The same request while its run is queued, running or
// done answers that run with created false; anything else starts the next
// run. Nothing is fetched before the job is accepted. Errors: a spec that is
// not valid or a source that is not allowed is an [*Error].
func (s *Service) Submit(ctx context.Context, spec job.Spec) (r *Record, created bool, err error) {
	panic("unimplemented")
}

// Upload keeps a file in the store, at most maxBytes long, and answers the
// Source to put into a Spec. The same bytes are kept once.
func (s *Service) Upload(ctx context.Context, r io.Reader) (source string, err error) {
	panic("unimplemented")
}

// Get answers a job's record, [ErrNotFound] when there is none.
func (s *Service) Get(ctx context.Context, id string) (*Record, error) { panic("unimplemented") }

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
// page, empty after the last one.
func (s *Service) List(ctx context.Context, f Filter) (jobs []*Record, cursor string, err error) {
	panic("unimplemented")
}

// Cancel calls a job off; a finished one stays as it is.
func (s *Service) Cancel(ctx context.Context, id string) (*Record, error) { panic("unimplemented") }

// A PurgeReport says what a purge removed.
type PurgeReport struct {
	ID            string `json:"id"`
	Outputs       int    `json:"outputs"`
	MemoryEntries int    `json:"memory_entries"`
	Sources       int    `json:"sources"`
}

// Purge cancels the job if need be and removes its outputs, record, events
// and the memory entries that it used.
func (s *Service) Purge(ctx context.Context, id string) (*PurgeReport, error) {
	panic("unimplemented")
}

// Retry starts a job again: a failed, canceled or partial one as a new run, a
// waiting one at once, probing stopped backends.
func (s *Service) Retry(ctx context.Context, id string) (*Record, error) { panic("unimplemented") }

// Events hands the job's events after lastID (empty: from the beginning) to
// each, in order, waits for new ones, and returns nil after the event that
// finishes the job's present run. It returns each's error, the context's, or
// ErrNotFound.
func (s *Service) Events(ctx context.Context, id, lastID string, each func(Event) error) error {
	panic("unimplemented")
}

// An OpenedOutput is a file of a job, ready to be read.
type OpenedOutput struct {
	Output
	ModTime time.Time
	// Content is the whole file; it reads from anywhere.
	Content io.ReadSeekCloser
}

// OpenOutput opens a file of the job's latest version, ErrNotFound when there
// is none of that name.
func (s *Service) OpenOutput(ctx context.Context, id, name string) (*OpenedOutput, error) {
	panic("unimplemented")
}

// Ready reports whether jobs can be accepted: Redis and the store answer. The
// error is one sentence that names what does not.
func (s *Service) Ready(ctx context.Context) error { panic("unimplemented") }

// A TextRequest asks for short texts.
type TextRequest struct {
	Tenant string
	Target language.Tag
	// Source is language.Und when each item's own text is to be looked at.
	Source language.Tag
	// Kind is "title", "description", "comment", "listing" or "chat".
	Kind     string
	Items    []TextItem
	Glossary string
}

// A TextItem is one short text, under the caller's own id.
type TextItem struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// A TextResponse answers a TextRequest, items in the order of the request.
type TextResponse struct {
	Items []TextAnswer `json:"items"`
	Cost  Cost         `json:"cost"`
}

// A TextAnswer is what became of a short text. Text is empty when Status is
// "untranslated".
type TextAnswer struct {
	ID      string `json:"id"`
	Text    string `json:"text"`
	Status  string `json:"status"`
	Source  string `json:"source"`
	Backend string `json:"backend,omitempty"`
}

// Text translates short texts at once. A request that is not valid is an
// [*Error] with CodeBadRequest.
func (s *Service) Text(ctx context.Context, req TextRequest) (*TextResponse, error) {
	panic("unimplemented")
}

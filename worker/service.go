package worker

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"time"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/translate"
	"github.com/duosub/duosub/translate/redisstore"
	"github.com/duosub/duosub/worker/job"
	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
	"gocloud.dev/blob"
)

// ServiceConfig is what a Service works with.
type ServiceConfig struct {
	// Redis holds queues, records and events.
	Redis redis.UniversalClient
	// Store holds sources and outputs; StoreURL is its address, by which
	// jobs may name files in it.
	Store    *blob.Bucket
	StoreURL string
	// AllowSources are URL prefixes that sources may come from besides
	// uploads and the store.
	AllowSources []string
	// MaxUpload bounds an upload in bytes; zero means MaxVideo.
	MaxUpload int64
	// TempDir holds uploads and sources while they are read, which can be
	// gigabytes; empty means the system's folder for temporary files.
	TempDir string
	// Processor translates short texts; nil means that Text is unavailable
	// (a process that only enqueues).
	Processor *Processor
	// ReadMemory is looked up after Redis, for example a TMX file; nil means
	// none.
	ReadMemory translate.Memory
	// AcceptAnySource leaves the question whether a source is allowed to the
	// workers, for a process that does not know their configuration.
	AcceptAnySource bool
	// Log is told what an operator wants to know; nil means silence.
	Log *slog.Logger
}

// A Service accepts jobs and answers for them. Its methods are safe for
// concurrent use.
type Service struct {
	cfg     ServiceConfig
	records records
	store   store
	sources *Sources
	tasks   *asynq.Client
	inspect *asynq.Inspector
	memory  *redisstore.Memory
	stops   *redisstore.Stops
	log     *slog.Logger
}

// NewService makes a Service.
func NewService(cfg ServiceConfig) (*Service, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.MaxUpload == 0 {
		cfg.MaxUpload = MaxVideo
	}
	st := store{bucket: cfg.Store, temp: cfg.TempDir}
	src, err := newSources(st, cfg.StoreURL, cfg.AllowSources)
	if err != nil {
		return nil, err
	}
	return &Service{cfg: cfg, records: records{cfg.Redis}, store: st, sources: src,
		tasks:   asynq.NewClientFromRedisClient(cfg.Redis),
		inspect: asynq.NewInspectorFromRedisClient(cfg.Redis),
		memory:  redisstore.New(cfg.Redis, redisstore.Options{}),
		stops:   redisstore.NewStops(cfg.Redis), log: cfg.Log}, nil
}

// Submit accepts a job. The same request while its run is queued, running or
// done answers that run with created false; anything else starts the next
// run, and what was under way of an earlier one is given up. Nothing is
// fetched before the job is accepted. A spec that is not valid or a source
// that is not allowed is an error that [AsError] gives a code.
func (s *Service) Submit(ctx context.Context, spec job.Spec) (r *Record, created bool, err error) {
	spec = spec.WithDefaults()
	if _, err := spec.Encode(); err != nil {
		return nil, false, err
	}
	if _, ok := subtitles.ProfileByName(spec.Profile); !ok {
		return nil, false, unknownProfile(spec.Profile)
	}
	if !s.cfg.AcceptAnySource {
		if err := s.sources.Check(spec.Source); err != nil {
			return nil, false, err
		}
	}
	return s.start(ctx, spec, nil)
}

// start finds or makes the run for a spec. adopt, when not nil, says which
// task carries the run already; otherwise one is enqueued.
func (s *Service) start(ctx context.Context, spec job.Spec, adopt *string) (*Record, bool, error) {
	id, request := spec.ID(), spec.RequestHash()
	for range 5 {
		old, live, err := s.find(ctx, id)
		if err != nil {
			return nil, false, err
		}
		if old != nil && old.Request == request && (!old.State.Finished() || old.State == StateDone) {
			return old, false, nil
		}
		r := &Record{ID: id, Spec: spec, Run: 1, Request: request, State: StateQueued, Lane: spec.Lane}
		if old != nil {
			r.Run, r.Version, r.Published = old.Run+1, old.Version, old.Published
			r.Outputs, r.CreatedAt = old.Outputs, old.CreatedAt
		}
		r.Task = job.TaskID(id, r.Run, r.Epoch)
		if adopt != nil {
			r.Task = *adopt
		}
		var seen *fence
		if live {
			seen = fenceOf(old)
		}
		err = s.records.swap(ctx, seen, "", r)
		if errors.Is(err, errFenced) {
			continue // somebody else was faster: look again
		}
		if err != nil {
			return nil, false, err
		}
		if live && !old.State.Finished() {
			s.dropTask(old)
		}
		if adopt == nil {
			err = s.enqueue(ctx, r, 0)
		}
		return r, true, err
	}
	return nil, false, &Error{Code: CodeConflict, Message: "others submit the same job at this moment: try again"}
}

// find answers a job's record, and whether Redis holds it (else it is the
// finished one of the store).
func (s *Service) find(ctx context.Context, id string) (r *Record, live bool, err error) {
	if r, err = s.records.load(ctx, id); err != nil || r != nil {
		return r, true, err
	}
	r, err = s.store.current(ctx, id)
	return r, false, err
}

// enqueue puts the task of a record's epoch into its lane. A record whose task
// could not be enqueued stays queued; the sweeper finds it.
func (s *Service) enqueue(ctx context.Context, r *Record, delay time.Duration) error {
	payload, err := r.Spec.Encode()
	if err != nil {
		return err
	}
	opts := []asynq.Option{asynq.Queue(string(r.Lane)), asynq.TaskID(r.Task), asynq.MaxRetry(job.MaxRetry), asynq.Timeout(jobTimeout)}
	if delay > 0 {
		opts = append(opts, asynq.ProcessIn(delay))
	}
	_, err = s.tasks.EnqueueContext(ctx, asynq.NewTask(job.TaskType, payload), opts...)
	if errors.Is(err, asynq.ErrTaskIDConflict) {
		return nil // it is there already
	}
	if err != nil {
		return &Error{Code: CodeUnavailable, Message: "the queue did not take the job; it is recorded and will be tried again", Err: err}
	}
	return nil
}

// dropTask removes a task that has nothing to do any more; one that is active
// finds out by itself.
func (s *Service) dropTask(r *Record) {
	if r.Task != "" {
		_ = s.inspect.DeleteTask(string(r.Lane), r.Task)
	}
}

// Upload keeps a file in the store and answers the Source to put into a Spec.
// The same bytes are kept once. A file beyond the limit is an [*Error].
func (s *Service) Upload(ctx context.Context, r io.Reader) (source string, err error) {
	sha, err := s.store.putSource(ctx, r, s.cfg.MaxUpload)
	if err != nil {
		return "", err
	}
	return job.UploadSource(sha), nil
}

// Get answers a job's record, [ErrNotFound] when there is none.
func (s *Service) Get(ctx context.Context, id string) (*Record, error) {
	if !validID(id) {
		return nil, ErrNotFound
	}
	r, _, err := s.find(ctx, id)
	if err == nil && r == nil {
		err = ErrNotFound
	}
	return r, err
}

// validID reports whether id can be a job's: it becomes part of keys and
// paths.
func validID(id string) bool {
	if len(id) != 26 {
		return false
	}
	for _, c := range id {
		if (c < 'a' || c > 'z') && (c < '2' || c > '7') {
			return false
		}
	}
	return true
}

// Cancel calls a job off; a finished one stays as it is.
func (s *Service) Cancel(ctx context.Context, id string) (*Record, error) {
	for range 5 {
		r, err := s.Get(ctx, id)
		if err != nil || r.State.Finished() {
			return r, err
		}
		seen := fenceOf(r)
		old := *r
		r.Epoch++ // whoever works on it is fenced from here on
		r.State, r.Reason = StateCanceled, ""
		r.Error = &Failure{Code: string(CodeCanceled), Message: "the job was canceled"}
		err = s.records.swap(ctx, seen, "", r)
		if errors.Is(err, errFenced) {
			continue
		}
		if err != nil {
			return nil, err
		}
		s.dropTask(&old)
		return r, nil
	}
	return nil, &Error{Code: CodeConflict, Message: "the job changes at this moment: try again"}
}

// Retry starts a job again: a failed, canceled or partial one as a new run, a
// waiting one at once; backends that were stopped are asked again. A running
// or done job stays as it is.
func (s *Service) Retry(ctx context.Context, id string) (*Record, error) {
	for range 5 {
		r, err := s.Get(ctx, id)
		if err != nil || r.State == StateRunning || r.State == StateDone {
			return r, err
		}
		if err := s.stops.ClearAll(ctx); err != nil {
			return nil, err
		}
		if r.State != StateQueued {
			r, _, err = s.start(ctx, r.Spec, nil)
			return r, err
		}
		r, err = s.requeue(ctx, r, "")
		if errors.Is(err, errFenced) {
			continue
		}
		return r, err
	}
	return nil, &Error{Code: CodeConflict, Message: "the job changes at this moment: try again"}
}

// requeue raises the epoch of an unfinished job and enqueues a task for it.
func (s *Service) requeue(ctx context.Context, r *Record, reason string) (*Record, error) {
	old := *r
	r.Epoch++
	r.Task = job.TaskID(r.ID, r.Run, r.Epoch)
	r.State, r.Reason = StateQueued, reason
	if err := s.records.swap(ctx, fenceOf(&old), "", r); err != nil {
		return nil, err
	}
	s.dropTask(&old)
	return r, s.enqueue(ctx, r, 0)
}

// A PurgeReport says what a purge removed.
type PurgeReport struct {
	ID            string `json:"id"`
	Outputs       int    `json:"outputs"`
	MemoryEntries int    `json:"memory_entries"`
	Sources       int    `json:"sources"`
}

// Purge cancels the job if need be and removes its outputs, its upload, its
// record and events, and the memory entries that it used.
func (s *Service) Purge(ctx context.Context, id string) (*PurgeReport, error) {
	r, err := s.Cancel(ctx, id)
	if err != nil {
		return nil, err
	}
	report := &PurgeReport{ID: id}
	keys, err := s.memoryKeys(ctx, id)
	if err != nil {
		return nil, err
	}
	for chunk := range slices.Chunk(keys, 500) {
		n, err := s.memory.Delete(ctx, chunk)
		report.MemoryEntries += n
		if err != nil {
			return report, err
		}
	}
	if report.Outputs, err = s.store.removeJob(ctx, id); err != nil {
		return report, err
	}
	if sha := job.Uploaded(r.Spec.Source); sha != "" {
		if err := s.store.removeSource(ctx, sha); err != nil {
			return report, err
		}
		report.Sources = 1
	}
	return report, s.records.forget(ctx, id)
}

// Ready reports whether jobs can be accepted: Redis and the store answer. The
// error is one sentence that names what does not.
func (s *Service) Ready(ctx context.Context) error {
	if err := s.cfg.Redis.Ping(ctx).Err(); err != nil {
		return &Error{Code: CodeUnavailable, Message: "Redis does not answer", Err: err}
	}
	if ok, err := s.cfg.Store.IsAccessible(ctx); err != nil || !ok {
		return &Error{Code: CodeUnavailable, Message: "the store is not accessible", Err: err}
	}
	return nil
}

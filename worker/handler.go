package worker

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/translate"
	"github.com/duosub/duosub/worker/job"
	"github.com/hibiken/asynq"
	"golang.org/x/text/language"
)

// ownTask matches the ids of tasks that a Service enqueued (job.TaskID).
var ownTask = regexp.MustCompile(`^[a-z2-7]{26}:[0-9]+:[0-9]+$`)

func randomToken() string { return rand.Text() }

// processTask is the thin layer between Asynq and the Processor: it finds the
// job's record, claims the job, and writes down what became of it.
func (p *Pool) processTask(ctx context.Context, t *asynq.Task) error {
	spec, err := job.Decode(t.Payload())
	if err != nil {
		var je *job.Error
		if errors.As(err, &je) && je.Newer {
			return &again{newerWait, je.Message}
		}
		return fmt.Errorf("%w: %w", err, asynq.SkipRetry)
	}
	r, err := p.recordFor(ctx, spec)
	if err != nil || r == nil {
		return err
	}
	token := p.name + ":" + randomToken()
	ok, err := p.svc.records.claim(ctx, r.ID, token)
	if err != nil {
		return err
	}
	if !ok {
		return &again{busyWait, "another worker has the job"}
	}
	defer func() { _ = p.svc.records.release(context.WithoutCancel(ctx), r.ID, token) }()
	a := &attempt{p: p, id: r.ID, r: r, token: token, seen: fenceOf(r)}
	return a.run(ctx)
}

// recordFor answers the record of the run that this task carries, nil when
// the task has nothing to do (any more). A task that a Go caller enqueued
// straight gets its record made here.
func (p *Pool) recordFor(ctx context.Context, spec job.Spec) (*Record, error) {
	task, _ := asynq.GetTaskID(ctx)
	r, live, err := p.svc.find(ctx, spec.ID())
	if err != nil {
		return nil, err
	}
	if r == nil || (r.Task != task && !ownTask.MatchString(task)) {
		var created bool
		if r, created, err = p.svc.start(ctx, spec, &task); err != nil || !created {
			return nil, err
		}
		return r, nil
	}
	if !live || r.Task != task {
		return nil, nil // a later epoch or run has taken over
	}
	if r.State.Finished() && !r.fillsGaps() {
		return nil, nil
	}
	return r, nil
}

// An attempt is one worker's try at a run.
type attempt struct {
	p     *Pool
	id    string
	r     *Record
	token string
	// seen is the run and epoch that this attempt works under.
	seen *fence
}

// run works under a claim that it keeps alive, and writes the end down.
func (a *attempt) run(ctx context.Context) error {
	p, r := a.p, a.r
	before := *r
	if !r.State.Finished() {
		r.State, r.Reason = StateRunning, ""
		if err := p.svc.records.swap(ctx, a.seen, a.token, r); err != nil {
			return ignoreFenced(err)
		}
	}
	work, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go a.keepClaim(work, stop)

	started := time.Now()
	res, err := a.process(work)
	if errors.Is(context.Cause(work), errFenced) {
		p.log.Info("job taken over or canceled", "job", r.ID, "run", r.Run, "epoch", r.Epoch)
		a.tidyUp(context.WithoutCancel(ctx))
		return nil
	}
	// The end is written down even when the pool is being stopped.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	if err == nil {
		err = a.finish(ctx, res)
		if errors.Is(err, errFenced) {
			return nil
		}
		if err == nil {
			p.log.Info("job finished", "job", r.ID, "run", r.Run, "state", r.State, "units", r.Progress.Units,
				"calls", res.Calls, "untranslated", res.Coverage.Untranslated, "took", time.Since(started).Round(time.Millisecond))
			return nil
		}
	}
	if res != nil {
		r.Spent = addCosts(r.Spent, res.Cost)
		r.Cost = r.Spent
	}
	if before.State.Finished() {
		// Only gaps were to be filled: what is published stays.
		p.log.Warn("gaps not filled", "job", r.ID, "error", err)
		return fmt.Errorf("%w: %w", err, asynq.SkipRetry)
	}
	return a.fail(ctx, err)
}

// tidyUp removes what this attempt wrote after its job had been purged.
func (a *attempt) tidyUp(ctx context.Context) {
	if r, err := a.p.svc.records.load(ctx, a.r.ID); err == nil && r == nil {
		_ = a.p.svc.records.forget(ctx, a.r.ID)
	}
}

// keepClaim gives signs of life until ctx ends, and ends it when the job is no
// longer this attempt's.
func (a *attempt) keepClaim(ctx context.Context, stop context.CancelCauseFunc) {
	tick := time.NewTicker(claimTTL / 10)
	defer tick.Stop()
	last := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		ok, err := a.p.svc.records.beat(ctx, a.id, a.seen, a.token)
		switch {
		case err == nil && ok:
			last = time.Now()
		case err == nil || time.Since(last) > claimTTL:
			// Another took over, or may have: Redis has not heard of us for
			// as long as a claim lives.
			stop(errFenced)
			return
		}
	}
}

// process fetches the source and has the Processor do the rest.
func (a *attempt) process(ctx context.Context) (*Result, error) {
	p, r := a.p, a.r
	src, err := p.svc.sources.Fetch(ctx, r.Spec.Source)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	req, err := a.request(src.path)
	if err != nil {
		return nil, err
	}
	req.Opener, req.Address = p.svc.sources.playlist(src)
	return p.svc.cfg.Processor.Process(ctx, req)
}

// request translates a record's spec for the Processor.
func (a *attempt) request(path string) (Request, error) {
	p, r := a.p, a.r
	// Validate has parsed both; an empty one is language.Und.
	source, _ := language.Parse(r.Spec.SourceLang)
	burnedIn, _ := language.Parse(r.Spec.BurnedIn)
	told := new(tracker)
	req := Request{Path: path, Pair: *r.Spec.Pair, Source: source, Track: r.Spec.Track, Profile: r.Spec.Profile,
		Title: r.Spec.Title, Description: r.Spec.Description, Formats: r.Spec.Formats, Backends: r.Spec.Backends,
		Glossary: r.Spec.Glossary, BurnedIn: burnedIn, Tenant: r.Spec.Tenant, Gate: p.gate, Hold: r.Spec.Publish != job.PublishAuto,
		Memory: p.svc.memoryFor(r, told), Previous: p.previous, Drain: p.drain}
	switch {
	case r.Spec.Video != r.Spec.Source:
		req.Name = SafeName(r.Spec.Video)
	case r.Spec.Filename != "":
		req.InputName = r.Spec.Filename
	default:
		req.InputName = r.Spec.Source
	}
	req.OnUnits = func(done, total int) {
		r.Progress = Progress{Units: total, Done: done}
		told.set(r.Progress)
	}
	req.OnCues = func(ctx context.Context, cues []subtitles.DualCue) error {
		pipe := p.svc.cfg.Redis.Pipeline()
		addProgress(ctx, pipe, r, told.after(0))
		if err := addCues(ctx, pipe, r, cues); err != nil {
			return err
		}
		_, err := pipe.Exec(ctx)
		return err
	}
	return req, nil
}

// finish writes the version's files, then current.json, then the record.
func (a *attempt) finish(ctx context.Context, res *Result) error {
	p, r := a.p, a.r
	if ok, err := p.svc.records.beat(ctx, a.id, a.seen, a.token); err != nil {
		return err
	} else if !ok {
		return errFenced
	}
	if r.State.Finished() && res.Coverage.Untranslated >= r.Coverage.Untranslated {
		return a.writeEnd(ctx) // nothing was gained
	}
	version := r.Version + 1
	written, err := p.svc.store.putOutputs(ctx, r.ID, version, res.Files)
	if err != nil {
		return err
	}
	if err := p.svc.keepMemoryKeys(ctx, r.ID); err != nil {
		return err
	}
	r.Version = version
	r.Outputs = mergeOutputs(r.Outputs, written, res.State == StateDone)
	r.State, r.Reason, r.Error = res.State, "", nil
	r.Progress, r.Coverage, r.Cost = res.Progress, res.Coverage, addCosts(r.Spent, res.Cost)
	r.Fingerprint = res.Document.Fingerprint
	if res.Document.Published {
		r.Published = version
	}
	r.UpdatedAt = time.Now().UTC().Truncate(time.Millisecond)
	if err := p.svc.store.setCurrent(ctx, r); err != nil {
		return err
	}
	if err := a.writeEnd(ctx); err != nil {
		return err
	}
	if r.Coverage.Untranslated == 0 {
		p.svc.rememberFingerprint(ctx, r)
	}
	return nil
}

// writeEnd writes the record of a finished run; one with gaps gets a task of
// its own that tries them again later.
func (a *attempt) writeEnd(ctx context.Context) error {
	r := a.r
	again := r.Coverage.Untranslated > 0 && r.GapTries < len(gapDelays)
	if again {
		r.GapTries++
		r.Epoch++
		r.Task = job.TaskID(r.ID, r.Run, r.Epoch)
	}
	if err := a.p.svc.records.swap(ctx, a.seen, a.token, r); err != nil || !again {
		return err
	}
	return a.p.svc.enqueue(ctx, r, gapDelays[r.GapTries-1])
}

// fail writes down what an error means for the job and tells Asynq.
func (a *attempt) fail(ctx context.Context, err error) error {
	p, r := a.p, a.r
	retried, _ := asynq.GetRetryCount(ctx)
	most, ok := asynq.GetMaxRetry(ctx)
	v := judge(err, r, ok && retried >= most)
	if v.end != nil {
		r.State, r.Reason, r.Error = StateFailed, "", v.end
		p.log.Warn("job failed", "job", r.ID, "run", r.Run, "code", v.end.Code, "reason", v.end.Message)
		if err := p.svc.records.swap(ctx, a.seen, a.token, r); err != nil {
			return ignoreFenced(err)
		}
		return fmt.Errorf("%s: %w", v.end.Message, asynq.SkipRetry)
	}
	r.State, r.Reason = StateQueued, v.reason
	if v.wait != nil && !errors.Is(err, translate.ErrDrained) {
		r.Waits++
	}
	p.log.Warn("job waits", "job", r.ID, "run", r.Run, "reason", v.reason)
	if err := p.svc.records.swap(ctx, a.seen, a.token, r); err != nil {
		return ignoreFenced(err)
	}
	if v.wait != nil {
		return v.wait
	}
	return err
}

func ignoreFenced(err error) error {
	if errors.Is(err, errFenced) {
		return nil
	}
	return err
}

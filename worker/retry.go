package worker

import (
	"errors"
	"fmt"
	"time"

	"github.com/duosub/duosub/translate"
	"github.com/hibiken/asynq"
)

// An again sends a task back to its lane for a while. It is no failure and
// counts against no limit of Asynq's.
type again struct {
	after time.Duration
	why   string
}

func (a *again) Error() string { return fmt.Sprintf("again in %s: %s", a.after, a.why) }

const (
	// maxWaits bounds how often a job may give its place up to wait for a
	// provider before it fails.
	maxWaits = 1000
	// rateLimitWait is the wait for a provider that limits without saying
	// for how long.
	rateLimitWait = 15 * time.Second
	// busyWait is the wait for a job that another worker still claims.
	busyWait = 3 * time.Second
	// newerWait is how long a task of a later version is left for a later
	// worker.
	newerWait = 30 * time.Second
)

// retryDelay says when Asynq tries a task again: at once after a lost lease,
// as an again asks, else from 5 seconds doubling to 10 minutes.
func retryDelay(n int, err error, _ *asynq.Task) time.Duration {
	var a *again
	if errors.As(err, &a) {
		return a.after
	}
	if errors.Is(err, asynq.ErrLeaseExpired) {
		return 0
	}
	return min(5*time.Second<<min(n, 10), 10*time.Minute)
}

func isFailure(err error) bool {
	var a *again
	return !errors.As(err, &a)
}

// A verdict is what an error means for a job.
type verdict struct {
	// end is the failure that ends the job; nil when it goes on.
	end *Failure
	// wait sends it back to its lane without counting a failure.
	wait *again
	// reason is what a queued job's record says.
	reason string
}

// judge decides by the kind of an error, never by its text. last says that
// Asynq would not try again.
func judge(err error, r *Record, last bool) verdict {
	var te *translate.Error
	if errors.Is(err, translate.ErrDrained) {
		return verdict{wait: &again{0, "the worker is shutting down"}, reason: "waits for a worker"}
	}
	if errors.As(err, &te) {
		wait := time.Duration(-1)
		switch {
		case te.Kind == translate.KindRateLimited:
			if wait = te.RetryAfter; wait <= 0 {
				wait = rateLimitWait
			}
		case te.Kind.Stops():
			wait = translate.ProbeInterval
		case last:
			return verdict{end: &Failure{string(te.Kind), te.Error()}}
		}
		if wait >= 0 && r.Waits >= maxWaits {
			return verdict{end: &Failure{string(te.Kind), te.Error()}}
		}
		if wait >= 0 {
			return verdict{wait: &again{wait, te.Error()}, reason: te.Error()}
		}
		return verdict{reason: te.Error()}
	}
	e := AsError(err)
	if e.Permanent || last {
		return verdict{end: &Failure{string(e.Code), e.Message}}
	}
	return verdict{reason: e.Message}
}

// gapDelays say how long after a finish with gaps they are tried again; what
// is in the memory by then costs nothing.
var gapDelays = []time.Duration{10 * time.Minute, time.Hour, 6 * time.Hour}

// fillsGaps reports whether the record is finished but its task is to try the
// gaps again.
func (r *Record) fillsGaps() bool {
	return (r.State == StateDone || r.State == StatePartial) && r.Coverage.Untranslated > 0 && r.GapTries > 0
}

package translate

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

const (
	// maxTransient bounds how often one request is sent while the backend
	// fails for the moment.
	maxTransient = 3
	// firstBackoff is the pause after the first such failure, and the wait
	// where a backend says "wait" without saying how long; it doubles.
	firstBackoff = 500 * time.Millisecond
	// leastWait bounds how often a backend is asked that says "wait" again and
	// again.
	leastWait = 100 * time.Millisecond
	// storeTimeout bounds how long an answer that is paid for may take to be
	// stored when the caller has already given up.
	storeTimeout = 30 * time.Second
)

// call sends one request to the backend: it waits for rate limits, repeats
// what failed for the moment, and records stops. Its errors are those after
// which this backend is not worth another request now, or which are about
// the request itself.
func (r *run) call(ctx context.Context, at int, req *Request) (*Reply, error) {
	return attempt(ctx, r, at, func(ctx context.Context, b *Backend) (*Reply, Usage, error) {
		reply, err := b.driver.Translate(ctx, req)
		if err != nil {
			return nil, Usage{}, err
		}
		if reply == nil {
			reply = &Reply{Finish: FinishBad}
		}
		return reply, reply.Usage, nil
	})
}

// attempt is call for any kind of request.
func attempt[T any](ctx context.Context, r *run, at int, send func(context.Context, *Backend) (T, Usage, error)) (T, error) {
	var nothing T
	b, stops := r.t.cfg.Backends[at], r.t.cfg.Stops
	var waited time.Duration
	backoff := firstBackoff
	for transient := 0; ; {
		if err := r.interrupted(); err != nil {
			return nothing, err
		}
		if wait := b.left(); wait > 0 {
			if waited+wait > r.t.cfg.MaxWait {
				return nothing, &Error{Kind: KindRateLimited, Backend: b.caps.Name, Message: "the backend asks to wait longer than a job may", RetryAfter: wait}
			}
			wait = jitter(wait)
			waited += wait
			if err := pause(r.going, wait); err != nil {
				return nothing, err
			}
			continue
		}
		if why, err := stops.Stopped(ctx, b.ID()); err != nil {
			return nothing, err
		} else if why != nil {
			return nothing, why
		}
		if err := b.acquire(r.going); err != nil {
			return nothing, err
		}
		if b.left() > 0 || r.interrupted() != nil {
			// The wait was asked for while this call queued for its slot.
			b.release()
			continue
		}
		result, usage, err := send(ctx, b)
		b.release()
		r.account(at, usage)
		if err == nil {
			return result, stops.Clear(ctx, b.ID())
		}
		if ctx.Err() != nil {
			return nothing, ctx.Err()
		}
		e := asError(err, b.caps.Name)
		r.t.cfg.Log.LogAttrs(ctx, slog.LevelWarn, "backend call failed",
			slog.String("backend", b.ID()), slog.String("kind", string(e.Kind)), slog.String("code", e.Code), slog.Duration("retry_after", e.RetryAfter))
		switch {
		case e.Kind == KindRateLimited:
			wait := e.RetryAfter
			if wait <= 0 {
				wait, backoff = backoff, backoff*2
			}
			b.postpone(max(wait, leastWait))
			r.repaired("rate_limited")
		case e.Kind == KindTransient:
			transient++
			if transient == maxTransient {
				return nothing, e
			}
			wait := max(e.RetryAfter, backoff)
			if wait > r.t.cfg.MaxWait {
				return nothing, e
			}
			backoff *= 2
			r.repaired("transient")
			if err := pause(r.going, jitter(wait)); err != nil {
				return nothing, err
			}
		case e.Kind.Stops():
			if err := stops.Stop(ctx, b.ID(), e); err != nil {
				return nothing, err
			}
			return nothing, e
		default:
			return nothing, e
		}
	}
}

// asError is a driver's error as an [*Error]; one of another type is an
// outage.
func asError(err error, backend string) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Kind: KindOf(err), Backend: backend, Message: "the backend failed", Err: err}
}

// interrupted answers why no further request is to be sent, nil when it may.
func (r *run) interrupted() error { return context.Cause(r.going) }

// account adds one call and what it consumed, whatever its answer was worth.
func (r *run) account(at int, usage Usage) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.uses[at].Calls++
	r.uses[at].Usage.Add(usage)
}

// repaired counts one thing that had to be mended.
func (r *run) repaired(reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.repairs[reason]++
}

// softer is the one of two failures that resolves itself sooner: a job that
// no backend could serve waits for that.
func softer(a, b *Error) *Error {
	if a == nil {
		return b
	}
	if b == nil {
		return a
	}
	ra, rb := patience(a.Kind), patience(b.Kind)
	if rb < ra || ra == rb && a.Kind == KindRateLimited && b.RetryAfter < a.RetryAfter {
		return b
	}
	return a
}

func patience(k Kind) int {
	switch k {
	case KindRateLimited:
		return 0
	case KindTransient:
		return 1
	case KindQuota:
		return 2
	case KindAuth:
		return 3
	}
	return 4
}

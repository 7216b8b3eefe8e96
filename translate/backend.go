package translate

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// DefaultConcurrency is how many calls of a backend may be under way at once
// where neither its operator nor its driver says.
const DefaultConcurrency = 4

// A Backend is a Driver with what every caller in the process shares: the
// bound on its concurrent calls and the wait that it asked for.
type Backend struct {
	driver Driver
	caps   Caps
	slots  chan struct{}

	mu sync.Mutex
	// until is when the backend may be asked again after it said "wait".
	until time.Time
}

// NewBackend wraps a driver. concurrency bounds the calls under way at once;
// zero means what the driver's Caps say.
func NewBackend(d Driver, concurrency int) *Backend {
	caps := d.Caps()
	if concurrency <= 0 {
		concurrency = caps.Concurrency
	}
	if concurrency <= 0 {
		concurrency = DefaultConcurrency
	}
	caps.Concurrency = concurrency
	return &Backend{driver: d, caps: caps, slots: make(chan struct{}, concurrency)}
}

// Caps are the driver's, with the concurrency that is in force.
func (b *Backend) Caps() Caps { return b.caps }

// ID names the backend in records of stopped ones: name and model.
func (b *Backend) ID() string { return b.caps.Name + "/" + b.caps.Model }

// acquire takes one of the backend's slots; release gives it back.
func (b *Backend) acquire(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	select {
	case b.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (b *Backend) release() { <-b.slots }

// postpone keeps every caller away for a while.
func (b *Backend) postpone(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if until := time.Now().Add(d); until.After(b.until) {
		b.until = until
	}
}

// left is how long the backend is still to be left alone.
func (b *Backend) left() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return max(0, time.Until(b.until))
}

// jitter lengthens a wait by up to a fifth, so that those who wait for the
// same limit do not all come back in the same instant.
func jitter(d time.Duration) time.Duration {
	return d + time.Duration(rand.Int64N(int64(d)/5+1))
}

// pause waits, unless the context ends first.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

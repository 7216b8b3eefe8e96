package translate

import (
	"context"
	"sync"
	"time"
)

// Stops keeps which backends are stopped (no quota, bad credentials), so that
// neither other jobs nor other workers ask them in vain. A stopped backend is
// probed after ProbeInterval: Stopped then answers nil to one caller, who
// either clears it by succeeding or stops it anew.
type Stops interface {
	// Stopped answers why the backend is stopped, nil when it may be asked.
	Stopped(ctx context.Context, id string) (*Error, error)
	// Stop records that the backend is stopped.
	Stop(ctx context.Context, id string, why *Error) error
	// Clear records that the backend answers again.
	Clear(ctx context.Context, id string) error
}

// ProbeInterval is how long a stopped backend is left alone.
const ProbeInterval = 5 * time.Minute

// NewStops makes a record of stopped backends that lives in this process.
func NewStops() Stops { return &processStops{stopped: map[string]*processStop{}} }

type processStop struct {
	why   *Error
	probe time.Time
}

type processStops struct {
	mu      sync.Mutex
	stopped map[string]*processStop
}

func (s *processStops) Stopped(_ context.Context, id string) (*Error, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	stop := s.stopped[id]
	if stop == nil {
		return nil, nil
	}
	if now := time.Now(); !now.Before(stop.probe) {
		// This caller probes; the others wait for the outcome, and one of them
		// probes again if this one never tells.
		stop.probe = now.Add(ProbeInterval)
		return nil, nil
	}
	return stop.why, nil
}

func (s *processStops) Stop(_ context.Context, id string, why *Error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopped[id] = &processStop{why: why, probe: time.Now().Add(ProbeInterval)}
	return nil
}

func (s *processStops) Clear(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.stopped, id)
	return nil
}

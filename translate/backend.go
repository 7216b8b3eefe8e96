package translate

import (
	"context"
	"errors"
	"time"
)

// A Backend is a Driver with what every caller in the process shares: the
// bound on its concurrent calls and the wait that it asked for.
type Backend struct{ driver Driver }

// NewBackend wraps a driver. concurrency bounds the calls under way at once;
// zero means what the driver's Caps say.
func NewBackend(d Driver, concurrency int) *Backend { return &Backend{driver: d} }

// Caps are the driver's.
func (b *Backend) Caps() Caps { return b.driver.Caps() }

// ID names the backend in records of stopped ones: name and model.
func (b *Backend) ID() string { c := b.Caps(); return c.Name + "/" + c.Model }

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

// ErrDrained is returned by Translate when Work.Drain was closed before
// everything was translated; what was finished is in the memory.
var ErrDrained = errors.New("translate: drained before the end")

// Translator translates units.
type Translator struct{ cfg Config }

// New checks the configuration and makes a Translator.
func New(cfg Config) (*Translator, error) { panic("unimplemented") }

// Translate translates every unit of the work.
//
// A unit that no backend could translate is StatusUntranslated in the
// outcome; that is no error. Errors are: the context's; ErrDrained; an error of the
// memory or of OnBatch; or an [*Error] of the kinds transient (outage),
// rate_limited, quota, authentication or invalid_request when every backend
// fails that way, so that waiting or a person is needed. What was translated
// before the error is in the memory.
func (t *Translator) Translate(ctx context.Context, w Work) (*Outcome, error) {
	panic("unimplemented")
}

// Estimate foretells Translate without sending anything.
func (t *Translator) Estimate(ctx context.Context, w Work) (*Estimate, error) {
	panic("unimplemented")
}

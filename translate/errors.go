package translate

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Kind says what kind of failure an error is. Programs act upon it, never
// upon a message. It is derived from the provider's own error codes, not from
// the HTTP status: a 429 can mean "wait" or "pay".
type Kind string

const (
	// KindTransient: the same request may well succeed in a moment.
	KindTransient Kind = "transient"
	// KindRateLimited: wait as long as RetryAfter says; not a failure.
	KindRateLimited Kind = "rate_limited"
	// KindQuota: no money or quota left; waiting does not help.
	KindQuota Kind = "quota"
	// KindAuth: the credentials are missing, wrong or not allowed.
	KindAuth Kind = "authentication"
	// KindUnsupported: the backend does not translate between these languages.
	KindUnsupported Kind = "unsupported_pair"
	// KindTooLong: the request is larger than the backend takes; halve it.
	KindTooLong Kind = "too_long"
	// KindRefused: the backend's filter refuses this text.
	KindRefused Kind = "refused"
	// KindBadOutput: the answer is no answer to what was asked.
	KindBadOutput Kind = "bad_output"
	// KindInvalid: the request is wrong in itself (unknown model, bad
	// option); a person has to change the configuration.
	KindInvalid Kind = "invalid_request"
	// KindCanceled: the caller gave up.
	KindCanceled Kind = "canceled"
)

// An Error is a backend's failure. It never holds a credential, a request's
// text or an address with a query.
type Error struct {
	Kind    Kind
	Backend string
	// Code is the provider's own code, empty when it gave none.
	Code string
	// Message is one sentence for a person and says what to do.
	Message string
	// RetryAfter is how long the provider asks to wait; zero when it does not
	// say.
	RetryAfter time.Duration
	// Err is the cause, or nil.
	Err error
}

func (e *Error) Error() string {
	s := e.Message
	if e.Backend != "" {
		s = "backend " + e.Backend + ": " + s
	}
	if e.Code != "" {
		s += fmt.Sprintf(" (%s)", e.Code)
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// KindOf is the kind of the first [*Error] in err's chain; KindCanceled for
// context errors, KindTransient for everything else, "" for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return KindCanceled
	}
	return KindTransient
}

// Stops reports whether a failure of this kind stops the whole backend, for
// every job, until it is probed again.
func (k Kind) Stops() bool { return k == KindQuota || k == KindAuth || k == KindInvalid }

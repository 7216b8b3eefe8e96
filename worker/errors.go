package worker

import (
	"errors"
	"fmt"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/subtitles/media"
	"github.com/duosub/duosub/translate"
	"github.com/duosub/duosub/worker/job"
)

// A Code is a stable word for what went wrong with a job or a call.
type Code string

// The codes of this package. Codes of package subtitles ("no_cues"), of media
// ("no_text_track") and of translate ("quota") stand beside them unchanged.
const (
	CodeBadRequest       Code = "bad_request"
	CodeUnknownPair      Code = "unknown_pair"
	CodeNotFound         Code = "not_found"
	CodeSourceNotAllowed Code = "source_not_allowed"
	CodeSourceNotFound   Code = "source_not_found"
	CodeSourceFailed     Code = "source_unreachable"
	CodeTooLarge         Code = "too_large"
	CodeUnknownBackend   Code = "unknown_backend"
	CodeUnknownGlossary  Code = "unknown_glossary"
	CodeUnknownProfile   Code = "unknown_profile"
	CodeCanceled         Code = "canceled"
	CodeConflict         Code = "conflict"
	CodeUnavailable      Code = "unavailable"
	CodeInternal         Code = "internal"
)

// An Error is a failure with a code for programs and one sentence for people.
type Error struct {
	Code    Code
	Message string
	// Permanent says that trying again changes nothing.
	Permanent bool
	Err       error
}

func (e *Error) Error() string { return e.Message }
func (e *Error) Unwrap() error { return e.Err }

func badRequest(format string, args ...any) *Error {
	return &Error{Code: CodeBadRequest, Message: fmt.Sprintf(format, args...), Permanent: true}
}

// unavailable is a failure of Redis or the store: the same call may succeed
// later.
func unavailable(what string, err error) *Error {
	return &Error{Code: CodeUnavailable, Message: "could not " + what + ": Redis or the store does not answer", Err: err}
}

// ErrNotFound answers a question about a job or an output that is not there.
var ErrNotFound = &Error{Code: CodeNotFound, Message: "there is no such job or output", Permanent: true}

// AsError brings what the packages below return to an Error: its code is
// theirs. Anything unknown is CodeInternal and may be tried again.
func AsError(err error) *Error {
	if err == nil {
		return nil
	}
	var we *Error
	if errors.As(err, &we) {
		return we
	}
	var je *job.Error
	if errors.As(err, &je) {
		return &Error{Code: CodeBadRequest, Message: je.Error(), Permanent: !je.Newer, Err: err}
	}
	var se *subtitles.Error
	if errors.As(err, &se) {
		return &Error{Code: Code(se.Kind), Message: se.Error(), Permanent: true, Err: err}
	}
	var me *media.Error
	if errors.As(err, &me) {
		return &Error{Code: Code(me.Kind), Message: me.Error(), Permanent: me.Kind != media.KindProgramMissing, Err: err}
	}
	var te *translate.Error
	if errors.As(err, &te) {
		return &Error{Code: Code(te.Kind), Message: te.Error(), Err: err}
	}
	return &Error{Code: CodeInternal, Message: err.Error(), Err: err}
}

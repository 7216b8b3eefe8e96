package server

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/duosub/duosub/translate"
	"github.com/duosub/duosub/worker"
	"github.com/duosub/duosub/worker/job"
)

// ContentTypeProblem is the media type of errors (RFC 9457).
const ContentTypeProblem = "application/problem+json"

// problemBase is where the codes are explained; a code is its fragment.
const problemBase = "https://github.com/duosub/duosub/blob/main/docs/api.md#"

// maxDetail bounds what a problem says, in code points: messages may quote
// what the caller sent.
const maxDetail = 600

// A Problem is how the API tells an error (RFC 9457). Programs act on Code,
// which is stable; Detail is one sentence for a person.
type Problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Code   string `json:"code"`
	// Field is the JSON key of the request that is meant, where one is.
	Field string `json:"field,omitempty"`
	// RequestID finds the request in the server's log.
	RequestID string `json:"request_id,omitempty"`

	retryAfter time.Duration
}

// failure is an error with a code of this package's table.
func failure(code worker.Code, message string) *worker.Error {
	return &worker.Error{Code: code, Message: message, Permanent: true}
}

// problemOf tells an error as a problem. What went wrong inside is not told.
func problemOf(err error) *Problem {
	we := worker.AsError(err)
	if we.Code == worker.CodeInternal {
		var ne net.Error
		switch {
		case errors.Is(err, context.DeadlineExceeded):
			we = failure(worker.CodeUnavailable, "this took too long; try again later")
		case errors.As(err, &ne):
			we = failure(worker.CodeUnavailable, "something that the service needs does not answer; /readyz may say what")
		}
	}
	k, known := kinds[we.Code]
	if !known {
		// A code of a package below that came after this table.
		k = kind{http.StatusInternalServerError, "The request failed"}
		if we.Permanent {
			k = kind{http.StatusUnprocessableEntity, "This input cannot be used"}
		}
	}
	p := &Problem{Type: problemBase + string(we.Code), Title: k.title, Status: k.status, Detail: clamp(we.Message), Code: string(we.Code)}
	if we.Code == worker.CodeInternal {
		p.Detail = "the server failed at this; its log says more under this request_id"
	}
	var je *job.Error
	if errors.As(err, &je) {
		p.Field = je.Field
	}
	var te *translate.Error
	var later interface{ RetryAfter() time.Duration }
	switch {
	case errors.As(err, &te):
		p.retryAfter = te.RetryAfter
	case errors.As(err, &later):
		p.retryAfter = later.RetryAfter()
	}
	if p.retryAfter == 0 {
		p.retryAfter = k.retryAfter()
	}
	return p
}

// retryAfter is how long a caller had better wait where the failure passes
// and nobody said when.
func (k kind) retryAfter() time.Duration {
	switch k.status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return 10 * time.Second
	}
	return 0
}

// clamp makes text from anywhere fit for a problem: one line, not endless.
func clamp(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	n := 0
	for i := range s {
		if n == maxDetail {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

// fail answers with the problem that err is, and has the log say why where
// the answer does not.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	info := infoOf(r)
	if r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		// Nobody is there to read an answer.
		info.gone = true
		return
	}
	p := problemOf(err)
	p.RequestID = info.id
	info.code = p.Code
	if p.Status >= 500 {
		info.err = err
	}
	var ue *unauthorized
	if errors.As(err, &ue) {
		w.Header().Set("WWW-Authenticate", ue.challenge())
	}
	writeProblem(w, p)
}

func writeProblem(w http.ResponseWriter, p *Problem) {
	data, err := json.Marshal(p)
	if err != nil {
		panic(err) // strings and a number
	}
	h := w.Header()
	for _, k := range []string{"Content-Disposition", "ETag", "Last-Modified", "Accept-Ranges"} {
		h.Del(k)
	}
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(p.retryAfter.Seconds()))))
	}
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", ContentTypeProblem)
	h.Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(p.Status)
	w.Write(data)
}

// writeJSON answers with a JSON document.
func writeJSON(w http.ResponseWriter, status int, data []byte) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(status)
	w.Write(data)
}

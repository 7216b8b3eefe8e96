package server

import (
	"context"
	"errors"
	"net/http"

	"github.com/duosub/duosub/worker"
)

var statusOK = []byte(`{"status":"ok"}`)

// getHealth says that the process lives.
func (s *Server) getHealth(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, http.StatusOK, statusOK)
}

// getReady says whether jobs can be accepted, and what is missing where they
// cannot. A server that is stopping is not ready.
func (s *Server) getReady(w http.ResponseWriter, r *http.Request) {
	select {
	case <-s.closing:
		s.fail(w, r, errStopping)
		return
	default:
	}
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	if err := s.jobs.Ready(ctx); err != nil {
		s.fail(w, r, notReady(err))
		return
	}
	writeJSON(w, http.StatusOK, statusOK)
}

// notReady makes what the service misses a 503, whatever its code.
func notReady(err error) error {
	e := &worker.Error{Code: worker.CodeUnavailable, Message: err.Error(), Err: err}
	if errors.Is(err, context.DeadlineExceeded) {
		e.Message = "Redis or the store does not answer in time"
	}
	return e
}

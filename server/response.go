package server

import (
	"net/http"
	"time"
)

// response counts what is written and gives each write its own time: a client
// that takes nothing for that long loses its connection, one that reads a
// stream for hours does not.
type response struct {
	http.ResponseWriter
	control *http.ResponseController
	timeout time.Duration // of a single write
	status  int
	written int64
}

// Unwrap lets [http.ResponseController] reach the connection.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *response) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
	}
	w.extend()
	w.ResponseWriter.WriteHeader(status)
}

func (w *response) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	w.extend()
	n, err := w.ResponseWriter.Write(p)
	w.written += int64(n)
	return n, err
}

// extend moves the deadline of the connection. A writer without one (a
// recorder in a test) needs none.
func (w *response) extend() { _ = w.control.SetWriteDeadline(time.Now().Add(w.timeout)) }

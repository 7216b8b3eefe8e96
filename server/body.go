package server

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
	"unicode/utf8"

	"github.com/duosub/duosub/worker"
)

// body reads what a client sends, bounded in size and in time, and remembers
// what went wrong with reading: a failure of the client's is told apart from
// one of whoever the bytes are handed to.
type body struct {
	r       io.Reader
	control *http.ResponseController
	max     int64
	// each gives every read the timeout of its own, for uploads. Else the
	// whole body has the server's.
	each    bool
	timeout time.Duration
	err     error // the first error of reading but io.EOF
}

// openBody bounds a request's body to max bytes. What is announced to be
// longer is refused before any of it is read.
func (s *Server) openBody(w http.ResponseWriter, r *http.Request, max int64, each bool) (*body, error) {
	if r.ContentLength > max {
		w.Header().Set("Connection", "close")
		return nil, tooLarge(max)
	}
	if enc := r.Header.Get("Content-Encoding"); enc != "" && enc != "identity" {
		return nil, failure(codeUnsupportedMedia, "send the body without Content-Encoding")
	}
	return &body{r: http.MaxBytesReader(w, r.Body, max), control: http.NewResponseController(w), max: max, each: each, timeout: s.bodyTimeout}, nil
}

func (b *body) Read(p []byte) (int, error) {
	if b.each {
		// net/http takes the limit away where the body ends. A reader without
		// a connection (a test's) has none.
		_ = b.control.SetReadDeadline(time.Now().Add(b.timeout))
	}
	n, err := b.r.Read(p)
	if err != nil && err != io.EOF && b.err == nil {
		b.err = err
	}
	return n, err
}

// failure is what the client did wrong while its body was read, nil where it
// did nothing wrong.
func (b *body) failure() error {
	if b.err == nil {
		return nil
	}
	var tooMuch *http.MaxBytesError
	switch {
	case errors.As(b.err, &tooMuch):
		return tooLarge(b.max)
	case errors.Is(b.err, os.ErrDeadlineExceeded):
		return failure(codeTimeout, fmt.Sprintf("the body took longer than %s to go on", b.timeout))
	}
	return &worker.Error{Code: worker.CodeBadRequest, Message: "the body ended before it was complete", Permanent: true, Err: b.err}
}

func tooLarge(max int64) error {
	return failure(worker.CodeTooLarge, fmt.Sprintf("the body may have %s at most", size(max)))
}

// size says a number of bytes as people do.
func size(n int64) string {
	switch {
	case n >= 1<<30 && n%(1<<30) == 0:
		return fmt.Sprintf("%d GiB", n>>30)
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}

// readJSON reads a small body whole. JSON is UTF-8 (RFC 8259 §8.1); other
// bytes would silently become replacement characters in titles and texts.
func (s *Server) readJSON(w http.ResponseWriter, r *http.Request, max int64) ([]byte, error) {
	b, err := s.openBody(w, r, max, false)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(b)
	if err != nil {
		return nil, b.failure()
	}
	if !utf8.Valid(data) {
		return nil, failure(worker.CodeBadRequest, "the body is not UTF-8")
	}
	return data, nil
}

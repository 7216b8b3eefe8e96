package server

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"slices"
	"time"
)

// requestInfo is what becomes known about a request on its way, for the log.
type requestInfo struct {
	id    string // of the request
	route string // the pattern; never the address, which strangers choose
	job   string
	code  string // of the problem that it was answered with
	err   error  // why, where the answer does not say
	gone  bool   // the client left before there was an answer
}

type infoKey struct{}

// infoOf answers the request's info; one that nobody reads where the request
// did not come through ServeHTTP.
func infoOf(r *http.Request) *requestInfo {
	if info, ok := r.Context().Value(infoKey{}).(*requestInfo); ok {
		return info
	}
	return &requestInfo{}
}

// requestID is what an id must look like to be taken over from a caller.
var requestID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// ServeHTTP answers one request: it gives it an id, sets the headers that
// every answer has, turns a panic into a problem, and logs.
func (s *Server) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	start := time.Now()
	info := &requestInfo{id: r.Header.Get("X-Request-Id"), route: "-"}
	if !requestID.MatchString(info.id) {
		info.id = rand.Text()
	}
	w := &response{ResponseWriter: rw, control: http.NewResponseController(rw), timeout: s.writeTimeout}
	setHeaders(w.Header(), info.id)
	r = r.WithContext(context.WithValue(r.Context(), infoKey{}, info))
	defer s.logRequest(r, w, info, start)
	defer s.recoverPanic(w, r)
	if !straight(r.URL.Path) {
		s.noRoute(w, r)
		return
	}
	s.mux.ServeHTTP(w, r)
}

// setHeaders sets what every answer carries. A route may relax it.
func setHeaders(h http.Header, id string) {
	h.Set("X-Request-Id", id)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Frame-Options", "DENY")
}

// recoverPanic answers for a handler that panicked. Where part of an answer
// is out already, the connection is cut, so that nobody takes the part for
// the whole.
func (s *Server) recoverPanic(w *response, r *http.Request) {
	v := recover()
	if v == nil {
		return
	}
	if v != http.ErrAbortHandler {
		s.log.ErrorContext(r.Context(), "a request panicked", "request", infoOf(r).id, "route", infoOf(r).route,
			"panic", clamp(fmt.Sprint(v)), "stack", string(debug.Stack()))
	}
	if w.status != 0 || v == http.ErrAbortHandler {
		infoOf(r).gone = true
		panic(http.ErrAbortHandler)
	}
	s.fail(w, r, fmt.Errorf("panic: %v", v))
}

// statusGone is logged for a client that left; it is never sent.
const statusGone = 499

// knownMethods keeps what strangers make up out of the log.
var knownMethods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

// logRequest writes one entry a request: where to, how it went and how long
// it took. Health checks, which come every few seconds, are only for
// debugging.
func (s *Server) logRequest(r *http.Request, w *response, info *requestInfo, start time.Time) {
	level := slog.LevelInfo
	status := w.status
	switch {
	case info.gone && status == 0:
		status = statusGone
	case status == 0:
		status = http.StatusOK
	}
	switch {
	case info.err != nil && info.route != "/readyz":
		level = slog.LevelError
	case info.route == "/healthz" || info.route == "/readyz":
		level = slog.LevelDebug
	}
	method := r.Method
	if !slices.Contains(knownMethods, method) {
		method = "other"
	}
	attrs := []slog.Attr{
		slog.String("method", method),
		slog.String("route", info.route),
		slog.Int("status", status),
		slog.Int64("bytes", w.written),
		slog.Duration("duration", time.Since(start)),
		slog.String("request", info.id),
	}
	if info.job != "" {
		attrs = append(attrs, slog.String("job", info.job))
	}
	if info.code != "" {
		attrs = append(attrs, slog.String("code", info.code))
	}
	if info.err != nil {
		attrs = append(attrs, slog.String("error", clamp(info.err.Error())))
	}
	s.log.LogAttrs(r.Context(), level, "request", attrs...)
}

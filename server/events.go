package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/duosub/duosub/worker"
	"github.com/duosub/duosub/worker/job"
)

const (
	// reconnect is how long a browser waits before it comes back.
	reconnect = 3 * time.Second
	// settleTime is how long a stream waits for the first event, or for the
	// news that there is no such job, before it promises a stream.
	settleTime = 250 * time.Millisecond
	maxEventID = 128
)

// getEvents answers a job's events as a stream (WHATWG HTML §9.2) until the
// job's present run has ended. A reader resumes after the event that it names
// in Last-Event-ID, or in ?last_event_id= where it cannot set headers. One
// that has had the last event is answered 204, upon which browsers stop
// asking.
func (s *Server) getEvents(w http.ResponseWriter, r *http.Request) {
	id, err := pathJob(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	last, err := lastEventID(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	ctx, cancel := context.WithCancel(r.Context())
	events, ended := s.follow(ctx, id, last)
	// The follower calls nobody after this handler has returned.
	defer func() {
		cancel()
		for range events {
		}
	}()

	st := stream{w: w, control: http.NewResponseController(w)}
	settle := time.NewTimer(settleTime)
	defer settle.Stop()
	heartbeat := time.NewTicker(s.heartbeat)
	defer heartbeat.Stop()
	for {
		var err error
		select {
		case e, ok := <-events:
			if !ok {
				s.endEvents(w, r, &st, <-ended)
				return
			}
			err = st.event(e)
		case <-settle.C:
			err = st.open()
		case <-heartbeat.C:
			err = st.comment("still here")
		case <-s.closing:
			if !st.opened {
				s.fail(w, r, errStopping)
			}
			return
		case <-ctx.Done():
			infoOf(r).gone = true
			return
		}
		if err != nil {
			// The client takes nothing more.
			infoOf(r).gone = true
			return
		}
	}
}

var errStopping = &worker.Error{Code: worker.CodeUnavailable, Message: "the server is stopping"}

// follow has the service tell the events. The channel is closed after the
// last one; then ended holds how it ended.
func (s *Server) follow(ctx context.Context, id, last string) (<-chan worker.Event, <-chan error) {
	events := make(chan worker.Event)
	ended := make(chan error, 1)
	go func() {
		defer close(events)
		defer func() {
			// A panic outside the request's own goroutine would end the
			// process.
			if v := recover(); v != nil {
				ended <- fmt.Errorf("panic: %v", v)
			}
		}()
		ended <- s.jobs.Events(ctx, id, last, func(e worker.Event) error {
			e.Data = bytes.Clone(e.Data)
			select {
			case events <- e:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	return events, ended
}

// endEvents ends a stream after its last event, or after a failure.
func (s *Server) endEvents(w http.ResponseWriter, r *http.Request, st *stream, err error) {
	switch {
	case err != nil && !st.opened:
		s.fail(w, r, err)
	case err != nil:
		// The status is sent. The reader sees the connection end, comes back
		// after its last event and hears then what is wrong.
		if p := problemOf(err); p.Status >= 500 && r.Context().Err() == nil {
			infoOf(r).err = err
		}
	case !st.opened:
		// There is nothing after the event that the reader had.
		w.WriteHeader(http.StatusNoContent)
	}
}

// lastEventID answers after which event a reader resumes.
func lastEventID(r *http.Request) (string, error) {
	id, field := r.Header.Get("Last-Event-ID"), "Last-Event-ID"
	if id == "" {
		q, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			return "", failure(worker.CodeBadRequest, "the query is not encoded as a URL's query is")
		}
		id, field = q.Get("last_event_id"), "last_event_id"
	}
	if len(id) > maxEventID || !visible(id) {
		return "", &job.Error{Field: field, Message: "is no id that an event had"}
	}
	return id, nil
}

// stream writes events. Each is flushed, so that no buffer keeps it back.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	opened  bool
}

// open sends the head of the stream, once.
func (st *stream) open() error {
	if st.opened {
		return nil
	}
	st.opened = true
	h := st.w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	st.w.WriteHeader(http.StatusOK)
	return st.send(fmt.Sprintf("retry: %d\n\n", reconnect.Milliseconds()))
}

func (st *stream) comment(text string) error {
	if err := st.open(); err != nil {
		return err
	}
	return st.send(": " + text + "\n\n")
}

func (st *stream) event(e worker.Event) error {
	if err := st.open(); err != nil {
		return err
	}
	return st.send(encodeEvent(e))
}

func (st *stream) send(text string) error {
	if _, err := st.w.Write([]byte(text)); err != nil {
		return err
	}
	return st.control.Flush()
}

// encodeEvent writes an event down. Whatever it holds, it stays one event: a
// line break within the data would start another field.
func encodeEvent(e worker.Event) string {
	var b strings.Builder
	if id := oneLine(e.ID); id != "" {
		b.WriteString("id: " + id + "\n")
	}
	if typ := oneLine(e.Type); typ != "" {
		b.WriteString("event: " + typ + "\n")
	}
	data := string(e.Data)
	if strings.ContainsAny(data, "\r\n") {
		var compact bytes.Buffer
		if json.Compact(&compact, e.Data) == nil {
			data = compact.String() // breaks stand between JSON's tokens only
		}
		data = oneLine(data)
	}
	b.WriteString("data: " + data + "\n\n")
	return b.String()
}

// oneLine drops what an event's fields cannot hold.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == 0 {
			return -1
		}
		return r
	}, s)
}

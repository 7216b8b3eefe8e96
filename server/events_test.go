package server

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/duosub/duosub/worker"
)

// eventLog is a job's events in memory: it goes on after lastID and ends
// after the state "done".
func eventLog(events []worker.Event) func(context.Context, string, string, func(worker.Event) error) error {
	return func(_ context.Context, _, last string, each func(worker.Event) error) error {
		after := -1
		if last != "" {
			n, err := strconv.Atoi(last)
			if err != nil {
				return &worker.Error{Code: worker.CodeBadRequest, Message: "no event has this id"}
			}
			after = n
		}
		for i, e := range events {
			if i > after {
				e.ID = strconv.Itoa(i)
				if err := each(e); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

var threeEvents = []worker.Event{
	{Type: "state", Data: []byte(`{"state":"running"}`)},
	{Type: "progress", Data: []byte(`{"units":88,"done":40}`)},
	{Type: "state", Data: []byte(`{"state":"done"}`)},
}

func eventsPath(r *worker.Record) string { return "/v1/jobs/" + r.ID + "/events" }

func TestEventsAreStreamedAndResumed(t *testing.T) {
	r := jobRecord("42")
	s := newServer(t, Config{Jobs: &fakeJobs{events: eventLog(threeEvents)}})
	whole := "retry: 3000\n\n" +
		"id: 0\nevent: state\ndata: {\"state\":\"running\"}\n\n" +
		"id: 1\nevent: progress\ndata: {\"units\":88,\"done\":40}\n\n" +
		"id: 2\nevent: state\ndata: {\"state\":\"done\"}\n\n"
	w := do(s, request("GET", eventsPath(r), "", "Accept", "text/event-stream"))
	if w.Code != 200 || w.Body.String() != whole || !w.Flushed {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for k, v := range map[string]string{"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store", "X-Accel-Buffering": "no", "Content-Length": ""} {
		if w.Header().Get(k) != v {
			t.Errorf("%s: %q", k, w.Header().Get(k))
		}
	}
	rest := "retry: 3000\n\nid: 2\nevent: state\ndata: {\"state\":\"done\"}\n\n"
	if w := do(s, request("GET", eventsPath(r), "", "Last-Event-ID", "1")); w.Body.String() != rest {
		t.Errorf("resumed by header: %s", w.Body)
	}
	if w := do(s, request("GET", eventsPath(r)+"?last_event_id=1", "")); w.Body.String() != rest {
		t.Errorf("resumed by query: %s", w.Body)
	}
	// Browsers send the header when they come back to an address with a query.
	if w := do(s, request("GET", eventsPath(r)+"?last_event_id=0", "", "Last-Event-ID", "1")); w.Body.String() != rest {
		t.Errorf("resumed by both: %s", w.Body)
	}
	if w := do(s, request("GET", eventsPath(r), "", "Last-Event-ID", "2")); w.Code != 204 || w.Body.Len() != 0 {
		t.Errorf("after the last event: %d %s", w.Code, w.Body)
	}
}

func TestEventsThatCannotBeTold(t *testing.T) {
	r := jobRecord("42")
	jobs := &fakeJobs{}
	s := newServer(t, Config{Jobs: jobs})
	wantProblem(t, do(s, request("GET", eventsPath(r), "")), 404, "not_found")
	jobs.events = eventLog(threeEvents)
	wantProblem(t, do(s, request("GET", eventsPath(r), "", "Last-Event-ID", "x")), 400, "bad_request")
	for _, id := range []string{"1\n2", "1 2", "é", strings.Repeat("1", 129)} {
		req := request("GET", eventsPath(r), "")
		req.Header["Last-Event-Id"] = []string{id}
		wantProblem(t, do(s, req), 400, "bad_request")
	}
	wantProblem(t, do(s, request("GET", eventsPath(r)+"?last_event_id=1%0a2", "")), 400, "bad_request")
	wantProblem(t, do(s, request("GET", eventsPath(r)+"?last_event_id=%zz", "")), 400, "bad_request")
	jobs.events = func(context.Context, string, string, func(worker.Event) error) error { panic("secret") }
	wantProblem(t, do(s, request("GET", eventsPath(r), "")), 500, "internal")
}

func TestEventStaysOneEvent(t *testing.T) {
	for _, c := range []struct {
		e    worker.Event
		want string
	}{
		{worker.Event{ID: "1-0", Type: "cue", Data: []byte(`{"a":"b\nc"}`)}, "id: 1-0\nevent: cue\ndata: {\"a\":\"b\\nc\"}\n\n"},
		{worker.Event{ID: "1", Type: "cue", Data: []byte("{\n \"a\": 1\r\n}\n")}, "id: 1\nevent: cue\ndata: {\"a\":1}\n\n"},
		{worker.Event{ID: "1", Type: "cue", Data: []byte("no JSON\n\nevent: state\rdata: x")}, "id: 1\nevent: cue\ndata: no JSONevent: statedata: x\n\n"},
		{worker.Event{ID: "1\nid: 2", Type: "cue\n\ndata: x\x00", Data: []byte("{}")}, "id: 1id: 2\nevent: cuedata: x\ndata: {}\n\n"},
		{worker.Event{Data: []byte("{}")}, "data: {}\n\n"},
	} {
		if got := encodeEvent(c.e); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.e.Data, got, c.want)
		}
	}
}

// running starts a real server, so that connections can be watched.
func running(t *testing.T, cfg Config) *httptest.Server {
	t.Helper()
	hs := httptest.NewServer(newServer(t, cfg))
	t.Cleanup(hs.Close)
	return hs
}

func get(t *testing.T, ctx context.Context, url string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	return resp
}

func TestEventsArriveWhileTheJobRuns(t *testing.T) {
	feed := make(chan worker.Event)
	stopped := make(chan error, 1)
	jobs := &fakeJobs{events: func(ctx context.Context, _, _ string, each func(worker.Event) error) error {
		for {
			select {
			case e, ok := <-feed:
				if !ok {
					return nil
				}
				if err := each(e); err != nil {
					return err
				}
			case <-ctx.Done():
				stopped <- ctx.Err()
				return ctx.Err()
			}
		}
	}}
	hs := running(t, Config{Jobs: jobs, Heartbeat: 20 * time.Millisecond})
	ctx, leave := context.WithCancel(context.Background())
	defer leave()
	resp := get(t, ctx, hs.URL+eventsPath(jobRecord("42")))
	lines := bufio.NewScanner(resp.Body)
	// Nothing has happened yet, but the stream is open and lives.
	until(t, lines, "retry: 3000")
	until(t, lines, ": still here")
	until(t, lines, ": still here")
	feed <- threeEvents[1]
	until(t, lines, `data: {"units":88,"done":40}`)
	leave()
	if err := <-stopped; !errors.Is(err, context.Canceled) {
		t.Errorf("the service was stopped by %v", err)
	}
}

func until(t *testing.T, lines *bufio.Scanner, want string) {
	t.Helper()
	for lines.Scan() {
		if lines.Text() == want {
			return
		}
	}
	t.Fatalf("the stream ended (%v) before %q", lines.Err(), want)
}

func TestFailureWithinAStreamEndsIt(t *testing.T) {
	jobs := &fakeJobs{events: func(_ context.Context, _, _ string, each func(worker.Event) error) error {
		if err := each(threeEvents[0]); err != nil {
			return err
		}
		return errors.New("Redis went away")
	}}
	w := do(newServer(t, Config{Jobs: jobs}), request("GET", eventsPath(jobRecord("42")), ""))
	if got := w.Body.String(); w.Code != 200 || !strings.HasSuffix(got, "data: {\"state\":\"running\"}\n\n") || strings.Contains(got, "Redis") {
		t.Errorf("%d %s", w.Code, got)
	}
}

// A service may use the memory of an event again once it has handed it over.
func TestEventIsReadBeforeItsMemoryIsUsedAgain(t *testing.T) {
	jobs := &fakeJobs{events: func(_ context.Context, _, _ string, each func(worker.Event) error) error {
		data := []byte(`{"n":0}`)
		for i := range 9 {
			data[5] = byte('0' + i)
			if err := each(worker.Event{Type: "cue", Data: data}); err != nil {
				return err
			}
		}
		return nil
	}}
	got := do(newServer(t, Config{Jobs: jobs}), request("GET", eventsPath(jobRecord("42")), "")).Body.String()
	for i := range 9 {
		if want := "data: {\"n\":" + strconv.Itoa(i) + "}\n\n"; strings.Count(got, want) != 1 {
			t.Errorf("%q stands %d times in %s", want, strings.Count(got, want), got)
		}
	}
}

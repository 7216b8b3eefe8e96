package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/duosub/duosub/worker"
)

type listAnswer struct {
	Jobs   []map[string]any `json:"jobs"`
	Cursor string           `json:"cursor"`
}

func TestListPassesTheFilterOn(t *testing.T) {
	jobs := &fakeJobs{}
	jobs.put(jobRecord("42"))
	s := newServer(t, Config{Jobs: jobs})
	q := url.Values{"video": {"第42集 & co"}, "state": {"done"}, "updated_after": {"2026-11-23T09:00:00+01:00"}, "cursor": {"c-1"}, "limit": {"7"}, "other": {"x"}}
	w := do(s, request("GET", "/v1/jobs?"+q.Encode(), ""))
	if w.Code != 200 || w.Header().Get("Content-Type") != "application/json" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	got := decode[listAnswer](t, w.Body.Bytes())
	if len(got.Jobs) != 1 || got.Jobs[0]["video"] != "42" || got.Cursor != "next-1" {
		t.Errorf("%+v", got)
	}
	f := jobs.filters[0]
	if f.Video != "第42集 & co" || f.State != worker.StateDone || !f.UpdatedAfter.Equal(someInstant) || f.Cursor != "c-1" || f.Limit != 7 || f.Tenant != "" {
		t.Errorf("filter %+v", f)
	}
	jobs.list = func(context.Context, worker.Filter) ([]*worker.Record, string, error) { return nil, "", nil }
	if w := do(s, request("GET", "/v1/jobs", "")); w.Body.String() != `{"jobs":[],"cursor":""}` {
		t.Errorf("an empty list is %s", w.Body)
	}
}

func TestListRefusesWrongValues(t *testing.T) {
	s := newServer(t, Config{})
	for query, field := range map[string]string{
		"state=finished": "state", "state=DONE": "state",
		"limit=0": "limit", "limit=-1": "limit", "limit=501": "limit", "limit=ten": "limit", "limit=99999999999999999999": "limit",
		"updated_after=yesterday": "updated_after", "updated_after=1732348800": "updated_after", "updated_after=2026-11-23": "updated_after",
		"cursor=a%20b": "cursor", "cursor=" + strings.Repeat("a", 1025): "cursor",
		"video=%ff": "video", "video=a%00b": "video", "video=" + strings.Repeat("a", 2049): "video",
		"video=a&video=b": "video",
		"video=%zz":       "", "a=1;b=2": "",
	} {
		p := wantProblem(t, do(s, request("GET", "/v1/jobs?"+query, "")), 400, "bad_request")
		if p.Field != field {
			t.Errorf("%.60s: field %q, want %q", query, p.Field, field)
		}
	}
}

func TestJobIsAnsweredCanceledAndPurged(t *testing.T) {
	jobs := &fakeJobs{}
	r := jobRecord("42")
	r.State = worker.StateRunning
	jobs.put(r)
	s := newServer(t, Config{Jobs: jobs})
	type answer struct {
		ID, Video, State string
		Outputs          []struct{ URL string }
	}
	got := decode[answer](t, do(s, request("GET", "/v1/jobs/"+r.ID, "")).Body.Bytes())
	if got.ID != r.ID || got.Video != "42" || got.State != "running" || len(got.Outputs) != 1 || got.Outputs[0].URL != "/v1/jobs/"+r.ID+"/outputs/42.dual.vtt" {
		t.Errorf("%+v", got)
	}
	for _, q := range []string{"?purge=yes", "?purge=", "?purge=1", "?purge=true&purge=false", "?purge=%zz"} {
		wantProblem(t, do(s, request("DELETE", "/v1/jobs/"+r.ID+q, "")), 400, "bad_request")
	}
	if r.State != worker.StateRunning {
		t.Fatal("a request that was refused canceled the job")
	}
	w := do(s, request("DELETE", "/v1/jobs/"+r.ID+"?purge=false", ""))
	if got := decode[answer](t, w.Body.Bytes()); w.Code != 200 || got.State != "canceled" {
		t.Errorf("%d %+v", w.Code, got)
	}
	w = do(s, request("DELETE", "/v1/jobs/"+r.ID+"?purge=true", ""))
	if got := decode[worker.PurgeReport](t, w.Body.Bytes()); w.Code != 200 || got != (worker.PurgeReport{ID: r.ID, Outputs: 7, MemoryEntries: 88, Sources: 1}) {
		t.Errorf("%d %+v", w.Code, got)
	}
	for _, method := range []string{"GET", "DELETE"} {
		wantProblem(t, do(s, request(method, "/v1/jobs/"+r.ID, "")), 404, "not_found")
	}
}

func TestIdsThatNoJobHasAreNotLookedUp(t *testing.T) {
	s := newServer(t, Config{Jobs: &fakeJobs{getErr: errors.New("looked up")}})
	good := jobRecord("42").ID
	for _, id := range []string{"x", good + "a", good[:25], strings.ToUpper(good), good[:25] + "1", good[:25] + "%00", good[:25] + "*", "%2e%2e", good[:20] + "%0a" + good[:5]} {
		for _, tail := range []string{"", "/events", "/outputs/a.vtt"} {
			wantProblem(t, do(s, request("GET", "/v1/jobs/"+id+tail, "")), 404, "not_found")
		}
	}
	wantProblem(t, do(s, request("GET", "/v1/jobs/"+good, "")), 500, "internal")
}

func TestHealthAndReadiness(t *testing.T) {
	jobs := &fakeJobs{}
	s := newServer(t, Config{Jobs: jobs, Token: "secret"})
	for _, path := range []string{"/healthz", "/readyz"} {
		if w := do(s, request("GET", path, "")); w.Code != 200 || w.Body.String() != `{"status":"ok"}` {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		if w := do(s, request("HEAD", path, "")); w.Code != 200 {
			t.Errorf("HEAD %s: %d", path, w.Code)
		}
	}
	jobs.ready = errors.New("Redis does not answer")
	p := wantProblem(t, do(s, request("GET", "/readyz", "")), 503, "unavailable")
	if p.Detail != "Redis does not answer" {
		t.Errorf("detail %q", p.Detail)
	}
	jobs.ready = &worker.Error{Code: worker.CodeInternal, Message: "the store refuses to write"}
	if p := wantProblem(t, do(s, request("GET", "/readyz", "")), 503, "unavailable"); p.Detail != "the store refuses to write" {
		t.Errorf("detail %q", p.Detail)
	}
	if w := do(s, request("GET", "/healthz", "")); w.Code != 200 {
		t.Errorf("a process that lives: %d", w.Code)
	}
}

func TestUnknownAddressesAndMethodsAreProblems(t *testing.T) {
	s := newServer(t, Config{})
	id := jobRecord("42").ID
	for _, path := range []string{"/", "/v1", "/v1/", "/v1/jobs/", "/v1/job", "/metrics", "/preview/" + id, "/v1/captions/42",
		"//v1/jobs", "/v1//jobs", "/v1/jobs/../jobs", "/v1/./jobs", "/v1/jobs/" + id + "/", "/v1/jobs/" + id + "/retry",
		"/v1/jobs/" + id + "/outputs/", "/v1/jobs/" + id + "/outputs", "/openapi.json/", "/%2e%2e/v1/jobs"} {
		for _, method := range []string{"GET", "POST", "OPTIONS"} {
			wantProblem(t, do(s, request(method, path, "")), 404, "not_found")
		}
	}
	for _, c := range []struct{ method, path, allow string }{
		{"PUT", "/v1/jobs", "GET, HEAD, POST"},
		{"DELETE", "/v1/jobs", "GET, HEAD, POST"},
		{"PATCH", "/v1/jobs/" + id, "DELETE, GET, HEAD"},
		{"POST", "/v1/jobs/" + id + "/events", "GET"},
		{"HEAD", "/v1/jobs/" + id + "/events", "GET"},
		{"PUT", "/v1/jobs/" + id + "/outputs/a.vtt", "GET, HEAD, OPTIONS"},
		{"GET", "/v1/text", "POST"},
		{"OPTIONS", "/v1/text", "POST"},
		{"BREW", "/healthz", "GET, HEAD"},
	} {
		w := do(s, request(c.method, c.path, ""))
		wantProblem(t, w, 405, "method_not_allowed")
		if got := w.Header().Get("Allow"); got != c.allow {
			t.Errorf("%s %s: Allow %q, want %q", c.method, c.path, got, c.allow)
		}
	}
}

func TestEveryAnswerIsHardened(t *testing.T) {
	s := newServer(t, Config{})
	for _, path := range []string{"/healthz", "/v1/jobs", "/nowhere", "/v1/jobs/x"} {
		h := do(s, request("GET", path, "")).Header()
		for k, v := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
			"X-Frame-Options": "DENY", "Cross-Origin-Resource-Policy": "same-origin", "Access-Control-Allow-Origin": ""} {
			if h.Get(k) != v {
				t.Errorf("%s: %s is %q, want %q", path, k, h.Get(k), v)
			}
		}
		if !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") || h.Get("X-Request-Id") == "" {
			t.Errorf("%s: %v", path, h)
		}
	}
}

func TestPanicBecomesAProblemWithoutDetails(t *testing.T) {
	jobs := &fakeJobs{list: func(context.Context, worker.Filter) ([]*worker.Record, string, error) { panic("secret detail") }}
	s := newServer(t, Config{Jobs: jobs})
	w := do(s, request("GET", "/v1/jobs", ""))
	wantProblem(t, w, 500, "internal")
	if strings.Contains(w.Body.String(), "secret") {
		t.Errorf("the answer tells what happened inside: %s", w.Body)
	}
	jobs.list = func(context.Context, worker.Filter) ([]*worker.Record, string, error) { panic(http.ErrAbortHandler) }
	defer func() {
		if v := recover(); v != http.ErrAbortHandler {
			t.Errorf("an abort became %v", v)
		}
	}()
	do(s, request("GET", "/v1/jobs", ""))
}

func TestClientThatLeftIsNotAnswered(t *testing.T) {
	jobs := &fakeJobs{list: func(ctx context.Context, _ worker.Filter) ([]*worker.Record, string, error) {
		<-ctx.Done()
		return nil, "", ctx.Err()
	}}
	s := newServer(t, Config{Jobs: jobs})
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	cancel()
	w := do(s, request("GET", "/v1/jobs", "").WithContext(ctx))
	if w.Body.Len() != 0 {
		t.Errorf("answered %s", w.Body)
	}
}

func TestRecordOfAnotherShapeStaysJSON(t *testing.T) {
	r := jobRecord("<b>\u2028\"")
	r.Error = &worker.Failure{Code: "no_text_track", Message: "the video holds no text track"}
	r.Spec.Meta = json.RawMessage(`{"a":[1,2]}`)
	jobs := &fakeJobs{}
	jobs.put(r)
	w := do(newServer(t, Config{Jobs: jobs}), request("GET", "/v1/jobs/"+r.ID, ""))
	got := decode[struct {
		Video string
		Error worker.Failure
		Meta  map[string][]int
	}](t, w.Body.Bytes())
	if got.Video != "<b>\u2028\"" || got.Error != *r.Error || len(got.Meta["a"]) != 2 {
		t.Errorf("%+v", got)
	}
}

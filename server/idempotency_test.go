package server

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/duosub/duosub/worker"
	"github.com/duosub/duosub/worker/job"
)

func TestSameKeyAndBodyGetTheSameAnswer(t *testing.T) {
	jobs := &fakeJobs{}
	s := newServer(t, Config{Jobs: jobs})
	first := do(s, request("POST", "/v1/jobs", wholeJob, "Idempotency-Key", "k-1"))
	if first.Code != 202 || first.Header().Get("Idempotency-Replayed") != "" {
		t.Fatal(first.Code, first.Header())
	}
	// The job fails; without the key the same body would start a new run.
	for _, r := range jobs.records {
		r.State = worker.StateFailed
	}
	again := do(s, request("POST", "/v1/jobs", " "+wholeJob, "Idempotency-Key", "k-1"))
	if again.Code != 202 || again.Body.String() != first.Body.String() || again.Header().Get("Location") != first.Header().Get("Location") || again.Header().Get("Idempotency-Replayed") != "true" {
		t.Errorf("%d %v %s", again.Code, again.Header(), again.Body)
	}
	if len(jobs.specs) != 1 {
		t.Errorf("%d jobs were asked for", len(jobs.specs))
	}
	wantProblem(t, do(s, request("POST", "/v1/jobs", strings.Replace(wholeJob, "travel", "food", 1), "Idempotency-Key", "k-1")), 422, "idempotency_conflict")
	if w := do(s, request("POST", "/v1/jobs", wholeJob, "Idempotency-Key", "k-2")); w.Code != 202 || w.Header().Get("Idempotency-Replayed") != "" {
		t.Errorf("another key: %d", w.Code)
	}
}

func TestSameKeyAndFileGetTheSameAnswer(t *testing.T) {
	jobs := &fakeJobs{}
	s := newServer(t, Config{Jobs: jobs})
	send := func(content string) (int, string) {
		r := upload(t, part{"title", "", "a"}, part{"file", "a.srt", content})
		r.Header.Set("Idempotency-Key", "k")
		w := do(s, r)
		return w.Code, w.Body.String()
	}
	code, first := send(someSRT)
	if again, body := send(someSRT); code != 202 || again != 202 || body != first {
		t.Errorf("%d %d %s", code, again, body)
	}
	if code, _ := send(someSRT + "\r\n"); code != 422 {
		t.Errorf("another file: %d", code)
	}
}

func TestFailedRequestGivesItsKeyBack(t *testing.T) {
	broken := errors.New("no")
	jobs := &fakeJobs{submit: func(context.Context, job.Spec) (*worker.Record, bool, error) { return nil, false, broken }}
	s := newServer(t, Config{Jobs: jobs})
	wantProblem(t, do(s, request("POST", "/v1/jobs", wholeJob, "Idempotency-Key", "k")), 500, "internal")
	jobs.submit = func(context.Context, job.Spec) (*worker.Record, bool, error) { panic("no") }
	wantProblem(t, do(s, request("POST", "/v1/jobs", wholeJob, "Idempotency-Key", "k")), 500, "internal")
	jobs.submit = nil
	if w := do(s, request("POST", "/v1/jobs", wholeJob, "Idempotency-Key", "k")); w.Code != 202 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestSecondRequestWhileTheFirstIsUnderWay(t *testing.T) {
	entered, leave := make(chan struct{}), make(chan struct{})
	jobs := &fakeJobs{}
	plain := &fakeJobs{}
	jobs.submit = func(ctx context.Context, spec job.Spec) (*worker.Record, bool, error) {
		close(entered)
		<-leave
		return plain.Submit(ctx, spec)
	}
	s := newServer(t, Config{Jobs: jobs})
	var wg sync.WaitGroup
	wg.Go(func() {
		if w := do(s, request("POST", "/v1/jobs", wholeJob, "Idempotency-Key", "k")); w.Code != 202 {
			t.Errorf("%d", w.Code)
		}
	})
	<-entered
	w := do(s, request("POST", "/v1/jobs", wholeJob, "Idempotency-Key", "k"))
	wantProblem(t, w, 409, "idempotency_in_progress")
	if w.Header().Get("Retry-After") != "1" {
		t.Errorf("Retry-After %q", w.Header().Get("Retry-After"))
	}
	close(leave)
	wg.Wait()
	if w := do(s, request("POST", "/v1/jobs", wholeJob, "Idempotency-Key", "k")); w.Code != 202 || w.Header().Get("Idempotency-Replayed") != "true" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

func TestKeysThatAreNoneAreRefused(t *testing.T) {
	s := newServer(t, Config{})
	for _, key := range []string{"", strings.Repeat("k", 256), "schlüssel", "a\x7f"} {
		r := request("POST", "/v1/jobs", wholeJob)
		r.Header["Idempotency-Key"] = []string{key}
		wantProblem(t, do(s, r), 400, "bad_request")
	}
	r := request("POST", "/v1/jobs", wholeJob)
	r.Header["Idempotency-Key"] = []string{"a", "b"}
	wantProblem(t, do(s, r), 400, "bad_request")
}

type brokenStore struct{ MemoryIdempotency }

func (*brokenStore) Begin(context.Context, string, string) (*Answer, error) {
	return nil, errors.New("dial tcp 10.0.0.7: refused")
}

func TestKeysThatCannotBeLookedUpStartNothing(t *testing.T) {
	jobs := &fakeJobs{}
	s := newServer(t, Config{Jobs: jobs, Idempotency: &brokenStore{}})
	w := do(s, request("POST", "/v1/jobs", wholeJob, "Idempotency-Key", "k"))
	wantProblem(t, w, 503, "unavailable")
	if len(jobs.specs) != 0 || strings.Contains(w.Body.String(), "10.0.0.7") {
		t.Errorf("%d jobs, %s", len(jobs.specs), w.Body)
	}
}

func TestMemoryForgetsTheOldest(t *testing.T) {
	now := someInstant
	ctx := context.Background()
	m := &MemoryIdempotency{TTL: time.Hour, MaxKeys: 10, MaxBytes: 1 << 20, now: func() time.Time { return now }}
	keep := func(key string, body int) {
		t.Helper()
		if a, err := m.Begin(ctx, key, "f"); a != nil || err != nil {
			t.Fatal(key, a, err)
		}
		if err := m.Finish(ctx, key, "f", Answer{Status: 202, Body: make([]byte, body)}); err != nil {
			t.Fatal(err)
		}
	}
	has := func(key string) bool {
		a, err := m.Begin(ctx, key, "f")
		if err != nil {
			t.Fatal(err)
		}
		if a == nil {
			m.Release(ctx, key, "f")
		}
		return a != nil
	}
	for i := range 12 {
		keep(fmt.Sprint("k", i), 10)
	}
	if has("k0") || has("k1") || !has("k3") || !has("k11") || len(m.keys) > 10 {
		t.Errorf("%d keys are kept", len(m.keys))
	}
	keep("large", 1<<20-300)
	if has("k11") || !has("large") || m.bytes > 1<<20 {
		t.Errorf("%d bytes are kept", m.bytes)
	}
	now = now.Add(59 * time.Minute)
	if !has("large") {
		t.Error("forgotten too early")
	}
	now = now.Add(time.Minute)
	if has("large") || m.bytes != 0 || len(m.keys) != 0 || m.order.Len() != 0 {
		t.Errorf("kept too long: %d bytes", m.bytes)
	}
	// Another request cannot settle what is not its own.
	if _, err := m.Begin(ctx, "mine", "f"); err != nil {
		t.Fatal(err)
	}
	m.Release(ctx, "mine", "other")
	if err := m.Finish(ctx, "mine", "other", Answer{}); !errors.Is(err, ErrKeyReused) {
		t.Error(err)
	}
	if _, err := m.Begin(ctx, "mine", "f"); !errors.Is(err, ErrKeyPending) {
		t.Error(err)
	}
}

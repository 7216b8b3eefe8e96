package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/duosub/duosub/worker"
	"github.com/duosub/duosub/worker/job"
)

// fakeJobs is a service in memory. Its zero value is ready.
type fakeJobs struct {
	mu      sync.Mutex
	records map[string]*worker.Record
	uploads map[string][]byte
	specs   []job.Spec
	filters []worker.Filter
	texts   []worker.TextRequest
	outputs map[string]fakeOutput // by id/name

	// Replaced where a test wants another behaviour.
	submit func(context.Context, job.Spec) (*worker.Record, bool, error)
	upload func(context.Context, io.Reader) (string, error)
	events func(ctx context.Context, id, last string, each func(worker.Event) error) error
	text   func(context.Context, worker.TextRequest) (*worker.TextResponse, error)
	list   func(context.Context, worker.Filter) ([]*worker.Record, string, error)
	ready  error
	getErr error
}

type fakeOutput struct {
	data string
	sha  string
}

var someInstant = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

func (f *fakeJobs) Submit(ctx context.Context, spec job.Spec) (*worker.Record, bool, error) {
	if f.submit != nil {
		return f.submit(ctx, spec)
	}
	if err := spec.Validate(); err != nil {
		return nil, false, worker.AsError(err)
	}
	spec = spec.WithDefaults()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.specs = append(f.specs, spec)
	id := spec.ID()
	old := f.records[id]
	if old != nil && old.Request == spec.RequestHash() && old.State != worker.StateFailed && old.State != worker.StateCanceled {
		return old, false, nil
	}
	r := &worker.Record{ID: id, Spec: spec, Run: 1, Epoch: 1, Request: spec.RequestHash(), State: worker.StateQueued,
		Lane: spec.Lane, CreatedAt: someInstant, UpdatedAt: someInstant}
	if old != nil {
		r.Run = old.Run + 1
	}
	f.put(r)
	return r, true, nil
}

// put keeps a record; the caller holds the lock or is alone.
func (f *fakeJobs) put(r *worker.Record) {
	if f.records == nil {
		f.records = map[string]*worker.Record{}
	}
	f.records[r.ID] = r
}

func (f *fakeJobs) Upload(ctx context.Context, r io.Reader) (string, error) {
	if f.upload != nil {
		return f.upload(ctx, r)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return "", fmt.Errorf("the store failed: %w", err)
	}
	sum := fmt.Sprintf("%x", sha256.Sum256(data))
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.uploads == nil {
		f.uploads = map[string][]byte{}
	}
	f.uploads[sum] = data
	return job.UploadSource(sum), nil
}

func (f *fakeJobs) Get(_ context.Context, id string) (*worker.Record, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.getErr != nil {
		return nil, f.getErr
	}
	if r := f.records[id]; r != nil {
		return r, nil
	}
	return nil, worker.ErrNotFound
}

func (f *fakeJobs) List(ctx context.Context, filter worker.Filter) ([]*worker.Record, string, error) {
	if f.list != nil {
		return f.list(ctx, filter)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.filters = append(f.filters, filter)
	var out []*worker.Record
	for _, r := range f.records {
		out = append(out, r)
	}
	return out, "next-1", nil
}

func (f *fakeJobs) Cancel(ctx context.Context, id string) (*worker.Record, error) {
	r, err := f.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if !r.State.Finished() {
		r.State = worker.StateCanceled
	}
	return r, nil
}

func (f *fakeJobs) Purge(ctx context.Context, id string) (*worker.PurgeReport, error) {
	if _, err := f.Get(ctx, id); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.records, id)
	return &worker.PurgeReport{ID: id, Outputs: 7, MemoryEntries: 88, Sources: 1}, nil
}

func (f *fakeJobs) Events(ctx context.Context, id, last string, each func(worker.Event) error) error {
	if f.events != nil {
		return f.events(ctx, id, last, each)
	}
	return worker.ErrNotFound
}

type seekCloser struct{ *bytes.Reader }

func (seekCloser) Close() error { return nil }

func (f *fakeJobs) OpenOutput(_ context.Context, id, name string) (*worker.OpenedOutput, error) {
	o, ok := f.outputs[id+"/"+name]
	if !ok {
		return nil, worker.ErrNotFound
	}
	return &worker.OpenedOutput{Output: worker.Output{Name: name, SHA256: o.sha, Size: int64(len(o.data))},
		ModTime: someInstant, Content: seekCloser{bytes.NewReader([]byte(o.data))}}, nil
}

func (f *fakeJobs) Text(ctx context.Context, req worker.TextRequest) (*worker.TextResponse, error) {
	if f.text != nil {
		return f.text(ctx, req)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.texts = append(f.texts, req)
	resp := &worker.TextResponse{Cost: worker.Cost{Amount: "0.0001", Currency: "USD"}}
	for _, it := range req.Items {
		resp.Items = append(resp.Items, worker.TextAnswer{ID: it.ID, Text: "[" + it.Text + "]", Status: "translated", Source: "zh-Hans", Backend: "openai"})
	}
	return resp, nil
}

func (f *fakeJobs) Ready(context.Context) error { return f.ready }

// jobRecord is a finished job with outputs.
func jobRecord(video string) *worker.Record {
	spec := job.Spec{Source: "s3://bucket/" + video + ".srt", Video: video}.WithDefaults()
	r := &worker.Record{ID: spec.ID(), Spec: spec, Run: 1, Version: 1, State: worker.StateDone, Lane: job.Upload,
		Request: spec.RequestHash(), CreatedAt: someInstant, UpdatedAt: someInstant}
	r.Outputs = []worker.Output{{Name: video + ".dual.vtt", Type: "text/vtt", Version: 1}}
	return r
}

func newServer(t testing.TB, cfg Config) *Server {
	t.Helper()
	if cfg.Jobs == nil {
		cfg.Jobs = &fakeJobs{}
	}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// request makes one that a program on this machine would send.
func request(method, target, body string, header ...string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Host = "127.0.0.1:8080"
	if method == "POST" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

func do(s *Server, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// wantProblem checks that an answer is a problem document with this status
// and code, and answers it.
func wantProblem(t *testing.T, w *httptest.ResponseRecorder, status int, code string) Problem {
	t.Helper()
	var p Problem
	if w.Code != status {
		t.Errorf("status %d, want %d: %s", w.Code, status, w.Body)
	}
	if ct := w.Header().Get("Content-Type"); ct != ContentTypeProblem {
		t.Errorf("Content-Type %q, want a problem: %s", ct, w.Body)
		return p
	}
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	if p.Code != code || p.Status != w.Code || p.Detail == "" || p.Title == "" || p.RequestID != w.Header().Get("X-Request-Id") || !strings.HasSuffix(p.Type, "#"+p.Code) {
		t.Errorf("problem %+v, want code %q", p, code)
	}
	return p
}

func decode[T any](t *testing.T, data []byte) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatalf("%v: %s", err, data)
	}
	return v
}

package worker_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/duosub/duosub/internal/redistest"
	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/translate"
	"github.com/duosub/duosub/translate/all"
	"github.com/duosub/duosub/translate/redisstore"
	"github.com/duosub/duosub/translate/translatetest"
	"github.com/duosub/duosub/worker"
	"github.com/duosub/duosub/worker/job"
	"github.com/redis/go-redis/v9"
	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
)

// A rig is a whole service on a Redis and a store of its own, with a
// simulated model behind it.
type rig struct {
	t       *testing.T
	redis   *redistest.Server
	rdb     *redis.Client
	store   *blob.Bucket
	root    string
	sim     *translatetest.Simulator
	proc    *worker.Processor
	svc     *worker.Service
	sources string // a folder that sources are allowed from
}

func newRig(t *testing.T, opt translatetest.SimulatorOptions) *rig {
	t.Helper()
	r := &rig{t: t, redis: redistest.Start(t), root: t.TempDir(), sources: t.TempDir()}
	r.rdb = r.redis.Client(t)
	var err error
	r.store, err = fileblob.OpenBucket(r.root, &fileblob.Options{NoTempDir: true, Metadata: fileblob.MetadataDontWrite})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.store.Close() })
	r.sim = translatetest.NewSimulator(opt)
	r.proc = newProcessor(t, r.sim, redisstore.New(r.rdb, redisstore.Options{}), redisstore.NewStops(r.rdb))
	r.svc, err = worker.NewService(worker.ServiceConfig{Redis: r.rdb, Store: r.store, StoreURL: "file://" + r.root,
		AllowSources: []string{"file://" + r.sources}, Processor: r.proc, Log: testLog(t)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func testLog(t *testing.T) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelInfo}))
}

// newProcessor makes a Processor with the simulator as its backend.
func newProcessor(t *testing.T, sim *translatetest.Simulator, memory translate.Memory, stops translate.Stops) *worker.Processor {
	t.Helper()
	srv := httptest.NewServer(sim)
	t.Cleanup(srv.Close)
	backend, err := all.Open("openai?model=sim&concurrency=4&price_in=1&price_out=2&currency=USD", func(name string) string {
		return map[string]string{"OPENAI_BASE_URL": srv.URL + "/v1", "OPENAI_API_KEY": "test"}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	p, err := worker.NewProcessor(worker.ProcessorConfig{Backends: []*translate.Backend{backend}, Memory: memory, Stops: stops,
		BatchUnits: 10, Log: testLog(t)})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// start runs a pool and answers how to stop it; the test's end stops it too.
func (r *rig) start() (stop func()) {
	r.t.Helper()
	pool, err := worker.NewPool(worker.PoolConfig{Service: r.svc, ShutdownTimeout: 5 * time.Second, Log: testLog(r.t)})
	if err != nil {
		r.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- pool.Run(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			r.t.Errorf("the pool ended with %v", err)
		}
	}
	r.t.Cleanup(stop)
	return stop
}

// put lays a file of testdata where sources are allowed from and answers its
// address.
func (r *rig) put(name string) string {
	r.t.Helper()
	return r.write(name, testdata(r.t, name))
}

func (r *rig) write(name string, data []byte) string {
	r.t.Helper()
	if err := os.WriteFile(filepath.Join(r.sources, filepath.Base(name)), data, 0o644); err != nil {
		r.t.Fatal(err)
	}
	return "file://" + r.sources + "/" + filepath.Base(name)
}

func testdata(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func (r *rig) submit(spec job.Spec) *worker.Record {
	r.t.Helper()
	rec, created, err := r.svc.Submit(r.t.Context(), spec)
	if err != nil {
		r.t.Fatal(err)
	}
	if !created {
		r.t.Fatalf("the job %s was known already", rec.ID)
	}
	return rec
}

// wait waits until the job satisfies ok.
func (r *rig) wait(id string, what string, ok func(*worker.Record) bool) *worker.Record {
	r.t.Helper()
	deadline := time.Now().Add(60 * time.Second)
	for {
		rec, err := r.svc.Get(r.t.Context(), id)
		if err != nil && !errors.Is(err, worker.ErrNotFound) {
			r.t.Fatal(err)
		}
		if err == nil && ok(rec) {
			return rec
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("the job is not %s but %+v", what, rec)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (r *rig) waitState(id string, s worker.State) *worker.Record {
	r.t.Helper()
	return r.wait(id, string(s), func(rec *worker.Record) bool { return rec.State == s })
}

// output reads a file of a job.
func (r *rig) output(id, name string) []byte {
	r.t.Helper()
	o, err := r.svc.OpenOutput(r.t.Context(), id, name)
	if err != nil {
		r.t.Fatalf("open %s: %v", name, err)
	}
	defer o.Content.Close()
	data, err := io.ReadAll(o.Content)
	if err != nil {
		r.t.Fatal(err)
	}
	return data
}

func (r *rig) document(id, name string) *subtitles.Document {
	r.t.Helper()
	d, err := subtitles.ReadJSON(r.output(id, name))
	if err != nil {
		r.t.Fatal(err)
	}
	return d
}

// unitsOf counts the units of a file of testdata that have something to
// translate, under the names by which the simulator counts them.
func unitsOf(t *testing.T, name string) map[string]int {
	t.Helper()
	track, _, err := subtitles.Read(testdata(t, name))
	if err != nil {
		t.Fatal(err)
	}
	units := map[string]int{}
	for _, u := range subtitles.Units(track.Cues, subtitles.DetectLanguage(track)) {
		if !u.Keep {
			units[strings.Join(u.Parts, "|")]++
		}
	}
	return units
}

// checkPaidOnce fails the test when the simulator was asked for a unit more
// often than the files hold it.
func (r *rig) checkPaidOnce(names ...string) {
	r.t.Helper()
	units := map[string]int{}
	for _, name := range names {
		for text, n := range unitsOf(r.t, name) {
			units[text] += n
		}
	}
	for text, n := range r.sim.Asked() {
		if n > units[text] {
			r.t.Errorf("%q was paid for %d times and stands %d times in the tracks", text, n, units[text])
		}
	}
}

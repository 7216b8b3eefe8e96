package server

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
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
	"gocloud.dev/blob/memblob"
)

// wholeService is the real service with a Redis and workers, and a simulated
// model behind it.
func wholeService(t *testing.T) *worker.Service {
	t.Helper()
	rdb := redistest.Start(t).Client(t)
	bucket := memblob.OpenBucket(nil)
	t.Cleanup(func() { bucket.Close() })
	model := httptest.NewServer(translatetest.NewSimulator(translatetest.SimulatorOptions{}))
	t.Cleanup(model.Close)
	backend, err := all.Open("openai?model=sim", func(name string) string {
		return map[string]string{"OPENAI_BASE_URL": model.URL + "/v1", "OPENAI_API_KEY": "test"}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	proc, err := worker.NewProcessor(worker.ProcessorConfig{Backends: []*translate.Backend{backend},
		Memory: redisstore.New(rdb, redisstore.Options{}), Stops: redisstore.NewStops(rdb)})
	if err != nil {
		t.Fatal(err)
	}
	svc, err := worker.NewService(worker.ServiceConfig{Redis: rdb, Store: bucket, StoreURL: "mem://", Processor: proc})
	if err != nil {
		t.Fatal(err)
	}
	pool, err := worker.NewPool(worker.PoolConfig{Service: svc, ShutdownTimeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- pool.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the pool ended with %v", err)
		}
	})
	return svc
}

// The whole way over HTTP: a file in, its events, its outputs out, and nothing
// left in the end.
func TestUploadBecomesSubtitles(t *testing.T) {
	addr, _, _ := serve(t, Config{Jobs: wholeService(t)})
	base := "http://" + addr
	srt, err := os.ReadFile("../testdata/vlog.en.srt")
	if err != nil {
		t.Fatal(err)
	}
	call := func(method, path string, body io.Reader, contentType string, want int) []byte {
		t.Helper()
		req, err := http.NewRequest(method, base+path, body)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", contentType)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		data, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != want {
			t.Fatalf("%s %s: %d, want %d (%v): %s", method, path, resp.StatusCode, want, err, data)
		}
		return data
	}
	type view struct {
		ID, Video, State string
		Outputs          []struct{ Name, URL string }
		Coverage         subtitles.Coverage
	}
	form, contentType := multipartBody(t, part{"video", "", "42"}, part{"file", "vlog.en.srt", string(srt)})
	job := decode[view](t, call("POST", "/v1/jobs", strings.NewReader(form), contentType, 202))

	stream := get(t, context.Background(), base+"/v1/jobs/"+job.ID+"/events")
	var last, lastID string
	cues := 0
	for lines := bufio.NewScanner(stream.Body); lines.Scan(); {
		switch key, value, _ := strings.Cut(lines.Text(), ": "); key {
		case "event":
			if value == "cue" {
				cues++
			}
		case "data":
			last = value
		case "id":
			lastID = value
		}
	}
	if got := decode[view](t, []byte(last)); got.ID != job.ID || got.State != "done" || got.Outputs != nil {
		t.Fatalf("the last event is %s", last)
	}
	if cues == 0 {
		t.Error("no cue was told")
	}
	call("GET", "/v1/jobs/"+job.ID+"/events?last_event_id="+lastID, nil, "", 204)

	job = decode[view](t, call("GET", "/v1/jobs/"+job.ID, nil, "", 200))
	if job.State != "done" || job.Video != "42" || len(job.Outputs) != 7 || job.Coverage.Cues == 0 || job.Coverage.Untranslated != 0 {
		t.Errorf("%+v", job)
	}
	for _, out := range job.Outputs {
		data := call("GET", out.URL, nil, "", 200)
		if strings.HasSuffix(out.Name, ".dual.json") {
			doc, err := subtitles.ReadJSON(data)
			if err != nil || len(doc.Cues) != job.Coverage.Cues {
				t.Errorf("%s: %v", out.Name, err)
			}
			continue
		}
		if track, _, err := subtitles.Read(data); err != nil || len(track.Cues) == 0 {
			t.Errorf("%s: %v", out.Name, err)
		}
	}

	// Asked again, it is known; what is not allowed is refused.
	if again := decode[view](t, call("POST", "/v1/jobs", strings.NewReader(form), contentType, 200)); again.ID != job.ID || again.State != "done" {
		t.Errorf("%+v", again)
	}
	list := decode[listAnswer](t, call("GET", "/v1/jobs?state=done", nil, "", 200))
	if len(list.Jobs) != 1 || list.Jobs[0]["id"] != job.ID {
		t.Errorf("%+v", list)
	}
	call("GET", "/v1/jobs?cursor=nonsense", nil, "", 400)
	call("POST", "/v1/jobs", strings.NewReader(`{"source":"file:///etc/passwd"}`), "application/json", 403)
	call("POST", "/v1/jobs", strings.NewReader(`{"source":"mem:///a.srt","profile":"no such"}`), "application/json", 422)
	call("GET", "/readyz", nil, "", 200)

	purged := decode[worker.PurgeReport](t, call("DELETE", "/v1/jobs/"+job.ID+"?purge=true", nil, "", 200))
	if purged.Outputs == 0 || purged.MemoryEntries == 0 || purged.Sources != 1 {
		t.Errorf("%+v", purged)
	}
	call("GET", "/v1/jobs/"+job.ID, nil, "", 404)
	call("GET", job.Outputs[0].URL, nil, "", 404)
}

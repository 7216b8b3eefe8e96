package server

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/duosub/duosub/worker"
)

const (
	someVTT = "WEBVTT\n\n00:01.000 --> 00:02.000\n你好\nHello\n"
	someSHA = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
)

// outputServer has a job with outputs of these names, and answers the
// address of its outputs too.
func outputServer(t testing.TB, cfg Config, names ...string) (*Server, string) {
	r := jobRecord("42")
	jobs := &fakeJobs{outputs: map[string]fakeOutput{}}
	jobs.put(r)
	for _, n := range names {
		jobs.outputs[r.ID+"/"+n] = fakeOutput{data: someVTT, sha: someSHA}
	}
	cfg.Jobs = jobs
	return newServer(t, cfg), "/v1/jobs/" + r.ID + "/outputs/"
}

func TestOutputsHaveTheirTypeAndName(t *testing.T) {
	for name, c := range map[string]struct{ path, contentType, disposition string }{
		"42.dual.vtt":   {"42.dual.vtt", "text/vtt; charset=utf-8", `inline; filename="42.dual.vtt"`},
		"42.en.SRT":     {"42.en.SRT", "application/x-subrip; charset=utf-8", `inline; filename="42.en.SRT"`},
		"42.dual.json":  {"42.dual.json", "application/json", `inline; filename="42.dual.json"`},
		"a.html":        {"a.html", "application/octet-stream", `inline; filename="a.html"`},
		"wait...oh.vtt": {"wait...oh.vtt", "text/vtt; charset=utf-8", `inline; filename="wait...oh.vtt"`},
		"旅行.vtt":        {"%E6%97%85%E8%A1%8C.vtt", "text/vtt; charset=utf-8", `inline; filename="__.vtt"; filename*=UTF-8''%E6%97%85%E8%A1%8C.vtt`},
		`a"b;%41.vtt`:   {"a%22b%3B%2541.vtt", "text/vtt; charset=utf-8", `inline; filename="a_b;_41.vtt"; filename*=UTF-8''a%22b%3B%2541.vtt`},
		"50% (1)'*.vtt": {"50%25%20(1)'*.vtt", "text/vtt; charset=utf-8", `inline; filename="50_ (1)'*.vtt"; filename*=UTF-8''50%25%20%281%29%27%2A.vtt`},
	} {
		s, base := outputServer(t, Config{}, name)
		w := do(s, request("GET", base+c.path, ""))
		h := w.Header()
		if w.Code != 200 || w.Body.String() != someVTT {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
			continue
		}
		if h.Get("Content-Type") != c.contentType || h.Get("Content-Disposition") != c.disposition {
			t.Errorf("%s: %q, %q", name, h.Get("Content-Type"), h.Get("Content-Disposition"))
		}
		if _, params, err := mime.ParseMediaType(h.Get("Content-Disposition")); err != nil || params["filename"] != name {
			t.Errorf("%s: a client reads the name as %q (%v)", name, params["filename"], err)
		}
		if h.Get("ETag") != `"`+someSHA+`"` || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "private, no-cache" ||
			h.Get("Cross-Origin-Resource-Policy") != "cross-origin" || h.Get("Last-Modified") == "" {
			t.Errorf("%s: %v", name, h)
		}
	}
}

func TestOutputsAnswerConditionsAndRanges(t *testing.T) {
	s, base := outputServer(t, Config{}, "a.vtt")
	for _, c := range []struct {
		method, header, value string
		status                int
		body                  string
	}{
		{"HEAD", "", "", 200, ""},
		{"GET", "If-None-Match", `"` + someSHA + `"`, 304, ""},
		{"HEAD", "If-None-Match", `"x", W/"` + someSHA + `"`, 304, ""},
		{"GET", "If-None-Match", `"x"`, 200, someVTT},
		{"GET", "Range", "bytes=0-5", 206, "WEBVTT"},
		{"GET", "Range", "bytes=-6", 206, "Hello\n"},
		{"GET", "If-Match", `"` + someSHA + `"`, 200, someVTT},
	} {
		w := do(s, request(c.method, base+"a.vtt", "", c.header, c.value))
		if w.Code != c.status || w.Body.String() != c.body {
			t.Errorf("%s with %s: %s: %d %q", c.method, c.header, c.value, w.Code, w.Body)
		}
	}
	w := do(s, request("GET", base+"a.vtt", "", "Range", "bytes=1000-"))
	wantProblem(t, w, 416, "range_not_satisfiable")
	if w.Header().Get("Content-Range") != "bytes */45" || w.Header().Get("Content-Disposition") != "" {
		t.Errorf("%v", w.Header())
	}
	w = do(s, request("GET", base+"a.vtt", "", "If-Match", `"x"`))
	wantProblem(t, w, 412, "precondition_failed")
}

func TestOutputsAreNoWayOut(t *testing.T) {
	s, base := outputServer(t, Config{}, "a.vtt")
	spy := &outputSpy{fakeJobs: s.jobs.(*fakeJobs)}
	s.jobs = spy
	for _, name := range []string{"..", ".", "%2e%2e", "%2E", "../../x", "..%2f..%2fx", "%2e%2e%2f%2e%2e%2fx", "a%2fb", "a%5cb", "%2fetc%2fpasswd",
		"a%00.vtt", "a%0d%0aSet-Cookie:x", "%ff.vtt", "x/../a.vtt", "%2f", strings.Repeat("a", 1025)} {
		for _, method := range []string{"GET", "HEAD"} {
			w := do(s, request(method, base+name, ""))
			if w.Code != 404 || w.Header().Get("Content-Type") != ContentTypeProblem {
				t.Errorf("%s %.40s: %d %v", method, name, w.Code, w.Header())
			}
		}
	}
	if len(spy.asked) > 0 {
		t.Errorf("the service was asked for %q", spy.asked)
	}
	wantProblem(t, do(s, request("GET", base+"b.vtt", "")), 404, "not_found")
	if len(spy.asked) != 1 {
		t.Errorf("the service was asked for %q", spy.asked)
	}
}

// outputSpy remembers what was asked for, and may answer other content.
type outputSpy struct {
	*fakeJobs
	asked   []string
	content io.ReadSeekCloser
}

func (o *outputSpy) OpenOutput(ctx context.Context, id, name string) (*worker.OpenedOutput, error) {
	o.asked = append(o.asked, name)
	out, err := o.fakeJobs.OpenOutput(ctx, id, name)
	if err == nil && o.content != nil {
		out.Content = o.content
	}
	return out, err
}

func TestOutputThatCannotBeReadIsAProblem(t *testing.T) {
	s, base := outputServer(t, Config{}, "a.vtt")
	s.jobs = &outputSpy{fakeJobs: s.jobs.(*fakeJobs), content: brokenFile{}}
	w := do(s, request("GET", base+"a.vtt", ""))
	wantProblem(t, w, 500, "internal")
	if w.Header().Get("ETag") != "" {
		t.Errorf("%v", w.Header())
	}
}

type brokenFile struct{}

func (brokenFile) Read([]byte) (int, error)       { return 0, errors.New("broken") }
func (brokenFile) Seek(int64, int) (int64, error) { return 0, errors.New("broken") }
func (brokenFile) Close() error                   { return nil }

func TestPagesOfOtherOriginsReadOutputs(t *testing.T) {
	header := func(w *httptest.ResponseRecorder, k string) string { return w.Header().Get(k) }
	for _, c := range []struct {
		allowed      []string
		origin, want string
	}{
		{nil, "https://app.example", "*"},
		{nil, "", "*"},
		{[]string{"*"}, "https://app.example", "*"},
		{[]string{"https://app.example", "https://b.example:8443"}, "https://b.example:8443", "https://b.example:8443"},
		{[]string{"https://app.example"}, "https://evil.example", ""},
		{[]string{"https://app.example"}, "", ""},
		{[]string{}, "https://app.example", ""},
	} {
		s, base := outputServer(t, Config{Token: "secret", AllowedOrigins: c.allowed}, "a.vtt")
		send := func(method string, extra ...string) *httptest.ResponseRecorder {
			r := request(method, base+"a.vtt", "", extra...)
			if c.origin != "" {
				r.Header.Set("Origin", c.origin)
			}
			return do(s, r)
		}
		for _, w := range []*httptest.ResponseRecorder{send("GET", "Authorization", "Bearer secret"), send("GET")} {
			if header(w, "Access-Control-Allow-Origin") != c.want {
				t.Errorf("%v, %q: allowed %q, want %q", c.allowed, c.origin, header(w, "Access-Control-Allow-Origin"), c.want)
			}
			if vary := header(w, "Vary"); (vary == "Origin") == (c.want == "*") {
				t.Errorf("%v, %q: Vary %q", c.allowed, c.origin, vary)
			}
			if w.Header().Get("Access-Control-Allow-Credentials") != "" {
				t.Error("cookies are let through")
			}
		}
		w := send("OPTIONS", "Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "authorization")
		if w.Code != 204 || header(w, "Access-Control-Allow-Origin") != c.want {
			t.Errorf("preflight: %d %v", w.Code, w.Header())
		}
		if ok := strings.Contains(header(w, "Access-Control-Allow-Headers"), "Authorization") && header(w, "Access-Control-Allow-Methods") == "GET, HEAD"; ok != (c.want != "") {
			t.Errorf("preflight: %v", w.Header())
		}
	}
	// No other call is for pages of other origins.
	s, _ := outputServer(t, Config{Token: "secret"}, "a.vtt")
	w := do(s, request("GET", "/v1/jobs", "", "Authorization", "Bearer secret", "Origin", "https://app.example"))
	if w.Code != 200 || header(w, "Access-Control-Allow-Origin") != "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

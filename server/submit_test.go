package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/worker"
	"github.com/duosub/duosub/worker/job"
)

const wholeJob = `{"source":"s3://bucket/videos/42/en.srt","video":"42","filename":"vlog.srt","creator":"c7","media":"https://cdn.example/42.mp4","source_lang":"en",
"source_version":"3","track":"2","pair":["zh-Hant","en"],"lane":"preview","publish":"review","profile":"tall","formats":["vtt"],"backends":["deepl"],"title":"第一个冬天","description":"d",
"glossary":"travel","burned_in":"zh-Hans","callback_url":"https://app.example/hook","meta":{"upload":"u-991"},"v":99,"tenant":"another","unknown":{"a":1}}`

func wholeSpec() job.Spec {
	pair := subtitles.Pair{Top: subtitles.TraditionalChinese, Bottom: subtitles.English}
	return job.Spec{V: 1, Source: "s3://bucket/videos/42/en.srt", Video: "42", Filename: "vlog.srt", Creator: "c7", Media: "https://cdn.example/42.mp4",
		SourceLang: "en", SourceVersion: "3", Track: "2", Pair: &pair, Lane: job.Preview, Publish: job.PublishReview, Profile: "tall",
		Formats: []string{"vtt"}, Backends: []string{"deepl"}, Title: "第一个冬天", Description: "d", Glossary: "travel", BurnedIn: "zh-Hans",
		CallbackURL: "https://app.example/hook", Meta: json.RawMessage(`{"upload":"u-991"}`)}
}

func TestJobIsAcceptedOnce(t *testing.T) {
	jobs := &fakeJobs{}
	s := newServer(t, Config{Jobs: jobs})
	for i, want := range []int{202, 200} {
		w := do(s, request("POST", "/v1/jobs", wholeJob))
		if w.Code != want || w.Header().Get("Content-Type") != "application/json" || w.Header().Get("Location") != "/v1/jobs/"+wholeSpec().ID() {
			t.Fatalf("%d: %d %v %s", i, w.Code, w.Header(), w.Body)
		}
		got := decode[map[string]any](t, w.Body.Bytes())
		if got["id"] != wholeSpec().ID() || got["state"] != "queued" || got["run"] != 1.0 {
			t.Errorf("%v", got)
		}
	}
	if !reflect.DeepEqual(jobs.specs[0], wholeSpec()) {
		t.Errorf("asked for %+v\nwant      %+v", jobs.specs[0], wholeSpec())
	}
}

func TestJobsThatAreWrongAreRefused(t *testing.T) {
	long := strings.Repeat("a", MaxJobBody)
	for _, c := range []struct {
		name, body, contentType string
		status                  int
		code, field             string
	}{
		{"nothing", "", "application/json", 400, "bad_request", ""},
		{"no JSON", "source=s3://b/a.srt", "application/json", 400, "bad_request", ""},
		{"null", " null\n", "application/json", 400, "bad_request", ""},
		{"a list", "[]", "application/json", 400, "bad_request", ""},
		{"a text", `"a"`, "application/json", 400, "bad_request", ""},
		{"two objects", `{"source":"s3://b/a.srt"}{}`, "application/json", 400, "bad_request", ""},
		{"cut off", `{"source":"s3://b/a`, "application/json", 400, "bad_request", ""},
		{"deep", `{"x":` + strings.Repeat("[", 20000), "application/json", 400, "bad_request", ""},
		{"not UTF-8", "{\"source\":\"s3://b/\xff\"}", "application/json", 400, "bad_request", ""},
		{"UTF-16", "\xff\xfe{\x00}\x00", "application/json", 400, "bad_request", ""},
		{"no source", `{}`, "application/json", 400, "bad_request", "source"},
		{"wrong type", `{"source":7}`, "application/json", 400, "bad_request", "source"},
		{"wrong type within", `{"source":"s3://b/a.srt","formats":[1]}`, "application/json", 400, "bad_request", "formats"},
		{"query", `{"source":"https://b/a.srt?sig=x"}`, "application/json", 400, "bad_request", "source"},
		{"lane", `{"source":"s3://b/a.srt","lane":"fast"}`, "application/json", 400, "bad_request", "lane"},
		{"meta", `{"source":"s3://b/a.srt","meta":[1]}`, "application/json", 400, "bad_request", "meta"},
		{"long title", `{"source":"s3://b/a.srt","title":"` + long[:600] + `"}`, "application/json", 400, "bad_request", "title"},
		{"pair", `{"source":"s3://b/a.srt","pair":["fr","de"]}`, "application/json", 422, "unknown_pair", ""},
		{"one language", `{"source":"s3://b/a.srt","pair":["en"]}`, "application/json", 422, "unknown_pair", ""},
		{"pair of numbers", `{"source":"s3://b/a.srt","pair":[1,2]}`, "application/json", 422, "unknown_pair", ""},
		{"long body", `{"source":"s3://b/a.srt","x":"` + long + `"}`, "application/json", 413, "too_large", ""},
		{"form of curl -d", `source=s3`, "application/x-www-form-urlencoded", 415, "unsupported_media_type", ""},
		{"no type", `{}`, "", 415, "unsupported_media_type", ""},
		{"broken type", `{}`, "application/json; =", 415, "unsupported_media_type", ""},
		{"no boundary", `--a--`, "multipart/form-data", 400, "bad_request", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			jobs := &fakeJobs{}
			p := wantProblem(t, do(newServer(t, Config{Jobs: jobs}), request("POST", "/v1/jobs", c.body, "Content-Type", c.contentType)), c.status, c.code)
			if p.Field != c.field {
				t.Errorf("field %q, want %q (%s)", p.Field, c.field, p.Detail)
			}
			if len(p.Detail) > 4*maxDetail {
				t.Errorf("the detail has %d bytes", len(p.Detail))
			}
			if len(jobs.records) > 0 {
				t.Error("the job was accepted")
			}
		})
	}
}

func TestBodyOfUnknownLengthIsBoundedToo(t *testing.T) {
	s := newServer(t, Config{})
	r := request("POST", "/v1/jobs", "")
	r.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"x":"`), strings.NewReader(strings.Repeat("a", MaxJobBody+1))))
	r.ContentLength = -1
	wantProblem(t, do(s, r), 413, "too_large")
	r = request("POST", "/v1/jobs", "")
	r.Body = io.NopCloser(iotest.ErrReader(io.ErrUnexpectedEOF))
	r.ContentLength = -1
	wantProblem(t, do(s, r), 400, "bad_request")
	wantProblem(t, do(s, request("POST", "/v1/jobs", wholeJob, "Content-Encoding", "gzip")), 415, "unsupported_media_type")
}

func TestFailuresOfTheServiceKeepTheirCode(t *testing.T) {
	for _, c := range []struct {
		err    error
		status int
		code   string
	}{
		{&worker.Error{Code: worker.CodeSourceNotAllowed, Message: "m", Permanent: true}, 403, "source_not_allowed"},
		{fmt.Errorf("wrapped: %w", &worker.Error{Code: worker.CodeUnknownGlossary, Message: "m"}), 422, "unknown_glossary"},
		{&worker.Error{Code: worker.CodeUnavailable, Message: "Redis does not answer"}, 503, "unavailable"},
		{&job.Error{Field: "title", Message: "m"}, 400, "bad_request"},
		{errors.New("dial tcp 10.0.0.7: secret"), 500, "internal"},
		{context.DeadlineExceeded, 503, "unavailable"},
		{fmt.Errorf("get: %w", &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("secret")}), 503, "unavailable"},
	} {
		jobs := &fakeJobs{submit: func(context.Context, job.Spec) (*worker.Record, bool, error) { return nil, false, c.err }}
		w := do(newServer(t, Config{Jobs: jobs}), request("POST", "/v1/jobs", wholeJob))
		wantProblem(t, w, c.status, c.code)
		if strings.Contains(w.Body.String(), "secret") {
			t.Errorf("told %s", w.Body)
		}
		if (c.status == 503) != (w.Header().Get("Retry-After") != "") {
			t.Errorf("%s: Retry-After %q", c.code, w.Header().Get("Retry-After"))
		}
	}
}

// A part of a form: a file where filename is set.
type part struct{ name, filename, value string }

func multipartBody(t testing.TB, parts ...part) (string, string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for _, p := range parts {
		var w io.Writer
		var err error
		if p.filename != "" {
			w, err = m.CreateFormFile(p.name, p.filename)
		} else {
			w, err = m.CreateFormField(p.name)
		}
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, p.value)
	}
	m.Close()
	return b.String(), m.FormDataContentType()
}

func upload(t testing.TB, parts ...part) *http.Request {
	body, contentType := multipartBody(t, parts...)
	return request("POST", "/v1/jobs", body, "Content-Type", contentType)
}

const someSRT = "1\r\n00:00:01,000 --> 00:00:02,000\r\nHello\r\n"

func TestUploadMakesTheJobThatJSONMakes(t *testing.T) {
	file := part{"file", "旅行 vlog.srt", someSRT}
	fields := []part{{"video", "", "42"}, {"filename", "", "vlog.srt"}, {"creator", "", "c7"}, {"media", "", "https://cdn.example/42.mp4"}, {"source_lang", "", "en"},
		{"source_version", "", "3"}, {"track", "", "2"}, {"pair", "", "zh-Hant,en"}, {"lane", "", "preview"}, {"publish", "", "review"}, {"profile", "", "tall"},
		{"formats", "", "vtt"}, {"backends", "", "deepl"}, {"title", "", "第一个冬天"}, {"description", "", "d"}, {"glossary", "", "travel"}, {"burned_in", "", "zh-Hans"},
		{"callback_url", "", "https://app.example/hook"}, {"meta", "", `{"upload":"u-991"}`}, {"v", "", "99"}, {"tenant", "", "another"}, {"unknown", "", "x"}}
	inJSON := part{"job", "", strings.Replace(wholeJob, `"source":"s3://bucket/videos/42/en.srt",`, "", 1)}
	for name, parts := range map[string][]part{
		"fields first": append(slices.Clone(fields), file),
		"file first":   append([]part{file}, fields...),
		"json first":   {inJSON, file},
		"json last":    {file, inJSON},
	} {
		jobs := &fakeJobs{}
		w := do(newServer(t, Config{Jobs: jobs}), upload(t, parts...))
		if w.Code != 202 {
			t.Fatalf("%s: %d %s", name, w.Code, w.Body)
		}
		got := jobs.specs[0]
		if data := jobs.uploads[job.Uploaded(got.Source)]; string(data) != someSRT {
			t.Errorf("%s: %s holds %q", name, got.Source, data)
		}
		want := wholeSpec()
		want.Source = got.Source
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: asked for %+v\nwant      %+v", name, got, want)
		}
	}
}

func TestUploadIsNamedAfterItsFile(t *testing.T) {
	for sent, want := range map[string]string{
		"旅行 vlog.srt":                     "旅行 vlog.srt",
		"../../etc/passwd":                "passwd",
		`C:\Users\me\vlog.srt`:            "vlog.srt",
		"a\u202egpj.srt":                  "agpj.srt",
		"..":                              "",
		strings.Repeat("长", 300) + ".srt": strings.Repeat("长", 251) + ".srt",
	} {
		if got := cleanFilename(sent); got != want {
			t.Errorf("%q is named %q, want %q", sent, got, want)
		}
	}
	jobs := &fakeJobs{}
	s := newServer(t, Config{Jobs: jobs})
	if w := do(s, upload(t, part{"file", "旅行 vlog.srt", someSRT})); w.Code != 202 {
		t.Fatal(w.Body)
	}
	// Asking again with the same file is the same job, and its video is the file.
	if w := do(s, upload(t, part{"file", "旅行 vlog.srt", someSRT})); w.Code != 200 {
		t.Error(w.Code, w.Body)
	}
	if got := jobs.specs[0]; got.Filename != "旅行 vlog.srt" || got.Video != got.Source || job.Uploaded(got.Source) == "" {
		t.Errorf("%+v", got)
	}
}

func TestFormWithoutFileNamesItsSource(t *testing.T) {
	jobs := &fakeJobs{}
	if w := do(newServer(t, Config{Jobs: jobs}), upload(t, part{"source", "", "s3://b/a.srt"}, part{"formats", "", "vtt, srt"}, part{"pair", "", ""})); w.Code != 202 {
		t.Fatal(w.Code, w.Body)
	}
	if got := jobs.specs[0]; got.Source != "s3://b/a.srt" || !slices.Equal(got.Formats, []string{"vtt", "srt"}) || *got.Pair != subtitles.DefaultPair {
		t.Errorf("%+v", got)
	}
}

func TestFormsThatAreWrongAreRefused(t *testing.T) {
	file := part{"file", "a.srt", someSRT}
	many := make([]part, maxParts+1)
	for i := range many {
		many[i] = part{fmt.Sprint("x", i), "", "y"}
	}
	for _, c := range []struct {
		name        string
		parts       []part
		status      int
		code, field string
		uploads     int
	}{
		{"nothing", nil, 400, "bad_request", "source", 0},
		{"no file", []part{{"video", "", "42"}}, 400, "bad_request", "source", 0},
		{"empty file", []part{{"file", "a.srt", ""}}, 422, "empty_file", "", 0},
		{"two files", []part{file, file}, 400, "bad_request", "file", 1},
		{"two titles", []part{{"title", "", "a"}, {"title", "", "b"}, file}, 400, "bad_request", "title", 0},
		{"source first", []part{{"source", "", "s3://b/a.srt"}, file}, 400, "bad_request", "source", 0},
		{"source last", []part{file, {"source", "", "s3://b/a.srt"}}, 400, "bad_request", "source", 1},
		{"both ways", []part{{"job", "", `{"title":"a"}`}, {"title", "", "b"}, file}, 400, "bad_request", "title", 0},
		{"both ways, turned", []part{{"title", "", "b"}, {"job", "", `{"title":"a"}`}, file}, 400, "bad_request", "title", 0},
		{"bad job", []part{{"job", "", `{"title":`}, file}, 400, "bad_request", "", 0},
		{"bad pair before the file", []part{{"pair", "", "fr,de"}, file}, 422, "unknown_pair", "", 0},
		{"bad lane before the file", []part{{"lane", "", "fast"}, file}, 400, "bad_request", "lane", 0},
		{"bad lane after the file", []part{file, {"lane", "", "fast"}}, 400, "bad_request", "lane", 1},
		{"bad meta", []part{{"meta", "", "{"}, file}, 400, "bad_request", "meta", 0},
		{"not UTF-8", []part{{"title", "", "\xff"}, file}, 400, "bad_request", "", 0},
		{"long field", []part{{"title", "", strings.Repeat("a", MaxJobBody+1)}, file}, 413, "too_large", "", 0},
		{"long fields", []part{{"title", "", strings.Repeat("a", MaxJobBody/2)}, {"x", "", strings.Repeat("a", MaxJobBody/2+1)}, file}, 413, "too_large", "", 0},
		{"many parts", many, 400, "bad_request", "", 0},
		{"file too large", []part{{"file", "a.mp4", strings.Repeat("a", 2001)}}, 413, "too_large", "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			jobs := &fakeJobs{}
			s := newServer(t, Config{Jobs: jobs, MaxUpload: 2000})
			p := wantProblem(t, do(s, upload(t, c.parts...)), c.status, c.code)
			if p.Field != c.field {
				t.Errorf("field %q, want %q (%s)", p.Field, c.field, p.Detail)
			}
			if len(jobs.records) > 0 || len(jobs.uploads) != c.uploads {
				t.Errorf("%d jobs, %d uploads", len(jobs.records), len(jobs.uploads))
			}
		})
	}
}

func TestFileOfTheVeryLimitIsTaken(t *testing.T) {
	s := newServer(t, Config{MaxUpload: 2000})
	if w := do(s, upload(t, part{"file", "a.mp4", strings.Repeat("a", 2000)})); w.Code != 202 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestUploadThatBreaksOffIsTheClientsFailure(t *testing.T) {
	body, contentType := multipartBody(t, part{"file", "a.srt", strings.Repeat(someSRT, 5000)})
	for cut := range 6 {
		jobs := &fakeJobs{}
		s := newServer(t, Config{Jobs: jobs})
		r := request("POST", "/v1/jobs", body[:len(body)*(cut+1)/7], "Content-Type", contentType)
		wantProblem(t, do(s, r), 400, "bad_request")
		r = request("POST", "/v1/jobs", "", "Content-Type", contentType)
		r.Body = io.NopCloser(io.MultiReader(strings.NewReader(body[:len(body)*(cut+1)/7]), iotest.ErrReader(io.ErrUnexpectedEOF)))
		r.ContentLength = -1
		wantProblem(t, do(s, r), 400, "bad_request")
		if len(jobs.records) > 0 || len(jobs.uploads) > 0 {
			t.Errorf("%d jobs, %d uploads of half a file", len(jobs.records), len(jobs.uploads))
		}
	}
	// The store's failure is not the client's.
	jobs := &fakeJobs{upload: func(_ context.Context, r io.Reader) (string, error) {
		io.CopyN(io.Discard, r, 10)
		return "", errors.New("disk full")
	}}
	wantProblem(t, do(newServer(t, Config{Jobs: jobs}), request("POST", "/v1/jobs", body, "Content-Type", contentType)), 500, "internal")
}

// A large file goes through without being held: the store sees it while it
// comes.
func TestUploadIsStreamed(t *testing.T) {
	const total = 32 << 20
	head := "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp4\"\r\n\r\n"
	tail := "\r\n--b--\r\n"
	sent := &counter{r: io.MultiReader(strings.NewReader(head), io.LimitReader(zeros{}, total), strings.NewReader(tail))}
	var ahead int64
	jobs := &fakeJobs{upload: func(_ context.Context, r io.Reader) (string, error) {
		buf := make([]byte, 32<<10)
		var got int64
		for {
			n, err := r.Read(buf)
			got += int64(n)
			ahead = max(ahead, sent.n-got)
			if err == io.EOF {
				if got != total {
					t.Errorf("%d bytes came", got)
				}
				return job.UploadSource(strings.Repeat("a", 64)), nil
			}
			if err != nil {
				return "", err
			}
		}
	}}
	r := request("POST", "/v1/jobs", "", "Content-Type", "multipart/form-data; boundary=b")
	r.Body, r.ContentLength = io.NopCloser(sent), -1
	if w := do(newServer(t, Config{Jobs: jobs}), r); w.Code != 202 {
		t.Fatal(w.Code, w.Body)
	}
	if ahead > 1<<20 {
		t.Errorf("%d bytes were held", ahead)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func TestFormFieldsAreTheKeysOfAJob(t *testing.T) {
	var schema struct{ Properties map[string]any }
	if err := json.Unmarshal(job.Schema, &schema); err != nil {
		t.Fatal(err)
	}
	for key := range schema.Properties {
		if key != "v" && key != "tenant" && formFields[key] == nil {
			t.Errorf("the form lacks %s", key)
		}
	}
	for key := range formFields {
		if schema.Properties[key] == nil {
			t.Errorf("a job has no %s", key)
		}
	}
}

package server

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/duosub/duosub/worker"
	"github.com/duosub/duosub/worker/job"
)

type object = map[string]any

func openAPI(t *testing.T) object {
	t.Helper()
	return decode[object](t, OpenAPI)
}

func TestOpenAPIHasTheRoutesAndNoOthers(t *testing.T) {
	var want, got []string
	for _, rt := range routes {
		want = append(want, strings.ToLower(rt.method)+" "+rt.pattern)
	}
	for pattern, item := range openAPI(t)["paths"].(object) {
		for key := range item.(object) {
			if key != "parameters" {
				got = append(got, key+" "+pattern)
			}
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("described: %q\nrouted:    %q", got, want)
	}
}

func TestOpenAPISaysWhichCallsNeedNoToken(t *testing.T) {
	doc := openAPI(t)
	for _, rt := range routes {
		op := doc["paths"].(object)[rt.pattern].(object)[strings.ToLower(rt.method)].(object)
		_, free := op["security"]
		if free != (rt.access != guarded) {
			t.Errorf("%s %s: described as open: %v", rt.method, rt.pattern, free)
		}
	}
}

func TestOpenAPIRequestsAreTheSchemaOfAJob(t *testing.T) {
	schemas := openAPI(t)["components"].(object)["schemas"].(object)
	keys := func(v any) []string { return slices.Sorted(maps.Keys(v.(object)["properties"].(object))) }
	var own any
	if err := json.Unmarshal(job.Schema, &own); err != nil {
		t.Fatal(err)
	}
	want := slices.DeleteFunc(keys(own), func(k string) bool { return k == "v" || k == "tenant" })
	if got := keys(schemas["JobRequest"]); !slices.Equal(got, want) {
		t.Errorf("JobRequest has %q, a job has %q", got, want)
	}
	want = append(want, "file", "job")
	slices.Sort(want)
	if got := keys(schemas["JobForm"]); !slices.Equal(got, want) {
		t.Errorf("JobForm has %q, want %q", got, want)
	}
}

// Every example in the document is what its schema says, every schema that is
// named is there, and the examples of problems have codes and statuses that
// the server sends.
func TestOpenAPIExamplesFit(t *testing.T) {
	doc := openAPI(t)
	examples := 0
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case object:
			if ref, ok := v["$ref"].(string); ok {
				if resolve(doc, ref) == nil {
					t.Errorf("%s: %s leads nowhere", path, ref)
				}
			}
			if list, ok := v["examples"].(object); ok {
				for name, ex := range list {
					examples++
					value := ex.(object)["value"]
					for _, wrong := range fits(doc, v["schema"].(object), value, path+"/"+name) {
						t.Error(wrong)
					}
					if p, ok := value.(object); ok && strings.HasSuffix(path, ContentTypeProblem) {
						k, known := kinds[worker.Code(p["code"].(string))]
						if !known || float64(k.status) != p["status"] || k.title != p["title"] || p["type"] != problemBase+p["code"].(string) {
							t.Errorf("%s: the example %v is no problem of the server's (%+v)", path, p, k)
						}
					}
				}
			}
			for k, w := range v {
				if k != "examples" {
					walk(path+"/"+k, w)
				}
			}
		case []any:
			for i, w := range v {
				walk(fmt.Sprint(path, "/", i), w)
			}
		}
	}
	walk("", doc)
	if examples < 20 {
		t.Errorf("only %d examples were looked at", examples)
	}
}

// What the server answers is what the document says: status, type and shape.
func TestAnswersAreAsDescribed(t *testing.T) {
	doc := openAPI(t)
	r := jobRecord("42")
	r.Error = &worker.Failure{Code: "no_text_track", Message: "m"}
	r.Spec.Meta = json.RawMessage(`{"a":1}`)
	jobs := &fakeJobs{events: eventLog(threeEvents), outputs: map[string]fakeOutput{r.ID + "/42.dual.vtt": {data: someVTT, sha: someSHA}}}
	jobs.put(r)
	s := newServer(t, Config{Jobs: jobs})
	at := "/v1/jobs/" + r.ID
	for _, c := range []struct {
		method, target, body, contentType string
		status                            int
		pattern                           string
	}{
		{"POST", "/v1/jobs", `{"source":"s3://b/new.srt"}`, "application/json", 202, "/v1/jobs"},
		{"POST", "/v1/jobs", `{"source":"s3://b/new.srt"}`, "application/json", 200, "/v1/jobs"},
		{"POST", "/v1/jobs", `{}`, "application/json", 400, "/v1/jobs"},
		{"POST", "/v1/jobs", `{}`, "text/plain", 415, "/v1/jobs"},
		{"POST", "/v1/jobs", `{"pair":["a","b"]}`, "application/json", 422, "/v1/jobs"},
		{"POST", "/v1/jobs", strings.Repeat(" ", MaxJobBody+1), "application/json", 413, "/v1/jobs"},
		{"GET", "/v1/jobs", "", "", 200, "/v1/jobs"},
		{"GET", "/v1/jobs?limit=x", "", "", 400, "/v1/jobs"},
		{"GET", at, "", "", 200, "/v1/jobs/{id}"},
		{"GET", "/v1/jobs/x", "", "", 404, "/v1/jobs/{id}"},
		{"GET", at + "/events", "", "", 200, "/v1/jobs/{id}/events"},
		{"GET", at + "/outputs/42.dual.vtt", "", "", 200, "/v1/jobs/{id}/outputs/{name}"},
		{"HEAD", at + "/outputs/42.dual.vtt", "", "", 200, "/v1/jobs/{id}/outputs/{name}"},
		{"OPTIONS", at + "/outputs/42.dual.vtt", "", "", 204, "/v1/jobs/{id}/outputs/{name}"},
		{"GET", at + "/outputs/x", "", "", 404, "/v1/jobs/{id}/outputs/{name}"},
		{"POST", "/v1/text", `{"target":"en","kind":"chat","items":[{"id":"a","text":"x"}]}`, "application/json", 200, "/v1/text"},
		{"GET", "/healthz", "", "", 200, "/healthz"},
		{"GET", "/readyz", "", "", 200, "/readyz"},
		{"GET", "/openapi.json", "", "", 200, "/openapi.json"},
		{"DELETE", at, "", "", 200, "/v1/jobs/{id}"},
		{"DELETE", at + "?purge=true", "", "", 200, "/v1/jobs/{id}"},
	} {
		req := request(c.method, c.target, c.body, "Content-Type", c.contentType)
		w := do(s, req)
		name := c.method + " " + c.target
		if w.Code != c.status {
			t.Errorf("%s: %d, want %d: %s", name, w.Code, c.status, w.Body)
			continue
		}
		described(t, doc, name, c.pattern, c.method, w)
	}
}

func described(t *testing.T, doc object, name, pattern, method string, w *httptest.ResponseRecorder) {
	t.Helper()
	op := doc["paths"].(object)[pattern].(object)[strings.ToLower(method)].(object)
	resp, ok := op["responses"].(object)[fmt.Sprint(w.Code)].(object)
	if !ok {
		t.Errorf("%s: %d is not described", name, w.Code)
		return
	}
	if ref, ok := resp["$ref"].(string); ok {
		resp = resolve(doc, ref)
	}
	if w.Body.Len() == 0 {
		return
	}
	contentType, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
	content, ok := resp["content"].(object)[contentType].(object)
	if !ok {
		t.Errorf("%s: %d with %s is not described", name, w.Code, contentType)
		return
	}
	if strings.HasSuffix(contentType, "json") {
		for _, wrong := range fits(doc, content["schema"].(object), decode[any](t, w.Body.Bytes()), name) {
			t.Error(wrong)
		}
	}
}

func resolve(doc object, ref string) object {
	var v any = doc
	for _, key := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
		m, _ := v.(object)
		v = m[key]
	}
	m, _ := v.(object)
	return m
}

// fits says where a value is not what a schema says, for the part of JSON
// Schema that the document uses. Unlike JSON Schema it takes keys that the
// schema does not name for wrong, where it names any: they would be missing
// from the description.
func fits(doc, schema object, v any, path string) (wrong []string) {
	if ref, ok := schema["$ref"].(string); ok {
		return fits(doc, resolve(doc, ref), v, path)
	}
	if list, ok := schema["oneOf"].([]any); ok {
		matches := 0
		for _, s := range list {
			if len(fits(doc, s.(object), v, path)) == 0 {
				matches++
			}
		}
		if matches != 1 {
			wrong = append(wrong, fmt.Sprintf("%s: fits %d of oneOf", path, matches))
		}
		return wrong
	}
	bad := func(format string, args ...any) { wrong = append(wrong, path+": "+fmt.Sprintf(format, args...)) }
	if enum, ok := schema["enum"].([]any); ok && !slices.Contains(enum, v) {
		bad("%v is none of %v", v, enum)
	}
	switch schema["type"] {
	case "object":
		m, ok := v.(object)
		if !ok {
			bad("%v is no object", v)
			return wrong
		}
		props, closed := schema["properties"].(object)
		required, _ := schema["required"].([]any)
		for _, key := range required {
			if _, ok := m[key.(string)]; !ok {
				bad("lacks %s", key)
			}
		}
		for key, w := range m {
			if p, ok := props[key].(object); ok {
				wrong = append(wrong, fits(doc, p, w, path+"/"+key)...)
			} else if closed {
				bad("%s is not described", key)
			}
		}
	case "array":
		list, ok := v.([]any)
		if !ok {
			bad("%v is no array", v)
		}
		for i, w := range list {
			wrong = append(wrong, fits(doc, schema["items"].(object), w, fmt.Sprint(path, "/", i))...)
		}
	case "string":
		s, ok := v.(string)
		pattern, _ := schema["pattern"].(string)
		if !ok || !regexp.MustCompile(pattern).MatchString(s) {
			bad("%v is no text of the form %q", v, pattern)
		}
	case "integer":
		n, ok := v.(float64)
		low, hasLow := schema["minimum"].(float64)
		if !ok || n != float64(int64(n)) || hasLow && n < low {
			bad("%v is no whole number from %v", v, low)
		}
	case "boolean":
		if _, ok := v.(bool); !ok {
			bad("%v is neither true nor false", v)
		}
	default:
		bad("the schema's type %v is not one that is checked", schema["type"])
	}
	return wrong
}

package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/duosub/duosub/translate"
	"github.com/duosub/duosub/worker"
	"golang.org/x/text/language"
)

func TestShortTextsAreTranslated(t *testing.T) {
	jobs := &fakeJobs{}
	s := newServer(t, Config{Jobs: jobs})
	w := do(s, request("POST", "/v1/text", `{"target":"en-US","source":"zh-CN","kind":"comment","items":[{"id":"a","text":"绝绝子 🤣 @小明 #上海"},{"id":"b","text":""}],"glossary":"travel","new":1}`,
		"Content-Type", "application/json; charset=utf-8"))
	want := `{"items":[{"id":"a","text":"[绝绝子 🤣 @小明 #上海]","status":"translated","source":"zh-Hans","backend":"openai"},` +
		`{"id":"b","text":"[]","status":"translated","source":"zh-Hans","backend":"openai"}],"cost":{"amount":"0.0001","currency":"USD"}}`
	if w.Code != 200 || w.Body.String() != want {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	req := worker.TextRequest{Target: language.MustParse("en"), Source: language.MustParse("zh-Hans"), Kind: "comment",
		Items: []worker.TextItem{{ID: "a", Text: "绝绝子 🤣 @小明 #上海"}, {ID: "b"}}, Glossary: "travel"}
	if !reflect.DeepEqual(jobs.texts[0], req) {
		t.Errorf("asked for %+v", jobs.texts[0])
	}
	if w := do(s, request("POST", "/v1/text", `{"target":"zh-Hant-HK","kind":"title","items":[{"id":"a","text":"x"}]}`)); w.Code != 200 || jobs.texts[1].Source != language.Und {
		t.Errorf("%d %+v", w.Code, jobs.texts[1])
	}
}

func TestShortTextsThatAreWrongAreRefused(t *testing.T) {
	items := func(n int) string {
		list := make([]worker.TextItem, n)
		for i := range list {
			list[i] = worker.TextItem{ID: fmt.Sprint(i), Text: "x"}
		}
		data, _ := json.Marshal(list)
		return string(data)
	}
	for _, c := range []struct {
		name, body  string
		status      int
		code, field string
	}{
		{"nothing", ``, 400, "bad_request", ""},
		{"null", `null`, 400, "bad_request", ""},
		{"no target", `{"kind":"title","items":` + items(1) + `}`, 400, "bad_request", "target"},
		{"no language", `{"target":"Chinese!","kind":"title","items":` + items(1) + `}`, 400, "bad_request", "target"},
		{"und", `{"target":"und","kind":"title","items":` + items(1) + `}`, 400, "bad_request", "target"},
		{"wrong source", `{"target":"en","source":"x","kind":"title","items":` + items(1) + `}`, 400, "bad_request", "source"},
		{"no kind", `{"target":"en","items":` + items(1) + `}`, 400, "bad_request", "kind"},
		{"wrong kind", `{"target":"en","kind":"Title","items":` + items(1) + `}`, 400, "bad_request", "kind"},
		{"no items", `{"target":"en","kind":"title"}`, 400, "bad_request", "items"},
		{"items of another type", `{"target":"en","kind":"title","items":["a"]}`, 400, "bad_request", "items"},
		{"no id", `{"target":"en","kind":"title","items":[{"text":"x"}]}`, 400, "bad_request", "items[0].id"},
		{"one id twice", `{"target":"en","kind":"title","items":[{"id":"a","text":"x"},{"id":"a","text":"y"}]}`, 400, "bad_request", "items[1].id"},
		{"many items", `{"target":"en","kind":"title","items":` + items(worker.MaxTextItems+1) + `}`, 413, "too_large", ""},
		{"long glossary", `{"target":"en","kind":"title","glossary":"` + strings.Repeat("g", 101) + `","items":` + items(1) + `}`, 400, "bad_request", "glossary"},
		{"long body", `{"target":"en","kind":"title","items":[{"id":"a","text":"` + strings.Repeat("x", MaxTextBody) + `"}]}`, 413, "too_large", ""},
		{"not UTF-8", "{\"target\":\"en\",\"kind\":\"title\",\"items\":[{\"id\":\"a\",\"text\":\"\xc4\xe3\"}]}", 400, "bad_request", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			jobs := &fakeJobs{}
			p := wantProblem(t, do(newServer(t, Config{Jobs: jobs}), request("POST", "/v1/text", c.body)), c.status, c.code)
			if p.Field != c.field || len(jobs.texts) > 0 {
				t.Errorf("field %q, want %q; %d requests went on", p.Field, c.field, len(jobs.texts))
			}
		})
	}
	s := newServer(t, Config{})
	if w := do(s, request("POST", "/v1/text", `{"target":"en","kind":"title","items":`+items(worker.MaxTextItems)+`}`)); w.Code != 200 {
		t.Errorf("%d items: %d", worker.MaxTextItems, w.Code)
	}
	wantProblem(t, do(s, request("POST", "/v1/text", `{}`, "Content-Type", "text/plain")), 415, "unsupported_media_type")
}

func TestBackendFailuresAreToldByKind(t *testing.T) {
	for _, c := range []struct {
		err        error
		status     int
		code       string
		retryAfter string
	}{
		{&translate.Error{Kind: translate.KindRateLimited, Backend: "openai", Message: "too many requests", RetryAfter: 1500 * time.Millisecond}, 429, "rate_limited", "2"},
		{&translate.Error{Kind: translate.KindQuota, Message: "no credit"}, 503, "quota", "10"},
		{&translate.Error{Kind: translate.KindAuth, Message: "wrong key"}, 503, "authentication", "10"},
		{&translate.Error{Kind: translate.KindUnsupported, Message: "no Cantonese"}, 422, "unsupported_pair", ""},
		{fmt.Errorf("text: %w", &translate.Error{Kind: translate.KindBadOutput, Message: "chatter"}), 502, "bad_output", ""},
		{&worker.Error{Code: "rate_limited", Message: "wait", Err: &translate.Error{Kind: translate.KindRateLimited, RetryAfter: 7 * time.Second}}, 429, "rate_limited", "7"},
		{&worker.Error{Code: worker.CodeBadRequest, Message: "no"}, 400, "bad_request", ""},
		{&worker.Error{Code: "of_tomorrow", Message: "no", Permanent: true}, 422, "of_tomorrow", ""},
		{&worker.Error{Code: "of_tomorrow", Message: "no"}, 500, "of_tomorrow", ""},
		{errors.New("dial tcp: secret"), 500, "internal", ""},
	} {
		jobs := &fakeJobs{text: func(context.Context, worker.TextRequest) (*worker.TextResponse, error) { return nil, c.err }}
		w := do(newServer(t, Config{Jobs: jobs}), request("POST", "/v1/text", `{"target":"en","kind":"chat","items":[{"id":"a","text":"x"}]}`))
		wantProblem(t, w, c.status, c.code)
		if got := w.Header().Get("Retry-After"); got != c.retryAfter || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%v: Retry-After %q, %s", c.err, got, w.Body)
		}
	}
}

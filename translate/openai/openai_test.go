package openai_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/translate"
	"github.com/duosub/duosub/translate/openai"
	"github.com/duosub/duosub/translate/translatetest"
)

func env(pairs ...string) translate.Env {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func open(t *testing.T, spec string, e translate.Env) (translate.Driver, error) {
	t.Helper()
	s, err := translate.ParseSpec(spec)
	if err != nil {
		return nil, err
	}
	return openai.Open(s, e)
}

func TestConformance(t *testing.T) {
	translatetest.Run(t, func(t *testing.T, baseURL string) translate.Driver {
		d, err := open(t, "openai?model=sim&base_url="+baseURL, env("OPENAI_API_KEY", translatetest.Key))
		if err != nil {
			t.Fatal(err)
		}
		return d
	})
}

func TestOpenRefusesWhatCannotWork(t *testing.T) {
	key := env("OPENAI_API_KEY", "sk-secret")
	for _, c := range []struct {
		spec string
		env  translate.Env
		kind translate.Kind
	}{
		{"openai", key, translate.KindInvalid},
		{"openai?model=m", env(), translate.KindAuth},
		{"openai?model=m&base_url=https://user:pass@example.com/v1", key, translate.KindInvalid},
		{"openai?model=m&base_url=https://example.com/v1%3Fkey=1", key, translate.KindInvalid},
		{"openai?model=m&base_url=ftp://example.com", key, translate.KindInvalid},
		{"openai?model=m", env("OPENAI_BASE_URL", "https://example.com/v1?api_key=sk-secret"), translate.KindInvalid},
		{"openai?model=m&api_key=sk-secret", key, translate.KindInvalid},
		{"openai?model=m&colour=red", key, translate.KindInvalid},
		{"openai?model=m&temperature=9", key, translate.KindInvalid},
		{"openai?model=m&structured=xml", key, translate.KindInvalid},
		{"openai?model=m&timeout=5", key, translate.KindInvalid},
		{"openai?model=m&price_in=1e9", key, translate.KindInvalid},
		{"openai?model=m&model=n", key, translate.KindInvalid},
	} {
		_, err := open(t, c.spec, c.env)
		if translate.KindOf(err) != c.kind {
			t.Errorf("%s: %v, want kind %s", c.spec, err, c.kind)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error shows the credential: %v", c.spec, err)
		}
	}
	if _, err := open(t, "openai?model=qwen3:8b&base_url=http://localhost:11434/v1/", env()); err != nil {
		t.Errorf("a server of one's own needs no key: %v", err)
	}
}

func TestPolicyHoldsWhatChangesTextOnly(t *testing.T) {
	d, err := open(t, "openai?temperature=0.2&timeout=9s&base_url=http://localhost:1/v1&concurrency=3&price_in=0.15&price_out=0.6&model=a/b", env())
	if err != nil {
		t.Fatal(err)
	}
	c := d.Caps()
	if c.Policy != "openai?model=a%2Fb&temperature=0.2" {
		t.Errorf("policy %s", c.Policy)
	}
	if c.Concurrency != 3 || c.Price != (translate.Price{InputPerMillion: 150_000, OutputPerMillion: 600_000, Currency: "USD"}) {
		t.Errorf("caps %+v", c)
	}
}

// TestBody holds what is sent to the letter: providers cache by it, and some
// models refuse what they do not know.
func TestBody(t *testing.T) {
	var got map[string]any
	var header http.Header
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header = r.Header
		data, _ := io.ReadAll(r.Body)
		if err := json.Unmarshal(data, &got); err != nil {
			t.Error(err)
		}
		io.WriteString(w, `{"choices":[{"finish_reason":"stop","message":{"content":"{\"1\":[\"好\"]}"}}],"usage":{"prompt_tokens":5,"completion_tokens":2}}`)
	}))
	defer server.Close()
	d, err := open(t, "openai?model=m&base_url="+server.URL, env("OPENAI_API_KEY", "k"))
	if err != nil {
		t.Fatal(err)
	}
	req := &translate.Request{Source: subtitles.English, Target: subtitles.SimplifiedChinese, Units: []translate.RequestUnit{{Parts: []string{"Good"}}}}
	if _, err := d.Translate(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	for _, k := range []string{"temperature", "seed", "max_tokens", "max_completion_tokens", "stream"} {
		if _, sent := got[k]; sent {
			t.Errorf("%s is sent though it is not configured", k)
		}
	}
	messages := got["messages"].([]any)
	user := messages[len(messages)-1].(map[string]any)
	if user["role"] != "user" || user["content"] != `{"source":"en","target":"zh-Hans","before":[],"units":{"1":["Good"]},"after":[]}` {
		t.Errorf("user message %v", user)
	}
	if header.Get("Authorization") != "Bearer k" {
		t.Errorf("Authorization %q", header.Get("Authorization"))
	}
}

// TestProviders holds how the errors of several endpoints are read.
func TestProviders(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		header map[string]string
		body   string
		kind   translate.Kind
		wait   time.Duration
	}{
		{"OpenAI quota", 429, nil, `{"error":{"message":"You exceeded","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}`, translate.KindQuota, 0},
		{"OpenAI rate", 429, map[string]string{"X-Ratelimit-Reset-Requests": "1s", "X-Ratelimit-Reset-Tokens": "6m0s", "X-Ratelimit-Remaining-Requests": "0"}, `{"error":{"type":"requests","code":"rate_limit_exceeded"}}`, translate.KindRateLimited, time.Second},
		{"milliseconds", 429, map[string]string{"Retry-After-Ms": "250", "Retry-After": "1"}, `{}`, translate.KindRateLimited, 250 * time.Millisecond},
		{"spend limit", 429, nil, `{"error":{"code":"project_spend_limit_exceeded"}}`, translate.KindQuota, 0},
		{"DeepSeek balance", 402, nil, `{"error":{"message":"Insufficient Balance","type":"unknown_error","code":"invalid_request_error"}}`, translate.KindQuota, 0},
		{"vLLM", 400, nil, `{"object":"error","message":"too long","type":"BadRequestError","code":400}`, translate.KindInvalid, 0},
		{"llama.cpp context", 400, nil, `{"error":{"code":400,"message":"x","type":"exceed_context_size_error"}}`, translate.KindTooLong, 0},
		{"Ollama model", 404, nil, `{"error":"model 'x' not found"}`, translate.KindInvalid, 0},
		{"DashScope filter", 400, nil, `{"error":{"code":"data_inspection_failed","message":"x"}}`, translate.KindRefused, 0},
		{"overloaded", 503, map[string]string{"Retry-After": "3"}, `busy`, translate.KindTransient, 3 * time.Second},
		{"error with status 200", 200, nil, `{"error":{"code":"rate_limit_exceeded"}}`, translate.KindRateLimited, 0},
		{"sentence as code", 403, nil, `{"error":{"code":"Your key sk-secret is wrong","type":"x y"}}`, translate.KindAuth, 0},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for k, v := range c.header {
				w.Header().Set(k, v)
			}
			w.WriteHeader(c.status)
			io.WriteString(w, c.body)
		}))
		d, err := open(t, "openai?model=m&structured=none&base_url="+server.URL, env())
		if err != nil {
			t.Fatal(err)
		}
		_, err = d.Translate(t.Context(), &translate.Request{Units: []translate.RequestUnit{{Parts: []string{"x"}}}})
		server.Close()
		e, ok := err.(*translate.Error)
		if !ok || e.Kind != c.kind || e.RetryAfter != c.wait {
			t.Errorf("%s: %#v, want kind %s and a wait of %v", c.name, err, c.kind, c.wait)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestPlanTerms(t *testing.T) {
	sim := translatetest.NewSimulator(translatetest.SimulatorOptions{})
	server := httptest.NewServer(sim)
	defer server.Close()
	d, err := open(t, "openai?model=m&base_url="+server.URL, env())
	if err != nil {
		t.Fatal(err)
	}
	reply, err := d.(translate.TermPlanner).PlanTerms(t.Context(), &translate.TermsRequest{Source: subtitles.English, Target: subtitles.SimplifiedChinese, Text: []string{"I met Jess.", "And Jess met Mei."}})
	if err != nil || len(reply.Terms) != 1 || reply.Terms[0].Source != "Jess" || reply.Usage.InputTokens == 0 {
		t.Errorf("%+v, %v", reply, err)
	}
	if c := sim.Calls()[0]; c.Format != "json_object" {
		t.Errorf("the terms were asked for as %q", c.Format)
	}
}

package server

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

func TestCheckListenRefusesTheNetworkWithoutAToken(t *testing.T) {
	for _, c := range []struct {
		addr, token string
		ok          bool
	}{
		{"127.0.0.1:8080", "", true},
		{"127.8.9.1:0", "", true},
		{"localhost:8080", "", true},
		{"LocalHost:8080", "", true},
		{"[::1]:8080", "", true},
		{"[::ffff:127.0.0.1]:8080", "", true},
		{":8080", "", false},
		{"0.0.0.0:8080", "", false},
		{"[::]:8080", "", false},
		{"192.168.1.4:8080", "", false},
		{"localhost.example:8080", "", false},
		{"127.0.0.1.example:8080", "", false},
		{"0177.0.0.1:8080", "", false},
		{"example.com:80", "", false},
		{":8080", "secret", true},
		{"0.0.0.0:8080", "secret", true},
		{"8080", "", false},
		{"8080", "secret", false},
		{":8080", "se cret", false},
	} {
		err := CheckListen(c.addr, c.token)
		if (err == nil) != c.ok {
			t.Errorf("CheckListen(%q, %q) = %v", c.addr, c.token, err)
		}
		if err != nil && c.token != "" && strings.Contains(err.Error(), c.token) {
			t.Errorf("the error tells the token: %v", err)
		}
	}
}

func TestTokenIsNeededEverywhereButForHealth(t *testing.T) {
	jobs := &fakeJobs{}
	r := jobRecord("42")
	jobs.put(r)
	jobs.outputs = map[string]fakeOutput{r.ID + "/42.dual.vtt": {data: "WEBVTT\n"}}
	s := newServer(t, Config{Jobs: jobs, Token: "s3cret-Token"})
	paths := strings.NewReplacer("{id}", r.ID, "{name}", "42.dual.vtt")
	for _, rt := range routes {
		free := rt.access == open || rt.access == preflight
		path := paths.Replace(rt.pattern)
		for _, c := range []struct{ name, header, query string }{
			{"none", "", ""},
			{"wrong", "Bearer s3cret-Tokem", ""},
			{"prefix", "Bearer s3cret", ""},
			{"longer", "Bearer s3cret-Token2", ""},
			{"empty", "Bearer ", ""},
			{"basic", "Basic czNjcmV0LVRva2Vu", ""},
			{"bare", "s3cret-Token", ""},
			{"query", "", "?access_token=s3cret-Token&token=s3cret-Token"},
		} {
			req := request(rt.method, path+c.query, "{}")
			if c.header != "" {
				req.Header.Set("Authorization", c.header)
			}
			w := do(s, req)
			if free {
				if w.Code >= 400 {
					t.Errorf("%s %s with token %s: %d", rt.method, rt.pattern, c.name, w.Code)
				}
				continue
			}
			if rt.method != "HEAD" {
				wantProblem(t, w, 401, "unauthorized")
			}
			want := `Bearer realm="duosub"`
			switch c.name {
			case "wrong", "prefix", "longer", "empty":
				want += `, error="invalid_token"`
			case "basic", "bare":
				want += `, error="invalid_request"`
			}
			if got := w.Header().Get("WWW-Authenticate"); got != want {
				t.Errorf("WWW-Authenticate %q with token %s, want %q", got, c.name, want)
			}
		}
	}
	for _, header := range []string{"Bearer s3cret-Token", "bearer s3cret-Token", "BEARER  s3cret-Token"} {
		req := request("GET", "/v1/jobs/"+r.ID, "", "Authorization", header)
		req.Host = "subtitles.example" // a name is fine where there is a token
		req.Header.Set("Origin", "https://elsewhere.example")
		if w := do(s, req); w.Code != 200 {
			t.Errorf("%q: %d %s", header, w.Code, w.Body)
		}
	}
	req := request("GET", "/v1/jobs/"+r.ID, "", "Authorization", "Bearer s3cret-Token")
	req.Header.Add("Authorization", "Bearer s3cret-Token")
	wantProblem(t, do(s, req), 401, "unauthorized")
}

func TestWithoutATokenHostMustBeLoopback(t *testing.T) {
	s := newServer(t, Config{})
	for host, ok := range map[string]bool{
		"127.0.0.1:8080": true, "127.0.0.1": true, "localhost:8080": true, "localhost": true, "LOCALHOST:1": true,
		"[::1]:8080": true, "[::1]": true, "127.9.9.9:80": true,
		"rebind.example:8080": false, "rebind.example": false, "0.0.0.0:8080": false, "localhost.rebind.example:8080": false,
		"127.0.0.1.rebind.example": false, "10.0.0.1:8080": false, "": false, "[::]:80": false, "localhost:8080:9": false,
	} {
		for _, method := range []string{"GET", "POST"} {
			req := request(method, "/v1/jobs", `{"source":"s3://b/a.srt"}`)
			req.Host = host
			w := do(s, req)
			if ok && w.Code >= 400 {
				t.Errorf("%s with Host %q: %d %s", method, host, w.Code, w.Body)
			} else if !ok {
				wantProblem(t, w, 403, "host_not_allowed")
			}
		}
		req := request("GET", "/healthz", "")
		req.Host = host
		if w := do(s, req); w.Code != 200 {
			t.Errorf("health with Host %q: %d", host, w.Code)
		}
	}
}

func TestWithoutATokenOriginMustBeOurs(t *testing.T) {
	for _, c := range []struct {
		origin  string
		allowed []string
		ok      bool
	}{
		{"", nil, true},
		{"http://127.0.0.1:8080", nil, true},
		{"HTTP://127.0.0.1:8080", nil, false},
		{"http://127.0.0.1:9090", nil, false},
		{"http://localhost:8080", nil, false},
		{"https://127.0.0.1:8080", nil, false},
		{"https://evil.example", nil, false},
		{"https://evil.example", []string{"*"}, false},
		{"https://app.example", []string{"https://app.example"}, true},
		{"https://app.example.evil.example", []string{"https://app.example"}, false},
		{"http://127.0.0.1:8080@evil.example", nil, false},
		{"http://127.0.0.1:8080/", nil, false},
		{"null", nil, false},
		{"null", []string{"*"}, false},
	} {
		s := newServer(t, Config{AllowedOrigins: c.allowed})
		req := request("POST", "/v1/jobs", `{"source":"s3://b/a.srt"}`)
		if c.origin != "" {
			req.Header.Set("Origin", c.origin)
		}
		w := do(s, req)
		if c.ok && w.Code != 202 {
			t.Errorf("Origin %q: %d %s", c.origin, w.Code, w.Body)
		} else if !c.ok {
			wantProblem(t, w, 403, "origin_not_allowed")
		}
	}
}

func TestNewRefusesAWrongConfiguration(t *testing.T) {
	for name, cfg := range map[string]Config{
		"no jobs":     {},
		"spaces":      {Jobs: &fakeJobs{}, Token: "a b"},
		"line break":  {Jobs: &fakeJobs{}, Token: "ab\n"},
		"not ASCII":   {Jobs: &fakeJobs{}, Token: "tökén"},
		"origin path": {Jobs: &fakeJobs{}, AllowedOrigins: []string{"https://app.example/"}},
		"origin name": {Jobs: &fakeJobs{}, AllowedOrigins: []string{"app.example"}},
		"origin null": {Jobs: &fakeJobs{}, AllowedOrigins: []string{"null"}},
		"upload":      {Jobs: &fakeJobs{}, MaxUpload: -1},
	} {
		if _, err := New(cfg); err == nil {
			t.Errorf("%s: no error", name)
		} else if cfg.Token != "" && strings.Contains(err.Error(), cfg.Token) {
			t.Errorf("%s: the error tells the token: %v", name, err)
		}
	}
}

func TestLogTellsNoSecrets(t *testing.T) {
	var log bytes.Buffer
	jobs := &fakeJobs{}
	r := jobRecord("42")
	jobs.put(r)
	s := newServer(t, Config{Jobs: jobs, Token: "s3cret-Token", Log: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	do(s, request("GET", "/v1/jobs/"+r.ID+"?access_token=s3cret-Token&q=hidden-query", "", "Authorization", "Bearer s3cret-Token", "X-Request-Id", "mine-1"))
	do(s, request("GET", "/hidden-path/s3cret-Token", "", "Authorization", "Bearer s3cret-Token"))
	do(s, request("POST", "/v1/text", `{"target":"en","kind":"chat","items":[{"id":"a","text":"hidden-text"}]}`, "Authorization", "Bearer s3cret-Token"))
	do(s, request("POST", "/v1/jobs", `{"source":"s3://b/hidden-source?X-Amz=1"}`, "Authorization", "Bearer s3cret-Token"))
	do(s, request("GET", "/v1/jobs", "", "Authorization", "Bearer wr0ng-Token", "X-Request-Id", "bad id\r\n"))
	out := log.String()
	if strings.Contains(out, "s3cret") || strings.Contains(out, "wr0ng") || strings.Contains(out, "hidden") || strings.Contains(out, "bad id") {
		t.Errorf("the log tells what it must not:\n%s", out)
	}
	for _, want := range []string{`"request":"mine-1"`, `"job":"` + r.ID + `"`, `"route":"/v1/jobs/{id}"`, `"status":200`, `"status":401`, `"code":"unauthorized"`, `"route":"-"`} {
		if !strings.Contains(out, want) {
			t.Errorf("the log lacks %s:\n%s", want, out)
		}
	}
}

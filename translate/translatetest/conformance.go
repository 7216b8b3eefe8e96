package translatetest

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/translate"
)

// Key is the credential that the conformance suite expects drivers to send,
// and never to show.
const Key = "sk-conformance-4f9a"

// Run is the conformance suite of language models behind chat completions:
// each such backend's own tests run it. open makes the driver for a simulated
// endpoint at the given address; it is to use [Key] and the model "sim".
func Run(t *testing.T, open func(t *testing.T, baseURL string) translate.Driver) {
	serve := func(t *testing.T, opt SimulatorOptions) (*Simulator, translate.Driver) {
		t.Helper()
		opt.Key = Key
		sim := NewSimulator(opt)
		server := httptest.NewServer(sim)
		t.Cleanup(server.Close)
		return sim, open(t, server.URL+"/v1")
	}
	request := func() *translate.Request {
		return &translate.Request{
			Source: subtitles.English, Target: subtitles.SimplifiedChinese, Title: "A title that is sent",
			Before: []translate.ContextLine{{Source: "Before that.", Target: "在那之前。"}}, After: []string{"After that."},
			Units: []translate.RequestUnit{{Parts: []string{"When I first moved", "to Shanghai, I knew nobody."}}, {Parts: []string{"Really? <b> & \"so\""}}, {Parts: []string{"It was 2019."}}},
		}
	}

	t.Run("caps", func(t *testing.T) {
		_, d := serve(t, SimulatorOptions{})
		c := d.Caps()
		if c.Name == "" || c.Model == "" || !c.LLM || c.Prompt == "" || !strings.Contains(c.Policy, c.Model) {
			t.Errorf("caps %+v", c)
		}
		if strings.Contains(c.Policy, "127.0.0.1") || strings.Contains(c.Policy, Key) {
			t.Errorf("the policy holds an address or a credential: %s", c.Policy)
		}
		if c != d.Caps() {
			t.Error("caps change")
		}
	})

	t.Run("translates", func(t *testing.T) {
		sim, d := serve(t, SimulatorOptions{})
		req := request()
		reply, err := d.Translate(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		if reply.Finish != translate.FinishStop || len(reply.Units) != len(req.Units) {
			t.Fatalf("reply %+v", reply)
		}
		for i, u := range reply.Units {
			if u.Key != decimal(i+1) || len(u.Texts) != len(req.Units[i].Parts) {
				t.Errorf("unit %d came as %+v", i, u)
			}
			if want := sim.Truth("en", "zh-Hans", req.Units[i].Parts); joinTexts(u.Texts) != joinTexts(cutParts(want, len(req.Units[i].Parts))) {
				t.Errorf("unit %d came as %q, want %q", i, u.Texts, want)
			}
		}
		in, out := sim.Usage()
		if reply.Usage.InputTokens != in || reply.Usage.OutputTokens != out {
			t.Errorf("usage %+v, the endpoint charged %d and %d", reply.Usage, in, out)
		}
		call := sim.Calls()[0]
		if call.Source != "en" || call.Target != "zh-Hans" || call.Title != req.Title || len(call.Before) != 1 || call.Before[0][1] != "在那之前。" || len(call.After) != 1 || call.Units[1][0] != req.Units[1].Parts[0] {
			t.Errorf("the endpoint got %+v", call)
		}
	})

	t.Run("passes faulty answers on as they are", func(t *testing.T) {
		for _, c := range []struct {
			fault  Fault
			units  int
			finish translate.Finish
		}{
			{LeaveOut, 2, translate.FinishStop}, {RepeatKey, 4, translate.FinishStop}, {FromZero, 3, translate.FinishStop},
			{Fence, 3, translate.FinishStop}, {PlainText, 3, translate.FinishStop}, {Chatter, 0, translate.FinishBad}, {Empty, 0, translate.FinishBad},
			{Refuse, 0, translate.FinishRefused}, {Filter, 0, translate.FinishRefused},
		} {
			sim, d := serve(t, SimulatorOptions{Script: []Fault{c.fault}})
			reply, err := d.Translate(t.Context(), request())
			if err != nil {
				t.Errorf("%s: %v", c.fault, err)
				continue
			}
			if len(reply.Units) != c.units || reply.Finish != c.finish {
				t.Errorf("%s: %d units, finish %s", c.fault, len(reply.Units), reply.Finish)
			}
			if len(sim.Calls()) != 1 {
				t.Errorf("%s: the driver sent %d requests", c.fault, len(sim.Calls()))
			}
		}
		_, d := serve(t, SimulatorOptions{Script: []Fault{CutOff}})
		reply, err := d.Translate(t.Context(), request())
		if err != nil || reply.Finish != translate.FinishLength || len(reply.Units) >= 3 {
			t.Errorf("cut off: %+v, %v", reply, err)
		}
	})

	t.Run("classifies errors and does not retry", func(t *testing.T) {
		for fault, kind := range map[Fault]translate.Kind{
			RateLimit: translate.KindRateLimited, Quota: translate.KindQuota, Payment: translate.KindQuota,
			Unauthorized: translate.KindAuth, Forbidden: translate.KindAuth, UnknownModel: translate.KindInvalid,
			TooLong: translate.KindTooLong, Policy: translate.KindRefused, ServerError: translate.KindTransient,
			NotJSON: translate.KindTransient, Drop: translate.KindTransient, Redirect: translate.KindInvalid,
		} {
			sim, d := serve(t, SimulatorOptions{Script: []Fault{fault}, RetryAfter: 7 * time.Second})
			_, err := d.Translate(t.Context(), request())
			var e *translate.Error
			if !errors.As(err, &e) {
				t.Errorf("%s: error %v of type %T", fault, err, err)
				continue
			}
			if e.Kind != kind {
				t.Errorf("%s: kind %s, want %s", fault, e.Kind, kind)
			}
			if e.Message == "" || e.Backend != d.Caps().Name {
				t.Errorf("%s: error %+v", fault, e)
			}
			if fault == RateLimit && e.RetryAfter != 7*time.Second {
				t.Errorf("the wait is %v", e.RetryAfter)
			}
			// An HTTP client may repeat a request whose connection broke before
			// anything was answered, but not one that was answered.
			if n := len(sim.Calls()); n != 1 && fault != Drop {
				t.Errorf("%s: the driver sent %d requests", fault, n)
			}
			for _, secret := range []string{Key, "Shanghai", "A title that is sent"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("%s: the error shows %q: %v", fault, secret, err)
				}
			}
		}
	})

	t.Run("is given up with its context", func(t *testing.T) {
		_, d := serve(t, SimulatorOptions{Script: []Fault{Hang}})
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if _, err := d.Translate(ctx, request()); translate.KindOf(err) != translate.KindCanceled {
			t.Errorf("error %v", err)
		}
	})

	t.Run("finds the strictest format that the endpoint takes", func(t *testing.T) {
		for _, refuses := range [][]string{nil, {"json_schema"}, {"json_schema", "json_object"}} {
			sim, d := serve(t, SimulatorOptions{Refuses: refuses})
			for range 3 {
				if _, err := d.Translate(t.Context(), request()); err != nil {
					t.Fatal(err)
				}
			}
			want := []string{"json_schema", "json_object", ""}[len(refuses)]
			for _, c := range sim.Calls() {
				if c.Format != want {
					t.Errorf("an endpoint that refuses %v got format %q", refuses, c.Format)
				}
			}
			if sim.Refusals() != len(refuses) {
				t.Errorf("an endpoint that refuses %v had to refuse %d times", refuses, sim.Refusals())
			}
		}
	})

	t.Run("bounds what it reads", func(t *testing.T) {
		var sent atomic.Int64
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			chunk := []byte(strings.Repeat(" ", 1<<20))
			for range 64 {
				n, err := w.Write(chunk)
				sent.Add(int64(n))
				if err != nil {
					return
				}
			}
		}))
		t.Cleanup(server.Close)
		if _, err := open(t, server.URL).Translate(t.Context(), request()); err == nil {
			t.Error("an endless answer is accepted")
		}
		if sent.Load() >= 64<<20 {
			t.Error("an endless answer was read to its end")
		}
	})
}

package translate_test

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/translate"
	"github.com/duosub/duosub/translate/translatetest"
)

// fake is a driver that answers well, unless its script says otherwise.
type fake struct {
	caps translate.Caps
	// before is called with the number of the call, from 1.
	before func(ctx context.Context, n int, req *translate.Request) (*translate.Reply, error)

	mu    sync.Mutex
	calls []*translate.Request
}

func (f *fake) Caps() translate.Caps {
	c := f.caps
	if c.Name == "" {
		c.Name = "fake"
	}
	if c.Model == "" {
		c.Model = "m"
	}
	return c
}

func (f *fake) Translate(ctx context.Context, req *translate.Request) (*translate.Reply, error) {
	f.mu.Lock()
	f.calls = append(f.calls, req)
	n := len(f.calls)
	f.mu.Unlock()
	if f.before != nil {
		if reply, err := f.before(ctx, n, req); reply != nil || err != nil {
			return reply, err
		}
	}
	return answer(req), nil
}

func (f *fake) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.calls)
}

// answer is a right answer.
func answer(req *translate.Request) *translate.Reply {
	reply := &translate.Reply{Finish: translate.FinishStop, Usage: translate.Usage{InputTokens: 100, OutputTokens: 10}}
	for i, u := range req.Units {
		text := translatetest.Pseudo(req.Target.String(), subtitles.JoinParts(u.Parts, req.Source))
		reply.Units = append(reply.Units, translate.ReplyUnit{Key: strconv.Itoa(i + 1), Texts: []string{text}})
	}
	return reply
}

func kindError(kind translate.Kind, wait time.Duration) error {
	return &translate.Error{Kind: kind, Backend: "fake", Message: "simulated", RetryAfter: wait}
}

// sentences makes n different units of one cue.
func sentences(n int) translate.Work {
	w := translate.Work{Source: subtitles.English, Target: subtitles.SimplifiedChinese}
	for i := range n {
		text := fmt.Sprintf("This is sentence number %d of a story about the river.", i+1)
		w.Cues = append(w.Cues, subtitles.Cue{N: i + 1, Start: time.Duration(i) * time.Second, End: time.Duration(i+1) * time.Second, Text: text})
		w.Units = append(w.Units, subtitles.Unit{N: i + 1, First: i, Last: i, Parts: []string{text}})
	}
	return w
}

func newTranslator(t *testing.T, cfg translate.Config, drivers ...translate.Driver) *translate.Translator {
	t.Helper()
	for _, d := range drivers {
		cfg.Backends = append(cfg.Backends, translate.NewBackend(d, 0))
	}
	tr, err := translate.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func statuses(out *translate.Outcome) map[subtitles.Status]int {
	n := map[subtitles.Status]int{}
	for _, r := range out.Results {
		n[r.Status]++
	}
	return n
}

package translate_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/translate"
)

func TestRateLimitIsWaitedForAndShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var times []time.Duration
		var mu sync.Mutex
		f := &fake{caps: translate.Caps{LLM: true, Concurrency: 4}, before: func(_ context.Context, n int, _ *translate.Request) (*translate.Reply, error) {
			mu.Lock()
			times = append(times, time.Since(began))
			mu.Unlock()
			if n == 1 {
				return nil, kindError(translate.KindRateLimited, 10*time.Second)
			}
			time.Sleep(time.Second)
			return nil, nil
		}}
		tr := newTranslator(t, translate.Config{BatchUnits: 10}, f)
		out, err := tr.Translate(t.Context(), sentences(100))
		if err != nil {
			t.Fatal(err)
		}
		if n := statuses(out)[subtitles.StatusTranslated]; n != 100 {
			t.Errorf("%d units are translated", n)
		}
		slices.Sort(times)
		// At most those under way when the backend said "wait" come before it is
		// over.
		early := 0
		for _, d := range times {
			if d < 10*time.Second {
				early++
			}
		}
		if early > 4 {
			t.Errorf("%d calls came within the wait: %v", early, times)
		}
	})
}

func TestLongRateLimitGivesThePlaceUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{caps: translate.Caps{LLM: true}, before: func(context.Context, int, *translate.Request) (*translate.Reply, error) {
			return nil, kindError(translate.KindRateLimited, 10*time.Minute)
		}}
		out, err := newTranslator(t, translate.Config{}, f).Translate(t.Context(), sentences(10))
		var e *translate.Error
		if !errors.As(err, &e) || e.Kind != translate.KindRateLimited || e.RetryAfter < 9*time.Minute || e.RetryAfter > 10*time.Minute {
			t.Fatalf("error %#v", err)
		}
		if out == nil || out.Results[3].Reason != translate.ReasonUnfinished || out.Uses[0].Calls != 1 {
			t.Errorf("outcome %+v", out)
		}
	})
}

func TestOutageIsRetriedThenLeftForTheNextBackend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		down := &fake{caps: translate.Caps{LLM: true, Name: "down"}, before: func(context.Context, int, *translate.Request) (*translate.Reply, error) {
			return nil, kindError(translate.KindTransient, 0)
		}}
		up := &fake{caps: translate.Caps{LLM: true, Name: "up"}}
		out, err := newTranslator(t, translate.Config{}, down, up).Translate(t.Context(), sentences(10))
		if err != nil {
			t.Fatal(err)
		}
		if down.count() != 3 || up.count() != 1 {
			t.Errorf("%d and %d calls", down.count(), up.count())
		}
		for _, r := range out.Results {
			if r.Backend != "up" {
				t.Errorf("unit %d was made by %q", r.Unit, r.Backend)
			}
		}
		if len(out.Uses) != 2 || out.Uses[0].Units != 0 || out.Uses[1].Units != 10 {
			t.Errorf("uses %+v", out.Uses)
		}
		_, err = newTranslator(t, translate.Config{}, down).Translate(t.Context(), sentences(10))
		if translate.KindOf(err) != translate.KindTransient {
			t.Errorf("alone: %v", err)
		}
	})
}

func TestQuotaStopsTheBackendUntilItIsProbed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		broke := true
		f := &fake{caps: translate.Caps{LLM: true}, before: func(context.Context, int, *translate.Request) (*translate.Reply, error) {
			mu.Lock()
			defer mu.Unlock()
			if broke {
				return nil, kindError(translate.KindQuota, 0)
			}
			return nil, nil
		}}
		tr := newTranslator(t, translate.Config{}, f)
		for range 3 {
			if _, err := tr.Translate(t.Context(), sentences(4)); translate.KindOf(err) != translate.KindQuota {
				t.Fatalf("error %v", err)
			}
		}
		if f.count() != 1 {
			t.Errorf("a stopped backend got %d calls", f.count())
		}
		time.Sleep(translate.ProbeInterval)
		if _, err := tr.Translate(t.Context(), sentences(4)); translate.KindOf(err) != translate.KindQuota || f.count() != 2 {
			t.Errorf("after a probe that failed: %v, %d calls", err, f.count())
		}
		mu.Lock()
		broke = false
		mu.Unlock()
		if _, err := tr.Translate(t.Context(), sentences(4)); translate.KindOf(err) != translate.KindQuota {
			t.Errorf("right after a probe that failed: %v", err)
		}
		time.Sleep(translate.ProbeInterval)
		if _, err := tr.Translate(t.Context(), sentences(4)); err != nil {
			t.Errorf("after a probe that succeeded: %v", err)
		}
	})
}

func TestEveryBackendStoppedTellsTheSoftestReason(t *testing.T) {
	fails := func(name string, kind translate.Kind) *fake {
		return &fake{caps: translate.Caps{LLM: true, Name: name}, before: func(context.Context, int, *translate.Request) (*translate.Reply, error) {
			return nil, kindError(kind, 0)
		}}
	}
	_, err := newTranslator(t, translate.Config{}, fails("a", translate.KindAuth), fails("b", translate.KindQuota)).Translate(t.Context(), sentences(3))
	if translate.KindOf(err) != translate.KindQuota {
		t.Errorf("error %v", err)
	}
}

func TestOneStubbornUnitCostsNoOther(t *testing.T) {
	const stubborn = "This is sentence number 17 of a story about the river."
	refuses := func(_ context.Context, _ int, req *translate.Request) (*translate.Reply, error) {
		for _, u := range req.Units {
			if u.Parts[0] == stubborn {
				return nil, kindError(translate.KindRefused, 0)
			}
		}
		return nil, nil
	}
	f := &fake{caps: translate.Caps{LLM: true}, before: refuses}
	out, err := newTranslator(t, translate.Config{}, f).Translate(t.Context(), sentences(40))
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range out.Results {
		if want := i != 16; (r.Status == subtitles.StatusTranslated) != want {
			t.Errorf("unit %d is %s (%s)", i, r.Status, r.Reason)
		}
	}
	if f.count() > 14 {
		t.Errorf("%d calls were made", f.count())
	}
	if out.Results[16].Reason != "refused" {
		t.Errorf("reason %q", out.Results[16].Reason)
	}
	// The next backend takes what the first refuses.
	out, err = newTranslator(t, translate.Config{}, f, &fake{caps: translate.Caps{Name: "second", LLM: true}}).Translate(t.Context(), sentences(40))
	if err != nil || out.Results[16].Backend != "second" || out.Results[15].Backend != "fake" {
		t.Errorf("%v, %+v", err, out.Results[16])
	}
}

func TestManyStubbornUnitsCostNoOther(t *testing.T) {
	f := &fake{caps: translate.Caps{LLM: true}, before: func(_ context.Context, _ int, req *translate.Request) (*translate.Reply, error) {
		reply := answer(req)
		for i, u := range req.Units {
			if n, _ := strconv.Atoi(strings.Fields(u.Parts[0])[4]); n%3 == 1 {
				reply.Units[i].Texts = u.Parts
			}
		}
		return reply, nil
	}}
	out, err := newTranslator(t, translate.Config{}, f).Translate(t.Context(), sentences(40))
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range out.Results {
		if want := (i+1)%3 != 1; (r.Status == subtitles.StatusTranslated) != want {
			t.Errorf("unit %d is %s (%s)", i, r.Status, r.Reason)
		}
	}
}

func TestDrainLetsCallsUnderWayFinish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		drain := make(chan struct{})
		f := &fake{caps: translate.Caps{LLM: true, Concurrency: 2}, before: func(_ context.Context, n int, _ *translate.Request) (*translate.Reply, error) {
			if n == 2 {
				close(drain)
			}
			time.Sleep(time.Second)
			return nil, nil
		}}
		memory := translate.NewMemory()
		tr := newTranslator(t, translate.Config{Memory: memory, BatchUnits: 10}, f)
		w := sentences(100)
		w.Drain = drain
		out, err := tr.Translate(t.Context(), w)
		if !errors.Is(err, translate.ErrDrained) {
			t.Fatalf("error %v", err)
		}
		if n := statuses(out)[subtitles.StatusTranslated]; n != 20 || f.count() != 2 {
			t.Errorf("%d units are translated by %d calls", n, f.count())
		}
		// What was paid for is in the memory.
		out, err = tr.Translate(t.Context(), sentences(100))
		if err != nil || statuses(out)[subtitles.StatusReused] != 20 || statuses(out)[subtitles.StatusTranslated] != 80 {
			t.Errorf("%v %v", err, statuses(out))
		}
	})
}

func TestFailureOfOneBatchLetsOthersBeStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{caps: translate.Caps{LLM: true, Concurrency: 3}, before: func(_ context.Context, n int, _ *translate.Request) (*translate.Reply, error) {
			time.Sleep(time.Second)
			if n == 2 {
				return nil, kindError(translate.KindAuth, 0)
			}
			time.Sleep(time.Second)
			return nil, nil
		}}
		memory := translate.NewMemory()
		out, err := newTranslator(t, translate.Config{Memory: memory, BatchUnits: 10}, f).Translate(t.Context(), sentences(100))
		if translate.KindOf(err) != translate.KindAuth {
			t.Fatalf("error %v", err)
		}
		if n := statuses(out)[subtitles.StatusTranslated]; n != 20 {
			t.Errorf("%d units of the calls under way are kept", n)
		}
	})
}

func TestCancelledWorkEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		f := &fake{caps: translate.Caps{LLM: true}, before: func(ctx context.Context, _ int, _ *translate.Request) (*translate.Reply, error) {
			cancel()
			<-ctx.Done()
			return nil, ctx.Err()
		}}
		if _, err := newTranslator(t, translate.Config{}, f).Translate(ctx, sentences(10)); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
}

func TestErrorOfOnBatchEndsTheWork(t *testing.T) {
	boom := errors.New("boom")
	w := sentences(100)
	w.OnBatch = func(context.Context, []translate.Result) error { return boom }
	f := &fake{caps: translate.Caps{LLM: true, Concurrency: 1}}
	if _, err := newTranslator(t, translate.Config{BatchUnits: 10}, f).Translate(t.Context(), w); !errors.Is(err, boom) || f.count() != 1 {
		t.Errorf("error %v after %d calls", err, f.count())
	}
}

func TestBackendsShareTheirConcurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		now, peak := 0, 0
		f := &fake{caps: translate.Caps{LLM: true, Concurrency: 3}, before: func(context.Context, int, *translate.Request) (*translate.Reply, error) {
			mu.Lock()
			now++
			peak = max(peak, now)
			mu.Unlock()
			time.Sleep(time.Second)
			mu.Lock()
			now--
			mu.Unlock()
			return nil, nil
		}}
		b := translate.NewBackend(f, 0)
		tr, err := translate.New(translate.Config{Backends: []*translate.Backend{b}, BatchUnits: 10})
		if err != nil {
			t.Fatal(err)
		}
		var group sync.WaitGroup
		for i := range 3 {
			group.Go(func() {
				w := sentences(100)
				for u := range w.Units {
					w.Units[u].Parts[0] += fmt.Sprintf(" Told by %d.", i)
				}
				if _, err := tr.Translate(t.Context(), w); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if peak != 3 {
			t.Errorf("%d calls were under way at once", peak)
		}
	})
}

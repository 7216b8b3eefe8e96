package redisstore

import (
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/duosub/duosub/internal/redistest"
	"github.com/duosub/duosub/translate"
	"github.com/redis/go-redis/v9"
)

var noMoney = &translate.Error{Kind: translate.KindQuota, Backend: "openai", Code: "insufficient_quota",
	Message: "the account has no credit left: top it up", RetryAfter: 90 * time.Second}

// stopped asks and fails the test on errors of Redis.
func stopped(t *testing.T, s *Stops, id string) *translate.Error {
	t.Helper()
	why, err := s.Stopped(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return why
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAStoppedBackendIsLeftAlone(t *testing.T) {
	onEach(t, func(t *testing.T, c redis.UniversalClient) {
		here, there := NewStops(c), NewStops(c)
		const id, other = "openai/gpt", "deepl/"
		if why := stopped(t, here, id); why != nil {
			t.Errorf("at first: %v", why)
		}
		must(t, here.Stop(ctx, id, noMoney))
		for _, s := range []*Stops{here, there, here} {
			if why := stopped(t, s, id); !reflect.DeepEqual(why, noMoney) {
				t.Errorf("stopped: %+v, want %+v", why, noMoney)
			}
		}
		if why := stopped(t, there, other); why != nil {
			t.Errorf("another backend: %v", why)
		}
		if all, err := there.All(ctx); err != nil || !reflect.DeepEqual(all, map[string]*translate.Error{id: noMoney}) {
			t.Errorf("all: %v, %v", all, err)
		}
		must(t, there.Clear(ctx, id))
		must(t, there.Clear(ctx, other))
		if why := stopped(t, here, id); why != nil {
			t.Errorf("cleared: %v", why)
		}
		if n, err := c.Exists(ctx, stopsKey, probePrefix+id).Result(); err != nil || n != 0 {
			t.Errorf("%d keys are left, %v", n, err)
		}
	})
}

func TestOneCallerOfAllProbes(t *testing.T) {
	onEach(t, func(t *testing.T, c redis.UniversalClient) {
		s := NewStops(c)
		must(t, s.Stop(ctx, "a", noMoney))
		must(t, s.Stop(ctx, "b", noMoney))
		must(t, s.Force(ctx))
		for _, id := range []string{"a", "b"} {
			var probers atomic.Int32
			var wg sync.WaitGroup
			for range 20 {
				wg.Go(func() {
					why, err := NewStops(c).Stopped(ctx, id)
					if err != nil {
						t.Error(err)
					} else if why == nil {
						probers.Add(1)
					}
				})
			}
			wg.Wait()
			if n := probers.Load(); n != 1 {
				t.Errorf("%d callers probe %s", n, id)
			}
		}
		must(t, s.Stop(ctx, "a", noMoney)) // the probe failed
		if stopped(t, s, "a") == nil {
			t.Error("stopped anew, the backend is asked at once")
		}
	})
}

func TestAProbeIsDueAfterTheInterval(t *testing.T) {
	c := redistest.Start(t).Client(t)
	s := NewStops(c)
	if s.probe != translate.ProbeInterval {
		t.Errorf("the interval is %v", s.probe)
	}
	must(t, s.Stop(ctx, "a", noMoney))
	ttl, err := c.PTTL(ctx, probePrefix+"a").Result()
	if err != nil || ttl <= 0 || ttl > s.probe {
		t.Errorf("the wait ends in %v, %v", ttl, err)
	}
	must(t, c.PExpire(ctx, probePrefix+"a", time.Millisecond).Err())
	for n := int64(1); n > 0; {
		n, err = c.Exists(ctx, probePrefix+"a").Result()
		must(t, err)
	}
	if why := stopped(t, s, "a"); why != nil {
		t.Errorf("after the interval: %v", why)
	}
	if stopped(t, s, "a") == nil {
		t.Error("a second caller probes, too")
	}
	if ttl, err = c.PTTL(ctx, probePrefix+"a").Result(); err != nil || ttl <= 0 {
		t.Errorf("a prober that dies is waited for for ever: %v, %v", ttl, err)
	}
}

func TestClearAllAndForceBearNothingStopped(t *testing.T) {
	onEach(t, func(t *testing.T, c redis.UniversalClient) {
		s := NewStops(c)
		must(t, s.ClearAll(ctx))
		must(t, s.Force(ctx))
		must(t, s.Stop(ctx, "a", noMoney))
		must(t, s.Stop(ctx, "b", noMoney))
		must(t, s.ClearAll(ctx))
		for _, id := range []string{"a", "b", "a", "b"} {
			if why := stopped(t, s, id); why != nil {
				t.Errorf("%s: %v", id, why)
			}
		}
	})
}

func TestAnUnreadableStopCountsAsNone(t *testing.T) {
	c := redistest.Start(t).Client(t)
	s := NewStops(c)
	for _, garbage := range []string{"", "{", "[]", "null", `{"kind":3}`, `{}`, "\xff"} {
		must(t, c.HSet(ctx, stopsKey, "a", garbage).Err())
		if why := stopped(t, s, "a"); why != nil {
			t.Errorf("%q: %v", garbage, why)
		}
		if all, err := s.All(ctx); err != nil || len(all) != 0 {
			t.Errorf("%q: %v, %v", garbage, all, err)
		}
	}
	must(t, c.Del(ctx, stopsKey).Err())
	must(t, c.Set(ctx, stopsKey, "no hash", 0).Err())
	if _, err := s.Stopped(ctx, "a"); err == nil {
		t.Error("a key of another type is no error")
	}
}

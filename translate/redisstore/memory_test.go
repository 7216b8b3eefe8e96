package redisstore

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/duosub/duosub/internal/redistest"
	"github.com/duosub/duosub/translate"
	"github.com/redis/go-redis/v9"
	"golang.org/x/text/language"
)

var ctx = context.Background()

func record(source, target string, o translate.Origin) translate.Record {
	return translate.Record{
		Query: translate.Query{Key: translate.MakeKey("", language.English, language.Chinese, source, "", ""), Text: source},
		Entry: translate.Entry{Text: target, Parts: []string{target}, Origin: o, Backend: "openai", Model: "m", Prompt: "3", Terms: "ab"},
	}
}

func records(n int) []translate.Record {
	rs := make([]translate.Record, n)
	for i := range rs {
		rs[i] = record(fmt.Sprintf("sentence %d", i), fmt.Sprintf("句子%d", i), translate.OriginMachine)
	}
	return rs
}

func queriesOf(rs ...translate.Record) []translate.Query {
	qs := make([]translate.Query, len(rs))
	for i, r := range rs {
		qs[i] = r.Query
	}
	return qs
}

func keysOf(rs ...translate.Record) []translate.Key {
	keys := make([]translate.Key, len(rs))
	for i, r := range rs {
		keys[i] = r.Key
	}
	return keys
}

func lookup(t *testing.T, m translate.Memory, rs ...translate.Record) []*translate.Entry {
	t.Helper()
	found, err := m.Lookup(ctx, queriesOf(rs...))
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != len(rs) {
		t.Fatalf("%d answers to %d queries", len(found), len(rs))
	}
	return found
}

func store(t *testing.T, m translate.Memory, rs ...translate.Record) {
	t.Helper()
	if err := m.Store(ctx, rs); err != nil {
		t.Fatal(err)
	}
}

// onEach runs a test on a node, a cluster, and the in-process Redis that the
// service falls back on.
func onEach(t *testing.T, test func(t *testing.T, c redis.UniversalClient)) {
	t.Run("node", func(t *testing.T) { test(t, redistest.Start(t).Client(t)) })
	t.Run("cluster", func(t *testing.T) { test(t, startCluster(t)) })
	t.Run("miniredis", func(t *testing.T) {
		c := redis.NewClient(&redis.Options{Addr: miniredis.RunT(t).Addr()})
		t.Cleanup(func() { _ = c.Close() })
		test(t, c)
	})
}

func TestWhatIsStoredIsFound(t *testing.T) {
	onEach(t, func(t *testing.T, c redis.UniversalClient) {
		m := New(c, Options{})
		rs := records(1234) // more than two chunks
		store(t, m, rs...)
		missing := record("never stored", "", "")
		found := lookup(t, m, append(rs, missing)...)
		for i, r := range rs {
			if !reflect.DeepEqual(found[i], &r.Entry) {
				t.Fatalf("record %d: %+v, want %+v", i, found[i], r.Entry)
			}
		}
		if found[len(rs)] != nil {
			t.Errorf("what was never stored: %+v", found[len(rs)])
		}
		if found, err := m.Lookup(ctx, nil); err != nil || len(found) != 0 {
			t.Errorf("no queries: %v, %v", found, err)
		}
		if err := m.Store(ctx, nil); err != nil {
			t.Errorf("no records: %v", err)
		}
	})
}

func TestTheHigherOriginStays(t *testing.T) {
	origins := []translate.Origin{translate.OriginMachine, translate.OriginTMX, translate.OriginPerson}
	onEach(t, func(t *testing.T, c redis.UniversalClient) {
		m := New(c, Options{})
		for i, first := range origins {
			for j, second := range origins {
				name := fmt.Sprintf("%s, then %s", first, second)
				store(t, m, record(name, "first", first))
				// Not first in its pipeline, so that both forms of the script run.
				store(t, m, record("another", "x", translate.OriginMachine), record(name, "second", second))
				want := "second"
				if i > j {
					want = "first"
				}
				if got := lookup(t, m, record(name, "", ""))[0]; got == nil || got.Text != want {
					t.Errorf("%s: %+v, want %s", name, got, want)
				}
			}
		}
	})
}

func TestGarbageCountsAsMissingAndIsReplaced(t *testing.T) {
	garbage := map[string]func(c redis.UniversalClient, key string) error{
		"empty":             func(c redis.UniversalClient, k string) error { return c.Set(ctx, k, "", 0).Err() },
		"one byte":          func(c redis.UniversalClient, k string) error { return c.Set(ctx, k, "1", 0).Err() },
		"cut off":           func(c redis.UniversalClient, k string) error { return c.Set(ctx, k, `11{"t":"x`, 0).Err() },
		"an unknown origin": func(c redis.UniversalClient, k string) error { return c.Set(ctx, k, `19{"t":"x"}`, 0).Err() },
		"another version":   func(c redis.UniversalClient, k string) error { return c.Set(ctx, k, `93{"t":"x"}`, 0).Err() },
		"no text":           func(c redis.UniversalClient, k string) error { return c.Set(ctx, k, "\xff\x00\xfe", 0).Err() },
		"a list":            func(c redis.UniversalClient, k string) error { return c.RPush(ctx, k, "1").Err() },
		"a hash":            func(c redis.UniversalClient, k string) error { return c.HSet(ctx, k, "a", "1").Err() },
	}
	onEach(t, func(t *testing.T, c redis.UniversalClient) {
		m := New(c, Options{})
		for name, put := range garbage {
			r, good := record(name, "x", translate.OriginMachine), record("good", "y", translate.OriginMachine)
			store(t, m, good)
			if err := put(c, redisKey(r.Key)); err != nil {
				t.Fatal(err)
			}
			if found := lookup(t, m, r, good); found[0] != nil || found[1] == nil {
				t.Errorf("%s: %+v, beside it %+v", name, found[0], found[1])
			}
			store(t, m, r)
			if found := lookup(t, m, r); found[0] == nil || found[0].Text != "x" {
				t.Errorf("%s: after storing %+v", name, found[0])
			}
		}
	})
}

func TestOnlyMachinesEntriesExpire(t *testing.T) {
	onEach(t, func(t *testing.T, c redis.UniversalClient) {
		m := New(c, Options{TTL: time.Hour})
		machine, tmx, person := record("a", "x", translate.OriginMachine), record("b", "x", translate.OriginTMX), record("c", "x", translate.OriginPerson)
		mended := record("d", "x", translate.OriginMachine)
		store(t, m, machine, tmx, person, mended)
		mended.Entry.Origin = translate.OriginPerson
		store(t, m, mended)
		for _, tt := range []struct {
			r       translate.Record
			expires bool
		}{{machine, true}, {tmx, false}, {person, false}, {mended, false}} {
			ttl, err := c.PTTL(ctx, redisKey(tt.r.Key)).Result()
			if err != nil || (ttl > 0) != tt.expires || ttl > time.Hour {
				t.Errorf("%s's entry: time to live %v, %v", tt.r.Entry.Origin, ttl, err)
			}
		}
		store(t, New(c, Options{}), machine)
		if ttl, err := c.PTTL(ctx, redisKey(machine.Key)).Result(); err != nil || ttl > 0 {
			t.Errorf("without a TTL: %v, %v", ttl, err)
		}
	})
}

func TestKeysAreThePrefixAndSixteenBytes(t *testing.T) {
	c := redistest.Start(t).Client(t)
	r := record("a", "x", translate.OriginMachine)
	store(t, New(c, Options{}), r)
	keys, err := c.Keys(ctx, "*").Result()
	if err != nil || len(keys) != 1 || keys[0] != "duosub:m:"+string(r.Key[:]) {
		t.Errorf("keys %q, %v", keys, err)
	}
}

func TestTheCallersCommandsGoAlong(t *testing.T) {
	onEach(t, func(t *testing.T, c redis.UniversalClient) {
		m := New(c, Options{})
		var sizes []int
		view := m.With(func(ctx context.Context, pipe redis.Pipeliner, rs []translate.Record) {
			sizes = append(sizes, len(rs))
			for _, r := range rs {
				pipe.SAdd(ctx, "job:keys", string(r.Key[:]))
			}
			pipe.Get(ctx, "not there") // answers nil, which is no failure
		})
		rs := records(700)
		store(t, view, rs...)
		if n, err := c.SCard(ctx, "job:keys").Result(); err != nil || n != 700 {
			t.Errorf("the job's list has %d keys, %v", n, err)
		}
		if found := lookup(t, view, rs[699]); found[0] == nil || found[0].Text != "句子699" {
			t.Errorf("the view finds %+v", found[0])
		}
		if !reflect.DeepEqual(sizes, []int{500, 200}) {
			t.Errorf("called for %v records", sizes)
		}
		if err := m.With(func(ctx context.Context, pipe redis.Pipeliner, _ []translate.Record) {
			pipe.HSet(ctx, "job:keys", "a", "b") // a set is no hash
		}).Store(ctx, rs[:1]); err == nil {
			t.Error("the failure of a caller's command is not told")
		}
	})
}

func TestDeleteForgets(t *testing.T) {
	onEach(t, func(t *testing.T, c redis.UniversalClient) {
		m := New(c, Options{})
		rs := records(600)
		rs[0].Entry.Origin = translate.OriginPerson
		store(t, m, rs...)
		n, err := m.Delete(ctx, append(keysOf(rs[:550]...), record("never stored", "", "").Key))
		if err != nil || n != 550 {
			t.Errorf("deleted %d, %v", n, err)
		}
		for i, e := range lookup(t, m, rs...) {
			if (e == nil) != (i < 550) {
				t.Fatalf("entry %d: %+v", i, e)
			}
		}
	})
}

func TestARestartedServerLearnsTheScriptAgain(t *testing.T) {
	s := redistest.Start(t)
	m := New(s.Client(t), Options{})
	before, after := records(3), records(6)[3:]
	store(t, m, before...)
	s.Kill()
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	store(t, m, after...)
	for i, e := range lookup(t, m, append(before, after...)...) {
		if e == nil {
			t.Errorf("entry %d is lost", i)
		}
	}
}

func TestAnUnreachableServerIsAnError(t *testing.T) {
	s := redistest.Start(t)
	o := s.Options()
	o.MaxRetries, o.DialTimeout, o.DialerRetries = -1, time.Second, 1
	c := redis.NewClient(o)
	defer c.Close()
	m := New(c, Options{})
	s.Kill()
	if _, err := m.Lookup(ctx, queriesOf(records(2)...)); err == nil || !strings.Contains(err.Error(), "memory on Redis") {
		t.Errorf("Lookup: %v", err)
	}
	if err := m.Store(ctx, records(2)); err == nil || !strings.Contains(err.Error(), "memory on Redis") {
		t.Errorf("Store: %v", err)
	}
	if _, err := m.Delete(ctx, keysOf(records(2)...)); err == nil {
		t.Error("Delete succeeds")
	}
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	if err := m.Store(canceled, records(2)); !errors.Is(err, context.Canceled) {
		t.Errorf("a canceled caller: %v", err)
	}
}

func TestAFullServerIsAnError(t *testing.T) {
	s := redistest.Start(t)
	c := s.Client(t)
	m := New(c, Options{})
	store(t, m, records(1)...)
	if err := c.ConfigSet(ctx, "maxmemory", "1").Err(); err != nil {
		t.Fatal(err)
	}
	if err := m.Store(ctx, records(3)); err == nil {
		t.Error("a server without memory stores")
	}
	if found := lookup(t, m, records(1)...); found[0] == nil {
		t.Error("what was stored is not found any more")
	}
}

func TestManyWorkersStoreAtOnce(t *testing.T) {
	c := redistest.Start(t).Client(t)
	rs := records(100)
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			own := make([]translate.Record, len(rs))
			for i, r := range rs {
				own[i] = r
				if w == 3 {
					own[i].Entry.Origin, own[i].Entry.Text = translate.OriginPerson, "a person's"
				}
			}
			if err := New(c, Options{}).Store(ctx, own); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for i, e := range lookup(t, New(c, Options{}), rs...) {
		if e == nil || e.Text != "a person's" {
			t.Fatalf("entry %d: %+v", i, e)
		}
	}
}

func BenchmarkLookup500(b *testing.B) {
	c := redistest.Start(b).Client(b)
	rs := records(500)
	m := New(c, Options{})
	if err := m.Store(ctx, rs); err != nil {
		b.Fatal(err)
	}
	qs := queriesOf(rs...)
	run := func(name string, look func() error) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := look(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	found := make([]*translate.Entry, len(qs))
	run("mget", func() error { return m.getMany(ctx, qs, found) })
	run("pipelined", func() error { return m.getEach(ctx, qs, found) })
	run("one-by-one", func() error {
		for i := range qs {
			if err := m.getEach(ctx, qs[i:i+1], found[i:i+1]); err != nil {
				return err
			}
		}
		return nil
	})
}

func BenchmarkStore40(b *testing.B) {
	m := New(redistest.Start(b).Client(b), Options{})
	rs := records(40)
	for b.Loop() {
		if err := m.Store(ctx, rs); err != nil {
			b.Fatal(err)
		}
	}
}

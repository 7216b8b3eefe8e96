package redistest_test

import (
	"context"
	"os"
	"testing"

	"github.com/duosub/duosub/internal/redistest"
	"github.com/redis/go-redis/v9"
)

func TestServerKeepsWhatItAcknowledgedThroughAKill(t *testing.T) {
	for name, start := range map[string]func(testing.TB, ...string) *redistest.Server{"unix": redistest.Start, "tcp": redistest.StartTCP} {
		t.Run(name, func(t *testing.T) {
			s, ctx := start(t), context.Background()
			if err := s.Client(t).Set(ctx, "k", "v", 0).Err(); err != nil {
				t.Fatal(err)
			}
			pid := s.Pid()
			s.Kill()
			if s.Pid() != 0 {
				t.Error("a killed server has a process id")
			}
			if err := s.Start(); err != nil {
				t.Fatal(err)
			}
			if s.Pid() == pid {
				t.Error("the server is the same process as before")
			}
			if got, err := s.Client(t).Get(ctx, "k").Result(); err != nil || got != "v" {
				t.Errorf("after a kill: %q, %v", got, err)
			}
		})
	}
}

func TestURLLeadsToTheServer(t *testing.T) {
	for name, start := range map[string]func(testing.TB, ...string) *redistest.Server{"unix": redistest.Start, "tcp": redistest.StartTCP} {
		t.Run(name, func(t *testing.T) {
			o, err := redis.ParseURL(start(t).URL())
			if err != nil {
				t.Fatal(err)
			}
			c := redis.NewClient(o)
			defer c.Close()
			if err := c.Ping(context.Background()).Err(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestCloseLeavesNothingBehind(t *testing.T) {
	s := redistest.Start(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.Dir); !os.IsNotExist(err) {
		t.Errorf("the folder is still there: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing it again: %v", err)
	}
}

func TestOptionsReachTheServer(t *testing.T) {
	s := redistest.Start(t, "--maxmemory", "64mb")
	got, err := s.Client(t).ConfigGet(context.Background(), "maxmemory").Result()
	if err != nil || got["maxmemory"] != "67108864" {
		t.Errorf("maxmemory: %v, %v", got, err)
	}
}

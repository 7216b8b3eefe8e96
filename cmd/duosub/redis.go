package main

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/duosub/duosub/cmd/duosub/internal/redischild"
	"github.com/redis/go-redis/v9"
)

// A redisUse says what a command needs of the Redis on this machine, where
// --redis names none.
type redisUse int

const (
	// visit finds the one that runs and leaves it alone afterwards.
	visit redisUse = iota
	// join finds the one that runs and keeps it running.
	join
	// keep starts one where none runs.
	keep
)

// A connection is a Redis and, where it is one of this machine's own, its
// process.
type connection struct {
	redis.UniversalClient
	child *redischild.Server // nil for a Redis of somebody else's
}

// openRedis connects to the Redis that a flag names, else to the one of the
// data folder.
func (a *app) openRedis(ctx context.Context, address, dataFlag string, use redisUse) (*connection, error) {
	c := &connection{}
	if address == "" {
		dir, err := a.dataFolder(dataFlag)
		if err != nil {
			return nil, err
		}
		cfg := redischild.Config{Dir: dir, RuntimeDir: a.env.get("XDG_RUNTIME_DIR")}
		switch use {
		case visit:
			address, err = redischild.Find(dir)
		case join:
			c.child, err = redischild.Join(ctx, cfg)
		case keep:
			c.child, err = redischild.Open(ctx, cfg)
		}
		if err != nil {
			return nil, err
		}
		if c.child != nil {
			address = c.child.URL()
			a.warnOfRedisWithoutDisk(c.child)
		}
	}
	client, err := connectRedis(ctx, address)
	if err != nil {
		_ = c.stopChild()
		return nil, err
	}
	c.UniversalClient = client
	return c, nil
}

func (a *app) warnOfRedisWithoutDisk(s *redischild.Server) {
	if s.Durable() {
		return
	}
	a.term.box(
		"WARNING: redis-server is not installed, so the queue lives in the",
		"memory of this process. ALL JOBS ARE LOST WHEN IT ENDS.",
		"",
		"Install it (Debian, Ubuntu: apt install redis-server; macOS: brew",
		"install redis) or name a Redis with --redis.",
	)
}

// Close ends the use of the Redis; the last user of this machine's own stops
// it.
func (c *connection) Close() error {
	return errors.Join(c.UniversalClient.Close(), c.stopChild())
}

func (c *connection) stopChild() error {
	if c.child == nil {
		return nil
	}
	// What was asked to stop has to be told so within bounds.
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	return c.child.Close(ctx)
}

// died is closed when the Redis of this machine has ended; nil, which waits
// for ever, for one of somebody else's.
func (c *connection) died() <-chan struct{} {
	if c.child == nil {
		return nil
	}
	return c.child.Done()
}

// connectRedis connects to redis://, rediss:// (TLS) or unix://; a query with
// addr= names further nodes of a cluster. It fails when nobody answers.
func connectRedis(ctx context.Context, address string) (redis.UniversalClient, error) {
	client, err := newRedisClient(address)
	if err != nil {
		// The parser's own message repeats the address, which can hold a
		// password.
		return nil, usagef("the Redis address %s cannot be used: write redis://host:port/number, rediss://… for TLS, or unix:///path", redacted(address))
	}
	if err := client.Ping(ctx).Err(); err != nil {
		_ = client.Close()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, &exit{status: statusFailed, err: err, message: "no Redis answers at " + redacted(address) + " (" + sentence(err) + "): is it running, or “duosub serve” over this data folder?"}
	}
	return client, nil
}

func newRedisClient(address string) (redis.UniversalClient, error) {
	if !isRedisURL(address) {
		return nil, errors.New("no Redis URL")
	}
	if _, query, _ := strings.Cut(address, "?"); strings.Contains(query, "addr=") {
		opts, err := redis.ParseClusterURL(address)
		if err != nil {
			return nil, err
		}
		return redis.NewClusterClient(opts), nil
	}
	opts, err := redis.ParseURL(address)
	if err != nil {
		return nil, err
	}
	return redis.NewClient(opts), nil
}

// redacted is an address without what may be secret.
func redacted(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "given"
	}
	u.RawQuery = ""
	u.User = nil
	return u.String()
}

// warnOfEviction looks whether a Redis would throw jobs away when it is full.
// Services that do not tell their settings are believed.
func (a *app) warnOfEviction(ctx context.Context, c *connection) {
	conf, err := c.ConfigGet(ctx, "maxmemory-policy").Result()
	if policy := conf["maxmemory-policy"]; err == nil && policy != "" && policy != "noeviction" {
		a.term.warn("the Redis has maxmemory-policy %s and may throw jobs away when it is full: set it to noeviction", policy)
	}
}

// silence keeps the Redis client's own log off the terminal: every error it
// logs is returned as well.
type silence struct{}

func (silence) Printf(context.Context, string, ...any) {}

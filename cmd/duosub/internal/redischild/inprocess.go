package redischild

import (
	"crypto/rand"
	"net/url"
	"os"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// inProcess is a Redis inside this process, the last resort where no program
// is installed. It listens on loopback with a password, so that other commands
// on this machine reach it and other users do not.
type inProcess struct {
	redis    *miniredis.Miniredis
	password string
	alive    *os.File
	stop     chan struct{}
	ticking  sync.WaitGroup
}

func startInProcess(alive *os.File) (*inProcess, error) {
	m := &inProcess{redis: miniredis.NewMiniRedis(), password: rand.Text(), alive: alive, stop: make(chan struct{})}
	m.redis.RequireAuth(m.password)
	if err := m.redis.Start(); err != nil {
		return nil, &Error{Kind: KindStart, Message: "the Redis inside this process could not listen on loopback: " + err.Error(), Err: err}
	}
	m.ticking.Go(m.tick)
	return m, nil
}

// tick lets keys expire, which stand still without it.
func (m *inProcess) tick() {
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	last := time.Now()
	for {
		select {
		case <-m.stop:
			return
		case now := <-ticker.C:
			m.redis.FastForward(now.Sub(last))
			last = now
		}
	}
}

// URL is the address for a Redis client.
func (m *inProcess) URL() string {
	u := url.URL{Scheme: "redis", User: url.UserPassword("default", m.password), Host: m.redis.Addr()}
	return u.String()
}

// Close ends it and gives the lock on the data folder back.
func (m *inProcess) Close() {
	close(m.stop)
	m.ticking.Wait()
	m.redis.Close()
	_ = m.alive.Close()
}

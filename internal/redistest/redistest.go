// Package redistest starts real redis-servers for tests: each on a socket or
// port and in a folder of its own, never one that happens to be there.
package redistest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// startTimeout is how long a server may take until it answers; on a loaded
// machine the usual 20 ms become seconds.
const startTimeout = 30 * time.Second

// A Server is a running redis-server with an append-only file, so that it
// keeps what it acknowledged through [Server.Kill] and [Server.Start].
type Server struct {
	// Network is "unix" or "tcp", Addr the socket's path or host:port.
	Network, Addr string
	// Dir holds the server's files.
	Dir string

	program string
	args    []string

	mu     sync.Mutex
	cmd    *exec.Cmd
	exited chan struct{} // closed when cmd has ended and was waited for
}

// Start starts a server on a unix socket, with args as further options
// ("--maxmemory", "1mb"), and stops it when the test ends.
func Start(t testing.TB, args ...string) *Server {
	t.Helper()
	return start(t, "unix", args)
}

// StartTCP is Start on a free port of the loopback interface, for what cannot
// use a socket.
func StartTCP(t testing.TB, args ...string) *Server {
	t.Helper()
	return start(t, "tcp", args)
}

// Need skips the test where redis-server is missing, and fails it there when
// DUOSUB_REQUIRE=1. Start and StartTCP do so by themselves.
func Need(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv("DUOSUB_REQUIRE") == "1" {
			t.Fatal("redis-server is missing and DUOSUB_REQUIRE=1: install the package redis-server")
		}
		t.Skip("redis-server is missing")
	}
}

func start(t testing.TB, network string, args []string) *Server {
	t.Helper()
	Need(t)
	s, err := New(network, args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// New starts a server without a test around it, as TestMain needs it. network
// is "unix" or "tcp". Close it.
func New(network string, args ...string) (*Server, error) {
	program, err := exec.LookPath("redis-server")
	if err != nil {
		return nil, fmt.Errorf("redistest: %w", err)
	}
	// A path of a socket has at most 108 bytes; names of tests would not fit.
	dir, err := os.MkdirTemp("", "redistest")
	if err != nil {
		return nil, fmt.Errorf("redistest: %w", err)
	}
	s := &Server{Network: network, Dir: dir, program: program}
	// A free port can be taken by someone else before the server has it.
	for range 5 {
		if err = s.listen(args); err != nil {
			break
		}
		if err = s.Start(); err == nil {
			return s, nil
		}
	}
	return nil, errors.Join(err, s.Close())
}

// listen chooses an address and makes the arguments of it.
func (s *Server) listen(args []string) error {
	own := []string{"--dir", s.Dir, "--save", "", "--appendonly", "yes", "--daemonize", "no",
		"--maxmemory-policy", "noeviction", "--logfile", filepath.Join(s.Dir, "log")}
	if s.Network == "unix" {
		s.Addr = filepath.Join(s.Dir, "s")
		own = append(own, "--port", "0", "--unixsocket", s.Addr, "--unixsocketperm", "700")
	} else {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return fmt.Errorf("redistest: %w", err)
		}
		defer l.Close()
		s.Addr = l.Addr().String()
		own = append(own, "--bind", "127.0.0.1", "--port", strconv.Itoa(l.Addr().(*net.TCPAddr).Port))
	}
	s.args = append(own, args...)
	return nil
}

// Start starts the server again, after Stop or Kill, at the same address over
// the same files.
func (s *Server) Start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd != nil {
		return errors.New("redistest: the server is running already")
	}
	if s.Network == "unix" {
		_ = os.Remove(s.Addr) // left by a killed server
	}
	cmd := exec.Command(s.program, s.args...)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("redistest: %w", err)
	}
	exited := make(chan struct{})
	go func() {
		_ = cmd.Wait() // how it ended is of no interest, the log tells
		close(exited)
	}()
	s.cmd, s.exited = cmd, exited
	if err := s.ready(); err != nil {
		s.end(syscall.SIGKILL)
		log, _ := os.ReadFile(filepath.Join(s.Dir, "log"))
		return fmt.Errorf("redistest: redis-server does not answer: %w\n%s", err, log)
	}
	return nil
}

// ready waits until the server answers, having loaded its files.
func (s *Server) ready() error {
	o := s.Options()
	o.MaxRetries = -1
	c := redis.NewClient(o)
	defer c.Close()
	deadline := time.After(startTimeout)
	for {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		err := c.Ping(ctx).Err()
		cancel()
		if err == nil {
			return nil
		}
		select {
		case <-s.exited:
			return errors.Join(errors.New("it ended"), err)
		case <-deadline:
			return err
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// Kill kills the server without a chance to tidy up (SIGKILL) and waits for
// its end.
func (s *Server) Kill() { s.stop(syscall.SIGKILL) }

// Stop ends the server as an operator does (SIGTERM) and waits for its end.
func (s *Server) Stop() { s.stop(syscall.SIGTERM) }

func (s *Server) stop(sig os.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end(sig)
}

func (s *Server) end(sig os.Signal) {
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Signal(sig) // it may have ended by itself
	<-s.exited
	s.cmd = nil
}

// Close kills the server and removes its files. The server can be closed more
// than once.
func (s *Server) Close() error {
	s.Kill()
	if err := os.RemoveAll(s.Dir); err != nil {
		return fmt.Errorf("redistest: %w", err)
	}
	return nil
}

// Pid is the server's process id, 0 when it is stopped.
func (s *Server) Pid() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		return 0
	}
	return s.cmd.Process.Pid
}

// Options are new client options for the server.
func (s *Server) Options() *redis.Options {
	return &redis.Options{Network: s.Network, Addr: s.Addr}
}

// URL is the server's address as redis.ParseURL reads it.
func (s *Server) URL() string {
	if s.Network == "unix" {
		return "unix://" + s.Addr
	}
	return "redis://" + s.Addr
}

// Client is a new client of the server, closed when the test ends.
func (s *Server) Client(t testing.TB) *redis.Client {
	t.Helper()
	c := redis.NewClient(s.Options())
	t.Cleanup(func() { _ = c.Close() }) // a test may have closed it itself
	return c
}

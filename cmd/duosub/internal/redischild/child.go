package redischild

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// programs are looked for in PATH, in this order.
var programs = []string{"redis-server", "valkey-server"}

// Program answers the path of the program that Open would start, "" where
// none is installed.
func Program() string {
	if !canHandOver {
		return ""
	}
	for _, name := range programs {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// start starts a Redis and waits until it answers.
func (s *Server) start(ctx context.Context, alive *os.File) error {
	program := s.cfg.Program
	if program == "" {
		program = Program()
	}
	if program == "" {
		mini, err := startInProcess(alive)
		if err != nil {
			return err
		}
		s.mini, s.url = mini, mini.URL()
		return nil
	}
	socket, err := socketPath(s.dir, s.cfg.RuntimeDir)
	if err != nil {
		return err
	}
	if err := makeSocketDir(filepath.Dir(socket)); err != nil {
		return err
	}
	// Nobody holds the lock, so the socket of a dead one is nobody's.
	if err := os.Remove(socket); err != nil && !errors.Is(err, os.ErrNotExist) {
		return folderError(filepath.Dir(socket), err)
	}
	s.url = urlOf(socket)

	logStart := fileSize(s.logPath())
	s.child = exec.Command(program, arguments(filepath.Join(s.dir, "redis"), socket, s.logPath())...)
	s.child.Dir = filepath.Join(s.dir, "redis")
	// Nothing of this process's environment: it holds credentials, and a
	// locale that is not installed keeps Redis from starting.
	s.child.Env = []string{"LC_ALL=C", "PATH=" + os.Getenv("PATH")}
	s.child.ExtraFiles = []*os.File{alive}
	// A group of its own, so that Ctrl-C in the terminal does not take it away
	// from under the jobs that still drain.
	s.child.SysProcAttr = ownGroup()
	if err := s.child.Start(); err != nil {
		return &Error{Kind: KindStart, Message: fmt.Sprintf("%s could not be started: %v", program, errors.Unwrap(err)), Err: err}
	}
	_ = alive.Close()
	go func() {
		err := s.child.Wait()
		s.err = &Error{Kind: KindDied, Err: err, Message: fmt.Sprintf(
			"the Redis that keeps the jobs has ended (%s); its log is %s", s.child.ProcessState, s.logPath())}
		close(s.done)
	}()
	for {
		if ask(ctx, s.url, s.dir) == answers {
			return nil
		}
		select {
		case <-ctx.Done():
			s.abandon()
			return ctx.Err()
		case <-s.done:
			return &Error{Kind: KindStart, Err: s.err, Message: fmt.Sprintf(
				"%s ended while it started (%s)%s; its log is %s", program, s.child.ProcessState, lastWords(s.logPath(), logStart), s.logPath())}
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// arguments are the whole configuration of the child; it reads no file.
func arguments(dir, socket, log string) []string {
	return []string{
		"--port", "0",
		"--unixsocket", socket,
		"--unixsocketperm", "700",
		"--protected-mode", "yes",
		"--dir", dir,
		"--appendonly", "yes",
		"--appendfsync", "everysec",
		"--aof-load-truncated", "yes",
		"--save", "",
		// An evicted lease strands its task.
		"--maxmemory-policy", "noeviction",
		"--daemonize", "no",
		"--logfile", log,
		"--pidfile", filepath.Join(dir, "redis.pid"),
	}
}

// abandon ends a child that nobody can use yet.
func (s *Server) abandon() {
	if s.mini != nil {
		s.mini.Close()
		return
	}
	_ = s.child.Process.Signal(syscall.SIGTERM)
	<-s.done
}

// stop has the Redis write its file and end, and waits for that.
func (s *Server) stop(ctx context.Context) error {
	// By its process where that is known: its socket can be gone, since
	// runtime folders are removed when a user logs out. SIGTERM has a Redis
	// end as SHUTDOWN does.
	if !s.terminate() {
		shutdown(ctx, s.url)
	}
	alive, err := s.ended(ctx)
	if err != nil {
		return err
	}
	_ = alive.Close()
	if s.child != nil {
		<-s.done // no zombie is left
	}
	return nil
}

// terminate tells the Redis over the folder to end, if its process is known
// for sure.
func (s *Server) terminate() bool {
	if s.child != nil {
		return s.child.Process.Signal(syscall.SIGTERM) == nil
	}
	data, err := os.ReadFile(filepath.Join(s.dir, "redis", "redis.pid"))
	if err != nil {
		return false
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil || !holds(pid, s.alivePath()) {
		return false
	}
	p, err := os.FindProcess(pid)
	return err == nil && p.Signal(syscall.SIGTERM) == nil
}

// ended waits until no Redis holds the folder and answers the lock that says
// so. It is free when the process is gone, whoever started it.
func (s *Server) ended(ctx context.Context) (alive *os.File, err error) {
	ctx, cancel := context.WithTimeout(ctx, stuckAfter)
	defer cancel()
	for {
		alive, err := lockAlive(s.alivePath())
		if err != nil {
			return nil, folderError(s.dir, err)
		}
		if alive != nil {
			return alive, nil
		}
		if err := sleep(ctx, lockRetry); err != nil {
			return nil, &Error{Kind: KindStuck, Err: err, Message: fmt.Sprintf(
				"the Redis over %s was told to stop and still runs; its log is %s", s.dir, s.logPath())}
		}
	}
}

// watch notices the end of a Redis that is not this process's child. One that
// is has its exit awaited by start.
func (s *Server) watch() {
	ctx, cancel := context.WithCancel(context.Background())
	s.watching = func() {
		cancel()
		s.watched.Wait()
	}
	if s.child != nil || s.mini != nil {
		return
	}
	every := s.cfg.Poll
	if every == 0 {
		every = time.Second
	}
	s.watched.Go(func() {
		for missed := 0; missed < 3; {
			if sleep(ctx, every) != nil {
				return
			}
			switch ask(ctx, s.url, s.dir) {
			case silent:
				missed++
			default:
				missed = 0
			}
		}
		if ctx.Err() != nil {
			return
		}
		s.err = &Error{Kind: KindDied, Message: fmt.Sprintf(
			"the Redis that keeps the jobs has ended; its log is %s", s.logPath())}
		close(s.done)
	})
}

func fileSize(path string) int64 {
	fi, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return fi.Size()
}

// lastWords is the last line that was logged after an offset, made part of a
// sentence.
func lastWords(path string, from int64) string {
	data, err := os.ReadFile(path)
	if err != nil || int64(len(data)) <= from {
		return ""
	}
	lines := bytes.Split(bytes.TrimSpace(data[from:]), []byte("\n"))
	last := string(lines[len(lines)-1])
	// "123:M 01 Jan 2026 00:00:00.000 # Text"
	if _, text, ok := strings.Cut(last, "# "); ok {
		last = text
	}
	return ": " + last
}

package redischild

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// Config says where a Redis lives.
type Config struct {
	// Dir is the data folder; it is made, for this user alone, where it is
	// missing.
	Dir string
	// Program is the path of the redis-server program. Empty means that
	// redis-server, then valkey-server, is looked for in PATH, and that a
	// Redis inside this process takes its place where neither is found.
	Program string
	// RuntimeDir holds the folder of the socket. Empty means $XDG_RUNTIME_DIR
	// of the process, else /tmp.
	RuntimeDir string
	// Poll is how often an adopted Redis is looked after; zero means every
	// second. A child's end is noticed at once.
	Poll time.Duration
	// Patience is how long a Redis that holds the folder may be out of reach
	// before it counts as lost; zero means 3 seconds. One that reads its file
	// is in reach.
	Patience time.Duration
}

// patience is how long a Redis that holds the folder may stay silent.
func (c Config) patience() time.Duration {
	if c.Patience == 0 {
		return 3 * time.Second
	}
	return c.Patience
}

// lockRetry is how often a lock that somebody holds is tried again.
const lockRetry = 20 * time.Millisecond

// stuckAfter is how long a Redis may take to end.
const stuckAfter = 15 * time.Second

// A Server is a Redis in use by this process.
type Server struct {
	cfg     Config
	dir     string // Dir, absolute, without symbolic links
	url     string
	adopted bool
	users   *flock.Flock
	child   *exec.Cmd
	mini    *inProcess

	done     chan struct{} // closed when the Redis has ended
	err      error         // set before done is closed
	watching context.CancelFunc
	watched  sync.WaitGroup
	closing  sync.Once
	closeErr error
}

// Open adopts the Redis that runs over the data folder, or starts one. It
// waits until the Redis has read its file and answers. Errors are an [*Error]
// or the context's.
func Open(ctx context.Context, cfg Config) (*Server, error) { return open(ctx, cfg, true) }

// Join is Open for those that use a Redis but start none: it fails with
// KindNone where none runs.
func Join(ctx context.Context, cfg Config) (*Server, error) { return open(ctx, cfg, false) }

func open(ctx context.Context, cfg Config, start bool) (_ *Server, err error) {
	s := &Server{cfg: cfg, done: make(chan struct{})}
	if s.dir, err = prepare(cfg.Dir); err != nil {
		return nil, err
	}
	release, err := s.exclusive(ctx)
	if err != nil {
		return nil, err
	}
	defer release()

	s.users = flock.New(filepath.Join(s.dir, "redis.users"), flock.SetPermissions(0o600))
	if _, err := s.users.TryRLockContext(ctx, lockRetry); err != nil {
		return nil, folderError(s.dir, err)
	}
	defer func() {
		if err != nil {
			_ = s.users.Close()
		}
	}()

	found, alive, err := s.find(ctx)
	switch {
	case err != nil:
		return nil, err
	case found:
		s.adopted = true
		s.watch()
		return s, nil
	case !start:
		_ = alive.Close()
		return nil, none(s.dir)
	}
	// The child keeps the lock through its own copy of the descriptor; a
	// Redis in this process keeps it through this one.
	if err := s.start(ctx, alive); err != nil {
		_ = alive.Close()
		return nil, err
	}
	if err := writeAddr(s.dir, s.url); err != nil {
		s.abandon()
		return nil, err
	}
	s.watch()
	return s, nil
}

// prepare makes the data folder and answers its real path.
func prepare(dir string) (string, error) {
	if dir == "" {
		return "", &Error{Kind: KindFolder, Message: "no data folder was given"}
	}
	if err := os.MkdirAll(filepath.Join(dir, "redis"), 0o700); err != nil {
		return "", folderError(dir, err)
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", folderError(dir, err)
	}
	abs, err = filepath.EvalSymlinks(abs)
	if err != nil {
		return "", folderError(dir, err)
	}
	return abs, nil
}

func folderError(dir string, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var pe *fs.PathError
	reason := err
	if errors.As(err, &pe) {
		reason = pe.Err
	}
	return &Error{Kind: KindFolder, Message: fmt.Sprintf("the folder %s cannot be used: %v", dir, reason), Err: err}
}

func none(dir string) error {
	return &Error{Kind: KindNone, Message: fmt.Sprintf("no Redis runs over %s: start “duosub serve”, or name a Redis with --redis", dir)}
}

// exclusive takes the lock under which a Redis is started, adopted or stopped.
func (s *Server) exclusive(ctx context.Context) (release func(), err error) {
	l := flock.New(filepath.Join(s.dir, "redis.lock"), flock.SetPermissions(0o600))
	if _, err := l.TryLockContext(ctx, lockRetry); err != nil {
		return nil, folderError(s.dir, err)
	}
	return func() { _ = l.Close() }, nil
}

// find looks for a Redis over the folder. Where there is one, it waits until
// it answers; where there is none, it hands back the lock that says so and
// clears away what a dead one left. One that nobody can reach any more, since
// its socket is gone, is ended where nobody uses it: its file holds all jobs.
func (s *Server) find(ctx context.Context) (found bool, alive *os.File, err error) {
	socket, socketErr := socketPath(s.dir, s.cfg.RuntimeDir)
	deadline := time.Now().Add(s.cfg.patience())
	for {
		candidates := []string{}
		if addr, err := readAddr(s.dir); err == nil {
			candidates = append(candidates, addr)
		}
		if socketErr == nil {
			// A Redis may live on though its redis.addr was deleted.
			candidates = append(candidates, urlOf(socket))
		}
		loading := false
		for _, url := range candidates {
			switch ask(ctx, url, s.dir) {
			case answers:
				s.url = url
				return true, nil, writeAddr(s.dir, url)
			case loads:
				loading = true
			}
		}
		alive, err := lockAlive(s.alivePath())
		if err != nil {
			return false, nil, folderError(s.dir, err)
		}
		if alive != nil && !loading {
			_ = os.Remove(addrPath(s.dir))
			return false, alive, nil
		}
		if alive != nil {
			_ = alive.Close()
		}
		if !loading && time.Now().After(deadline) {
			if s.lonely() && s.terminate() {
				alive, err := s.ended(ctx)
				return false, alive, err
			}
			return false, nil, &Error{Kind: KindStuck, Message: fmt.Sprintf(
				"a Redis runs over %s but does not answer: stop it, then try again; its log is %s", s.dir, s.logPath())}
		}
		if err := sleep(ctx, 50*time.Millisecond); err != nil {
			return false, nil, err
		}
	}
}

// lonely reports whether nobody else uses the Redis.
func (s *Server) lonely() bool {
	defer func() { _, _ = s.users.TryRLock() }()
	if s.users.Unlock() != nil {
		return false
	}
	alone, err := s.users.TryLock()
	if err != nil || !alone {
		return false
	}
	return s.users.Unlock() == nil
}

func (s *Server) alivePath() string { return filepath.Join(s.dir, "redis", "alive") }
func (s *Server) logPath() string   { return filepath.Join(s.dir, "redis", "redis.log") }

// URL is the address for a Redis client.
func (s *Server) URL() string { return s.url }

// Adopted reports whether the Redis was there already.
func (s *Server) Adopted() bool { return s.adopted }

// Durable reports whether jobs outlive the Redis. They do not where it runs
// inside this process, or inside the one it was adopted from.
func (s *Server) Durable() bool { return s.mini == nil && isSocket(s.url) }

// Done is closed when the Redis has ended while it was in use; Err then tells
// why.
func (s *Server) Done() <-chan struct{} { return s.done }

// Err is nil while the Redis runs, afterwards an [*Error] of KindDied.
func (s *Server) Err() error {
	select {
	case <-s.done:
		return s.err
	default:
		return nil
	}
}

// Close ends the use of the Redis. The last process to do so stops it, and
// waits until its file is on disk. Calling it again answers the same.
func (s *Server) Close(ctx context.Context) error {
	s.closing.Do(func() { s.closeErr = s.close(ctx) })
	return s.closeErr
}

func (s *Server) close(ctx context.Context) error {
	defer s.users.Close()
	s.watching()
	release, err := s.exclusive(ctx)
	if err != nil {
		return err
	}
	defer release()
	if s.mini != nil {
		// It ends with this process, whoever else uses it.
		_ = os.Remove(addrPath(s.dir))
		s.mini.Close()
		return nil
	}
	if err := s.users.Unlock(); err != nil {
		return folderError(s.dir, err)
	}
	if last, err := s.users.TryLock(); err != nil {
		return folderError(s.dir, err)
	} else if !last {
		return nil
	}
	if err := s.stop(ctx); err != nil {
		return err
	}
	_ = os.Remove(addrPath(s.dir))
	return nil
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

//go:build unix

package redischild

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// ownerEnv makes the test binary an owner of a Redis that waits to be killed.
const ownerEnv = "DUOSUB_TEST_REDIS_OWNER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(ownerEnv); dir != "" {
		s, err := Open(context.Background(), Config{Dir: dir, RuntimeDir: os.Getenv(ownerEnv + "_RUNTIME")})
		if err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		fmt.Println("ready", s.URL())
		select {}
	}
	os.Exit(m.Run())
}

// needProgram skips a test where no redis-server is installed.
func needProgram(t *testing.T) {
	t.Helper()
	if Program() != "" {
		return
	}
	if os.Getenv("DUOSUB_REQUIRE") == "1" {
		t.Fatal("redis-server is not installed")
	}
	t.Skip("redis-server is not installed")
}

// newConfig is a configuration in folders of the test's own, and stops what
// still runs there at the end.
func newConfig(t *testing.T) Config {
	t.Helper()
	runtimeDir, err := os.MkdirTemp("/tmp", "duosub-test-")
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{Dir: filepath.Join(t.TempDir(), "data"), RuntimeDir: runtimeDir, Poll: 20 * time.Millisecond}
	t.Cleanup(func() {
		if s, err := Join(context.Background(), cfg); err == nil {
			_ = s.Close(context.Background())
		}
		_ = os.RemoveAll(runtimeDir)
	})
	return cfg
}

func mustOpen(t *testing.T, cfg Config) *Server {
	t.Helper()
	s, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(context.Background()) })
	return s
}

func client(t *testing.T, url string) *redis.Client {
	t.Helper()
	opts, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	c := redis.NewClient(opts)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// pid is the process id that a Redis tells.
func pid(t *testing.T, url string) string {
	t.Helper()
	info, err := client(t, url).Info(t.Context(), "server").Result()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(info) {
		if v, ok := strings.CutPrefix(strings.TrimSpace(line), "process_id:"); ok {
			return v
		}
	}
	t.Fatal("INFO tells no process_id")
	return ""
}

func TestWhatWasWrittenIsThereAfterARestart(t *testing.T) {
	needProgram(t)
	cfg := newConfig(t)
	s := mustOpen(t, cfg)
	if !s.Durable() || s.Adopted() {
		t.Fatalf("durable %v, adopted %v; want a Redis of our own that keeps its data", s.Durable(), s.Adopted())
	}
	if err := client(t, s.URL()).Set(t.Context(), "job", "queued", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if ask(t.Context(), s.URL(), s.dir) != silent {
		t.Fatal("the Redis still answers after its only user left")
	}
	if _, err := Find(cfg.Dir); kindOf(err) != KindNone {
		t.Fatalf("redis.addr is left over: %v", err)
	}
	s = mustOpen(t, cfg)
	if got := client(t, s.URL()).Get(t.Context(), "job").Val(); got != "queued" {
		t.Fatalf("the key reads %q after a restart", got)
	}
}

func TestSettingsOfTheChild(t *testing.T) {
	needProgram(t)
	cfg := newConfig(t)
	s := mustOpen(t, cfg)
	c := client(t, s.URL())
	for key, want := range map[string]string{
		"port": "0", "appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction", "save": "",
	} {
		if got := c.ConfigGet(t.Context(), key).Val()[key]; got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	socket := strings.TrimPrefix(s.URL(), "unix://")
	for _, dir := range []string{filepath.Dir(socket), filepath.Dir(filepath.Dir(socket))} {
		fi, err := os.Stat(dir)
		if err != nil || fi.Mode().Perm() != 0o700 {
			t.Errorf("%s has mode %v (%v), want 0700", dir, fi.Mode().Perm(), err)
		}
	}
	if data, err := os.ReadFile(filepath.Join(cfg.Dir, "redis.addr")); err != nil || strings.TrimSpace(string(data)) != socket {
		t.Errorf("redis.addr holds %q (%v), want the socket's path", data, err)
	}
	if got := s.child.Process.Pid; mustPgid(t, got) != got {
		t.Error("the child is in the process group of its parent: Ctrl-C would end it")
	}
}

func mustPgid(t *testing.T, pid int) int {
	t.Helper()
	pgid, err := syscall.Getpgid(pid)
	if err != nil {
		t.Fatal(err)
	}
	return pgid
}

func TestRedisIsAdoptedAfterItsOwnerWasKilled(t *testing.T) {
	needProgram(t)
	cfg := newConfig(t)
	owner := exec.Command(os.Args[0])
	owner.Env = append(os.Environ(), ownerEnv+"="+cfg.Dir, ownerEnv+"_RUNTIME="+cfg.RuntimeDir)
	out, err := owner.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := owner.Start(); err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	if !ok {
		t.Fatalf("the owner said %q", line)
	}
	before := pid(t, url)
	if err := owner.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = owner.Wait()

	for _, lost := range []string{"nothing", "redis.addr"} {
		if lost == "redis.addr" {
			if err := os.Remove(filepath.Join(cfg.Dir, "redis.addr")); err != nil {
				t.Fatal(err)
			}
		}
		// Another user keeps it alive between the two rounds.
		s := mustOpen(t, cfg)
		if !s.Adopted() || pid(t, s.URL()) != before {
			t.Fatalf("with %s lost, a second Redis was started over the same file", lost)
		}
		if addr, err := Find(cfg.Dir); err != nil || addr != s.URL() {
			t.Fatalf("redis.addr says %q (%v)", addr, err)
		}
	}
}

func TestStartsAtTheSameTimeGiveOneRedis(t *testing.T) {
	needProgram(t)
	cfg := newConfig(t)
	servers := make([]*Server, 6)
	var wg sync.WaitGroup
	for i := range servers {
		wg.Go(func() {
			s, err := Open(t.Context(), cfg)
			if err != nil {
				t.Error(err)
				return
			}
			servers[i] = s
		})
	}
	wg.Wait()
	if t.Failed() {
		return
	}
	own, pids := 0, map[string]bool{}
	for _, s := range servers {
		pids[pid(t, s.URL())] = true
		if !s.Adopted() {
			own++
		}
	}
	if own != 1 || len(pids) != 1 {
		t.Fatalf("%d of %d started a Redis, %d run; want 1 and 1", own, len(servers), len(pids))
	}
	for i, s := range servers {
		if err := s.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		want := answers
		if i == len(servers)-1 {
			want = silent
		}
		if got := ask(t.Context(), s.URL(), s.dir); got != want {
			t.Fatalf("after %d of %d left, the Redis gives answer %d, want %d", i+1, len(servers), got, want)
		}
	}
}

func TestDataFolderDeeperThanASocketPathMayBe(t *testing.T) {
	needProgram(t)
	cfg := newConfig(t)
	cfg.Dir = filepath.Join(cfg.Dir, strings.Repeat("a-long-name/", 20))
	s := mustOpen(t, cfg)
	if len(cfg.Dir) < 200 || len(s.URL()) > maxSocketPath+len("unix://") {
		t.Fatalf("data folder of %d bytes, address of %d", len(cfg.Dir), len(s.URL()))
	}
	if err := client(t, s.URL()).Ping(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
}

func TestRuntimeFolderThatIsTooDeepIsPassedOver(t *testing.T) {
	deep := filepath.Join(t.TempDir(), strings.Repeat("a-long-name/", 10))
	if err := os.MkdirAll(deep, 0o700); err != nil {
		t.Fatal(err)
	}
	path, err := socketPath("/data", deep)
	if err != nil || !strings.HasPrefix(path, "/tmp/duosub-") {
		t.Fatalf("socket path %q, %v", path, err)
	}
}

func TestWithoutAProgramARedisInsideTheProcessServes(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	cfg := newConfig(t)
	s := mustOpen(t, cfg)
	if s.Durable() {
		t.Fatal("it claims to keep its data")
	}
	addr, err := Find(cfg.Dir)
	if err != nil || addr != s.URL() {
		t.Fatalf("redis.addr says %q (%v), want %q", addr, err, s.URL())
	}
	fi, err := os.Stat(filepath.Join(cfg.Dir, "redis.addr"))
	if err != nil || fi.Mode().Perm() != 0o600 {
		t.Fatalf("redis.addr, which holds a password, has mode %v (%v)", fi.Mode().Perm(), err)
	}
	c := client(t, addr)
	if err := c.Set(t.Context(), "k", "v", 150*time.Millisecond).Err(); err != nil {
		t.Fatal(err)
	}
	for c.Exists(t.Context(), "k").Val() == 1 { // until it expires, or the test times out
		time.Sleep(10 * time.Millisecond)
	}
	opts, _ := redis.ParseURL(addr)
	opts.Username, opts.Password = "", ""
	stranger := redis.NewClient(opts)
	defer stranger.Close()
	if err := stranger.Ping(t.Context()).Err(); err == nil {
		t.Fatal("it answers without its password")
	}

	second := mustOpen(t, cfg)
	if !second.Adopted() || second.Durable() {
		t.Fatalf("adopted %v, durable %v", second.Adopted(), second.Durable())
	}
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-second.Done()
	if err := second.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := mustOpen(t, cfg); s.Adopted() {
		t.Fatal("what ended with its process was adopted")
	}
}

func TestJoinStartsNothing(t *testing.T) {
	cfg := newConfig(t)
	if _, err := Join(t.Context(), cfg); kindOf(err) != KindNone {
		t.Fatalf("error %v", err)
	}
}

func TestOpenGivesUpWithItsContext(t *testing.T) {
	cfg := newConfig(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s, err := Open(ctx, cfg)
	if !errors.Is(err, context.Canceled) {
		if s != nil {
			_ = s.Close(context.Background())
		}
		t.Fatalf("error %v", err)
	}
}

func kindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

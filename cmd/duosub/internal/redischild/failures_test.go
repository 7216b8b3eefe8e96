//go:build unix

package redischild

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestStaleFilesOfADeadRedisAreCleared(t *testing.T) {
	needProgram(t)
	cfg := newConfig(t)
	s := mustOpen(t, cfg)
	socket := strings.TrimPrefix(s.URL(), "unix://")
	// Killed: the socket, redis.addr and the lock files stay behind.
	if err := s.child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-s.Done()
	for _, path := range []string{socket, filepath.Join(cfg.Dir, "redis.addr"), filepath.Join(cfg.Dir, "redis", "alive")} {
		if _, err := os.Lstat(path); err != nil {
			t.Fatalf("the test supposes that %s is left over: %v", path, err)
		}
	}
	if _, err := Join(t.Context(), cfg); kindOf(err) != KindNone {
		t.Fatalf("Join found a dead Redis: %v", err)
	}
	fresh := mustOpen(t, cfg)
	if fresh.Adopted() {
		t.Fatal("a dead Redis was adopted")
	}
}

func TestRedisWhoseSocketIsGoneIsReplaced(t *testing.T) {
	needProgram(t)
	if _, err := os.Stat("/proc/self/fd"); err != nil {
		t.Skip("this system does not tell what a process holds")
	}
	cfg := newConfig(t)
	cfg.Patience = 50 * time.Millisecond
	lost := mustOpen(t, cfg)
	if err := client(t, lost.URL()).Set(t.Context(), "job", "queued", 0).Err(); err != nil {
		t.Fatal(err)
	}
	// What a logout does to the runtime folder.
	if err := os.RemoveAll(filepath.Join(cfg.RuntimeDir, "duosub")); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), cfg); kindOf(err) != KindStuck {
		t.Fatalf("a Redis that somebody uses was replaced: %v", err)
	}
	// Its user dies without stopping it.
	_ = lost.users.Close()
	s := mustOpen(t, cfg)
	if s.Adopted() {
		t.Fatal("a Redis out of reach was adopted")
	}
	if got := client(t, s.URL()).Get(t.Context(), "job").Val(); got != "queued" {
		t.Fatalf("the key reads %q", got)
	}
	<-lost.Done()
}

func TestRedisWhoseSocketIsGoneIsStopped(t *testing.T) {
	needProgram(t)
	cfg := newConfig(t)
	s := mustOpen(t, cfg)
	if err := os.RemoveAll(filepath.Join(cfg.RuntimeDir, "duosub")); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s.child.ProcessState == nil {
		t.Fatal("the Redis still runs")
	}
}

func TestEndOfTheChildIsNoticed(t *testing.T) {
	needProgram(t)
	cfg := newConfig(t)
	owner := mustOpen(t, cfg)
	adopter := mustOpen(t, cfg)
	if owner.Err() != nil || adopter.Err() != nil {
		t.Fatal("an error is told while the Redis runs")
	}
	if err := owner.child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*Server{owner, adopter} {
		select {
		case <-s.Done():
		case <-time.After(30 * time.Second):
			t.Fatal("the end of the Redis was not noticed")
		}
		if kindOf(s.Err()) != KindDied {
			t.Fatalf("error %v", s.Err())
		}
		if err := s.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAnotherRedisUnderOurAddressIsNotAdopted(t *testing.T) {
	needProgram(t)
	other := mustOpen(t, newConfig(t))
	cfg := newConfig(t)
	if _, err := prepare(cfg.Dir); err != nil {
		t.Fatal(err)
	}
	if err := writeAddr(cfg.Dir, other.URL()); err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, cfg)
	if s.Adopted() || s.URL() == other.URL() {
		t.Fatal("the Redis of another data folder was adopted")
	}
}

func TestProgramThatEndsAtOnceIsAnError(t *testing.T) {
	needProgram(t)
	cfg := newConfig(t)
	cfg.Program = "/bin/false"
	_, err := Open(t.Context(), cfg)
	if kindOf(err) != KindStart {
		t.Fatalf("error %v", err)
	}
	// The locks are free again.
	cfg.Program = ""
	mustOpen(t, cfg)
}

func TestFoldersThatCannotBeUsed(t *testing.T) {
	needProgram(t)
	t.Run("the data folder is a file", func(t *testing.T) {
		cfg := newConfig(t)
		if err := os.WriteFile(cfg.Dir, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), cfg); kindOf(err) != KindFolder {
			t.Fatalf("error %v", err)
		}
	})
	t.Run("the folder of the socket is open to others", func(t *testing.T) {
		cfg := newConfig(t)
		if err := os.Mkdir(filepath.Join(cfg.RuntimeDir, "duosub"), 0o755); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), cfg); kindOf(err) != KindFolder {
			t.Fatalf("error %v", err)
		}
	})
}

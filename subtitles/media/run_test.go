//go:build unix

package media

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// fake puts a shell script in the place of ffprobe.
func fake(t *testing.T, script string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "ffprobe"), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
}

func TestMissingProgramIsNamedWithItsPackage(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := List(t.Context(), videos+"vlog.mp4")
	if kindOf(err) != KindProgramMissing || !strings.Contains(err.Error(), "apt-get install ffmpeg") {
		t.Errorf("%v", err)
	}
}

func TestCancelKillsWhatTheProgramStarted(t *testing.T) {
	note := filepath.Join(t.TempDir(), "pid")
	fake(t, "sleep 600 & echo $! >"+note+".part; mv "+note+".part "+note+"; wait\n")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		for {
			if _, err := os.Stat(note); err == nil {
				cancel()
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	}()
	if _, err := List(ctx, videos+"vlog.mp4"); !errors.Is(err, context.Canceled) {
		t.Fatalf("%v, want the context's error", err)
	}
	data, err := os.ReadFile(note)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	for running(pid) { // else the test runs into its own deadline
		time.Sleep(10 * time.Millisecond)
	}
}

// running reports whether a process does anything still; one that has ended
// but was not waited for does not.
func running(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return false
	}
	_, state, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(state, "Z")
}

func TestEndlessOutputIsCutShort(t *testing.T) {
	// Answers the question for streams, then never stops sending packets.
	fake(t, `case "$*" in
*show_packets*) ;;
*) echo '{"streams":[{"index":1,"codec_name":"subrip","codec_type":"subtitle","time_base":"1/1000"}]}'; exit ;;
esac
printf '{"packets":['
yes '{"pts":1,"duration":1,"data":"00000000: 4142  AB"},'
`)
	_, err := Extract(t.Context(), videos+"vlog.mp4", Stream{Index: 1, Codec: "subrip"})
	if kindOf(err) != KindTooLarge {
		t.Errorf("%v, want too_large", err)
	}
}

func TestProgramsSeeNoSecrets(t *testing.T) {
	t.Setenv("OPENAI_API_KEY", "secret")
	seen := filepath.Join(t.TempDir(), "env")
	fake(t, "env >"+seen+"; echo '{\"streams\":[{\"codec_type\":\"video\"}]}'\n")
	if _, err := List(t.Context(), videos+"vlog.mp4"); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(seen)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), "PATH=") || strings.Contains(string(data), "secret") {
		t.Errorf("environment:\n%s", data)
	}
}

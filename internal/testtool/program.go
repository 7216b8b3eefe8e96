package testtool

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// Program returns the path of the first of the named programs that is
// installed. Without any the test is skipped, or fails where DUOSUB_REQUIRE is
// 1, so that a run that is meant to be complete is.
func Program(t testing.TB, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	missing := strings.Join(names, " or ") + " is not installed"
	if os.Getenv("DUOSUB_REQUIRE") == "1" {
		t.Fatal(missing)
	}
	t.Skip(missing)
	return ""
}

// programTime bounds a run of a program.
const programTime = 2 * time.Minute

// Run runs a program and returns its standard output; the test fails with
// what it wrote to standard error where it ends with another status than 0.
func Run(t testing.TB, path string, args ...string) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), programTime)
	defer cancel()
	var stderr strings.Builder
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, stderr.String())
	}
	return out
}

package archtest

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// list runs go list over the whole module.
func list(t *testing.T, args ...string) []Package {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Imports"}, args...)...)
	cmd.Dir = "../.."
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var packages []Package
	for dec := json.NewDecoder(out); ; {
		var p Package
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	return packages
}

func TestImportsGoOneWay(t *testing.T) {
	packages := list(t, "./...")
	for _, v := range Violations(packages) {
		t.Error(v)
	}
	if !slices.ContainsFunc(packages, func(p Package) bool { return p.ImportPath == Module+"/subtitles" }) {
		t.Errorf("go list did not see the module: %d packages", len(packages))
	}
}

// A network that comes in through a dependency is a network too. go-astisub is
// the one exception: its readers are called on text in memory, and the HTTP
// client that its module brings along is never reached.
func TestSubtitlesReachesNoNetworkThroughOthers(t *testing.T) {
	imports := map[string][]string{}
	for _, p := range list(t, "-deps", "./subtitles") {
		imports[p.ImportPath] = p.Imports
	}
	seen := map[string]bool{}
	for queue := []string{Module + "/subtitles"}; len(queue) > 0; queue = queue[1:] {
		p := queue[0]
		if seen[p] || strings.HasPrefix(p, "github.com/asticode/") {
			continue
		}
		seen[p] = true
		if p == "net" || p == "net/http" || p == "crypto/tls" || p == "os/exec" || strings.Contains(p, "redis") {
			t.Errorf("subtitles depends on %s", p)
		}
		queue = append(queue, imports[p]...)
	}
	if len(seen) < 20 {
		t.Errorf("only %d packages seen", len(seen))
	}
}

func TestViolationsAreSeen(t *testing.T) {
	for _, c := range []struct {
		from, imports string
		says          string // empty: allowed
	}{
		{"cmd/duosub", Module + "/server", ""},
		{"cmd/duosub", Module + "/subtitles", ""},
		{"cmd/duosub", Module + "/translate/all", ""},
		{"cmd/duosub", "gocloud.dev/blob/s3blob", ""},
		{"cmd/duosub/internal/child", "github.com/redis/go-redis/v9", ""},
		{"server", Module + "/worker", ""},
		{"server", "net/http", ""},
		{"worker", Module + "/worker/job", ""},
		{"worker", Module + "/translate", ""},
		{"worker", "github.com/hibiken/asynq", ""},
		{"worker/job", "github.com/hibiken/asynq", ""},
		{"worker", "gocloud.dev/blob", ""},
		{"worker", "gocloud.dev/blob/fileblob", ""},
		{"translate", Module + "/subtitles", ""},
		{"translate/all", Module + "/translate/openai", ""},
		{"translate/openai", Module + "/translate", ""},
		{"translate/openai", "net/http", ""},
		{"translate/redisstore", "github.com/redis/go-redis/v9", ""},
		{"subtitles/media", Module + "/subtitles", ""},
		{"subtitles/media", "os/exec", ""},
		{"subtitles", Module + "/subtitles/hanzi", ""},
		{"subtitles/gen/hanzi", Module + "/subtitles/hanzi", ""},
		{"subtitles", "net/url", ""},
		{"internal/archtest", "os/exec", ""},
		{"internal/redistest", "github.com/redis/go-redis/v9", ""},

		{"server", Module + "/cmd/duosub", "cmd stands above"},
		{"worker", Module + "/server", "server stands above"},
		{"worker/job", Module + "/server", "server stands above"},
		{"translate", Module + "/worker/job", "worker stands above"},
		{"translate", Module + "/translate/openai", "none of its backends"},
		{"translate/all", Module + "/worker", "worker stands above"},
		{"translate/openai", Module + "/subtitles", "nothing beside it"},
		{"translate/openai", Module + "/translate/deepl", "nothing beside it"},
		{"translate/anything/new", Module + "/translate/all", "nothing beside it"},
		{"subtitles", Module + "/translate", "translate stands above"},
		{"subtitles", Module + "/subtitles/media", "where tracks come from"},
		{"subtitles/media", Module + "/worker", "worker stands above"},
		{"subtitles/hanzi", Module + "/subtitles", "nothing but text"},
		{"subtitles", "net/http", "no network"},
		{"subtitles/media", "net/http", "no network"},
		{"server", "github.com/hibiken/asynq", "Asynq is known to"},
		{"server", "github.com/redis/go-redis/v9", "a Redis client is known to"},
		{"translate", "github.com/redis/go-redis/v9", "a Redis client is known to"},
		{"translate/openai", "github.com/alicebob/miniredis/v2", "a Redis client is known to"},
		{"worker", "gocloud.dev/blob/gcsblob", "a cloud blob driver is known to"},
		{"worker", "github.com/aws/aws-sdk-go-v2/service/s3", "a cloud blob driver is known to"},
		{"worker", Module + "/extra", "no layer"},
		{"internal/other", "github.com/redis/go-redis/v9", "a Redis client is known to"},
		{"worker", Module + "/internal/redistest", "tests alone"},
		{"server/util", "fmt", "named after"},
	} {
		got := Violations([]Package{{ImportPath: Module + "/" + c.from, Imports: []string{c.imports}}})
		switch {
		case c.says == "" && len(got) > 0:
			t.Errorf("%s imports %s: %v, but that is allowed", c.from, c.imports, got)
		case c.says != "" && (len(got) != 1 || !strings.Contains(got[0], c.says)):
			t.Errorf("%s imports %s: %v, want one with %q", c.from, c.imports, got, c.says)
		}
	}
}

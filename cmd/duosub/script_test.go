package main

import (
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/duosub/duosub/cmd/duosub/internal/redischild"
	"github.com/duosub/duosub/translate/translatetest"
	"github.com/redis/go-redis/v9"
	"github.com/rogpeppe/go-internal/testscript"
)

// The scripts in testdata/script each pin something that a user relies on.
// They run the whole program, as processes of its own, against a simulated
// language model.

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"duosub": main})
}

func TestScripts(t *testing.T) {
	// Short, since sockets lie in it, and removed when all scripts and all
	// that they started have ended.
	runtimeDir, err := os.MkdirTemp("/tmp", "duosub-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stopRedis(runtimeDir)
		_ = os.RemoveAll(runtimeDir)
	})
	testscript.Run(t, testscript.Params{
		Dir:   filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error { return setUpScript(env, runtimeDir) },
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":   cmdStatus,
			"oneline":  cmdOneLine,
			"calls":    cmdCalls,
			"asked":    cmdAsked,
			"model":    cmdModel,
			"waitfor":  cmdWaitFor,
			"waitcall": cmdWaitCall,
			"silence":  cmdSilence,
		},
		Condition: condition,
		// A script that waits for what never comes fails with its log.
		Deadline: time.Now().Add(3 * time.Minute),
	})
}

// condition tells scripts what is installed. What the tests require is there,
// or they fail.
func condition(cond string) (bool, error) {
	program, ok := strings.CutPrefix(cond, "has:")
	if !ok {
		return false, errors.New("unknown condition " + cond)
	}
	found := redischild.Program() != ""
	if program != "redis-server" {
		_, err := exec.LookPath(program)
		found = err == nil
	}
	return found || os.Getenv("DUOSUB_REQUIRE") == "1", nil
}

// A model is the simulated language model of one script.
type model struct {
	sim    *translatetest.Simulator
	server *httptest.Server
}

// close takes the model away; a call under way gets no answer.
func (m *model) close() {
	m.server.CloseClientConnections()
	m.server.Close()
}

type modelKey struct{}

func setUpScript(env *testscript.Env, runtimeDir string) error {
	testdata, err := filepath.Abs(filepath.Join("..", "..", "testdata"))
	if err != nil {
		return err
	}
	env.Setenv("HOME", filepath.Join(env.WorkDir, "home"))
	env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, "state"))
	env.Setenv("XDG_CONFIG_HOME", filepath.Join(env.WorkDir, "config"))
	env.Setenv("XDG_RUNTIME_DIR", runtimeDir)
	env.Setenv("TESTDATA", testdata)
	env.Setenv("OPENAI_API_KEY", "test-key")
	env.Setenv("B", "openai?model=sim")
	// Where the program alone is, without what else is installed.
	bin, _, _ := strings.Cut(env.Getenv("PATH"), string(filepath.ListSeparator))
	env.Setenv("BIN", bin)

	m := &model{sim: translatetest.NewSimulator(translatetest.SimulatorOptions{Key: "test-key"})}
	m.server = httptest.NewServer(m.sim)
	env.Setenv("OPENAI_BASE_URL", m.server.URL+"/v1")
	env.Values[modelKey{}] = m
	env.Defer(m.close)
	return nil
}

// cmdStatus runs a program and compares its exit status: "status 3 duosub …".
func cmdStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N program args…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var ee *exec.ExitError
		if !errors.As(err, &ee) {
			ts.Fatalf("%v", err)
		}
		got = ee.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// cmdOneLine checks that standard error holds one message of one line.
func cmdOneLine(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: oneline")
	}
	text := ts.ReadFile("stderr")
	if strings.Count(text, "\n") != 1 || !strings.HasPrefix(text, "duosub: ") || strings.Contains(text, "goroutine") {
		ts.Fatalf("standard error is no single sentence: %q", text)
	}
}

// cmdCalls compares how often the model was asked to translate: "calls 3",
// "calls 1-4".
func cmdCalls(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: calls N or calls N-M")
	}
	low, high, isRange := strings.Cut(args[0], "-")
	if !isRange {
		high = low
	}
	least, err := strconv.Atoi(low)
	ts.Check(err)
	most, err := strconv.Atoi(high)
	ts.Check(err)
	if n := len(modelOf(ts).sim.Calls()); n < least || n > most {
		ts.Fatalf("the model was called %d times, want %s", n, args[0])
	}
}

// cmdAsked checks that the model was asked for no unit more often than N
// times, and for so many different ones: "asked N UNITS".
func cmdAsked(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: asked N UNITS")
	}
	most, err := strconv.Atoi(args[0])
	ts.Check(err)
	units, err := strconv.Atoi(args[1])
	ts.Check(err)
	asked := modelOf(ts).sim.Asked()
	if len(asked) != units {
		ts.Fatalf("the model was asked for %d different units, want %d", len(asked), units)
	}
	for text, n := range asked {
		if n > most {
			ts.Fatalf("the model was asked %d times for %q, %d at most are right", n, text, most)
		}
	}
}

// cmdModel replaces the model by one with other habits: "model latency=200ms
// always=refusal:TEXT".
func cmdModel(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("usage: model key=value…")
	}
	opt := translatetest.SimulatorOptions{Key: "test-key"}
	for _, arg := range args {
		key, value, _ := strings.Cut(arg, "=")
		switch key {
		case "latency":
			d, err := time.ParseDuration(value)
			ts.Check(err)
			opt.Latency = d
		case "always":
			fault, text, _ := strings.Cut(value, ":")
			opt.Always = map[string]translatetest.Fault{text: translatetest.Fault(fault)}
		default:
			ts.Fatalf("unknown habit %q", key)
		}
	}
	m := modelOf(ts)
	m.close()
	m.sim = translatetest.NewSimulator(opt)
	m.server = httptest.NewServer(m.sim)
	ts.Setenv("OPENAI_BASE_URL", m.server.URL+"/v1")
}

// cmdWaitFor waits until a file is there and, if so asked, holds a text:
// "waitfor FILE [REGEXP]".
func cmdWaitFor(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: waitfor FILE [REGEXP]")
	}
	want := regexp.MustCompile(".")
	if len(args) == 2 {
		want = regexp.MustCompile(args[1])
	}
	path := ts.MkAbs(args[0])
	waitUntil(ts, "for "+strings.Join(args, " "), func() bool {
		data, err := os.ReadFile(path)
		return err == nil && want.Match(data)
	})
}

// waitUntil waits for what must come some time; it does not measure how soon.
func waitUntil(ts *testscript.TestScript, what string, done func() bool) {
	for deadline := time.Now().Add(2 * time.Minute); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			ts.Fatalf("waited in vain %s", what)
		}
	}
}

// cmdWaitCall waits until the model has been called N times.
func cmdWaitCall(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: waitcall N")
	}
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	waitUntil(ts, "for calls of the model", func() bool { return len(modelOf(ts).sim.Calls()) >= n })
}

// cmdSilence checks that a command said nothing on standard error.
func cmdSilence(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: silence")
	}
	if text := ts.ReadFile("stderr"); text != "" {
		ts.Fatalf("standard error holds %q", text)
	}
}

func modelOf(ts *testscript.TestScript) *model { return ts.Value(modelKey{}).(*model) }

// stopRedis stops what a script may have left running on purpose. The folders
// of the script are gone by then.
func stopRedis(runtimeDir string) {
	sockets, _ := filepath.Glob(filepath.Join(runtimeDir, "duosub", "*", "redis.sock"))
	for _, socket := range sockets {
		c := redis.NewClient(&redis.Options{Network: "unix", Addr: socket, MaxRetries: -1})
		c.Shutdown(context.Background())
		_ = c.Close()
	}
}

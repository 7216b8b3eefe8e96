package main

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

func TestConfigurationFile(t *testing.T) {
	got, err := parseConfig("conf/duosub.yaml", []byte(`# a comment
pair: zh-Hant,en
backend:
  - openai?model=m
  - none
glossary:
  travel: terms/travel.csv
  "": /etc/terms.csv
memory: vlog.tmx
formats: [vtt, json]
concurrency: 4
allow_source: s3://bucket/videos
`))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{
		"pair":         {"zh-Hant,en"},
		"backend":      {"openai?model=m", "none"},
		"glossary":     {"travel=conf/terms/travel.csv", "=/etc/terms.csv"},
		"memory":       {"conf/vlog.tmx"},
		"formats":      {"vtt,json"},
		"concurrency":  {"4"},
		"allow_source": {"s3://bucket/videos"},
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if !slices.Equal(got[key].values, want[key]) {
			t.Errorf("%s is %q, want %q", key, got[key].values, want[key])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d settings were read, want %d", len(got), len(want))
	}
}

func TestConfigurationErrorsNameTheLine(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"unknown key", "pair: zh-Hans,en\nbackends: [none]\n", "line 2: unknown key backends"},
		{"twice", "pair: a\npair: b\n", "line 2"},
		{"a list for one value", "pair: [zh-Hans, en]\n", "line 1: pair must be one value"},
		{"a mapping in a list", "backend:\n  - {name: openai}\n", "line 1: backend holds something other"},
		{"empty value", "store:\n", "line 1: store must be one value"},
		{"no mapping", "- pair\n", "line 1"},
		{"no YAML", "pair: [\n", "line 1"},
		{"a credential", "openai_api_key: sk-1\n", "line 1: openai_api_key looks like a credential"},
		{"a password in an address", "redis: redis://u:secret@h/0\n", "line 1: redis carries a password"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := parseConfig("duosub.yaml", []byte(tc.text))
			if statusOf(err) != statusUsage || !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("error %v, want one of usage with %q", err, tc.want)
			}
			if strings.Contains(err.Error(), "secret@") || strings.Contains(err.Error(), "sk-1") {
				t.Fatalf("the error repeats the credential: %v", err)
			}
		})
	}
}

func FuzzParseConfig(f *testing.F) {
	f.Add([]byte("pair: zh-Hans,en\nbackend: [none]\nglossary: {a: b}\n"))
	f.Add([]byte("a: &x [*x]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		config, err := parseConfig("duosub.yaml", data)
		if err != nil && statusOf(err) != statusUsage {
			t.Fatalf("error %v", err)
		}
		for key, v := range config {
			if !slices.ContainsFunc(settings, func(s setting) bool { return s.key == key }) || v.origin == "" {
				t.Fatalf("setting %q from %q", key, v.origin)
			}
		}
	})
}

// configured runs a command that has some settings as flags, and answers
// what they came to.
func configured(t *testing.T, environ []string, args ...string) (pair string, backends []string, concurrency int, stderr string, err error) {
	t.Helper()
	var errOut bytes.Buffer
	a := &app{term: newTerminal(&errOut, &errOut), env: newEnv(environ)}
	cmd := &cobra.Command{Use: "test", SilenceErrors: true, SilenceUsage: true, PersistentPreRunE: a.configure, RunE: func(*cobra.Command, []string) error { return nil }}
	cmd.Flags().StringVar(&a.configFile, "config", "", "")
	cmd.Flags().StringVar(&pair, "pair", "zh-Hans,en", "")
	cmd.Flags().StringArrayVar(&backends, "backend", nil, "")
	cmd.Flags().IntVar(&concurrency, "concurrency", 1, "")
	cmd.SetArgs(args)
	err = cmd.Execute()
	return pair, backends, concurrency, errOut.String(), err
}

func TestFlagsOverrideTheEnvironmentAndThatTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "duosub.yaml")
	if err := os.WriteFile(path, []byte("pair: zh-Hant,en\nbackend: [file]\nconcurrency: 2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	pair, backends, concurrency, stderr, err := configured(t,
		[]string{"DUOSUB_CONFIG=" + path, "DUOSUB_PAIR=zh-Hant-HK,en", "DUOSUB_BACKEND=first second", "DUOSUB_TOKEN=t"}, "--backend", "flag")
	if err != nil || stderr != "" {
		t.Fatalf("error %v, said %q", err, stderr)
	}
	if pair != "zh-Hant-HK,en" || !slices.Equal(backends, []string{"flag"}) || concurrency != 2 {
		t.Errorf("pair %q, backends %q, concurrency %d", pair, backends, concurrency)
	}
	_, backends, _, _, err = configured(t, []string{"DUOSUB_BACKEND=first second"}, "--config", path)
	if err != nil || !slices.Equal(backends, []string{"first", "second"}) {
		t.Errorf("backends %q, error %v", backends, err)
	}
}

func TestWrongValuesNameTheirPlace(t *testing.T) {
	_, _, _, _, err := configured(t, []string{"DUOSUB_CONCURRENCY=many"})
	if statusOf(err) != statusUsage || !strings.Contains(err.Error(), "DUOSUB_CONCURRENCY") {
		t.Errorf("error %v", err)
	}
	_, _, _, _, err = configured(t, []string{"DUOSUB_CONFIG=" + filepath.Join(t.TempDir(), "none.yaml")})
	if statusOf(err) != statusUsage || !strings.Contains(err.Error(), "none.yaml") {
		t.Errorf("error %v", err)
	}
}

func TestUnknownVariablesAreTold(t *testing.T) {
	_, _, _, stderr, err := configured(t, []string{"DUOSUB_BACKENDS=none", "DUOSUB_REQUIRE=1", "DUOSUB_SIGNING_KEY=k"})
	if err != nil || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, "DUOSUB_BACKENDS") {
		t.Fatalf("error %v, said %q", err, stderr)
	}
}

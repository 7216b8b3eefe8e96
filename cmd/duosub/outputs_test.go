package main

import (
	"path/filepath"
	"slices"
	"testing"
)

func TestOutputNeverReplacesAnInput(t *testing.T) {
	names := []string{"vlog.en.srt", "vlog.zh-Hans.srt", "vlog.dual.srt", "vlog.dual.json"}
	equal := func(a, b string) bool { return a == b }
	for _, tc := range []struct {
		name   string
		inputs []string
		left   []string
	}{
		{"nothing in the way", []string{"/v/vlog.srt"}, nil},
		{"the input has an output's name", []string{"/v/vlog.en.srt"}, []string{"vlog.en.srt"}},
		{"another input has it", []string{"/v/vlog.srt", "/v/vlog.zh-Hans.srt"}, []string{"vlog.zh-Hans.srt"}},
		{"an input elsewhere has it", []string{"/other/vlog.en.srt"}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			write, left := leaveOut("/v", names, tc.inputs, equal)
			if !slices.Equal(left, tc.left) {
				t.Errorf("left out %q, want %q", left, tc.left)
			}
			if len(write)+len(left) != len(names) {
				t.Errorf("%q are written and %q left out of %q", write, left, names)
			}
		})
	}
}

func TestWalkSkipsOwnOutputs(t *testing.T) {
	names := []string{".hidden.srt", "a.srt", "a.en.vtt", "a.dual.vtt", "a.dual.json", "b.MKV", "b.txt", "c.en.vtt"}
	own := map[string]bool{"a.en.vtt": true, "a.dual.vtt": true}
	if got, want := walkable(names, own), []string{"a.srt", "b.MKV", "c.en.vtt"}; !slices.Equal(got, want) {
		t.Fatalf("inputs %q, want %q", got, want)
	}
}

func TestTwoInputsWithOneBase(t *testing.T) {
	for _, tc := range []struct {
		name  string
		plans []planned
		want  int
	}{
		{"one folder", []planned{{"vlog.srt", "/v", "vlog"}, {"vlog.mp4", "/v", "vlog"}}, statusUsage},
		{"two folders", []planned{{"a/vlog.srt", "/v/a", "vlog"}, {"b/vlog.srt", "/v/b", "vlog"}}, statusDone},
		{"two bases", []planned{{"a.srt", "/v", "a"}, {"b.srt", "/v", "b"}}, statusDone},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := statusOf(collision(tc.plans)); got != tc.want {
				t.Fatalf("exit status %d, want %d", got, tc.want)
			}
		})
	}
}

func TestSeveralInputsGiveOneStatus(t *testing.T) {
	for _, tc := range []struct{ a, b, want int }{
		{0, 0, 0}, {0, 3, 3}, {3, 0, 3}, {3, 1, 1}, {1, 3, 1}, {1, 0, 1},
	} {
		if got := worse(tc.a, tc.b); got != tc.want {
			t.Errorf("%d and %d give %d, want %d", tc.a, tc.b, got, tc.want)
		}
	}
}

func TestFilesAreWrittenWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	if err := writeFiles(dir, []file{{"a.vtt", []byte("A")}, {"b.vtt", []byte("B")}}); err != nil {
		t.Fatal(err)
	}
	// The second name cannot be written, so the folder keeps what it had.
	err := writeFiles(dir, []file{{"a.vtt", []byte("new")}, {"missing/b.vtt", []byte("new")}})
	if statusOf(err) != statusFailed {
		t.Fatalf("error %v", err)
	}
	entries, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	hidden, err := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 2 || len(hidden) != 0 {
		t.Fatalf("the folder holds %q and %q", entries, hidden)
	}
}

package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/duosub/duosub/subtitles/hanzi"
)

func standard(s string) string { return hanzi.Convert(s, hanzi.Simplified, hanzi.Standard) }

// The tables that are embedded were made from today's lists.
func TestTablesHoldOurOwnWords(t *testing.T) {
	pairs, err := corrections(standard)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pairs {
		if got := standard(p.From); got != p.To {
			t.Errorf("%s becomes %s, want %s: run the generator", p.From, got, p.To)
		}
	}
	words, err := hongKongWords(standard)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range words {
		if got := hanzi.Localize(w.simplified, hanzi.Simplified, hanzi.HongKong); got != w.hongKong {
			t.Errorf("%s becomes %s, want %s: run the generator", w.simplified, got, w.hongKong)
		}
		if got := hanzi.Localize(w.hongKong, hanzi.HongKong, hanzi.Simplified); w.back && got != w.simplified {
			t.Errorf("%s goes back to %s, want %s: run the generator", w.hongKong, got, w.simplified)
		}
	}
	if len(pairs) < 1000 || len(words) < 50 {
		t.Errorf("%d corrections, %d words", len(pairs), len(words))
	}
}

func TestExpand(t *testing.T) {
	got, err := expand("(a/b)x(/y)")
	if want := []string{"ax", "axy", "bx", "bxy"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v", got, err)
	}
	for _, bad := range []string{"(a", "(a(b)/c)"} {
		if got, err := expand(bad); err == nil {
			t.Errorf("%q gives %q", bad, got)
		}
	}
	if _, err := correct("干:", standard); err == nil {
		t.Error("a colon at the end is taken")
	}
}

// Of the files of a step the first that knows a beginning of the text
// decides, however much longer a later one's word is.
func TestCombineLetsEarlierFilesDecide(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{
		"a.txt": "# comment\nAB\t1 other\n",
		"b.txt": "ABC\t2\nAB\t3\nB\t4\n",
		"c.txt": "BC\t5\n",
		"d.txt": "\t\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := combine(folder, []string{"a", "b+c"})
	if want := []hanzi.Pair{{From: "AB", To: "1"}, {From: "B", To: "4"}, {From: "BC", To: "5"}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	for _, bad := range []string{"d", "missing"} {
		if _, err := combine(folder, []string{bad}); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}

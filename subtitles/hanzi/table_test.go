package hanzi

import (
	"bytes"
	"errors"
	"io/fs"
	"slices"
	"testing"
)

func TestTableRoundTrip(t *testing.T) {
	pairs := []Pair{{"头", "頭"}, {"发", "發"}, {"头发", "頭髮"}, {"头发干", "頭髮乾"}, {"发头", "發頭"}, {"PN结", "PN結"}, {"𫈉", "𤿨"}, {"头", "忽"}}
	var b bytes.Buffer
	if err := WriteTable(&b, slices.Clone(pairs)); err != nil {
		t.Fatal(err)
	}
	got, err := readTable(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	d := newDictionary(got)
	for _, p := range pairs[:7] {
		if out := string(d.convert(nil, []rune(p.From))); out != p.To {
			t.Errorf("%s becomes %s, want %s", p.From, out, p.To)
		}
	}
	if got[len(got)-2].From != "头发干" || len(got) != 7 {
		t.Errorf("order: %q", got)
	}
	if i := slices.IndexFunc(got, func(p Pair) bool { return p.From == "发头" }); got[i].To != "" {
		t.Errorf("a value that its characters give is stored: %q", got[i])
	}
}

func TestWriteTableRefusesWhatItCannotHold(t *testing.T) {
	for _, p := range []Pair{{"", "x"}, {"一", "a\nb"}} {
		if err := WriteTable(new(bytes.Buffer), []Pair{p}); err == nil {
			t.Errorf("%q is taken", p)
		}
	}
}

func TestDamagedTablesAreErrors(t *testing.T) {
	file, err := tables.ReadFile("tables/t2tw.bin")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := readTable(file[:len(file)/2]); !errors.Is(err, errTable) {
		t.Errorf("half a table: %v", err)
	}
	if _, err := readTable(nil); !errors.Is(err, errTable) {
		t.Errorf("no table: %v", err)
	}
}

func TestEveryEmbeddedTableIsSoundAndSorted(t *testing.T) {
	files, err := fs.Glob(tables, "tables/*.bin")
	if err != nil || len(files) != 11 {
		t.Fatalf("%d tables, %v", len(files), err)
	}
	for _, f := range files {
		data, err := tables.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		pairs, err := readTable(data)
		if err != nil || len(pairs) == 0 {
			t.Fatalf("%s: %d entries, %v", f, len(pairs), err)
		}
		for i := 1; i < len(pairs); i++ {
			if pairs[i-1].From >= pairs[i].From {
				t.Fatalf("%s: %q stands before %q", f, pairs[i-1].From, pairs[i].From)
			}
		}
	}
}

func FuzzReadTable(f *testing.F) {
	for _, name := range []string{"t2tw", "t2hk"} {
		data, err := tables.ReadFile("tables/" + name + ".bin")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<12 {
			return
		}
		pairs, err := readTable(data)
		if err == nil && len(pairs) > 1<<22 {
			t.Errorf("%d entries from %d bytes", len(pairs), len(data))
		}
	})
}

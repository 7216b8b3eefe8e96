package translate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/duosub/duosub/subtitles"
)

func openFile(t testing.TB, path string) *FileMemory {
	t.Helper()
	m, err := OpenFileMemory(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

// numbered are records from one number to another, both included.
func numbered(from, to int) []Record {
	var rs []Record
	for i := from; i <= to; i++ {
		rs = append(rs, record(fmt.Sprintf("sentence %d", i), fmt.Sprintf("句子%d", i), OriginMachine))
	}
	return rs
}

// holds is how many of the records the memory has, all of them right.
func holds(t *testing.T, m Memory, rs []Record) int {
	t.Helper()
	found, err := m.Lookup(context.Background(), queriesOf(rs...))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for i, e := range found {
		if e == nil {
			continue
		}
		n++
		if e.Text != rs[i].Entry.Text || e.Origin != rs[i].Entry.Origin {
			t.Fatalf("%q: %+v", rs[i].Text, e)
		}
	}
	return n
}

func TestFileMemoryKeepsWhatIsStored(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "duosub", "memory")
	m := openFile(t, path)
	rs := numbered(1, 300)
	if n := holds(t, m, rs); n != 0 {
		t.Errorf("an empty memory holds %d", n)
	}
	store(t, m, rs[:100]...)
	store(t, m)
	store(t, m, rs[100:]...)
	if n := holds(t, m, rs); n != 300 {
		t.Errorf("it holds %d of 300", n)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	again := openFile(t, path)
	if n := holds(t, again, rs); n != 300 {
		t.Errorf("opened again it holds %d of 300", n)
	}
	if s := again.Stats(); s.Entries != 300 || s.TornBytes != 0 || s.DamagedLines != 0 || s.Bytes < 300*40 {
		t.Errorf("%+v", s)
	}
	for _, name := range []string{path, path + ".lock"} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

func TestFileMemoryKeepsTheHigherOrigin(t *testing.T) {
	path := filepath.Join(t.TempDir(), "memory")
	m := openFile(t, path)
	store(t, m, record("a", "machine", OriginMachine), record("b", "person", OriginPerson), record("b", "machine", OriginMachine))
	store(t, m, record("a", "tmx", OriginTMX))
	store(t, m, record("a", "machine 2", OriginMachine))
	store(t, m, record("b", "person 2", OriginPerson))
	for _, m := range []*FileMemory{m, openFile(t, path)} {
		if got := textsOf(t, m, queriesOf(record("a", "", ""), record("b", "", ""), record("c", "", ""))); got != "tmx person 2 -" {
			t.Errorf("%s", got)
		}
	}
}

func TestFileMemoriesSeeEachOther(t *testing.T) {
	path := filepath.Join(t.TempDir(), "memory")
	one, two := openFile(t, path), openFile(t, path)
	store(t, one, numbered(1, 5)...)
	if n := holds(t, two, numbered(1, 5)); n != 5 {
		t.Errorf("the other sees %d of 5", n)
	}
	store(t, two, numbered(6, 9)...)
	store(t, one, numbered(10, 12)...)
	for _, m := range []*FileMemory{one, two} {
		if n := holds(t, m, numbered(1, 12)); n != 12 {
			t.Errorf("%d of 12", n)
		}
	}
	person := record("sentence 3", "a person's", OriginPerson)
	store(t, one, person)
	store(t, two, numbered(3, 3)...) // has not looked since
	if n := holds(t, two, []Record{person}); n != 1 {
		t.Error("the machine's entry of one replaced the person's of another")
	}
}

// Wherever a crash cuts the file off, the lines before are there and the file
// goes on.
func TestFileMemoryBearsATornEnd(t *testing.T) {
	dir := t.TempDir()
	full := filepath.Join(dir, "full")
	rs := numbered(1, 3)
	m := openFile(t, full)
	store(t, m, rs...)
	data, err := os.ReadFile(full)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "cut")
	for n := range data {
		if err := os.WriteFile(path, data[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := OpenFileMemory(path)
		if err != nil {
			t.Fatalf("cut at %d: %v", n, err)
		}
		whole := max(bytes.Count(data[:n], []byte("\n"))-1, 0)
		if got := holds(t, m, rs); got != whole {
			t.Fatalf("cut at %d: %d entries, want %d", n, got, whole)
		}
		if torn := int64(n - bytes.LastIndexByte(data[:n], '\n') - 1); n > len(fileHeader) && m.Stats().TornBytes != torn {
			t.Fatalf("cut at %d: %d bytes torn, want %d", n, m.Stats().TornBytes, torn)
		}
		store(t, m, numbered(4, 4)...)
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		m = openFile(t, path)
		if got := holds(t, m, numbered(1, 4)); got != whole+1 || m.Stats().DamagedLines != 0 {
			t.Fatalf("cut at %d, and gone on: %d entries, %+v", n, got, m.Stats())
		}
	}
}

func TestFileMemoryPassesOverDamage(t *testing.T) {
	dir := t.TempDir()
	full := filepath.Join(dir, "full")
	rs := numbered(1, 3)
	m := openFile(t, full)
	store(t, m, rs...)
	data, err := os.ReadFile(full)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "damaged")
	for i := len(fileHeader); i < len(data); i++ {
		damaged := bytes.Clone(data)
		damaged[i] ^= 0x15
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := OpenFileMemory(path)
		if err != nil {
			t.Fatalf("byte %d: %v", i, err)
		}
		// A damaged line feed takes the next line along.
		if got := holds(t, m, rs); got < 1 || got > 2 || m.Stats().DamagedLines == 0 && m.Stats().TornBytes == 0 {
			t.Fatalf("byte %d: %d entries, %+v", i, got, m.Stats())
		}
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpenFileMemoryLeavesOtherFilesAlone(t *testing.T) {
	for _, content := range []string{"1\n00:00:01,000 --> 00:00:02,000\nHello", "duosub memory 2\n", "x", "\x00"} {
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := OpenFileMemory(path)
		var e *subtitles.Error
		if !errors.As(err, &e) || e.Kind != subtitles.ErrMalformed {
			t.Errorf("%q: %v", content, err)
		}
		if data, err := os.ReadFile(path); err != nil || string(data) != content {
			t.Errorf("%q became %q, %v", content, data, err)
		}
	}
	if _, err := OpenFileMemory(t.TempDir()); err == nil {
		t.Error("a folder is opened as a memory")
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenFileMemory(filepath.Join(file, "memory")); err == nil {
		t.Error("a memory is made inside a file")
	}
}

func TestFileMemoryIsCompacted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "memory")
	m, other := openFile(t, path), openFile(t, path)
	text := strings.Repeat("很长的句子", 500)
	rs := make([]Record, 50)
	person := record("a person's", "kept", OriginPerson)
	store(t, m, person)
	written := 0
	for round := range 12 {
		for i := range rs {
			rs[i] = record(fmt.Sprint(i), fmt.Sprint(round, text), OriginMachine)
			written += len(rs[i].Entry.Text)
		}
		store(t, m, rs...)
		if n := holds(t, m, append(rs, person)); n != 51 {
			t.Fatalf("round %d: %d of 51", round, n)
		}
	}
	if s := m.Stats(); s.Entries != 51 || s.Bytes > int64(written)/4 || written < 4*fileCompactFrom {
		t.Errorf("after %d bytes of text: %+v", written, s)
	}
	// The other one has the old file open and has to notice.
	store(t, other, numbered(1, 1)...)
	if n := holds(t, other, append(rs, person)); n != 51 {
		t.Errorf("the other has %d of 51", n)
	}
	if n := holds(t, m, numbered(1, 1)); n != 1 {
		t.Error("what the other stored is in the old file")
	}
	if names, err := filepath.Glob(path + "*"); err != nil || len(names) != 2 {
		t.Errorf("files %v, %v", names, err)
	}
}

func TestFileMemoryGoesOnWhenItsFileIsRemoved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "memory")
	m := openFile(t, path)
	store(t, m, numbered(1, 3)...)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	store(t, m, numbered(4, 5)...)
	if n := holds(t, openFile(t, path), numbered(1, 5)); n != 2 {
		t.Errorf("the new file holds %d, want the 2 that were stored since", n)
	}
}

func TestAClosedFileMemoryRefuses(t *testing.T) {
	m := openFile(t, filepath.Join(t.TempDir(), "memory"))
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Lookup(context.Background(), queriesOf(numbered(1, 1)...)); !errors.Is(err, os.ErrClosed) {
		t.Errorf("Lookup: %v", err)
	}
	if err := m.Store(context.Background(), numbered(1, 1)); !errors.Is(err, os.ErrClosed) {
		t.Errorf("Store: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := m.Store(ctx, numbered(1, 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("Store for a canceled caller: %v", err)
	}
}

func TestFileMemoryWaitsForALockNoLongerThanItsCaller(t *testing.T) {
	m := openFile(t, filepath.Join(t.TempDir(), "memory"))
	other := openFile(t, m.path)
	if err := other.lock.Lock(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*fileLockPoll)
	defer cancel()
	if err := m.Store(ctx, numbered(1, 1)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	if err := other.lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	store(t, m, numbered(1, 1)...)
}

func TestFileMemoryIsSafeForConcurrentUse(t *testing.T) {
	m := openFile(t, filepath.Join(t.TempDir(), "memory"))
	var wg sync.WaitGroup
	for w := range 6 {
		wg.Go(func() {
			for i := range 50 {
				rs := numbered(w*1000+i, w*1000+i)
				if err := m.Store(context.Background(), rs); err != nil {
					t.Error(err)
				}
				if found, err := m.Lookup(context.Background(), queriesOf(rs...)); err != nil || found[0] == nil {
					t.Errorf("%v, %v", found, err)
				}
			}
		})
	}
	wg.Wait()
}

func FuzzOpenFileMemory(f *testing.F) {
	line := appendFileLine(nil, testKey("sentence 1"), EncodeEntry(&Entry{Text: "x", Origin: OriginPerson}))
	f.Add([]byte(fileHeader))
	f.Add(append([]byte(fileHeader), line...))
	f.Add([]byte(fileHeader + string(line) + "\n\nx\n" + string(line[:30])))
	f.Add([]byte("duosub"))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "memory")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := OpenFileMemory(path)
		if err != nil {
			if now, _ := os.ReadFile(path); !bytes.Equal(now, data) {
				t.Error("a file that is no memory was changed")
			}
			return
		}
		before, err := m.Lookup(context.Background(), queriesOf(numbered(1, 1)...))
		if err != nil {
			t.Fatal(err)
		}
		store(t, m, numbered(1, 2)...)
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		m = openFile(t, path)
		after, err := m.Lookup(context.Background(), queriesOf(numbered(1, 2)...))
		if err != nil || after[0] == nil || after[1] == nil || after[1].Text != "句子2" {
			t.Fatalf("%v, %v", after, err)
		}
		if before[0] != nil && before[0].Origin.Rank() > 1 && after[0].Origin != before[0].Origin {
			t.Errorf("%+v was replaced by %+v", before[0], after[0])
		}
	})
}

func BenchmarkFileMemory(b *testing.B) {
	path := filepath.Join(b.TempDir(), "memory")
	m := openFile(b, path)
	rs := numbered(1, 100_000)
	for from := 0; from < len(rs); from += 500 {
		if err := m.Store(context.Background(), rs[from:from+500]); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("open-100k", func(b *testing.B) {
		for b.Loop() {
			m, err := OpenFileMemory(path)
			if err != nil {
				b.Fatal(err)
			}
			if err := m.Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("lookup-500", func(b *testing.B) {
		qs := queriesOf(rs[:500]...)
		for b.Loop() {
			if _, err := m.Lookup(context.Background(), qs); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("store-40", func(b *testing.B) {
		for b.Loop() {
			if err := m.Store(context.Background(), rs[:40]); err != nil {
				b.Fatal(err)
			}
		}
	})
}

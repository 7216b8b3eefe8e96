package translate

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/language"
)

func testKey(s string) Key { return MakeKey("", language.English, language.Chinese, s, "", "") }

func record(source, target string, o Origin) Record {
	return Record{Query: Query{Key: testKey(source), Text: source}, Entry: Entry{Text: target, Parts: []string{target}, Origin: o}}
}

func queriesOf(records ...Record) []Query {
	qs := make([]Query, len(records))
	for i, r := range records {
		qs[i] = r.Query
	}
	return qs
}

// textsOf is what a memory answers, "-" for nothing.
func textsOf(t *testing.T, m Memory, qs []Query) string {
	t.Helper()
	found, err := m.Lookup(context.Background(), qs)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != len(qs) {
		t.Fatalf("%d answers to %d queries", len(found), len(qs))
	}
	texts := make([]string, len(found))
	for i, e := range found {
		texts[i] = "-"
		if e != nil {
			texts[i] = e.Text
		}
	}
	return strings.Join(texts, " ")
}

func store(t *testing.T, m Memory, records ...Record) {
	t.Helper()
	if err := m.Store(context.Background(), records); err != nil {
		t.Fatal(err)
	}
}

func TestProcessMemoryKeepsTheHigherOrigin(t *testing.T) {
	origins := []Origin{OriginMachine, OriginTMX, OriginPerson}
	for i, first := range origins {
		for j, second := range origins {
			m := NewMemory()
			r := record("a", "first", first)
			store(t, m, r)
			store(t, m, record("a", "second", second))
			want := "second"
			if i > j {
				want = "first"
			}
			if got := textsOf(t, m, queriesOf(r)); got != want {
				t.Errorf("%q, then %q: %s, want %s", first, second, got, want)
			}
		}
	}
}

func TestProcessMemoryAnswersCopies(t *testing.T) {
	m := NewMemory()
	r := record("a", "x", OriginMachine)
	store(t, m, r)
	r.Entry.Parts[0] = "changed by the one who stored"
	found, err := m.Lookup(context.Background(), queriesOf(r))
	if err != nil {
		t.Fatal(err)
	}
	found[0].Text, found[0].Parts[0] = "changed", "changed"
	found, err = m.Lookup(context.Background(), queriesOf(r))
	if err != nil || found[0].Text != "x" || found[0].Parts[0] != "x" {
		t.Errorf("%+v, %v", found[0], err)
	}
}

func TestProcessMemoryForgetsWhatWasNotAskedForLongest(t *testing.T) {
	m := newProcessMemory(10)
	all := make([]Record, 40)
	for i := range all {
		all[i] = record(fmt.Sprint(i), fmt.Sprint(i), OriginMachine)
		store(t, m, all[i])
		if got := textsOf(t, m, queriesOf(all[0])); got != "0" {
			t.Fatalf("after %d entries the one that is asked for all the time: %s", i+1, got)
		}
		if n := len(m.young) + len(m.old); n > 20 {
			t.Fatalf("%d entries, at most 20 are allowed", n)
		}
	}
	for _, r := range all[31:] {
		if got := textsOf(t, m, queriesOf(r)); got != r.Entry.Text {
			t.Errorf("one of the last ten entries, %s: %s", r.Entry.Text, got)
		}
	}
	if got := textsOf(t, m, queriesOf(all[1])); got != "-" {
		t.Errorf("an entry from the start that nobody asked for: %s", got)
	}
}

func TestProcessMemoryIsSafeForConcurrentUse(t *testing.T) {
	m := NewMemory()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 200 {
				r := record(fmt.Sprint(i), fmt.Sprint(i), OriginMachine)
				if err := m.Store(context.Background(), []Record{r}); err != nil {
					t.Error(err)
				}
				if found, err := m.Lookup(context.Background(), queriesOf(r)); err != nil || found[0] == nil || found[0].Text != r.Entry.Text {
					t.Errorf("%v, %v", found, err)
				}
			}
		})
	}
	wg.Wait()
}

func TestMemoryOfACanceledCallerDoesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	m := NewMemory()
	r := record("a", "x", OriginMachine)
	if err := m.Store(ctx, []Record{r}); !errors.Is(err, context.Canceled) {
		t.Errorf("Store: %v", err)
	}
	if _, err := m.Lookup(ctx, queriesOf(r)); !errors.Is(err, context.Canceled) {
		t.Errorf("Lookup: %v", err)
	}
}

// fixedMemory answers what it holds, counts what it is asked for and stores
// nothing.
type fixedMemory struct {
	Memory
	asked    int
	readOnly bool
	stored   int
	err      error
}

func (m *fixedMemory) Lookup(ctx context.Context, qs []Query) ([]*Entry, error) {
	m.asked += len(qs)
	if m.err != nil {
		return nil, m.err
	}
	return m.Memory.Lookup(ctx, qs)
}

func (m *fixedMemory) Store(_ context.Context, rs []Record) error { m.stored += len(rs); return m.err }
func (m *fixedMemory) ReadOnly() bool                             { return m.readOnly }

func TestLayeredAnswersTheHighestOrigin(t *testing.T) {
	a, b, c, d := record("a", "a1", OriginMachine), record("b", "b1", OriginPerson), record("c", "c1", OriginMachine), record("d", "", "")
	first := &fixedMemory{Memory: NewMemory()}
	store(t, first.Memory, a, b, c)
	second := &fixedMemory{Memory: NewMemory(), readOnly: true}
	store(t, second.Memory, record("a", "a2", OriginTMX), record("b", "b2", OriginTMX), record("c", "c2", OriginMachine))
	third := &fixedMemory{Memory: NewMemory(), readOnly: true}
	store(t, third.Memory, record("a", "a3", OriginTMX), record("b", "b3", OriginPerson))

	m := Layered(first, nil, second, third)
	if got, want := textsOf(t, m, queriesOf(a, b, c, d)), "a2 b1 c1 -"; got != want {
		t.Errorf("answers %q, want %q", got, want)
	}
	if first.asked != 4 || second.asked != 3 || third.asked != 3 {
		t.Errorf("asked for %d, %d, %d queries, want 4, 3, 3", first.asked, second.asked, third.asked)
	}
}

func TestLayeredAsksNobodyAfterPersons(t *testing.T) {
	r := record("a", "x", OriginPerson)
	first, second := NewMemory(), &fixedMemory{Memory: NewMemory()}
	store(t, first, r)
	if got := textsOf(t, Layered(first, second), queriesOf(r)); got != "x" || second.asked != 0 {
		t.Errorf("answer %s, the second was asked %d times", got, second.asked)
	}
}

func TestLayeredStoresInTheFirstThatKeeps(t *testing.T) {
	tmx, keeps, idle := &fixedMemory{Memory: NewMemory(), readOnly: true}, &fixedMemory{Memory: NewMemory()}, &fixedMemory{Memory: NewMemory()}
	m := Layered(tmx, keeps, idle)
	store(t, m, record("a", "x", OriginMachine))
	if tmx.stored != 0 || keeps.stored != 1 || idle.stored != 0 {
		t.Errorf("stored %d, %d, %d", tmx.stored, keeps.stored, idle.stored)
	}
	if isReadOnly(m) || !isReadOnly(Layered(tmx)) || !isReadOnly(Layered()) {
		t.Error("layers are read-only when all of them are")
	}
	if got := textsOf(t, Layered(), queriesOf(record("a", "", ""))); got != "-" {
		t.Errorf("no layers answer %s", got)
	}
}

func TestLayeredPassesErrorsOn(t *testing.T) {
	broken := &fixedMemory{Memory: NewMemory(), err: errors.New("broken")}
	m := Layered(NewMemory(), broken)
	if _, err := m.Lookup(context.Background(), queriesOf(record("a", "", ""))); !errors.Is(err, broken.err) {
		t.Errorf("Lookup: %v", err)
	}
	if err := Layered(broken).Store(context.Background(), nil); !errors.Is(err, broken.err) {
		t.Errorf("Store: %v", err)
	}
}

func TestEntriesSurviveEncoding(t *testing.T) {
	for _, e := range []Entry{
		{Text: "x", Origin: OriginMachine},
		{Text: "刚搬到上海的时候我谁也不认识。", Parts: []string{"刚搬到上海的时候", "我谁也不认识。"}, Origin: OriginTMX},
		{Text: "When I moved to Shanghai", Parts: []string{"When I moved", "to Shanghai"}, Origin: OriginPerson, Backend: "openai", Model: "m", Prompt: "3", Terms: "ab"},
		{Text: "not its parts", Parts: []string{"a", "b"}, Origin: OriginMachine},
		{Text: "one", Parts: []string{"one"}, Origin: OriginMachine},
		{Text: "<b>\n\u2028 & \"\\", Parts: nil, Origin: OriginMachine},
		{Text: " ", Parts: []string{"", ""}, Origin: OriginMachine},
	} {
		data := EncodeEntry(&e)
		if strings.ContainsAny(string(data), "\n\r") {
			t.Errorf("%+v has a line break: %q", e, data)
		}
		got, err := DecodeEntry(data)
		if err != nil || !reflect.DeepEqual(*got, e) {
			t.Errorf("%s: %+v, %v, want %+v", data, got, err, e)
		}
	}
}

func TestAnUnknownOriginIsAMachines(t *testing.T) {
	e, err := DecodeEntry(EncodeEntry(&Entry{Text: "x", Origin: "who"}))
	if err != nil || e.Origin != OriginMachine || Origin("").Rank() != OriginMachine.Rank() {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestDecodeEntryRefusesWhatIsNone(t *testing.T) {
	for _, s := range []string{"", "1", "11", "11{}", `10{"t":"x"}`, `14{"t":"x"}`, `21{"t":"x"}`, `11{"t":""}`, `11{"p":[]}`, `11{"p":[""]}`, `11{"t":"x"`, `11{"t":1}`, "11null", "\x00\xff"} {
		if e, err := DecodeEntry([]byte(s)); err == nil {
			t.Errorf("%q is read as %+v", s, e)
		}
	}
}

func FuzzDecodeEntry(f *testing.F) {
	f.Add([]byte(`11{"t":"x","p":["x"],"b":"b"}`))
	f.Add([]byte(`13{"p":["a","b"],"s":true}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := DecodeEntry(data)
		if err != nil {
			return
		}
		again, err := DecodeEntry(EncodeEntry(e))
		if err != nil || !reflect.DeepEqual(e, again) {
			t.Errorf("%+v becomes %+v, %v", e, again, err)
		}
	})
}

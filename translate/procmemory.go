package translate

import (
	"context"
	"sync"
)

// ProcessMemoryEntries is how many entries a memory of [NewMemory] keeps at
// least; it holds twice as many at most. The longest track there can be
// ([subtitles.MaxCues]) fits.
const ProcessMemoryEntries = 250_000

// NewMemory makes a memory that lives in this process and is forgotten with
// it. It is bounded: beyond [ProcessMemoryEntries] what was neither stored nor
// looked up for longest is forgotten first.
func NewMemory() Memory { return newProcessMemory(ProcessMemoryEntries) }

// processMemory keeps two generations. Entries enter the young one; when it is
// full it becomes the old one, whose own entries are forgotten, except those
// that were looked up meanwhile and so moved to the young one.
type processMemory struct {
	mu         sync.Mutex
	size       int
	young, old map[Key]*Entry
}

func newProcessMemory(size int) *processMemory {
	return &processMemory{size: size, young: map[Key]*Entry{}}
}

func (m *processMemory) Lookup(ctx context.Context, queries []Query) ([]*Entry, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	found := make([]*Entry, len(queries))
	for i, q := range queries {
		if e := m.get(q.Key); e != nil {
			found[i] = e.clone()
		}
	}
	return found, nil
}

func (m *processMemory) Store(ctx context.Context, records []Record) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range records {
		r := &records[i]
		if e := m.get(r.Key); e != nil && e.Origin.Rank() > r.Entry.Origin.Rank() {
			continue
		}
		m.put(r.Key, r.Entry.clone())
	}
	return nil
}

// get finds an entry and keeps it young.
func (m *processMemory) get(k Key) *Entry {
	if e := m.young[k]; e != nil {
		return e
	}
	e := m.old[k]
	if e != nil {
		m.put(k, e)
	}
	return e
}

func (m *processMemory) put(k Key, e *Entry) {
	if _, known := m.young[k]; !known && len(m.young) >= m.size {
		m.old, m.young = m.young, make(map[Key]*Entry)
	}
	m.young[k] = e
}

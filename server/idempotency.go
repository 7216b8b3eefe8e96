package server

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"time"
)

// An IdempotencyStore remembers what requests with an Idempotency-Key were
// answered, so that a caller that heard no answer can ask again without
// starting anything twice. Keys come hashed.
type IdempotencyStore interface {
	// Begin claims the key for a request with this fingerprint. It answers
	// nil for a key that is claimed now, the answer of an earlier request
	// with the same fingerprint, [ErrKeyReused] where the fingerprint was
	// another one, and [ErrKeyPending] where that request is under way. A
	// store that outlives its processes lets claims that are never finished
	// expire.
	Begin(ctx context.Context, key, fingerprint string) (*Answer, error)
	// Finish keeps the answer to a claimed key, for a day or so.
	Finish(ctx context.Context, key, fingerprint string, a Answer) error
	// Release gives up a claim without an answer.
	Release(ctx context.Context, key, fingerprint string) error
}

// Errors of IdempotencyStore.Begin.
var (
	ErrKeyReused  = errors.New("the Idempotency-Key was used for another request")
	ErrKeyPending = errors.New("the request with this Idempotency-Key is under way")
)

// An Answer is what a request was answered.
type Answer struct {
	Status   int    `json:"status"`
	Location string `json:"location"`
	Body     []byte `json:"body"`
}

// MemoryIdempotency is an IdempotencyStore in this process. The zero value is
// ready. Where it forgets, a repeated request is answered from the job's
// record as long as its run is queued, running or done.
type MemoryIdempotency struct {
	// TTL is how long an answer is kept; zero means 24 hours.
	TTL time.Duration
	// MaxKeys bounds the keys, MaxBytes the answers kept; the oldest go
	// first. Zero means 10,000 and 32 MiB.
	MaxKeys  int
	MaxBytes int

	mu    sync.Mutex
	keys  map[string]*list.Element
	order list.List // of *idempotencyEntry, oldest first
	bytes int
	now   func() time.Time // replaced in tests
}

type idempotencyEntry struct {
	key, fingerprint string
	answer           *Answer
	since            time.Time
}

// Begin implements IdempotencyStore.
func (m *MemoryIdempotency) Begin(_ context.Context, key, fingerprint string) (*Answer, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.expire()
	if e, ok := m.keys[key]; ok {
		entry := e.Value.(*idempotencyEntry)
		switch {
		case entry.fingerprint != fingerprint:
			return nil, ErrKeyReused
		case entry.answer == nil:
			return nil, ErrKeyPending
		}
		a := *entry.answer
		return &a, nil
	}
	m.add(&idempotencyEntry{key: key, fingerprint: fingerprint, since: m.time()})
	return nil, nil
}

// Finish implements IdempotencyStore.
func (m *MemoryIdempotency) Finish(_ context.Context, key, fingerprint string, a Answer) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.keys[key]; ok {
		if e.Value.(*idempotencyEntry).fingerprint != fingerprint {
			return ErrKeyReused
		}
		m.remove(e)
	}
	m.add(&idempotencyEntry{key: key, fingerprint: fingerprint, answer: &a, since: m.time()})
	m.expire()
	return nil
}

// Release implements IdempotencyStore.
func (m *MemoryIdempotency) Release(_ context.Context, key, fingerprint string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.keys[key]; ok {
		if entry := e.Value.(*idempotencyEntry); entry.fingerprint == fingerprint && entry.answer == nil {
			m.remove(e)
		}
	}
	return nil
}

func (m *MemoryIdempotency) time() time.Time {
	if m.now != nil {
		return m.now()
	}
	return time.Now()
}

func (m *MemoryIdempotency) add(entry *idempotencyEntry) {
	if m.keys == nil {
		m.keys = map[string]*list.Element{}
	}
	m.keys[entry.key] = m.order.PushBack(entry)
	m.bytes += entry.size()
}

func (m *MemoryIdempotency) remove(e *list.Element) {
	entry := m.order.Remove(e).(*idempotencyEntry)
	delete(m.keys, entry.key)
	m.bytes -= entry.size()
}

// expire drops what is too old, and the oldest of what is too much.
func (m *MemoryIdempotency) expire() {
	ttl := orDefault(m.TTL, 24*time.Hour)
	maxKeys := orDefault(int64(m.MaxKeys), 10_000)
	maxBytes := orDefault(int64(m.MaxBytes), 32<<20)
	now := m.time()
	for e := m.order.Front(); e != nil; e = m.order.Front() {
		old := now.Sub(e.Value.(*idempotencyEntry).since) >= ttl
		if !old && int64(len(m.keys)) <= maxKeys && int64(m.bytes) <= maxBytes {
			return
		}
		m.remove(e)
	}
}

func (e *idempotencyEntry) size() int {
	n := len(e.key) + len(e.fingerprint) + 200
	if e.answer != nil {
		n += len(e.answer.Location) + len(e.answer.Body)
	}
	return n
}

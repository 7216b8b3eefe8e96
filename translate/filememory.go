package translate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/duosub/duosub/subtitles"
	"github.com/gofrs/flock"
)

const (
	// fileSyncDelay is how long what was written may wait for the disk.
	fileSyncDelay = time.Second
	// fileLockPoll is how often a lock that another process holds is tried.
	fileLockPoll = 2 * time.Millisecond
	// fileCompactFrom is the least size of a file that is compacted.
	fileCompactFrom = 1 << 20
)

// A FileMemory is a Memory in one append-only file, for work without Redis.
// Any number of processes may use one file at once: each sees what the others
// store.
//
// When Store returns, the records are with the operating system: killing the
// process loses nothing. They are on the disk a second later, or when Close
// returns: a power failure can lose the last second. What a crash left half
// written is cut off when the file is next opened or stored in, lines damaged
// otherwise are passed over; [FileMemory.Stats] tells of both.
//
// Only where the entries stand is kept in process memory (some 80 bytes each).
// Where more than half of a file of a megabyte or more is superseded, it is
// written anew. Beside the file lies an empty one, named like it with ".lock"
// added.
type FileMemory struct {
	path string
	lock *flock.Flock

	mu sync.Mutex
	fileIndex
	torn  int64
	timer *time.Timer // runs while something waits for the disk
	// syncErr is told by Close: the system tells of a failure to reach the
	// disk only once.
	syncErr error
}

var _ Memory = (*FileMemory)(nil)

// fileIndex is an open file and what is known of it.
type fileIndex struct {
	file    *os.File // nil once closed
	info    os.FileInfo
	end     int64 // the file is indexed up to here, the end of a line
	spans   map[Key]fileSpan
	live    int64 // bytes of the lines that the spans mean
	damaged int   // lines that were passed over
}

// FileStats tell about a file of a [FileMemory].
type FileStats struct {
	// Entries is how many entries there are, Bytes the size of the file.
	Entries int
	Bytes   int64
	// TornBytes were cut off the end since the file was opened, DamagedLines
	// were passed over.
	TornBytes    int64
	DamagedLines int
}

// fileSpan says where in the file an entry stands.
type fileSpan struct {
	offset int64
	length int32
	rank   int8
}

// OpenFileMemory opens the memory in a file, which is made if it does not
// exist, with its folders, for no one but the user. A file that is something
// else is left as it is, and the error is a [*subtitles.Error] of kind
// ErrMalformed.
func OpenFileMemory(path string) (*FileMemory, error) {
	m := &FileMemory{path: path}
	if err := m.open(); err != nil {
		var e *subtitles.Error
		if errors.As(err, &e) {
			return nil, err
		}
		return nil, m.wrap("opening", err)
	}
	return m, nil
}

func (m *FileMemory) wrap(doing string, err error) error {
	return fmt.Errorf("%s the translation memory %s: %w", doing, m.path, err)
}

func (m *FileMemory) open() error {
	if err := os.MkdirAll(filepath.Dir(m.path), 0o700); err != nil {
		return err
	}
	// A compacted file takes the place of the old one, not of a link to it.
	if real, err := filepath.EvalSymlinks(m.path); err == nil {
		m.path = real
	}
	m.lock = flock.New(m.path+".lock", flock.SetPermissions(0o600))
	if err := m.lock.Lock(); err != nil {
		return err
	}
	defer m.lock.Unlock()
	if err := m.reopen(); err != nil {
		return err
	}
	if err := m.cutTorn(); err != nil {
		return errors.Join(err, m.file.Close())
	}
	m.compact()
	return nil
}

// Lookup answers one entry a query, nil where there is none. What other
// processes stored meanwhile is found, too.
func (m *FileMemory) Lookup(ctx context.Context, queries []Query) ([]*Entry, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.file == nil {
		return nil, m.wrap("reading", os.ErrClosed)
	}
	found := make([]*Entry, len(queries))
	missed, err := m.readAll(queries, found)
	if err == nil && missed && m.changed() {
		if err = m.refreshShared(ctx); err == nil {
			_, err = m.readAll(queries, found)
		}
	}
	if err != nil {
		return nil, m.wrap("reading", err)
	}
	return found, nil
}

// readAll fills found where it is empty, and reports whether any stays so.
func (m *FileMemory) readAll(queries []Query, found []*Entry) (missed bool, err error) {
	var line []byte
	for i, q := range queries {
		span, ok := m.spans[q.Key]
		if found[i] != nil {
			continue
		}
		if !ok {
			missed = true
			continue
		}
		if line, err = m.readLine(span, line); err != nil {
			return missed, err
		}
		// What is damaged since it was indexed is as good as missing.
		if key, value, ok := parseFileLine(line); ok && key == q.Key {
			if e, err := DecodeEntry(value); err == nil {
				found[i] = e
			}
		}
	}
	return missed, nil
}

// refreshShared reads what others appended. The lock keeps it from reading
// half of what someone is writing.
func (m *FileMemory) refreshShared(ctx context.Context) error {
	if _, err := m.lock.TryRLockContext(ctx, fileLockPoll); err != nil {
		return err
	}
	defer m.lock.Unlock()
	return m.refresh()
}

// Store appends the records, unless there is an entry of higher origin.
func (m *FileMemory) Store(ctx context.Context, records []Record) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(records) == 0 {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.file == nil {
		return m.wrap("writing", os.ErrClosed)
	}
	if _, err := m.lock.TryLockContext(ctx, fileLockPoll); err != nil {
		return m.wrap("locking", err)
	}
	defer m.lock.Unlock()
	if err := m.append(records); err != nil {
		return m.wrap("writing", err)
	}
	m.compact()
	return nil
}

// append writes the records with one write. The file is locked.
func (m *FileMemory) append(records []Record) error {
	if err := m.refresh(); err != nil {
		return err
	}
	if err := m.cutTorn(); err != nil {
		return err
	}
	var buf []byte
	added := make(map[Key]fileSpan, len(records))
	for i := range records {
		r := &records[i]
		rank := int8(r.Entry.Origin.Rank())
		old, known := added[r.Key]
		if !known {
			old, known = m.spans[r.Key]
		}
		if known && old.rank > rank {
			continue
		}
		from := len(buf)
		buf = appendFileLine(buf, r.Key, EncodeEntry(&r.Entry))
		if len(buf)-from > maxFileLine {
			return fmt.Errorf("a translation of %d bytes is more than the memory takes", len(r.Entry.Text))
		}
		added[r.Key] = fileSpan{m.end + int64(from), int32(len(buf) - from), rank}
	}
	if len(buf) == 0 {
		return nil
	}
	if _, err := m.file.WriteAt(buf, m.end); err != nil {
		// A full disk: what was written of it is torn, and goes.
		return errors.Join(err, m.file.Truncate(m.end))
	}
	m.end += int64(len(buf))
	for key, span := range added {
		m.put(key, span)
	}
	if m.timer == nil {
		m.timer = time.AfterFunc(fileSyncDelay, m.sync)
	}
	return nil
}

// put notes where an entry stands.
func (m *FileMemory) put(key Key, span fileSpan) {
	if old, known := m.spans[key]; known {
		if old.rank > span.rank {
			return
		}
		m.live -= int64(old.length)
	}
	m.live += int64(span.length)
	m.spans[key] = span
}

// sync brings what was written to the disk. It holds no lock meanwhile, since
// disks can be slow.
func (m *FileMemory) sync() {
	m.mu.Lock()
	file := m.file
	m.timer = nil
	m.mu.Unlock()
	if file == nil {
		return
	}
	// Compaction may have closed this file, having synced the new one.
	if err := file.Sync(); err != nil && !errors.Is(err, os.ErrClosed) {
		m.mu.Lock()
		m.syncErr = err
		m.mu.Unlock()
	}
}

// Stats tell about the file.
func (m *FileMemory) Stats() FileStats {
	m.mu.Lock()
	defer m.mu.Unlock()
	return FileStats{Entries: len(m.spans), Bytes: m.end, TornBytes: m.torn, DamagedLines: m.damaged}
}

// Close brings everything to the disk and closes the file. The memory cannot
// be used afterwards; closing it again does nothing.
func (m *FileMemory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.file == nil {
		return nil
	}
	if m.timer != nil {
		m.timer.Stop()
	}
	err := errors.Join(m.syncErr, m.file.Sync(), m.file.Close(), m.lock.Close())
	m.file = nil
	if err != nil {
		return m.wrap("closing", err)
	}
	return nil
}

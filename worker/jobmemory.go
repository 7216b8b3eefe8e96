package worker

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/translate"
	"github.com/redis/go-redis/v9"
	"gocloud.dev/gcerrors"
)

// A tracker knows how far a job is. Batches are stored in parallel, so what it
// tells never goes back.
type tracker struct {
	mu   sync.Mutex
	told Progress
	high int
}

// set is told how many units are finished.
func (t *tracker) set(p Progress) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.told, t.high = p, max(t.high, p.Done)
}

// after answers the progress once n more units are stored.
func (t *tracker) after(n int) Progress {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.high = max(t.high, min(t.told.Done+n, t.told.Units))
	return Progress{Units: t.told.Units, Done: t.high}
}

// memoryFor is the memory as a job uses it: what a batch stores, the job's
// progress and its list of memory keys go out in one pipeline, before
// anything else happens. Its commands may run twice when a connection breaks,
// so none of them counts up.
func (s *Service) memoryFor(r *Record, t *tracker) translate.Memory {
	own := s.memory.With(func(ctx context.Context, pipe redis.Pipeliner, records []translate.Record) {
		keys := make([]any, len(records))
		for i, rec := range records {
			keys[i] = rec.Key[:]
		}
		pipe.SAdd(ctx, jobKey(r.ID, "keys"), keys...)
		setProgress(ctx, pipe, r, t.after(len(records)))
	})
	if s.cfg.ReadMemory != nil {
		return translate.Layered(own, s.cfg.ReadMemory)
	}
	return own
}

// keysBlob lists the memory keys that a job has written, 16 bytes each, so
// that a purge finds them when Redis has long forgotten the job.
func keysBlob(id string) string { return "jobs/" + id + "/memory-keys" }

func (s *Service) keepMemoryKeys(ctx context.Context, id string) error {
	keys, err := s.memoryKeys(ctx, id)
	if err != nil || len(keys) == 0 {
		return err
	}
	var b bytes.Buffer
	for _, k := range keys {
		b.Write(k[:])
	}
	if err := s.store.write(ctx, keysBlob(id), "application/octet-stream", b.Bytes()); err != nil {
		return err
	}
	return s.cfg.Redis.Del(ctx, jobKey(id, "keys")).Err()
}

// memoryKeys are the keys of memory entries that a job has written, those of
// the store and those of Redis.
func (s *Service) memoryKeys(ctx context.Context, id string) ([]translate.Key, error) {
	seen := map[translate.Key]bool{}
	var keys []translate.Key
	add := func(b []byte) {
		if k := translate.Key(b); !seen[k] {
			seen[k] = true
			keys = append(keys, k)
		}
	}
	data, err := s.store.bucket.ReadAll(ctx, keysBlob(id))
	if err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return nil, fmt.Errorf("read the memory keys of job %s: %w", id, err)
	}
	for ; len(data) >= translate.KeySize; data = data[translate.KeySize:] {
		add(data[:translate.KeySize])
	}
	members, err := s.cfg.Redis.SMembers(ctx, jobKey(id, "keys")).Result()
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		if len(m) == translate.KeySize {
			add([]byte(m))
		}
	}
	return keys, nil
}

// fingerprintKey leads from a fingerprint to a finished document.
func fingerprintKey(fingerprint string) string { return "duosub:fp:" + fingerprint }

// rememberFingerprint lets later runs find the document. It only saves money,
// so a failure is no failure of the job.
func (s *Service) rememberFingerprint(ctx context.Context, r *Record) {
	for _, o := range r.Outputs {
		if strings.HasSuffix(o.Name, ".dual.json") {
			err := s.cfg.Redis.Set(ctx, fingerprintKey(r.Fingerprint), outputBlob(r.ID, o.Version, o.Name), recordsKept).Err()
			if err != nil {
				s.log.Warn("fingerprint not kept", "job", r.ID, "error", err)
			}
			return
		}
	}
}

// previous answers a finished document with this fingerprint, nil when there
// is none (any more).
func (p *Pool) previous(ctx context.Context, fingerprint string) (*subtitles.Document, error) {
	key, err := p.svc.cfg.Redis.Get(ctx, fingerprintKey(fingerprint)).Result()
	if err == redis.Nil {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	data, err := p.svc.store.bucket.ReadAll(ctx, key)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", key, err)
	}
	d, err := subtitles.ReadJSON(data)
	if err != nil {
		return nil, nil // damaged: translate anew, the memory makes it cheap
	}
	return d, nil
}

// Package redisstore keeps what package translate keeps (the translation
// memory, and which backends are stopped) on Redis, on one node or a cluster.
//
// Keys:
//
//	duosub:m:<16 bytes>          one memory entry, as translate.EncodeEntry writes it
//	duosub:{stops}               a hash of stopped backends, id to reason
//	duosub:{stops}:probe:<id>    there while a stopped backend is left alone
package redisstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/duosub/duosub/translate"
	"github.com/redis/go-redis/v9"
)

// KeyPrefix begins the Redis key of every memory entry; the 16 bytes of the
// translate.Key follow as they are.
const KeyPrefix = "duosub:m:"

// chunk is how many keys or records one command or pipeline takes: large
// enough that round trips do not count, small enough that others get a turn.
const chunk = 500

// Options are the options of a Memory.
type Options struct {
	// TTL is how long an entry made by a machine is kept after it was stored;
	// zero means without end. Entries of persons and TMX files never expire.
	TTL time.Duration
}

// Memory is a translate.Memory on Redis. It is safe for concurrent use by any
// number of processes.
type Memory struct {
	client redis.UniversalClient
	ttl    time.Duration
	// single says that all keys are on one node, so that one command can take
	// several and one node knows the script.
	single bool
}

var _ translate.Memory = (*Memory)(nil)

// New makes a memory on a client, which stays the caller's to close. A
// *redis.Client (one node, with or without Sentinel) is asked for a batch with
// one MGET, any other client (a cluster, a ring) with pipelined GETs.
func New(client redis.UniversalClient, o Options) *Memory {
	_, single := client.(*redis.Client)
	return &Memory{client: client, ttl: max(o.TTL, 0), single: single}
}

func redisKey(k translate.Key) string { return KeyPrefix + string(k[:]) }

// Lookup answers one entry a query, nil where there is none. A value that
// cannot be read counts as none.
func (m *Memory) Lookup(ctx context.Context, queries []translate.Query) ([]*translate.Entry, error) {
	found := make([]*translate.Entry, len(queries))
	get := m.getEach
	if m.single {
		get = m.getMany
	}
	for from := 0; from < len(queries); from += chunk {
		to := min(from+chunk, len(queries))
		if err := get(ctx, queries[from:to], found[from:to]); err != nil {
			return nil, fmt.Errorf("looking up %d translations in the memory on Redis: %w", len(queries), err)
		}
	}
	return found, nil
}

// getMany looks up with one MGET.
func (m *Memory) getMany(ctx context.Context, queries []translate.Query, found []*translate.Entry) error {
	keys := make([]string, len(queries))
	for i, q := range queries {
		keys[i] = redisKey(q.Key)
	}
	values, err := m.client.MGet(ctx, keys...).Result()
	if err != nil {
		return err
	}
	for i, v := range values {
		if s, ok := v.(string); ok && i < len(found) {
			found[i] = decode(s)
		}
	}
	return nil
}

// getEach looks up with one GET a key, pipelined.
func (m *Memory) getEach(ctx context.Context, queries []translate.Query, found []*translate.Entry) error {
	cmds := make([]*redis.StringCmd, len(queries))
	// The pipeline's own error is that of the first command; a missing key is
	// one of them, so each is looked at.
	_, _ = m.client.Pipelined(ctx, func(pipe redis.Pipeliner) error {
		for i, q := range queries {
			cmds[i] = pipe.Get(ctx, redisKey(q.Key))
		}
		return nil
	})
	for i, cmd := range cmds {
		s, err := cmd.Result()
		switch {
		case err == nil:
			found[i] = decode(s)
		case errors.Is(err, redis.Nil) || redis.HasErrorPrefix(err, "WRONGTYPE"):
			// MGET, too, answers nothing for what is no string.
		default:
			return err
		}
	}
	return nil
}

func decode(s string) *translate.Entry {
	e, err := translate.DecodeEntry([]byte(s))
	if err != nil {
		return nil
	}
	return e
}

// storeScript sets KEYS[1] to ARGV[1], unless it holds an entry of higher
// origin in the same encoding. ARGV[2] is the time to live in milliseconds, 0
// for none. What holds anything else is garbage and replaced.
const storeScript = `local old = redis.pcall('GETRANGE', KEYS[1], 0, 1)
if type(old) == 'string' and string.sub(old, 1, 1) == string.sub(ARGV[1], 1, 1) and string.sub(old, 2, 2) <= '3' and string.sub(old, 2, 2) > string.sub(ARGV[1], 2, 2) then return 0 end
if ARGV[2] == '0' then redis.call('SET', KEYS[1], ARGV[1]) else redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
return 1`

var storeSHA = redis.NewScript(storeScript).Hash()

// Store keeps the records in one pipeline (one for each 500 of them). When it
// returns nil, Redis has acknowledged all of them.
func (m *Memory) Store(ctx context.Context, records []translate.Record) error {
	return m.store(ctx, records, nil)
}

func (m *Memory) store(ctx context.Context, records []translate.Record, extra extraFunc) error {
	for from := 0; from < len(records); from += chunk {
		part := records[from:min(from+chunk, len(records))]
		cmds, err := m.client.Pipelined(ctx, func(pipe redis.Pipeliner) error {
			for i := range part {
				m.add(ctx, pipe, &part[i], i == 0 || !m.single)
			}
			if extra != nil {
				extra(ctx, pipe, part)
			}
			return nil
		})
		if err = firstError(cmds, err); err != nil {
			return fmt.Errorf("storing %d translations in the memory on Redis: %w", len(records), err)
		}
	}
	return nil
}

// add adds the command for one record. The first one of a pipeline carries the
// whole script, so that the node knows it when the others name it by its hash,
// also when it was restarted empty a moment ago.
func (m *Memory) add(ctx context.Context, pipe redis.Pipeliner, r *translate.Record, whole bool) {
	ttl := int64(0)
	if r.Entry.Origin == translate.OriginMachine {
		ttl = m.ttl.Milliseconds()
	}
	keys, value := []string{redisKey(r.Key)}, translate.EncodeEntry(&r.Entry)
	if whole {
		pipe.Eval(ctx, storeScript, keys, value, ttl)
		return
	}
	pipe.EvalSha(ctx, storeSHA, keys, value, ttl)
}

// firstError is the first real error of a pipeline's commands: a missing key
// in a caller's command is none.
func firstError(cmds []redis.Cmder, err error) error {
	if err == nil || !errors.Is(err, redis.Nil) {
		return err
	}
	for _, c := range cmds {
		if e := c.Err(); e != nil && !errors.Is(e, redis.Nil) {
			return e
		}
	}
	return nil
}

type extraFunc = func(ctx context.Context, pipe redis.Pipeliner, records []translate.Record)

// With makes a view of the memory whose Store adds the caller's commands to
// the same pipeline, behind the records: what a job keeps about its progress,
// and the list of its keys, goes the same way at the same time as what was
// paid for. extra is called once for each pipeline, at most 500 records at a
// time, and may only add commands.
//
// On one node the commands run in order, records first. On a cluster they run
// on several nodes at once. When a connection breaks the whole pipeline is
// sent again: commands must bear being run twice (HSET and SADD, not HINCRBY).
func (m *Memory) With(extra func(ctx context.Context, pipe redis.Pipeliner, records []translate.Record)) translate.Memory {
	return &view{Memory: m, extra: extra}
}

type view struct {
	*Memory
	extra extraFunc
}

func (v *view) Store(ctx context.Context, records []translate.Record) error {
	return v.store(ctx, records, v.extra)
}

// Delete forgets the entries under the keys, whoever made them, and answers
// how many there were.
func (m *Memory) Delete(ctx context.Context, keys []translate.Key) (int, error) {
	deleted := 0
	for from := 0; from < len(keys); from += chunk {
		part := keys[from:min(from+chunk, len(keys))]
		cmds, err := m.client.Pipelined(ctx, func(pipe redis.Pipeliner) error {
			for _, k := range part {
				pipe.Unlink(ctx, redisKey(k))
			}
			return nil
		})
		if err != nil {
			return deleted, fmt.Errorf("deleting %d entries of the memory on Redis: %w", len(keys), err)
		}
		for _, c := range cmds {
			if n, ok := c.(*redis.IntCmd); ok {
				deleted += int(n.Val())
			}
		}
	}
	return deleted, nil
}

package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// The keys of a job share a hash tag, so that scripts over them work on a
// cluster: duosub:{ID}:rec (hash: json, run, epoch, state, done, units),
// duosub:{ID}:events (stream), duosub:{ID}:keys (set of memory keys) and
// duosub:{ID}:claim (the token of the worker that has it).
func jobKey(id, what string) string { return "duosub:{" + id + "}:" + what }

const (
	// jobsKey is a sorted set of all job ids in Redis by the millisecond of
	// their last change; activeKey holds the unfinished ones by the
	// millisecond of their last sign of life.
	jobsKey   = "duosub:jobs"
	activeKey = "duosub:active"
	// eventsKept bounds a job's event stream, roughly.
	eventsKept = 20_000
	// recordsKept is how long a finished job's record stays in Redis; it is
	// in the store besides.
	recordsKept = 7 * 24 * time.Hour
)

// errFenced means that a job was taken over, started anew or canceled since
// its record was read: whoever gets it has nothing more to write.
var errFenced = errors.New("worker: the job has a newer run or epoch")

// records keeps job records in Redis.
type records struct{ rdb redis.UniversalClient }

// swapScript writes a record and its state event if run and epoch are still
// what the writer saw. KEYS: record, events, claim. ARGV: expected run and
// epoch ("" for no record), token that must hold the claim ("" for whatever),
// new run, new epoch, state, json, event ("" for none), units done ("" to
// leave), seconds to live (0 for ever), events kept, units.
var swapScript = redis.NewScript(`
local seen = redis.call('HMGET', KEYS[1], 'run', 'epoch')
if ARGV[1] == '' then
  if seen[1] then return 0 end
elseif seen[1] ~= ARGV[1] or seen[2] ~= ARGV[2] then
  return 0
end
if ARGV[3] ~= '' and redis.call('GET', KEYS[3]) ~= ARGV[3] then return 0 end
redis.call('HSET', KEYS[1], 'run', ARGV[4], 'epoch', ARGV[5], 'state', ARGV[6], 'json', ARGV[7])
if ARGV[9] ~= '' then redis.call('HSET', KEYS[1], 'done', ARGV[9], 'units', ARGV[12]) end
if ARGV[8] ~= '' then redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[11], '*', 'type', 'state', 'data', ARGV[8]) end
if ARGV[10] ~= '0' then
  redis.call('EXPIRE', KEYS[1], ARGV[10])
  redis.call('EXPIRE', KEYS[2], ARGV[10])
else
  redis.call('PERSIST', KEYS[1])
  redis.call('PERSIST', KEYS[2])
end
return 1`)

// beatScript keeps a claim alive while run, epoch and token are still right.
// KEYS: record, claim. ARGV: run, epoch, token, milliseconds.
var beatScript = redis.NewScript(`
local seen = redis.call('HMGET', KEYS[1], 'run', 'epoch')
if seen[1] ~= ARGV[1] or seen[2] ~= ARGV[2] then return 0 end
local token = redis.call('GET', KEYS[2])
if token and token ~= ARGV[3] then return 0 end
redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[4])
return 1`)

// releaseScript gives a claim up if it is still the caller's.
var releaseScript = redis.NewScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`)

// A fence is the run and epoch that a writer saw.
type fence struct{ run, epoch int }

func fenceOf(r *Record) *fence {
	if r == nil {
		return nil
	}
	return &fence{r.Run, r.Epoch}
}

// load answers the record that Redis holds, nil when there is none.
func (rs records) load(ctx context.Context, id string) (*Record, error) {
	v, err := rs.rdb.HMGet(ctx, jobKey(id, "rec"), "json", "done", "units").Result()
	if err != nil {
		return nil, unavailable("read the record of a job", err)
	}
	data, ok := v[0].(string)
	if !ok {
		return nil, nil
	}
	r := new(Record)
	if err := json.Unmarshal([]byte(data), r); err != nil {
		return nil, fmt.Errorf("the record of job %s cannot be read: %w", id, err)
	}
	if r.State == StateRunning {
		r.Progress = Progress{Units: number(v[2], r.Progress.Units), Done: number(v[1], r.Progress.Done)}
	}
	return r, nil
}

// number reads a field of a hash, fallback where there is none.
func number(v any, fallback int) int {
	if s, ok := v.(string); ok {
		if n, err := strconv.Atoi(s); err == nil {
			return n
		}
	}
	return fallback
}

// swap writes r in place of the record that was seen (nil: of none) and tells
// its state to those who listen. It fails with errFenced when the record has
// changed meanwhile. A token that is not empty must hold the job's claim.
func (rs records) swap(ctx context.Context, seen *fence, token string, r *Record) error {
	now := time.Now().UTC()
	if r.CreatedAt.IsZero() {
		r.CreatedAt = now.Truncate(time.Millisecond)
	}
	r.UpdatedAt = now.Truncate(time.Millisecond)
	data, err := json.Marshal(r)
	if err != nil {
		return err
	}
	event, err := r.StateJSON()
	if err != nil {
		return err
	}
	ttl := 0
	if r.State.Finished() {
		ttl = int(recordsKept.Seconds())
	}
	// The index comes first: an id in it without a record does no harm, a
	// record that is in no index would be a job that nobody looks after.
	score := float64(now.UnixMilli())
	pipe := rs.rdb.Pipeline()
	pipe.ZAdd(ctx, jobsKey, redis.Z{Score: score, Member: r.ID})
	if !r.State.Finished() {
		pipe.ZAdd(ctx, activeKey, redis.Z{Score: score, Member: r.ID})
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return unavailable("list a job", err)
	}
	wantRun, wantEpoch := "", ""
	if seen != nil {
		wantRun, wantEpoch = strconv.Itoa(seen.run), strconv.Itoa(seen.epoch)
	}
	keys := []string{jobKey(r.ID, "rec"), jobKey(r.ID, "events"), jobKey(r.ID, "claim")}
	ok, err := swapScript.Run(ctx, rs.rdb, keys, wantRun, wantEpoch, token, r.Run, r.Epoch, string(r.State), data, event,
		r.Progress.Done, ttl, eventsKept, r.Progress.Units).Int()
	if err != nil {
		return unavailable("write the record of a job", err)
	}
	if ok == 0 {
		return errFenced
	}
	if r.State.Finished() {
		rs.rdb.ZRem(ctx, activeKey, r.ID) // the sweeper removes what stays
	}
	return nil
}

// claimTTL is how long a claim outlives its worker's last sign of life.
const claimTTL = 10 * time.Second

// claim takes a job for the holder of token; false when another has it.
func (rs records) claim(ctx context.Context, id, token string) (bool, error) {
	err := rs.rdb.SetArgs(ctx, jobKey(id, "claim"), token, redis.SetArgs{Mode: "NX", TTL: claimTTL}).Err()
	if errors.Is(err, redis.Nil) {
		return false, nil
	}
	return err == nil, err
}

// beat is a sign of life; false when the job is no longer the caller's.
func (rs records) beat(ctx context.Context, id string, seen *fence, token string) (bool, error) {
	ok, err := beatScript.Run(ctx, rs.rdb, []string{jobKey(id, "rec"), jobKey(id, "claim")},
		strconv.Itoa(seen.run), strconv.Itoa(seen.epoch), token, claimTTL.Milliseconds()).Int()
	if err != nil || ok == 0 {
		return false, err
	}
	return true, rs.rdb.ZAdd(ctx, activeKey, redis.Z{Score: float64(time.Now().UnixMilli()), Member: id}).Err()
}

func (rs records) release(ctx context.Context, id, token string) error {
	return releaseScript.Run(ctx, rs.rdb, []string{jobKey(id, "claim")}, token).Err()
}

// claimed reports whether a living worker has the job.
func (rs records) claimed(ctx context.Context, id string) (bool, error) {
	n, err := rs.rdb.Exists(ctx, jobKey(id, "claim")).Result()
	return n > 0, err
}

// list answers ids by last change, from the given millisecond and id on, and
// their scores.
func (rs records) list(ctx context.Context, after cursor, limit int) ([]redis.Z, error) {
	return rs.rdb.ZRangeByScoreWithScores(ctx, jobsKey, &redis.ZRangeBy{
		Min: strconv.FormatInt(after.millis, 10), Max: "+inf", Count: int64(limit)}).Result()
}

// forget removes everything that Redis holds of a job.
func (rs records) forget(ctx context.Context, id string) error {
	pipe := rs.rdb.Pipeline()
	pipe.Del(ctx, jobKey(id, "rec"), jobKey(id, "events"), jobKey(id, "keys"), jobKey(id, "claim"))
	pipe.ZRem(ctx, jobsKey, id)
	pipe.ZRem(ctx, activeKey, id)
	_, err := pipe.Exec(ctx)
	return err
}

// A cursor is a place in the list of jobs.
type cursor struct {
	millis int64
	id     string
}

func (c cursor) String() string { return strconv.FormatInt(c.millis, 36) + "-" + c.id }

func parseCursor(s string) (cursor, error) {
	if s == "" {
		return cursor{}, nil
	}
	ms, id, ok := strings.Cut(s, "-")
	n, err := strconv.ParseInt(ms, 36, 64)
	if !ok || err != nil || n < 0 {
		return cursor{}, badRequest("the cursor is not one that a list answered")
	}
	return cursor{n, id}, nil
}

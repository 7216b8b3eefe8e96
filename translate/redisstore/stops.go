package redisstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/duosub/duosub/translate"
	"github.com/redis/go-redis/v9"
)

// The braces put all these keys into one slot of a cluster.
const (
	stopsKey    = "duosub:{stops}"
	probePrefix = stopsKey + ":probe:"
)

// Stops keeps on Redis which backends are stopped, for all workers.
//
// A stopped backend is left alone for translate.ProbeInterval. Then Stopped
// answers nil to one caller of all processes, who probes it, and the interval
// begins anew: a prober that dies costs one interval.
type Stops struct {
	client redis.UniversalClient
	probe  time.Duration
}

var _ translate.Stops = (*Stops)(nil)

// NewStops makes a record of stopped backends on a client, which stays the
// caller's to close.
func NewStops(client redis.UniversalClient) *Stops {
	return &Stops{client: client, probe: translate.ProbeInterval}
}

// stop is the JSON object that tells why a backend is stopped.
type stop struct {
	Kind       translate.Kind `json:"kind"`
	Backend    string         `json:"backend,omitempty"`
	Code       string         `json:"code,omitempty"`
	Message    string         `json:"message"`
	RetryAfter int64          `json:"retry_after_ms,omitempty"`
}

func (s *stop) reason() *translate.Error {
	return &translate.Error{Kind: s.Kind, Backend: s.Backend, Code: s.Code, Message: s.Message,
		RetryAfter: time.Duration(s.RetryAfter) * time.Millisecond}
}

// Stopped answers why the backend is stopped, nil when the caller may ask it:
// because it is not stopped, or because this caller is to probe it. A record
// that cannot be read counts as none.
func (s *Stops) Stopped(ctx context.Context, id string) (*translate.Error, error) {
	data, err := s.client.HGet(ctx, stopsKey, id).Result()
	if errors.Is(err, redis.Nil) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("asking Redis whether the backend %s is stopped: %w", id, err)
	}
	why := readStop(data)
	if why == nil {
		return nil, nil
	}
	err = s.client.SetArgs(ctx, probePrefix+id, "1", redis.SetArgs{Mode: "NX", TTL: s.probe}).Err()
	switch {
	case errors.Is(err, redis.Nil): // it is left alone, or someone probes it
		return why, nil
	case err != nil:
		return nil, fmt.Errorf("asking Redis for leave to probe the backend %s: %w", id, err)
	}
	return nil, nil
}

func readStop(data string) *translate.Error {
	var j stop
	if json.Unmarshal([]byte(data), &j) != nil || j.Kind == "" {
		return nil
	}
	return j.reason()
}

// Stop records that the backend is stopped; it is left alone from now on.
func (s *Stops) Stop(ctx context.Context, id string, why *translate.Error) error {
	data, err := json.Marshal(stop{Kind: why.Kind, Backend: why.Backend, Code: why.Code, Message: why.Message, RetryAfter: why.RetryAfter.Milliseconds()})
	if err != nil {
		return fmt.Errorf("recording that the backend %s is stopped: %w", id, err)
	}
	// The leave to probe goes first: between the two nobody probes at once.
	if _, err = s.client.TxPipelined(ctx, func(pipe redis.Pipeliner) error {
		pipe.Set(ctx, probePrefix+id, "1", s.probe)
		pipe.HSet(ctx, stopsKey, id, data)
		return nil
	}); err != nil {
		return fmt.Errorf("recording on Redis that the backend %s is stopped: %w", id, err)
	}
	return nil
}

// Clear records that the backend answers again. Clearing one that is not
// stopped does nothing.
func (s *Stops) Clear(ctx context.Context, id string) error {
	return s.clear(ctx, id)
}

// ClearAll lets every stopped backend be asked again.
func (s *Stops) ClearAll(ctx context.Context) error {
	ids, err := s.client.HKeys(ctx, stopsKey).Result()
	if err != nil {
		return fmt.Errorf("asking Redis for the stopped backends: %w", err)
	}
	return s.clear(ctx, ids...)
}

func (s *Stops) clear(ctx context.Context, ids ...string) error {
	if len(ids) == 0 {
		return nil
	}
	if _, err := s.client.TxPipelined(ctx, func(pipe redis.Pipeliner) error {
		pipe.HDel(ctx, stopsKey, ids...)
		for _, id := range ids {
			pipe.Del(ctx, probePrefix+id)
		}
		return nil
	}); err != nil {
		return fmt.Errorf("recording on Redis that backends answer again: %w", err)
	}
	return nil
}

// Force ends the wait of every stopped backend: the next caller of each probes
// it at once. They stay stopped for everyone else until a probe succeeds.
func (s *Stops) Force(ctx context.Context) error {
	ids, err := s.client.HKeys(ctx, stopsKey).Result()
	if err != nil {
		return fmt.Errorf("asking Redis for the stopped backends: %w", err)
	}
	if len(ids) == 0 {
		return nil
	}
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = probePrefix + id
	}
	if err := s.client.Del(ctx, keys...).Err(); err != nil {
		return fmt.Errorf("ending the wait of stopped backends on Redis: %w", err)
	}
	return nil
}

// All answers every stopped backend and why, by id, and gives no one leave to
// probe: it is for showing.
func (s *Stops) All(ctx context.Context) (map[string]*translate.Error, error) {
	values, err := s.client.HGetAll(ctx, stopsKey).Result()
	if err != nil {
		return nil, fmt.Errorf("asking Redis for the stopped backends: %w", err)
	}
	all := make(map[string]*translate.Error, len(values))
	for id, data := range values {
		if why := readStop(data); why != nil {
			all[id] = why
		}
	}
	return all, nil
}

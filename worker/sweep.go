package worker

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

// The sweeper looks after unfinished jobs: those whose worker died and those
// whose task is gone. Asynq alone gives the task of a killed worker back after
// 60 to 95 seconds; a claim that nobody renews tells it sooner.
const (
	sweepInterval = 2 * time.Second
	sweepKey      = "duosub:sweeper"
	// queuedPatience is how long a queued job may show no sign of life before
	// its task is looked for.
	queuedPatience = time.Minute
	// maxRecoveries bounds how often one run is recovered: a job that kills
	// its workers must not kill them for ever.
	maxRecoveries = 6
	sweepBatch    = 500
)

// sweep looks after the jobs until ctx ends. One worker process at a time
// does it.
func (p *Pool) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepInterval)
	defer tick.Stop()
	for {
		err := p.svc.cfg.Redis.SetArgs(ctx, sweepKey, p.name, redis.SetArgs{Mode: "NX", TTL: sweepInterval - 200*time.Millisecond}).Err()
		if err == nil {
			if err := p.sweepOnce(ctx); err != nil && ctx.Err() == nil {
				p.log.Warn("looking after jobs failed", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (p *Pool) sweepOnce(ctx context.Context) error {
	silent := time.Now().Add(-claimTTL).UnixMilli()
	ids, err := p.svc.cfg.Redis.ZRangeByScore(ctx, activeKey, &redis.ZRangeBy{
		Min: "-inf", Max: strconv.FormatInt(silent, 10), Count: sweepBatch}).Result()
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := p.lookAfter(ctx, id); err != nil && !errors.Is(err, errFenced) {
			return err
		}
	}
	return nil
}

// lookAfter sees to one job that has been silent.
func (p *Pool) lookAfter(ctx context.Context, id string) error {
	s := p.svc
	r, err := s.records.load(ctx, id)
	if err != nil {
		return err
	}
	if r == nil || r.State.Finished() {
		return s.cfg.Redis.ZRem(ctx, activeKey, id).Err()
	}
	if claimed, err := s.records.claimed(ctx, id); err != nil || claimed {
		return err
	}
	if r.State == StateRunning {
		return p.recover(ctx, r, "its worker was lost")
	}
	if time.Since(r.UpdatedAt) < queuedPatience {
		// Out of the way of those that may have lost their worker.
		return p.lookAgain(ctx, id, r.UpdatedAt)
	}
	info, err := s.inspect.GetTaskInfo(string(r.Lane), r.Task)
	switch {
	case errors.Is(err, asynq.ErrTaskNotFound) || errors.Is(err, asynq.ErrQueueNotFound):
		return p.recover(ctx, r, "its task was lost")
	case err != nil:
		return err
	case info.State == asynq.TaskStateArchived || info.State == asynq.TaskStateCompleted:
		return p.recover(ctx, r, "its task had ended")
	}
	return p.lookAgain(ctx, id, time.Now()) // it waits as it should
}

// lookAgain puts a queued job off until its patience after seen is over. A
// worker that takes it brings it back with its first sign of life.
func (p *Pool) lookAgain(ctx context.Context, id string, seen time.Time) error {
	return p.svc.cfg.Redis.ZAdd(ctx, activeKey, redis.Z{Score: float64(seen.Add(queuedPatience).UnixMilli()), Member: id}).Err()
}

// recover raises the epoch of a job and enqueues it anew, or ends it when that
// has been tried too often.
func (p *Pool) recover(ctx context.Context, r *Record, why string) error {
	seen := fenceOf(r)
	if r.Recoveries >= maxRecoveries {
		r.Epoch++
		r.State, r.Reason = StateFailed, ""
		r.Error = &Failure{Code: string(CodeInternal), Message: "the job lost its worker again and again: look at the workers' logs, then retry it"}
		return p.svc.records.swap(ctx, seen, "", r)
	}
	r.Recoveries++
	p.log.Warn("job recovered", "job", r.ID, "run", r.Run, "epoch", r.Epoch+1, "reason", why)
	_, err := p.svc.requeue(ctx, r, "")
	return err
}

package worker

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/duosub/duosub/worker/job"
	"github.com/hibiken/asynq"
)

// PoolConfig is what a Pool works with.
type PoolConfig struct {
	// Service keeps the records; its ServiceConfig.Processor does the work.
	Service *Service
	// Concurrency is how many jobs of the lanes preview, upload and view run
	// at once; zero means 8. A waiting job costs a few kilobytes, and the
	// backends have bounds of their own.
	Concurrency int
	// BackfillConcurrency is how many backfill jobs run at once, in a pool of
	// their own; zero means 4, negative none.
	BackfillConcurrency int
	// ShutdownTimeout is how long calls under way may take to finish when the
	// pool drains; zero means 30 seconds.
	ShutdownTimeout time.Duration
	// Gate is the publish gate; nil means [Lenient].
	Gate *Gate
	// Log is told what an operator wants to know; nil means silence.
	Log *slog.Logger
}

// A Pool takes tasks from the lanes and works on them.
type Pool struct {
	cfg   PoolConfig
	svc   *Service
	gate  Gate
	log   *slog.Logger
	name  string
	drain chan struct{}
}

const (
	// jobTimeout bounds one attempt at a job. Every call takes its context,
	// so nothing outlives it.
	jobTimeout = 6 * time.Hour
	// Asynq's defaults make an idle lane wait a second for a task, and five
	// for a delayed one.
	taskCheckInterval        = 150 * time.Millisecond
	delayedTaskCheckInterval = time.Second
)

// NewPool makes a Pool; Run starts it.
func NewPool(cfg PoolConfig) (*Pool, error) {
	if cfg.Service == nil || cfg.Service.cfg.Processor == nil {
		return nil, badRequest("a pool of workers needs a service with a processor")
	}
	if cfg.Concurrency == 0 {
		cfg.Concurrency = 8
	}
	if cfg.BackfillConcurrency == 0 {
		cfg.BackfillConcurrency = 4
	}
	if cfg.ShutdownTimeout == 0 {
		cfg.ShutdownTimeout = 30 * time.Second
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	p := &Pool{cfg: cfg, svc: cfg.Service, gate: Lenient, log: cfg.Log, name: randomToken(), drain: make(chan struct{})}
	if cfg.Gate != nil {
		p.gate = *cfg.Gate
	}
	return p, nil
}

// Run works until ctx ends, then drains: no new task is taken, calls under
// way finish and are kept, and what is left of a job goes back to its lane.
func (p *Pool) Run(ctx context.Context) error {
	servers := []*asynq.Server{p.server(p.cfg.Concurrency, map[string]int{
		string(job.Preview): 3, string(job.Upload): 2, string(job.View): 1})}
	if p.cfg.BackfillConcurrency > 0 {
		servers = append(servers, p.server(p.cfg.BackfillConcurrency, map[string]int{string(job.Backfill): 1}))
	}
	mux := asynq.NewServeMux()
	mux.Use(exactType)
	mux.HandleFunc(job.TaskType, p.processTask)
	for i, s := range servers {
		if err := s.Start(mux); err != nil {
			for _, started := range servers[:i] {
				started.Shutdown()
			}
			return fmt.Errorf("start the workers: %w", err)
		}
	}
	sweepCtx, stopSweeper := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { p.sweep(sweepCtx) })
	<-ctx.Done()
	stopSweeper()
	p.log.Info("draining")
	for _, s := range servers {
		s.Stop()
	}
	close(p.drain)
	for _, s := range servers {
		wg.Go(s.Shutdown)
	}
	wg.Wait()
	return nil
}

// server is an Asynq server over some lanes, the most urgent first.
func (p *Pool) server(concurrency int, lanes map[string]int) *asynq.Server {
	return asynq.NewServerFromRedisClient(p.svc.cfg.Redis, asynq.Config{
		Concurrency:              concurrency,
		Queues:                   lanes,
		StrictPriority:           true,
		TaskCheckInterval:        taskCheckInterval,
		DelayedTaskCheckInterval: delayedTaskCheckInterval,
		ShutdownTimeout:          p.cfg.ShutdownTimeout,
		RetryDelayFunc:           retryDelay,
		IsFailure:                isFailure,
		Logger:                   asynqLog{p.log},
		LogLevel:                 asynq.WarnLevel,
	})
}

// exactType keeps the mux, which matches by prefix, from handing over a task
// of another type.
func exactType(next asynq.Handler) asynq.Handler {
	return asynq.HandlerFunc(func(ctx context.Context, t *asynq.Task) error {
		if t.Type() != job.TaskType {
			return fmt.Errorf("task type %q: %w", t.Type(), asynq.ErrHandlerNotFound)
		}
		return next.ProcessTask(ctx, t)
	})
}

// asynqLog hands Asynq's own messages on.
type asynqLog struct{ log *slog.Logger }

func (l asynqLog) Debug(args ...any) { l.log.Debug("asynq: " + fmt.Sprint(args...)) }
func (l asynqLog) Info(args ...any)  { l.log.Debug("asynq: " + fmt.Sprint(args...)) }
func (l asynqLog) Warn(args ...any)  { l.log.Warn("asynq: " + fmt.Sprint(args...)) }
func (l asynqLog) Error(args ...any) { l.log.Error("asynq: " + fmt.Sprint(args...)) }

// Fatal must not end the process: that is for main to decide.
func (l asynqLog) Fatal(args ...any) { l.log.Error("asynq: " + fmt.Sprint(args...)) }

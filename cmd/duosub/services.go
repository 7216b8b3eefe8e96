package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/duosub/duosub/translate"
	"github.com/duosub/duosub/translate/redisstore"
	"github.com/duosub/duosub/worker"
	"github.com/spf13/cobra"
	"gocloud.dev/blob"
)

// placeFlags say where jobs, files and the program's own data are.
type placeFlags struct{ redis, store, data string }

func (f *placeFlags) add(cmd *cobra.Command, redisHelp string) {
	fs := cmd.Flags()
	fs.StringVar(&f.redis, "redis", "", "`URL` of Redis: redis://, rediss:// or unix:// ("+redisHelp+")")
	fs.StringVar(&f.store, "store", "", "`URL` of the blob store: file://, s3://, gs:// or azblob:// (default: a folder in the data folder)")
	fs.StringVar(&f.data, "data", "", "`folder` for what must not be lost (default $XDG_STATE_HOME/duosub)")
}

// places are a Redis and a store that are open.
type places struct {
	redis    *connection
	store    *blob.Bucket
	storeURL string
}

func (a *app) openPlaces(ctx context.Context, f placeFlags, use redisUse) (*places, error) {
	p := &places{}
	var err error
	if p.store, p.storeURL, err = a.openStore(ctx, f.store, f.data); err != nil {
		return nil, err
	}
	if p.redis, err = a.openRedis(ctx, f.redis, f.data, use); err != nil {
		_ = p.store.Close()
		return nil, err
	}
	return p, nil
}

func (p *places) Close() error { return errors.Join(p.redis.Close(), p.store.Close()) }

// callerService is a Service for commands that hand in jobs and ask about
// them. Which sources are allowed is the workers' question.
func (a *app) callerService(p *places) (*worker.Service, error) {
	return worker.NewService(worker.ServiceConfig{Redis: p.redis.UniversalClient, Store: p.store, StoreURL: p.storeURL, AcceptAnySource: true})
}

// workerFlags are what "serve" and "worker" have in common.
type workerFlags struct {
	translationFlags
	placeFlags
	allowSources        []string
	concurrency         int
	backfillConcurrency int
	logLevel            string
}

func (f *workerFlags) add(cmd *cobra.Command, redisHelp string) {
	f.translationFlags.add(cmd)
	f.placeFlags.add(cmd, redisHelp)
	fs := cmd.Flags()
	fs.StringArrayVar(&f.allowSources, "allow-source", nil, "URL `prefix` that sources of jobs may have, besides uploads and the store; repeatable")
	fs.IntVar(&f.concurrency, "concurrency", 0, "how many jobs to work on at once, `n` (default 8)")
	fs.IntVar(&f.backfillConcurrency, "backfill-concurrency", 0, "how many backfill jobs besides, `n`, in a pool of their own (default 4, -1 for none)")
	fs.StringVar(&f.logLevel, "log-level", "info", "`level` of the log on standard error: debug, info, warn, error")
	complete(cmd, "log-level", func() []string { return []string{"debug", "info", "warn", "error"} })
}

// logger writes an operator's log to standard error.
func (a *app) logger(level string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, usagef("--log-level: %q is none of debug, info, warn, error", level)
	}
	return slog.New(slog.NewTextHandler(a.term.err, &slog.HandlerOptions{Level: l})), nil
}

// A workshop is a Service and a Pool over places that are open.
type workshop struct {
	*places
	service *worker.Service
	pool    *worker.Pool
	log     *slog.Logger
}

// openWorkshop opens everything that working on jobs needs. What a person got
// wrong is found before a Redis is started.
func (a *app) openWorkshop(ctx context.Context, f *workerFlags, use redisUse) (_ *workshop, err error) {
	w := &workshop{}
	if w.log, err = a.logger(f.logLevel); err != nil {
		return nil, err
	}
	if f.concurrency < 0 {
		return nil, usagef("--concurrency must be 1 or more")
	}
	cfg := worker.ProcessorConfig{Log: w.log}
	if cfg.Backends, err = a.openBackends(f.backends); err != nil {
		return nil, err
	}
	if cfg.Glossaries, err = openGlossaries(f.glossaries); err != nil {
		return nil, err
	}
	m, err := openMemories(f.memory)
	if err != nil {
		return nil, err
	}
	if m.redis != "" {
		return nil, usagef("--memory takes a TMX file here: jobs keep their memory on the Redis of the queue")
	}
	if w.places, err = a.openPlaces(ctx, f.placeFlags, use); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = w.places.Close()
		}
	}()
	a.warnOfEviction(ctx, w.redis)
	client := w.redis.UniversalClient
	cfg.Fuzzy = m.tmx
	cfg.Memory = withTMX(redisstore.New(client, redisstore.Options{}), m.tmx)
	cfg.Stops = redisstore.NewStops(client)
	processor, err := worker.NewProcessor(cfg)
	if err != nil {
		return nil, err
	}
	sc := worker.ServiceConfig{Redis: client, Store: w.store, StoreURL: w.storeURL,
		AllowSources: f.allowSources, Processor: processor, ReadMemory: readMemory(m.tmx), Log: w.log}
	if w.service, err = worker.NewService(sc); err != nil {
		return nil, usagef("%s", sentence(err))
	}
	w.pool, err = worker.NewPool(worker.PoolConfig{Service: w.service, Concurrency: f.concurrency,
		BackfillConcurrency: f.backfillConcurrency, Log: w.log})
	return w, err
}

// readMemory keeps a nil pointer from becoming an interface that is not nil.
func readMemory(tmx translate.FuzzyMemory) translate.Memory {
	if tmx == nil {
		return nil
	}
	return tmx
}

// work runs until ctx ends, or until one of the things that it needs does, and
// tells how that came. While it drains, a second signal ends the program.
func (w *workshop) work(ctx context.Context, a *app, also ...func(context.Context) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	tasks := append([]func(context.Context) error{w.pool.Run}, also...)
	ended := make(chan error, len(tasks))
	for _, task := range tasks {
		go func() { ended <- task(ctx) }()
	}
	go func() {
		select {
		case <-ctx.Done():
		case <-w.redis.died():
			stop(w.redis.child.Err())
		}
	}()
	var first error
	told := false
	tell := func() {
		if !told {
			told = true
			a.term.say("stopping: calls under way are finished and kept; once more to stop at once")
		}
	}
	for running := len(tasks); running > 0; {
		select {
		case err := <-ended:
			running--
			if err != nil && first == nil {
				first = err
			}
			stop(err)
		case <-ctx.Done():
			tell()
			err := <-ended
			running--
			if err != nil && first == nil {
				first = err
			}
		}
	}
	if cause := context.Cause(ctx); first == nil && cause != nil && !errors.Is(cause, context.Canceled) {
		first = cause
	}
	return first
}

package main

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/duosub/duosub/translate"
	"github.com/duosub/duosub/worker"
)

// A translation is one input on its way.
type translation struct {
	planned
	req    worker.Request
	opened *worker.Opened // nil where there are too many inputs to keep
	err    error          // why the input cannot be used
	done   chan struct{}
	result *worker.Result
	left   []string // outputs left out, since they are inputs
	told   *translate.Estimate
}

// keepOpened is how many inputs are kept in memory between planning and
// translating; beyond, each is read again.
const keepOpened = 64

// plan reads every input and finds what stands in the way before anything is
// sent. An input that cannot be used does not keep the others from being done.
func (f *translateFlags) plan(ctx context.Context, p *worker.Processor, req worker.Request, inputs []string, bar *progressBar) ([]*translation, error) {
	var work []*translation
	var plans []planned
	for _, input := range inputs {
		w := &translation{planned: planned{input: input}, req: req, done: make(chan struct{})}
		work = append(work, w)
		w.req.Path, w.req.InputName = input, filepath.Base(input)
		w.req.OnUnits = func(done, total int) { bar.set(input, done, total) }
		dir := f.out
		if dir == "" {
			dir = filepath.Dir(input)
		}
		abs, err := filepath.Abs(dir)
		if err != nil {
			return nil, failf("%s", sentence(err))
		}
		w.dir = abs
		o, err := p.Open(ctx, w.req)
		if ctx.Err() != nil {
			return nil, failf("stopped before anything was sent")
		}
		if err != nil {
			w.err = err
			continue
		}
		w.base = o.Base
		if len(inputs) <= keepOpened {
			w.opened = o
		}
		plans = append(plans, w.planned)
	}
	return work, collision(plans)
}

// canWriteAll finds out whether every folder for outputs can be written.
func canWriteAll(work []*translation) error {
	known := map[string]bool{}
	for _, w := range work {
		if w.err != nil || known[w.dir] {
			continue
		}
		if err := canWrite(w.dir); err != nil {
			return err
		}
		known[w.dir] = true
	}
	return nil
}

// run takes one input all the way.
func (f *translateFlags) run(ctx context.Context, p *worker.Processor, w *translation, inputs []string) {
	if w.err != nil {
		return
	}
	if ctx.Err() != nil {
		w.err = failf("not begun, since the command was stopped")
		return
	}
	o := w.opened
	w.opened = nil
	if o == nil {
		if o, w.err = p.Open(ctx, w.req); w.err != nil {
			return
		}
	}
	// ctx ends the work by draining it.
	working := context.WithoutCancel(ctx)
	if f.estimate {
		w.told, w.err = o.Estimate(working)
		return
	}
	w.result, w.err = o.Run(working)
	if errors.Is(w.err, translate.ErrDrained) {
		w.err = &exit{status: statusFailed, err: w.err, message: "stopped before the end; what was translated is kept and will not be bought again: run the same command once more"}
	}
	if w.err != nil {
		return
	}
	w.left, w.err = w.write(inputs, f.overwrite)
}

// write writes the outputs, dual.json last. One that would replace an input is
// left out.
func (w *translation) write(inputs []string, overwrite bool) (left []string, err error) {
	files, left, err := writable(w.result.Document, w.result.Files, w.dir, w.base, inputs)
	if err != nil {
		return left, err
	}
	if !overwrite {
		if err := protect(w.dir, files); err != nil {
			return left, err
		}
	}
	return left, writeFiles(w.dir, files)
}

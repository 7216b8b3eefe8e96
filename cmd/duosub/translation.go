package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/translate"
	"github.com/duosub/duosub/worker"
)

// A translation is one input on its way.
type translation struct {
	planned
	req    worker.Request
	opened *worker.Opened // nil where there are too many inputs to keep
	names  []string       // all outputs
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
		w.base, w.names = o.Base, o.OutputNames()
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
// left out, and dual.json does not list it.
func (w *translation) write(inputs []string, overwrite bool) (left []string, err error) {
	var names []string
	for _, file := range w.result.Files {
		names = append(names, file.Name)
	}
	keep, left := leaveOut(w.dir, names, inputs, sameFile)
	list := slices.DeleteFunc(slices.Clone(w.result.Document.Outputs), func(name string) bool { return !slices.Contains(keep, name) })
	if w.result.State == worker.StatePartial && len(list) == 0 {
		// What an earlier run wrote stays where it is and remains its own.
		list = w.earlierOutputs()
	}
	if err := w.relist(list); err != nil {
		return left, err
	}
	var files []file
	for _, f := range w.result.Files {
		if slices.Contains(keep, f.Name) {
			files = append(files, file{f.Name, f.Data})
		}
	}
	if !overwrite {
		if err := protect(w.dir, files); err != nil {
			return left, err
		}
	}
	return left, writeFiles(w.dir, files)
}

// earlierOutputs are the files of an earlier run that are still there.
func (w *translation) earlierOutputs() []string {
	listed, _ := listedOutputs(filepath.Join(w.dir, w.base+dualSuffix))
	return slices.DeleteFunc(listed, func(name string) bool {
		_, err := os.Stat(filepath.Join(w.dir, filepath.Base(name)))
		return err != nil
	})
}

// relist has dual.json list these outputs: a walk through the folder passes
// over what is listed, and must neither pass over an input nor take in an
// output.
func (w *translation) relist(outputs []string) error {
	doc := w.result.Document
	if slices.Equal(outputs, doc.Outputs) {
		return nil
	}
	doc.Outputs = outputs
	for i, f := range w.result.Files {
		if !strings.HasSuffix(f.Name, dualSuffix) {
			continue
		}
		var b strings.Builder
		if err := subtitles.WriteJSON(&b, doc); err != nil {
			return err
		}
		w.result.Files[i].Data = []byte(b.String())
	}
	return nil
}

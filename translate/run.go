package translate

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/duosub/duosub/subtitles"
)

// Translate translates every unit of the work.
//
// A unit that no backend could translate is StatusUntranslated in the
// outcome; that is no error. Errors are: the context's; ErrDrained; an error
// of the memory or of OnBatch; or an [*Error] of the kinds transient (outage),
// rate_limited, quota, authentication or invalid_request when every backend
// fails that way, so that waiting or a person is needed. What was translated
// before the error is in the memory.
//
// Once work has begun, the outcome is there beside an error too: it tells what
// was consumed, and units that were not reached are untranslated in it with
// the reason [ReasonUnfinished].
func (t *Translator) Translate(ctx context.Context, w Work) (*Outcome, error) {
	r, err := t.newRun(w)
	if err != nil {
		return nil, err
	}
	if err := r.remember(ctx); err != nil {
		return nil, err
	}
	if err := r.report(ctx, r.finished()); err != nil {
		return r.outcome(), err
	}
	err = r.work(ctx)
	return r.outcome(), err
}

// The reasons of units that no check refused. Beside these, Result.Reason
// holds the check that failed last.
const (
	// ReasonUnfinished: the work ended before the unit's turn.
	ReasonUnfinished = "unfinished"
	// ReasonNotInMemory: no backend translates, and the memory has no entry.
	ReasonNotInMemory = "not_in_memory"
	// ReasonTooShort: the translation has too few characters for the unit's
	// cues.
	ReasonTooShort = "too_short_to_split"
)

// A run is one Translate.
type run struct {
	t     *Translator
	w     Work
	items []*item
	// planned are the terms of a planning pass.
	planned []Term
	// going ends when no further request is to be sent: by the caller's
	// context, the drain, or a failure of another batch. Calls under way go on
	// (they will have to be paid) unless the caller's own context ends.
	going context.Context

	mu      sync.Mutex // guards uses and repairs
	uses    []Use
	repairs map[string]int

	telling sync.Mutex // OnBatch is called one at a time
}

// An item is one unit of a run. Once the batches are cut, an item belongs to
// the one worker that has its batch.
type item struct {
	index int
	unit  subtitles.Unit
	// source is the unit's joined text; prev and next are its neighbours', in
	// the track.
	source, prev, next string
	query              Query
	terms              []Term // of the glossary, that occur in it
	termsHash          string
	// known is the memory's entry that counts, stale one that counts only for
	// a backend that takes any.
	known, stale *Entry
	// twins are later items with the same key: they are answered with it.
	twins []*item
	// ready holds the finished result.
	ready  bool
	result Result
	// whole is the accepted translation as one text.
	whole string
	// asked says that a backend answered for this unit, however badly; reason
	// says what was wrong last.
	asked  bool
	reason string
	// alone counts the requests for this unit alone to the present backend.
	alone int
}

// newRun checks the work and makes its items.
func (t *Translator) newRun(w Work) (*run, error) {
	r := &run{t: t, w: w, repairs: map[string]int{}, uses: make([]Use, len(t.cfg.Backends))}
	for i, b := range t.cfg.Backends {
		r.uses[i] = Use{Name: b.caps.Name, Model: b.caps.Model, Price: b.caps.Price}
	}
	r.items = make([]*item, len(w.Units))
	for i, u := range w.Units {
		if u.First < 0 || u.Last < u.First || len(u.Parts) != u.Len() || w.Cues != nil && u.Last >= len(w.Cues) || w.Cues == nil && u.Len() != 1 {
			return nil, &Error{Kind: KindInvalid, Message: "a unit does not fit its cues"}
		}
		r.items[i] = &item{index: i, unit: u, source: subtitles.JoinParts(u.Parts, w.Source)}
	}
	for i, it := range r.items {
		if r.w.linked(i - 1) {
			it.prev = r.items[i-1].source
		}
		if r.w.linked(i) {
			it.next = r.items[i+1].source
		}
		it.query = Query{Key: MakeKey(t.cfg.Tenant, w.Source, w.Target, it.source, it.prev, it.next),
			Source: w.Source, Target: w.Target, Text: subtitles.Normalize(it.source), Prev: it.prev, Next: it.next}
		if t.cfg.Glossary != nil {
			it.terms = t.cfg.Glossary.Match(w.Source, w.Target, it.source)
		}
		if len(it.terms) > 0 {
			it.termsHash = HashTerms(it.terms)
		}
	}
	return r, nil
}

// linked reports whether unit i and the one after it belong to one text.
func (w *Work) linked(i int) bool {
	if i < 0 || i+1 >= len(w.Units) {
		return false
	}
	return w.link == nil || w.link[i]
}

// finish records an item's result.
func (it *item) finish(res Result) {
	res.Unit = it.index
	it.result, it.ready = res, true
}

// finished are the results that are there.
func (r *run) finished() []Result {
	var done []Result
	for _, it := range r.items {
		if it.ready {
			done = append(done, it.result)
		}
	}
	return done
}

// pending are the items that a backend has to answer, in order.
func (r *run) pending() []*item {
	twin := map[*item]bool{}
	var items []*item
	for _, it := range r.items {
		for _, other := range it.twins {
			twin[other] = true
		}
		if !it.ready && !twin[it] {
			items = append(items, it)
		}
	}
	return items
}

// work translates what is pending, in parallel batches.
func (r *run) work(ctx context.Context) error {
	items := r.pending()
	if len(items) == 0 {
		return nil
	}
	going, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	r.going = going
	if r.w.Drain != nil {
		go func() {
			select {
			case <-r.w.Drain:
				stop(ErrDrained)
			case <-going.Done():
			}
		}()
	}
	lead := r.t.lead()
	if err := r.planTerms(ctx, lead, items); err != nil {
		return err
	}
	batches := cut(items, r.t.cfg.BatchUnits, r.t.cfg.Backends[lead].caps)
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(len(batches), r.t.cfg.Backends[lead].caps.Concurrency) {
		group.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(batches) || r.interrupted() != nil {
					return
				}
				if err := r.batch(ctx, batches[i]); err != nil {
					stop(err)
					return
				}
			}
		})
	}
	group.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	err := r.interrupted()
	if errors.Is(err, ErrDrained) && len(unready(items)) == 0 {
		return nil
	}
	return err
}

// lead is the index of the backend whose limits shape the batches: the first
// that translates, else the first.
func (t *Translator) lead() int {
	for i, b := range t.cfg.Backends {
		if !b.caps.MemoryOnly {
			return i
		}
	}
	return 0
}

// batch takes one batch from backend to backend until every unit is answered
// or none is left to ask.
func (r *run) batch(ctx context.Context, items []*item) error {
	var failure *Error
	for at, b := range r.t.cfg.Backends {
		items = unready(items)
		if len(items) == 0 {
			return nil
		}
		if b.caps.MemoryOnly {
			if err := r.fromMemoryOnly(ctx, items); err != nil {
				return err
			}
			continue
		}
		for _, it := range items {
			it.alone = 0
		}
		for _, piece := range cut(items, r.t.cfg.BatchUnits, b.caps) {
			l := &ladder{run: r, at: at, caps: b.caps}
			err := l.ask(ctx, piece, false)
			if err == nil {
				continue
			}
			var e *Error
			if ctx.Err() != nil || !errors.As(err, &e) {
				return err
			}
			if e.Kind == KindUnsupported {
				// The pair stays unsupported; that is an answer, not an outage.
				for _, it := range unready(items) {
					it.asked, it.reason = true, string(KindUnsupported)
				}
			} else {
				failure = softer(failure, e)
			}
			break
		}
	}
	return r.giveUp(ctx, unready(items), failure)
}

// giveUp marks units untranslated that a backend answered badly or that no
// backend is there for. Where units are left that only an outage, a limit or
// a stop kept from being asked, that failure is returned.
func (r *run) giveUp(ctx context.Context, items []*item, failure *Error) error {
	var lost []*item
	for _, it := range items {
		if failure != nil && !it.asked {
			continue
		}
		if it.reason == "" {
			it.reason = ReasonNotInMemory
		}
		it.finish(Result{Status: subtitles.StatusUntranslated, Reason: it.reason})
		lost = append(lost, it)
	}
	if err := r.report(ctx, r.withTwins(lost)); err != nil {
		return err
	}
	if len(lost) < len(items) {
		return failure
	}
	return nil
}

func unready(items []*item) []*item {
	var left []*item
	for _, it := range items {
		if !it.ready {
			left = append(left, it)
		}
	}
	return left
}

// withTwins are the results of the items and of those with the same key.
func (r *run) withTwins(items []*item) []Result {
	var results []Result
	for _, it := range items {
		results = append(results, it.result)
		for _, twin := range it.twins {
			res := it.result
			res.Findings = slices.Clone(res.Findings)
			if twin.unit.Len() == len(res.Parts) {
				res.Parts = slices.Clone(res.Parts)
			} else if res.Parts != nil {
				res.Parts = r.split(twin, it.whole)
				if res.Parts == nil {
					res = Result{Status: subtitles.StatusUntranslated, Reason: ReasonTooShort}
				}
			}
			twin.finish(res)
			results = append(results, twin.result)
		}
	}
	return results
}

// report tells the caller of new results.
func (r *run) report(ctx context.Context, done []Result) error {
	if len(done) == 0 || r.w.OnBatch == nil {
		return nil
	}
	r.telling.Lock()
	defer r.telling.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	slices.SortFunc(done, func(a, b Result) int { return a.Unit - b.Unit })
	return r.w.OnBatch(ctx, done)
}

// outcome sums up; every worker has ended.
func (r *run) outcome() *Outcome {
	out := &Outcome{Results: make([]Result, len(r.items)), Repairs: r.repairs}
	for i, it := range r.items {
		if !it.ready {
			it.finish(Result{Status: subtitles.StatusUntranslated, Reason: ReasonUnfinished})
		}
		out.Results[i] = it.result
	}
	for _, u := range r.uses {
		if u.Calls > 0 {
			out.Uses = append(out.Uses, u)
		}
	}
	return out
}

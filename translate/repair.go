package translate

import (
	"context"
	"errors"
	"slices"

	"github.com/duosub/duosub/subtitles"
)

const (
	// maxAlone bounds how often a unit is asked for alone, a backend.
	maxAlone = 3
	// maxBarren bounds how many calls in a row may bring nothing. It is enough
	// to walk down to the one unit that spoils a batch, and ends a backend that
	// answers nothing well.
	maxBarren = 16
)

// A ladder gets one batch out of one backend. It asks for all units, then for
// those that are missing, then halves, down to single units. A stubborn unit
// costs a few calls and never the others.
type ladder struct {
	run  *run
	at   int
	caps Caps
	// barren counts the calls in a row that brought nothing.
	barren int
	// wary says that texts of this batch stood under wrong keys before. Then
	// replies have to look right, not just not wrong, and lines that could be
	// translated in a unit's place are not sent along.
	wary bool
}

// ask asks for units and climbs down where the answer is not good enough.
// again says that exactly these units were asked for just before. The error
// is one after which the backend, or the whole work, is given up; units that
// could not be had are simply not ready afterwards.
func (l *ladder) ask(ctx context.Context, items []*item, again bool) error {
	if len(items) == 0 || l.barren >= maxBarren {
		return nil
	}
	req := l.run.request(items, l.caps)
	if again && l.caps.LLM {
		req.Hint = joinSentences(req.Hint, retryHint(items))
	}
	if l.wary {
		req.After = nil
		if len(items) == 1 {
			req.Before = nil
		}
	}
	v, err := l.send(ctx, items, req)
	if err != nil {
		return err
	}
	if err := l.accept(ctx, v); err != nil {
		return err
	}
	rest := without(items, v)
	if len(v.accepted) > 0 {
		l.barren = 0
	} else if len(items) > 1 || items[0].alone == 0 {
		// The second and third request for a single unit say nothing new about
		// the others.
		l.barren++
	}
	switch {
	case len(rest) == 0:
	case len(items) == 1:
		it := items[0]
		it.alone++
		if it.alone < maxAlone && v.next != stepHalve {
			return l.ask(ctx, items, true)
		}
	case v.next == stepAlone:
		for _, it := range rest {
			if err := l.ask(ctx, []*item{it}, false); err != nil {
				return err
			}
		}
	case v.next != stepHalve && (len(rest) < len(items) || !again):
		return l.ask(ctx, rest, true)
	default:
		middle := (len(rest) + 1) / 2
		if err := l.ask(ctx, rest[:middle], false); err != nil {
			return err
		}
		return l.ask(ctx, rest[middle:], false)
	}
	return nil
}

// send sends the request and judges the reply. Errors that are about this
// request, not about the backend, become verdicts.
func (l *ladder) send(ctx context.Context, items []*item, req *Request) (*verdict, error) {
	reply, err := l.run.call(ctx, l.at, req)
	if err == nil {
		v := l.run.judge(items, req, reply, l.caps, l.wary)
		l.wary = l.wary || v.confused
		l.run.count(v)
		return v, nil
	}
	var e *Error
	if !errors.As(err, &e) {
		return nil, err
	}
	var next step
	switch e.Kind {
	case KindTooLong, KindRefused:
		next = stepHalve
	case KindBadOutput:
		next = stepAgain
	default:
		return nil, err
	}
	v := &verdict{}
	v.reject(items, string(e.Kind))
	v.next = next
	l.run.count(v)
	return v, nil
}

// accept stores what is good, then asks once more, strictly, for what lacks a
// number or a term, and tells the caller.
func (l *ladder) accept(ctx context.Context, v *verdict) error {
	var done, lacking []*item
	for _, a := range v.accepted {
		it := a.item
		it.asked, it.reason = true, ""
		it.result, it.whole = l.run.result(it, a.parts, a.status, l.caps.Name, a.remarks), a.whole
		done = append(done, it)
		if len(a.remarks) > 0 && l.caps.LLM {
			lacking = append(lacking, it)
		}
	}
	if err := l.run.commit(ctx, l.at, done); err != nil {
		return err
	}
	if len(lacking) > 0 {
		if err := l.strict(ctx, lacking); err != nil {
			// What was accepted before stays accepted; the error is the next
			// request's matter, unless the work itself ends.
			var e *Error
			if !errors.As(err, &e) {
				l.settle(ctx, done)
				return err
			}
		}
	}
	return l.settle(ctx, done)
}

// settle makes accepted results final and tells the caller.
func (l *ladder) settle(ctx context.Context, done []*item) error {
	for _, it := range done {
		it.ready = true
	}
	l.run.made(l.at, done)
	return l.run.report(ctx, l.run.withTwins(done))
}

// strict asks once for units whose translations lack a number or a term,
// saying so. A translation without the lack replaces the first one.
func (l *ladder) strict(ctx context.Context, items []*item) error {
	req := l.run.request(items, l.caps)
	req.Hint = joinSentences(req.Hint, strictHint(items))
	for _, it := range items {
		req.Previous = append(req.Previous, it.whole)
	}
	reply, err := l.run.call(ctx, l.at, req)
	if err != nil {
		return err
	}
	l.run.repaired("strict")
	v := l.run.judge(items, req, reply, l.caps, l.wary)
	var better []*item
	for _, a := range v.accepted {
		if len(a.remarks) < len(a.item.result.Findings) {
			a.item.result, a.item.whole = l.run.result(a.item, a.parts, a.status, l.caps.Name, a.remarks), a.whole
			better = append(better, a.item)
		}
	}
	return l.run.commit(ctx, l.at, better)
}

// result makes an accepted unit's result.
func (r *run) result(it *item, parts []string, status subtitles.Status, backend string, remarks []remark) Result {
	res := Result{Unit: it.index, Parts: parts, Status: status, Backend: backend, Findings: r.findings(remarks)}
	if status == subtitles.StatusKept {
		res.Backend = ""
	}
	return res
}

// made counts the units that a backend translated.
func (r *run) made(at int, items []*item) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.uses[at].Units += len(items)
}

// count adds a verdict's rejections to what had to be mended.
func (r *run) count(v *verdict) {
	for _, x := range v.rejected {
		x.item.asked, x.item.reason = true, x.reason
		r.repaired(x.reason)
	}
}

// without are the items that the verdict did not accept, in order.
func without(items []*item, v *verdict) []*item {
	return slices.DeleteFunc(slices.Clone(items), func(it *item) bool {
		return slices.ContainsFunc(v.accepted, func(a accepted) bool { return a.item == it })
	})
}

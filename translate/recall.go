package translate

import (
	"context"
	"slices"

	"github.com/duosub/duosub/subtitles"
)

// remember answers what needs no backend: units with nothing to translate, and
// those that the memory holds. The memory is asked once, for all of them.
func (r *run) remember(ctx context.Context) error {
	var asked []*item
	var queries []Query
	for _, it := range r.items {
		if it.unit.Keep || it.source == "" {
			it.finish(Result{Parts: slices.Clone(it.unit.Parts), Status: subtitles.StatusKept})
			continue
		}
		asked = append(asked, it)
		queries = append(queries, it.query)
	}
	if len(queries) == 0 {
		return nil
	}
	entries, err := r.t.cfg.Memory.Lookup(ctx, queries)
	if err != nil {
		return err
	}
	anyModel := r.t.cfg.Backends[0].caps.MemoryOnly
	leaders := map[Key]*item{}
	for i, it := range asked {
		if i < len(entries) {
			switch e := entries[i]; {
			case e == nil || e.Text == "":
			case anyModel || r.counts(it, e):
				it.known = e
			default:
				it.stale = e
			}
		}
		if it.known != nil && r.reuse(it, it.known) {
			continue
		}
		it.known = nil
		if leader := leaders[it.query.Key]; leader != nil {
			leader.twins = append(leader.twins, it)
		} else {
			leaders[it.query.Key] = it
		}
	}
	return nil
}

// counts reports whether a memory's entry is what would be made today: a
// person's and a TMX file's always, a machine's while its model, prompt and
// terms are those of a backend of this run.
func (r *run) counts(it *item, e *Entry) bool {
	if e.Origin != OriginMachine {
		return true
	}
	if e.Terms != it.termsHash {
		return false
	}
	for _, b := range r.t.cfg.Backends {
		c := b.caps
		// Services without models are told apart by their names.
		if !c.MemoryOnly && c.Model == e.Model && c.Prompt == e.Prompt && (c.Model != "" || c.Name == e.Backend) {
			return true
		}
	}
	return false
}

// reuse answers an item with an entry; false when the entry cannot be laid
// over the unit's cues.
func (r *run) reuse(it *item, e *Entry) bool {
	parts := e.Parts
	if len(parts) != it.unit.Len() || !allText(parts) {
		parts = r.split(it, e.Text)
	}
	if parts == nil {
		return false
	}
	res := Result{Parts: parts, Status: subtitles.StatusReused, Backend: e.Backend}
	if e.Origin == OriginMachine {
		if fold(e.Text) == fold(it.source) {
			res.Status, res.Backend = subtitles.StatusKept, ""
		} else {
			res.Findings = r.remarks(it, e.Text)
		}
	}
	it.whole = e.Text
	it.finish(res)
	return true
}

// split lays a whole translation over the unit's cues, nil where that leaves
// a cue without text.
func (r *run) split(it *item, text string) []string {
	parts := []string{text}
	if it.unit.Len() > 1 {
		var terms []string
		for _, t := range it.terms {
			terms = append(terms, t.Alternatives()...)
		}
		parts = subtitles.Split(text, it.unit, r.w.Cues, r.w.Target, terms...)
	}
	if len(parts) != it.unit.Len() || !allText(parts) {
		return nil
	}
	return parts
}

// commit stores accepted units: before anything else happens, and even when
// the caller has just given up, since they are paid for.
func (r *run) commit(ctx context.Context, at int, items []*item) error {
	if len(items) == 0 {
		return nil
	}
	caps := r.t.cfg.Backends[at].caps
	var records []Record
	for _, it := range items {
		records = append(records, Record{Query: it.query, Entry: Entry{
			Text: it.whole, Parts: slices.Clone(it.result.Parts), Origin: OriginMachine,
			Backend: caps.Name, Model: caps.Model, Prompt: caps.Prompt, Terms: it.termsHash,
		}})
	}
	storeCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	return r.t.cfg.Memory.Store(storeCtx, records)
}

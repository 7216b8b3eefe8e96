package translate

import (
	"context"
	"log/slog"
)

const (
	// planFrom is how many units a track needs to be worth a planning pass.
	planFrom = 60
	// planChars bounds the text of a planning request, in code points.
	planChars = 30_000
)

// planTerms asks once for the names and terms of a long track, where that is
// configured. When it fails the work goes on without; the one error is that
// the work is to end.
func (r *run) planTerms(ctx context.Context, lead int, items []*item) error {
	b := r.t.cfg.Backends[lead]
	planner, ok := b.driver.(TermPlanner)
	if !r.t.cfg.PlanTerms || !b.caps.LLM || !ok || len(items) <= planFrom {
		return nil
	}
	req := &TermsRequest{Source: r.w.Source, Target: r.w.Target, Title: clip(r.w.Title, maxTitle)}
	room := planChars
	for _, it := range items {
		if room -= len([]rune(it.source)); room < 0 {
			break
		}
		req.Text = append(req.Text, it.source)
	}
	terms, err := attempt(ctx, r, lead, func(ctx context.Context, _ *Backend) ([]Term, Usage, error) {
		reply, err := planner.PlanTerms(ctx, req)
		if err != nil || reply == nil {
			return nil, Usage{}, err
		}
		return reply.Terms, reply.Usage, nil
	})
	if err != nil {
		if stopped := r.interrupted(); stopped != nil {
			return stopped
		}
		r.t.cfg.Log.LogAttrs(ctx, slog.LevelWarn, "terms could not be planned", slog.String("backend", b.ID()), slog.String("kind", string(KindOf(err))))
		return nil
	}
	r.planned = terms
	return nil
}

package translate

import (
	"context"
	"strings"

	"github.com/duosub/duosub/subtitles"
)

// fromMemoryOnly answers units where the backend is "none": with the memory's
// entry, whatever model it comes from, or with the glossary where the whole
// unit is a term.
func (r *run) fromMemoryOnly(ctx context.Context, items []*item) error {
	var done []*item
	for _, it := range items {
		if it.stale != nil && r.reuse(it, it.stale) {
			done = append(done, it)
			continue
		}
		if text := wholeTerm(it, r.w); text != "" {
			if parts := r.split(it, text); parts != nil {
				it.whole = text
				it.finish(Result{Parts: parts, Status: subtitles.StatusReused, Backend: "none"})
				done = append(done, it)
			}
		}
	}
	return r.report(ctx, r.withTwins(done))
}

// The punctuation that may stand after a term that is a whole unit, in both
// languages.
const (
	latinEnds   = ".!?,…"
	chineseEnds = "。！？，…"
)

// wholeTerm is the translation of a unit that consists of one glossary term,
// with the unit's punctuation; empty when it does not.
func wholeTerm(it *item, w Work) string {
	source := strings.TrimSpace(it.source)
	body := strings.TrimRight(source, latinEnds+"。！？，")
	for _, t := range it.terms {
		switch {
		case strings.EqualFold(t.Source, source):
			return t.Preferred()
		case strings.EqualFold(t.Source, body):
			from, to := []rune(latinEnds), []rune(chineseEnds)
			if !subtitles.IsChinese(w.Target) {
				from, to = to, from
			}
			tail := strings.Map(func(c rune) rune {
				for i, f := range from {
					if c == f {
						return to[i]
					}
				}
				return c
			}, source[len(body):])
			return t.Preferred() + tail
		}
	}
	return ""
}

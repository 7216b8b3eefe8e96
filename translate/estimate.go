package translate

import (
	"context"
	"math"

	"github.com/duosub/duosub/subtitles"
)

// The estimate of tokens: what the tokenizers of today's models make of
// subtitles, rounded up. A Latin letter is a quarter of a token, a Han
// character one; each unit carries its key, quotes and brackets.
const (
	tokensPerWeight = 0.25 // weight counts a Han character as three letters
	tokensPerHan    = 0.25 // what a Han character needs beyond its weight
	unitTokens      = 6
	requestTokens   = 60 // the JSON around the units
)

// Estimate foretells Translate without sending anything; the memory is asked.
// Units with equal keys are counted once, as they are sent once.
func (t *Translator) Estimate(ctx context.Context, w Work) (*Estimate, error) {
	r, err := t.newRun(w)
	if err != nil {
		return nil, err
	}
	if err := r.remember(ctx); err != nil {
		return nil, err
	}
	e := &Estimate{}
	for _, it := range r.items {
		switch {
		case it.ready && it.result.Status == subtitles.StatusKept:
			e.Kept++
		case it.ready:
			e.Remembered++
		}
	}
	lead := t.cfg.Backends[t.lead()]
	if lead.caps.MemoryOnly {
		return e, nil
	}
	use := Use{Price: lead.caps.Price}
	for _, batch := range cut(r.pending(), t.cfg.BatchUnits, lead.caps) {
		e.Requests++
		e.Units += len(batch)
		chars := countChars(batch)
		e.Characters += chars
		if !lead.caps.LLM {
			use.Usage.Characters += chars
			continue
		}
		use.Usage.InputTokens += estimateTokens(SystemPrompt) + requestTokens + estimateTokens(string(EncodeRequest(r.request(batch, lead.caps))))
		for _, it := range batch {
			output := weight(it.source) * tokensPerWeight
			if subtitles.IsChinese(w.Target) {
				output *= 1 + tokensPerHan/(tokensPerWeight*hanWeight)
			}
			use.Usage.OutputTokens += int(math.Ceil(output)) + unitTokens + 3*(it.unit.Len()-1)
		}
	}
	e.InputTokens, e.OutputTokens = use.Usage.InputTokens, use.Usage.OutputTokens
	if cost, ok := use.Cost(); ok {
		e.Cost, e.Currency = cost, use.Price.Currency
	}
	return e, nil
}

// estimateTokens is about how many tokens a text takes.
func estimateTokens(s string) int {
	n := countScripts(s)
	return int(math.Ceil(weight(s)*tokensPerWeight+float64(n.han)*tokensPerHan)) + len(s)/40
}

package translate

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/duosub/duosub/subtitles"
)

const (
	// maxBatchChars bounds the code points of a request's units where the
	// backend sets no bound of its own: replies far longer than usual
	// subtitles are cut off or lose their way.
	maxBatchChars = 4000
	// shortBatch is how many units a last batch needs not to be evened out
	// with the one before: the fewer units, the less can be told from their
	// lengths.
	shortBatch = 8
	// maxTitle and maxDescription bound what goes along, in code points.
	maxTitle, maxDescription = 200, 1000
	// maxHints bounds the similar sentences of a prompt, and hintScore is how
	// similar they must be.
	maxHints, hintScore = 4, 0.75
	// lostWeight is how much of the source's weight a translation with an
	// empty text must have not to have lost words.
	lostWeight = 0.6
)

// cut divides items into batches: in order, as full as the limits allow, the
// last two evened out when the last would be short. It looks at nothing but
// the items and the limits, so that equal work is cut equally.
func cut(items []*item, units int, caps Caps) [][]*item {
	chars := maxBatchChars
	if caps.MaxUnits > 0 {
		units = min(units, caps.MaxUnits)
	}
	if caps.MaxChars > 0 {
		chars = min(chars, caps.MaxChars)
		if !caps.LLM {
			chars = caps.MaxChars
		}
	}
	var batches [][]*item
	start, size := 0, 0
	for i, it := range items {
		n := utf8.RuneCountInString(it.source)
		if i > start && (i-start >= units || size+n > chars) {
			batches = append(batches, items[start:i])
			start, size = i, 0
		}
		size += n
	}
	if start < len(items) {
		batches = append(batches, items[start:])
	}
	if n := len(batches); n > 1 && len(batches[n-1]) < shortBatch {
		from := start - len(batches[n-2])
		middle := from + (len(items)-from+1)/2
		batches[n-2], batches[n-1] = items[from:middle], items[middle:]
		// Moving units to the last batch must not make that one too long.
		if countChars(batches[n-1]) > chars {
			batches[n-2], batches[n-1] = items[from:start], items[start:]
		}
	}
	return batches
}

func countChars(items []*item) int {
	n := 0
	for _, it := range items {
		n += utf8.RuneCountInString(it.source)
	}
	return n
}

// request makes the request for some items. It depends on the work, the
// configuration and what the memory held when the run began, never on which
// batches happen to be finished: equal work sends equal requests.
func (r *run) request(items []*item, caps Caps) *Request {
	req := &Request{Source: r.w.Source, Target: r.w.Target, Kind: r.w.Kind}
	for _, it := range items {
		req.Units = append(req.Units, RequestUnit{Parts: it.unit.Parts})
		for _, term := range it.terms {
			if !slices.Contains(req.Terms, term) {
				req.Terms = append(req.Terms, term)
			}
		}
	}
	if !caps.LLM {
		return req
	}
	for _, term := range r.planned {
		named := func(t Term) bool { return t.Source == term.Source }
		used := func(it *item) bool { return strings.Contains(it.source, term.Source) }
		if !slices.ContainsFunc(req.Terms, named) && slices.ContainsFunc(items, used) {
			req.Terms = append(req.Terms, term)
		}
	}
	req.Title, req.Description = clip(r.w.Title, maxTitle), clip(r.w.Description, maxDescription)
	req.Before, req.After = r.context(items[0].index, items[len(items)-1].index)
	req.Hint = r.similar(items)
	return req
}

// context are the lines before the first and after the last unit of a batch.
// A line's translation goes along where the memory held it before the run.
func (r *run) context(first, last int) (before []ContextLine, after []string) {
	for i := first; r.w.linked(i-1) && len(before) < r.t.cfg.Context; i-- {
		it := r.items[i-1]
		if it.unit.Keep {
			continue
		}
		line := ContextLine{Source: it.source}
		if it.known != nil {
			line.Target = it.known.Text
		}
		before = append(before, line)
	}
	slices.Reverse(before)
	for i := last; r.w.linked(i) && len(after) < r.t.cfg.Context; i++ {
		if it := r.items[i+1]; !it.unit.Keep {
			after = append(after, it.source)
		}
	}
	return before, after
}

// similar is the part of the hint that tells of similar sentences translated
// before. They are only told: "3 cats" is not "4 cats".
func (r *run) similar(items []*item) string {
	if r.t.cfg.Fuzzy == nil {
		return ""
	}
	var b strings.Builder
	seen := map[string]bool{}
	for _, it := range items {
		if len(seen) == maxHints {
			break
		}
		for _, m := range r.t.cfg.Fuzzy.Similar(it.query, 1) {
			if m.Score < hintScore || seen[m.Source] {
				continue
			}
			seen[m.Source] = true
			if b.Len() == 0 {
				b.WriteString("Similar sentences were translated like this before:")
			}
			b.WriteString(" “" + m.Source + "” → “" + m.Target + "”")
		}
	}
	return b.String()
}

// clip is the text's beginning, in code points.
func clip(s string, most int) string {
	for i := range s {
		if most == 0 {
			return s[:i]
		}
		most--
	}
	return s
}

func allText(parts []string) bool {
	for _, p := range parts {
		if strings.TrimSpace(p) == "" {
			return false
		}
	}
	return len(parts) > 0
}

// parts reads the texts under a key as the unit's parts: as many as the unit
// has cues, none of them empty. Where their number is off, or one is empty,
// the joined text is split anew. whole is the joined text; parts is nil where
// it does not cover the cues.
func (r *run) parts(it *item, texts []string) (parts []string, whole string) {
	clean := make([]string, 0, len(texts))
	for i, t := range texts {
		speakers := i < len(it.unit.Parts) && strings.Contains(it.unit.Parts[i], "\n")
		if t = tidy(t, speakers, subtitles.IsChinese(r.w.Target)); t != "" {
			clean = append(clean, t)
		}
	}
	whole = subtitles.JoinParts(clean, r.w.Target)
	if len(texts) == it.unit.Len() && len(clean) == len(texts) {
		return clean, whole
	}
	// An empty text may mean that its words stand with another cue, or that
	// they are lost.
	if whole == "" || len(texts) == it.unit.Len() && weight(whole) < lostWeight*weight(it.source) {
		return nil, ""
	}
	return r.split(it, whole), whole
}

// tidy trims a text and brings its lines together: line breaks are for
// speakers only, and how lines break on the screen is decided later.
func tidy(s string, speakers, chinese bool) string {
	if !strings.ContainsAny(s, "\r\n") {
		return strings.TrimSpace(s)
	}
	var lines []string
	for line := range strings.Lines(strings.ReplaceAll(s, "\r", "\n")) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	joint := " "
	switch {
	case speakers:
		joint = "\n"
	case chinese:
		joint = ""
	}
	return strings.Join(lines, joint)
}

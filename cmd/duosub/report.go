package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/translate"
	"github.com/duosub/duosub/worker"
)

// translationJSON is what --json prints for an input.
type translationJSON struct {
	Input    string              `json:"input"`
	State    worker.State        `json:"state,omitempty"`
	Pair     *subtitles.Pair     `json:"pair,omitempty"`
	Source   string              `json:"source,omitempty"`
	Outputs  []string            `json:"outputs,omitempty"`
	LeftOut  []string            `json:"left_out,omitempty"`
	Coverage *subtitles.Coverage `json:"coverage,omitempty"`
	Cost     *worker.Cost        `json:"cost,omitempty"`
	Calls    *int                `json:"calls,omitempty"`
	Repairs  map[string]int      `json:"repairs,omitempty"`
	Reasons  map[string]int      `json:"reasons,omitempty"`
	Notes    []subtitles.Note    `json:"notes,omitempty"`
	Estimate *translate.Estimate `json:"estimate,omitempty"`
	Error    *worker.Failure     `json:"error,omitempty"`
}

// report says what became of an input and answers the exit status.
func (a *app) report(w *translation, f *translateFlags) (int, error) {
	out := translationJSON{Input: w.input}
	status := statusDone
	switch {
	case w.err != nil:
		a.term.say("%s: %s", w.input, strings.TrimPrefix(sentence(w.err), w.input+": "))
		e := worker.AsError(w.err)
		out.State, out.Error = worker.StateFailed, &worker.Failure{Code: string(e.Code), Message: sentence(w.err)}
		status = statusOf(w.err)
	case w.told != nil:
		out.Estimate = w.told
		if !f.json {
			a.term.printf("%s: %s", w.input, describeEstimate(w.told))
		}
	default:
		status = a.reportResult(w, f, &out)
	}
	if f.json {
		return status, a.term.json(out)
	}
	return status, nil
}

func (a *app) reportResult(w *translation, f *translateFlags, out *translationJSON) int {
	r := w.result
	a.sayNotes(w.input, r.Report)
	cov, gaps := r.Coverage, r.Coverage.Untranslated
	for _, file := range r.Files {
		if !slices.Contains(w.left, file.Name) {
			out.Outputs = append(out.Outputs, filepath.Join(w.dir, file.Name))
		}
	}
	out.State, out.Pair, out.Source = r.State, &r.Document.Pair, r.Document.Source.String()
	out.LeftOut, out.Coverage, out.Cost, out.Calls = w.left, &cov, &r.Cost, &r.Calls
	out.Repairs, out.Reasons = r.Repairs, r.Reasons
	if r.Report != nil {
		out.Notes = r.Report.Notes
	}
	if !f.json {
		a.term.printf("%s: %s", w.input, describeCoverage(cov, r.Cost))
		for _, path := range out.Outputs {
			a.term.printf("  %s", a.relative(path))
		}
	}
	for _, name := range w.left {
		a.term.say("%s: %s was left out, since it is an input", w.input, name)
	}
	if gaps == 0 {
		return statusDone
	}
	if r.State == worker.StatePartial && !f.partial {
		a.term.say("%s: %d of %d cues are untranslated%s, so only %s was written: run the command again to try them once more, or give --partial",
			w.input, gaps, cov.Cues, reasons(r.Reasons), w.base+dualSuffix)
	} else {
		a.term.say("%s: %d of %d cues are untranslated%s and stand in one language alone", w.input, gaps, cov.Cues, reasons(r.Reasons))
	}
	return statusIncomplete
}

// sayNotes tells the first places that reading mended or skipped.
func (a *app) sayNotes(input string, r *subtitles.Report) {
	const most = 5
	if r == nil {
		return
	}
	for i, n := range r.Notes {
		if i == most {
			a.term.say("%s: and %d more places; “duosub check” lists them", input, len(r.Notes)-most+r.Omitted)
			return
		}
		a.term.say("%s: %s", input, n)
	}
}

// relative is a path as it is short to read from here.
func (a *app) relative(path string) string {
	if wd, err := filepath.Abs("."); err == nil {
		if rel, err := filepath.Rel(wd, path); err == nil && !strings.HasPrefix(rel, "..") {
			return rel
		}
	}
	return path
}

func describeCoverage(c subtitles.Coverage, cost worker.Cost) string {
	s := count(c.Cues, "cue")
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{c.Translated, "translated"}, {c.Reused, "from the memory"}, {c.Edited, "edited"}, {c.Given, "given"},
		{c.Kept, "kept"}, {c.Untranslated, "untranslated"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	if len(parts) > 0 {
		s += " (" + strings.Join(parts, ", ") + ")"
	}
	if cost.Amount != "" && cost.Currency != "" {
		s += ", " + cost.Amount + " " + cost.Currency
	}
	return s
}

func describeEstimate(e *translate.Estimate) string {
	s := fmt.Sprintf("%s to send in %s (%d from the memory, %d kept), %s",
		count(e.Units, "sentence"), count(e.Requests, "request"), e.Remembered, e.Kept, count(e.Characters, "character"))
	if e.InputTokens+e.OutputTokens > 0 {
		s += fmt.Sprintf(", about %d input and %d output tokens", e.InputTokens, e.OutputTokens)
	}
	if e.Cost != "" {
		return s + fmt.Sprintf(", about %s %s", e.Cost, e.Currency)
	}
	return s + ", price unknown"
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// reasons makes " (refused 2, bad_output 1)" of counts.
func reasons(counts map[string]int) string {
	var parts []string
	for reason, n := range counts {
		parts = append(parts, fmt.Sprintf("%s %d", reason, n))
	}
	if len(parts) == 0 {
		return ""
	}
	slices.Sort(parts)
	return " (" + strings.Join(parts, ", ") + ")"
}

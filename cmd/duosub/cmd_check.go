package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/worker"
	"github.com/spf13/cobra"
	"golang.org/x/text/language"
)

// checkFlags are the flags of "duosub check".
type checkFlags struct {
	source, track, profile string
	strict, json           bool
}

func newCheckCommand(a *app) *cobra.Command {
	f := &checkFlags{}
	cmd := &cobra.Command{
		Use:   "check FILE…",
		Short: "Look at subtitles as viewers and players will",
		Long: `Look at subtitle files of any format, .dual.json among them: reading speed,
line length, gaps, overlaps, script, and what a reader of the file would stumble
over. Each finding is one line: file, line, cue, time, rule and what was found.

Exit status: 0 done; 1 a file could not be read, or, with --strict, there are
findings.`,
		Example: `  duosub check vlog.srt
  duosub check --strict --profile portrait vlog.dual.json`,
		Args: arguments(1, 0, "a file"),
		RunE: func(cmd *cobra.Command, args []string) error { return a.check(cmd.Context(), args, f) },
	}
	fs := cmd.Flags()
	fs.StringVar(&f.source, "source", "", "`language` of the files (default: their text is looked at)")
	fs.StringVar(&f.track, "track", "", "`track` of a video, by number or language (default: the best)")
	fs.StringVar(&f.profile, "profile", "default", "`name` of the layout")
	fs.BoolVar(&f.strict, "strict", false, "exit with 1 when there are findings")
	fs.BoolVar(&f.json, "json", false, "print one JSON object a file")
	// The configured source is the language of what is translated.
	_ = fs.SetAnnotation("source", ownMeaning, []string{"true"})
	complete(cmd, "profile", subtitles.ProfileNames)
	return cmd
}

// A checked file and what was found in it.
type checked struct {
	File     string           `json:"file"`
	Format   string           `json:"format"`
	Encoding string           `json:"encoding,omitempty"`
	Cues     int              `json:"cues"`
	Errors   int              `json:"errors"`
	Warnings int              `json:"warnings"`
	Notes    []subtitles.Note `json:"notes,omitempty"`
	// Omitted counts the notes beyond those listed.
	Omitted  int             `json:"omitted,omitempty"`
	Findings []foundInCue    `json:"findings,omitempty"`
	Error    *worker.Failure `json:"error,omitempty"`
}

// A foundInCue is a finding and where it is. Times are in milliseconds.
type foundInCue struct {
	N     int   `json:"n"`
	Line  int   `json:"line,omitempty"`
	Start int64 `json:"start"`
	End   int64 `json:"end"`
	subtitles.Finding
}

func (a *app) check(ctx context.Context, args []string, f *checkFlags) error {
	lang, err := parseLanguage("source", f.source)
	if err != nil {
		return err
	}
	if err := checkProfile(f.profile); err != nil {
		return err
	}
	profile, _ := subtitles.ProfileByName(f.profile)
	status := statusDone
	for _, path := range args {
		c, err := checkFile(ctx, path, f.track, lang, profile)
		if err != nil {
			status = statusFailed
			a.term.say("%s", sentence(aboutInput(path, err)))
			e := worker.AsError(err)
			c = &checked{File: path, Error: &worker.Failure{Code: string(e.Code), Message: sentence(err)}}
		} else if f.strict && c.found() > 0 {
			status = worse(status, statusFailed)
		}
		if f.json {
			if err := a.term.json(c); err != nil {
				return err
			}
		} else if err == nil {
			a.printChecked(c)
		}
	}
	return said(status)
}

// found counts all findings.
func (c *checked) found() int { return c.Errors + c.Warnings + len(c.Notes) + c.Omitted }

func (c *checked) add(n, line int, start, end time.Duration, findings []subtitles.Finding) {
	for _, f := range findings {
		c.Findings = append(c.Findings, foundInCue{N: n, Line: line, Start: start.Milliseconds(), End: end.Milliseconds(), Finding: f})
		if f.Severity == subtitles.SeverityError {
			c.Errors++
		} else {
			c.Warnings++
		}
	}
}

func checkFile(ctx context.Context, path, track string, lang language.Tag, profile subtitles.Profile) (*checked, error) {
	c := &checked{File: path}
	if strings.HasSuffix(path, dualSuffix) {
		data, err := readBounded(path, maxDocument)
		if err != nil {
			return nil, err
		}
		doc, err := subtitles.ReadJSON(data)
		if err != nil {
			return nil, err
		}
		doc.Check(profile)
		c.Format, c.Cues = "dual.json", len(doc.Cues)
		for _, cue := range doc.Cues {
			c.add(cue.N, 0, cue.Start, cue.End, append(gap(doc, cue), cue.Findings...))
		}
		return c, nil
	}
	t, report, err := readTrack(ctx, path, track)
	if err != nil {
		return nil, err
	}
	c.Format, c.Encoding, c.Cues = string(report.Format), report.Encoding, len(t.Cues)
	c.Notes, c.Omitted = report.Notes, report.Omitted
	for i, findings := range subtitles.CheckTrack(t, lang, profile) {
		cue := t.Cues[i]
		c.add(cue.N, cue.Line, cue.Start, cue.End, findings)
	}
	return c, nil
}

// gap is a finding for each language that a cue of a document has no text in.
func gap(doc *subtitles.Document, cue subtitles.DualCue) []subtitles.Finding {
	var fs []subtitles.Finding
	for _, tag := range doc.Languages() {
		if t, ok := cue.Texts[tag]; ok && t.Status == subtitles.StatusUntranslated {
			fs = append(fs, subtitles.Finding{Rule: "untranslated", Severity: subtitles.SeverityError, Language: tag.String(), Message: "there is no translation"})
		}
	}
	return fs
}

// printChecked prints findings in the way that editors follow.
func (a *app) printChecked(c *checked) {
	for _, n := range c.Notes {
		what := "mended"
		if n.Dropped {
			what = "skipped"
		}
		a.term.printf("%s: %s: %s (%s)", at(c.File, n.Line), n.Rule, clean(n.Message), what)
	}
	for _, f := range c.Findings {
		language := ""
		if f.Language != "" {
			language = " " + f.Language
		}
		a.term.printf("%s: cue %d %s%s: %s: %s (%s)", at(c.File, f.Line), f.N, clock(f.Start), language, f.Rule, clean(describeFinding(f.Finding)), f.Severity)
	}
	summary := count(c.Cues, "cue")
	if c.found() == 0 {
		summary += ", nothing found"
	} else {
		summary += fmt.Sprintf(", %s, %s", count(c.Errors, "error"), count(c.Warnings, "warning"))
		if notes := len(c.Notes) + c.Omitted; notes > 0 {
			summary += fmt.Sprintf(", %s mended or skipped in reading", count(notes, "place"))
		}
	}
	a.term.printf("%s: %s", c.File, summary)
}

func at(file string, line int) string {
	if line == 0 {
		return file
	}
	return file + ":" + strconv.Itoa(line)
}

// clock writes milliseconds as 00:01:02.345.
func clock(ms int64) string {
	sign := ""
	if ms < 0 {
		sign, ms = "-", -ms
	}
	return fmt.Sprintf("%s%02d:%02d:%02d.%03d", sign, ms/3_600_000, ms/60_000%60, ms/1000%60, ms%1000)
}

// units are what a rule measures in, after the number.
var units = map[string]string{
	"reading-speed": "characters a second", "line-length": "columns", "lines": "lines",
	"gap": "ms", "overlap": "ms", "duration": "ms",
}

// describeFinding is a sentence for a finding, made of its numbers where it
// has no message.
func describeFinding(f subtitles.Finding) string {
	number := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	var s string
	if f.Message == "" || units[f.Rule] != "" && f.Value != 0 {
		s = number(f.Value)
		if u := units[f.Rule]; u != "" {
			s += " " + u
		}
		if f.Limit != 0 {
			s += ", " + number(f.Limit) + " is the limit"
		}
	}
	switch {
	case f.Message == "":
		return s
	case s == "":
		return f.Message
	}
	return f.Message + ": " + s
}

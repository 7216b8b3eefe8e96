package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
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
	strict, retime, json   bool
}

func newCheckCommand(a *app) *cobra.Command {
	f := &checkFlags{}
	cmd := &cobra.Command{
		Use:   "check FILE…",
		Short: "Look at subtitles as viewers and players will",
		Long: `Look at subtitle files of any format, .dual.json among them: reading speed,
line length, gaps, overlaps, script, and what a reader of the file would stumble
over. Each finding is one line: file, line, cue, time, rule and what was found.

With --retime the ends of cues that are shown too shortly are moved into free
gaps, and gaps too small to be seen are widened, where that touches no speech;
vlog.srt becomes vlog.retimed.srt, all else as it was (SRT and WebVTT).

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
	fs.BoolVar(&f.retime, "retime", false, "write a file whose cues end where they are best read")
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
	// Retimed is the file that --retime wrote, Ends how many ends changed.
	Retimed string `json:"retimed,omitempty"`
	Ends    int    `json:"ends,omitempty"`
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
		c, err := f.checkFile(ctx, path, lang, profile)
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

func (f *checkFlags) checkFile(ctx context.Context, path string, lang language.Tag, profile subtitles.Profile) (*checked, error) {
	c := &checked{File: path}
	if strings.HasSuffix(path, dualSuffix) {
		if f.retime {
			return nil, failf("%s: --retime is for SRT and WebVTT files: give it to translate", path)
		}
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
			c.add(cue.N, 0, cue.Start, cue.End, cue.Findings)
		}
		return c, nil
	}
	t, report, err := readTrack(ctx, path, f.track)
	if err != nil {
		return nil, err
	}
	c.Format, c.Encoding, c.Cues = string(report.Format), report.Encoding, len(t.Cues)
	c.Notes, c.Omitted = report.Notes, report.Omitted
	for i, findings := range subtitles.CheckTrack(t, lang, profile) {
		cue := t.Cues[i]
		c.add(cue.N, cue.Line, cue.Start, cue.End, findings)
	}
	if f.retime {
		c.Retimed, c.Ends, err = retimeFile(t, path, profile)
	}
	return c, err
}

// retimeFile writes a track as it was read, but for the ends of cues, beside
// its file, and answers the file's name and how many ends changed.
func retimeFile(t *subtitles.Track, path string, profile subtitles.Profile) (name string, ends int, err error) {
	ends = subtitles.Retime(t, subtitles.RetimeOptions{Profile: profile})
	var b bytes.Buffer
	switch t.Format {
	case subtitles.SRT:
		err = subtitles.WriteSRTWith(&b, t, subtitles.SRTOptions{AsRead: true})
	case subtitles.VTT:
		err = subtitles.WriteVTTWith(&b, t, subtitles.VTTOptions{AsRead: true})
	default:
		err = failf("%s: --retime writes SRT and WebVTT files, and this is neither", path)
	}
	if err != nil {
		return "", 0, err
	}
	name = strings.TrimSuffix(path, filepath.Ext(path)) + ".retimed." + string(t.Format)
	files := []file{{filepath.Base(name), b.Bytes()}}
	if err := protect(filepath.Dir(path), files); err != nil {
		return "", 0, err
	}
	return name, ends, writeFiles(filepath.Dir(path), files)
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
	if c.Retimed != "" {
		a.term.printf("  %s: %s moved", c.Retimed, count(c.Ends, "end"))
	}
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

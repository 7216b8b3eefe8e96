package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/duosub/duosub/worker"
	"github.com/spf13/cobra"
)

func newJobsCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "jobs",
		Short: "Look after jobs",
		Example: `  duosub jobs list --state failed
  duosub jobs show k3vq2mzqx5rj6hw7n4pbd2aoce
  duosub jobs retry k3vq2mzqx5rj6hw7n4pbd2aoce`,
		Args:                       noSuchCommand,
		SuggestionsMinimumDistance: 2,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return usagef("one of list, show, cancel, retry and purge is missing")
		},
	}
	cmd.AddCommand(
		newJobsListCommand(a),
		newJobsEachCommand(a, "show ID…", "Show jobs in full", showJob),
		newJobsEachCommand(a, "cancel ID…", "Call jobs off; finished ones stay as they are", changeJob((*worker.Service).Cancel)),
		newJobsEachCommand(a, "retry ID…", "Start jobs again; waiting ones at once, asking stopped backends", changeJob((*worker.Service).Retry)),
		newJobsEachCommand(a, "purge ID…", "Remove jobs with their outputs, uploads and memory entries", purgeJob),
	)
	for _, c := range cmd.Commands() {
		c.DisableFlagsInUseLine = true
	}
	return cmd
}

func newJobsListCommand(a *app) *cobra.Command {
	var places placeFlags
	var filter worker.Filter
	var state string
	var since time.Duration
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List jobs, the longest unchanged first",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			filter.State = worker.State(state)
			if since > 0 {
				filter.UpdatedAfter = time.Now().Add(-since)
			}
			return a.withService(cmd.Context(), places, func(s *worker.Service) error {
				return a.listJobs(cmd.Context(), s, filter, asJSON)
			})
		},
	}
	places.add(cmd, "default: the one that “duosub serve” keeps")
	fs := cmd.Flags()
	fs.StringVar(&state, "state", "", "`state`: "+strings.Join(stateNames(), ", "))
	fs.StringVar(&filter.Video, "video", "", "`id` of a video")
	fs.StringVar(&filter.Tenant, "tenant", "", "`name` of a tenant")
	fs.DurationVar(&since, "since", 0, "only those that changed within this `time`, such as 24h")
	fs.IntVar(&filter.Limit, "limit", 0, "at most `this many` (default: all)")
	fs.BoolVar(&asJSON, "json", false, "print one JSON object a job")
	complete(cmd, "state", stateNames)
	return cmd
}

func stateNames() []string {
	var names []string
	for _, s := range worker.States {
		names = append(names, string(s))
	}
	return names
}

// withService runs something with a Service for callers.
func (a *app) withService(ctx context.Context, f placeFlags, do func(*worker.Service) error) error {
	p, err := a.openPlaces(ctx, f, visit)
	if err != nil {
		return err
	}
	defer p.Close()
	s, err := a.callerService(p)
	if err != nil {
		return err
	}
	return do(s)
}

// pageSize is how many jobs are asked for at once.
const pageSize = 200

func (a *app) listJobs(ctx context.Context, s *worker.Service, filter worker.Filter, asJSON bool) error {
	if filter.Limit < 0 {
		return usagef("--limit must be 1 or more")
	}
	left := filter.Limit
	table := &strings.Builder{}
	tw := tabwriter.NewWriter(table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "ID\tSTATE\tLANE\tDONE\tCOST\tUPDATED\tVIDEO")
	found := 0
	for {
		filter.Limit = pageSize
		if left > 0 {
			filter.Limit = min(left, pageSize)
		}
		jobs, next, err := s.List(ctx, filter)
		if err != nil {
			if e := worker.AsError(err); e.Code == worker.CodeBadRequest {
				return usagef("%s", sentence(err))
			}
			return err
		}
		for _, r := range jobs {
			found++
			if asJSON {
				if err := a.printJob(r); err != nil {
					return err
				}
				continue
			}
			fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.ID, r.State, r.Lane, progressOf(r), costOf(r.Cost),
				r.UpdatedAt.Local().Format(time.DateTime), clean(jobName(r)))
		}
		if left > 0 {
			if left -= len(jobs); left <= 0 {
				break
			}
		}
		if next == "" {
			break
		}
		filter.Cursor = next
	}
	if asJSON {
		return nil
	}
	if found == 0 {
		a.term.say("there are no such jobs")
		return nil
	}
	_ = tw.Flush() // into memory
	for line := range strings.Lines(table.String()) {
		a.term.printf("%s", strings.TrimRight(line, " \n"))
	}
	return nil
}

func progressOf(r *worker.Record) string {
	if r.Progress.Units == 0 {
		return "-"
	}
	return fmt.Sprintf("%d/%d", r.Progress.Done, r.Progress.Units)
}

func costOf(c worker.Cost) string {
	if c.Amount == "" || c.Currency == "" {
		return "-"
	}
	return c.Amount + " " + c.Currency
}

// newJobsEachCommand makes a command that does something to each job named.
func newJobsEachCommand(a *app, use, short string, do func(context.Context, *app, *worker.Service, string, bool) error) *cobra.Command {
	var places placeFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:   use,
		Short: short,
		Args:  arguments(1, 0, "the id of a job"),
		RunE: func(cmd *cobra.Command, ids []string) error {
			return a.withService(cmd.Context(), places, func(s *worker.Service) error {
				status := statusDone
				for _, id := range ids {
					if err := do(cmd.Context(), a, s, id, asJSON); err != nil {
						a.term.say("%s: %s", id, sentence(err))
						status = worse(status, statusOf(err))
					}
				}
				return said(status)
			})
		},
	}
	places.add(cmd, "default: the one that “duosub serve” keeps")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a job")
	return cmd
}

func changeJob(change func(*worker.Service, context.Context, string) (*worker.Record, error)) func(context.Context, *app, *worker.Service, string, bool) error {
	return func(ctx context.Context, a *app, s *worker.Service, id string, asJSON bool) error {
		r, err := change(s, ctx, id)
		if err != nil {
			return err
		}
		if asJSON {
			return a.printJob(r)
		}
		a.term.printf("%s  %s  %s", r.ID, r.State, clean(jobName(r)))
		return nil
	}
}

func purgeJob(ctx context.Context, a *app, s *worker.Service, id string, asJSON bool) error {
	report, err := s.Purge(ctx, id)
	if err != nil {
		return err
	}
	if asJSON {
		return a.term.json(report)
	}
	a.term.printf("%s  purged: %s, %s, %s", id, count(report.Outputs, "output"), count(report.Sources, "upload"), count(report.MemoryEntries, "memory entry"))
	return nil
}

func showJob(ctx context.Context, a *app, s *worker.Service, id string, asJSON bool) error {
	r, err := s.Get(ctx, id)
	if err != nil {
		return err
	}
	if asJSON {
		return a.printJob(r)
	}
	spec := r.Spec.WithDefaults()
	lines := [][2]string{
		{"id", r.ID},
		{"state", string(r.State)},
		{"reason", r.Reason},
		{"error", ""},
		{"video", spec.Video},
		{"source", spec.Source},
		{"file", spec.Filename},
		{"pair", spec.Pair.String()},
		{"lane", string(r.Lane)},
		{"run", fmt.Sprintf("%d, version %d", r.Run, r.Version)},
		{"progress", progressOf(r)},
		{"coverage", ""},
		{"cost", costOf(r.Cost)},
		{"created", r.CreatedAt.UTC().Format(time.RFC3339)},
		{"updated", r.UpdatedAt.UTC().Format(time.RFC3339)},
	}
	if r.Error != nil {
		lines[3][1] = r.Error.Message + " (" + r.Error.Code + ")"
	}
	if r.Coverage.Cues > 0 {
		lines[11][1] = describeCoverage(r.Coverage, worker.Cost{})
	}
	for _, o := range r.Outputs {
		lines = append(lines, [2]string{"output", fmt.Sprintf("jobs/%s/%d/%s (%d bytes)", r.ID, o.Version, o.Name, o.Size)})
	}
	for _, l := range lines {
		if l[1] != "" {
			a.term.printf("%-9s %s", l[0], clean(l[1]))
		}
	}
	return nil
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/worker"
	"github.com/duosub/duosub/worker/job"
	"github.com/spf13/cobra"
)

// enqueueFlags are the flags of "duosub enqueue".
type enqueueFlags struct {
	placeFlags
	spec                job.Spec
	pair, lane, publish string
	formats, meta, out  string
	// several says that there is more than one source.
	several    bool
	wait, json bool
}

func newEnqueueCommand(a *app) *cobra.Command {
	f := &enqueueFlags{}
	cmd := &cobra.Command{
		Use:   "enqueue URL…",
		Short: "Put jobs onto the queue",
		Long: `Put one job for each address onto the queue. A local file is put into the store
first. The same request is answered with the job that is known already.

With --wait, exit status: 0 done; 1 failed or canceled; 3 finished with gaps.`,
		Example: `  duosub enqueue vlog.srt --wait
  duosub enqueue https://cdn.example/videos/42/en.srt --video 42 --title 'Moving to Shanghai'
  duosub enqueue s3://bucket/videos/42.mp4 --pair zh-Hant-TW,en --lane preview`,
		Args: arguments(1, 0, "the address of a source"),
		RunE: func(cmd *cobra.Command, args []string) error { return a.enqueue(cmd.Context(), args, f) },
	}
	f.placeFlags.add(cmd, "default: the one that “duosub serve” keeps")
	fs, s := cmd.Flags(), &f.spec
	fs.StringVar(&f.pair, "pair", subtitles.DefaultPair.String(), "the two languages on the screen, `TOP,BOTTOM`")
	fs.StringVar(&s.SourceLang, "source", "", "`language` of the source (default: its text is looked at)")
	fs.StringVar(&s.SourceVersion, "source-version", "", "`version` of the source, where its address stays the same")
	fs.StringVar(&s.Track, "track", "", "`track` of a video, by number or language (default: the best)")
	fs.StringVar(&s.Video, "video", "", "`id` of the video (default: the address, or the content of a file)")
	fs.StringVar(&s.Creator, "creator", "", "`id` of the creator")
	fs.StringVar(&s.Media, "media", "", "`URL` that the video plays from")
	fs.StringVar(&s.Tenant, "tenant", "", "`name` of the tenant")
	fs.StringVar(&f.lane, "lane", string(job.Upload), "`lane`: "+strings.Join(laneNames(), ", "))
	fs.StringVar(&f.publish, "publish", string(job.PublishAuto), "`mode`: auto, review or hold")
	fs.StringVar(&s.Profile, "profile", "default", "`name` of the layout")
	fs.StringVar(&f.formats, "formats", "vtt,srt,json", "files to write, a `list` of "+strings.Join(formatNames(), ", "))
	fs.StringArrayVar(&s.Backends, "backend", nil, "`name` of a backend that the workers have; repeated ones are fallbacks (default: all of them)")
	fs.StringVar(&s.Glossary, "glossary", "", "`name` of a glossary that the workers have")
	fs.StringVar(&s.Title, "title", "", "`title` of the video, for the translator")
	fs.StringVar(&s.Description, "description", "", "`description` of the video, for the translator")
	fs.StringVar(&s.BurnedIn, "burned-in", "", "`language` that the picture shows already")
	fs.StringVar(&s.CallbackURL, "callback-url", "", "`URL` that is told when the job ends")
	fs.StringVar(&f.meta, "meta", "", "JSON `object` that is given back as it came")
	fs.BoolVar(&f.wait, "wait", false, "wait until the jobs have ended, and show how far they are")
	fs.StringVar(&f.out, "out", "", "with --wait: `folder` to copy the outputs into")
	fs.BoolVar(&f.json, "json", false, "print one JSON object a job")
	// The configuration file speaks of the workers' backends and glossaries,
	// with options and paths; jobs name them.
	for _, name := range []string{"backend", "glossary", "out"} {
		_ = fs.SetAnnotation(name, ownMeaning, []string{"true"})
	}
	complete(cmd, "pair", pairs)
	complete(cmd, "profile", subtitles.ProfileNames)
	complete(cmd, "lane", laneNames)
	complete(cmd, "publish", func() []string { return []string{"auto", "review", "hold"} })
	completeFormats(cmd)
	return cmd
}

func laneNames() []string {
	var names []string
	for _, l := range job.Lanes {
		names = append(names, string(l))
	}
	return names
}

// check brings the flags together into the spec that all jobs share.
func (f *enqueueFlags) check(args []string) error {
	pair, err := subtitles.ParsePair(f.pair)
	if err != nil {
		return err
	}
	f.spec.Pair, f.spec.Lane, f.spec.Publish = &pair, job.Lane(f.lane), job.PublishMode(f.publish)
	if f.spec.Formats, err = parseFormats(f.formats); err != nil {
		return err
	}
	if f.meta != "" {
		f.spec.Meta = json.RawMessage(f.meta)
	}
	if f.spec.Video != "" && len(args) > 1 {
		return usagef("--video names one video, and there are %d sources", len(args))
	}
	if f.out != "" && !f.wait {
		return usagef("--out needs --wait: outputs are copied when a job has ended")
	}
	if err := checkProfile(f.spec.Profile); err != nil {
		return err
	}
	probe := f.spec
	probe.Source = "https://example.invalid/"
	if err := probe.WithDefaults().Validate(); err != nil {
		return usagef("%s", sentence(err))
	}
	return nil
}

func (a *app) enqueue(ctx context.Context, args []string, f *enqueueFlags) (err error) {
	if err := f.check(args); err != nil {
		return err
	}
	if f.out != "" {
		if err := canWrite(f.out); err != nil {
			return err
		}
	}
	p, err := a.openPlaces(ctx, f.placeFlags, visit)
	if err != nil {
		return err
	}
	defer p.Close()
	service, err := a.callerService(p)
	if err != nil {
		return err
	}
	f.several = len(args) > 1
	var jobs []*worker.Record
	status := statusDone
	for _, arg := range args {
		r, created, err := submit(ctx, service, arg, f.spec)
		if err != nil {
			if ctx.Err() != nil {
				return failf("stopped: %s was not enqueued", arg)
			}
			a.term.say("%s: %s", arg, strings.TrimPrefix(sentence(err), arg+": "))
			status = worse(status, statusOf(err))
			continue
		}
		jobs = append(jobs, r)
		if f.wait {
			continue
		}
		if f.json {
			err = a.printJob(r)
		} else {
			a.term.printf("%s  %s  %s", r.ID, known(r, created), arg)
		}
		if err != nil {
			return err
		}
	}
	if f.wait {
		status = worse(status, a.wait(ctx, service, jobs, f))
	}
	return said(status)
}

func known(r *worker.Record, created bool) string {
	if created {
		return string(r.State)
	}
	return string(r.State) + " (known)"
}

// submit hands in one source: an address, or a local file that is put into the
// store.
func submit(ctx context.Context, s *worker.Service, arg string, spec job.Spec) (*worker.Record, bool, error) {
	spec.Source = arg
	if isLocal(arg) {
		f, err := os.Open(arg)
		if err != nil {
			return nil, false, err
		}
		defer f.Close()
		if fi, err := f.Stat(); err != nil || !fi.Mode().IsRegular() {
			return nil, false, failf("is no regular file")
		}
		if spec.Source, err = s.Upload(ctx, f); err != nil {
			return nil, false, err
		}
		spec.Filename = filepath.Base(arg)
	}
	return s.Submit(ctx, spec)
}

// isLocal reports whether a source is a file of this machine rather than an
// address.
func isLocal(arg string) bool {
	if job.Uploaded(arg) != "" {
		return false
	}
	u, err := url.Parse(arg)
	// C:\vlog.srt has a scheme of one letter.
	return err != nil || len(u.Scheme) < 2 || !strings.Contains(arg, "://")
}

// wait follows jobs to their ends and answers the exit status.
func (a *app) wait(ctx context.Context, s *worker.Service, jobs []*worker.Record, f *enqueueFlags) int {
	bar := a.term.progress("sentences")
	defer bar.end()
	var wg sync.WaitGroup
	statuses := make([]int, len(jobs))
	for i, r := range jobs {
		wg.Go(func() { statuses[i] = a.follow(ctx, s, r, bar, f) })
	}
	wg.Wait()
	status := statusDone
	for _, st := range statuses {
		status = worse(status, st)
	}
	return status
}

// follow waits for the end of one job.
func (a *app) follow(ctx context.Context, s *worker.Service, r *worker.Record, bar *progressBar, f *enqueueFlags) int {
	name := jobName(r)
	err := s.Events(ctx, r.ID, "", func(e worker.Event) error {
		var p worker.Progress
		if e.Type != "progress" {
			return nil
		}
		if err := json.Unmarshal(e.Data, &p); err != nil {
			return err
		}
		bar.set(name, p.Done, p.Units)
		return nil
	})
	if err == nil {
		r, err = s.Get(ctx, r.ID)
	}
	if err == nil && f.out != "" {
		err = copyOutputs(ctx, s, r, f.folder(r))
	}
	switch {
	case ctx.Err() != nil:
		a.term.say("%s: no longer waited for; the job %s goes on", name, r.ID)
		return statusFailed
	case err != nil:
		a.term.say("%s: %s", name, sentence(err))
		return statusFailed
	}
	if f.json {
		if err := a.printJob(r); err != nil {
			a.term.say("%s: %s", name, sentence(err))
			return statusFailed
		}
	} else {
		a.term.printf("%s  %s  %s: %s", r.ID, r.State, name, describeCoverage(r.Coverage, r.Cost))
		if f.out != "" {
			for _, o := range r.Outputs {
				a.term.printf("  %s", filepath.Join(f.folder(r), o.Name))
			}
		}
	}
	switch r.State {
	case worker.StateDone:
		return statusDone
	case worker.StatePartial:
		a.term.say("%s: %d of %d cues are untranslated: “duosub jobs retry %s” tries them again", name, r.Coverage.Untranslated, r.Coverage.Cues, r.ID)
		return statusIncomplete
	}
	a.term.say("%s: %s", name, failureOf(r))
	return statusFailed
}

func failureOf(r *worker.Record) string {
	if r.Error != nil {
		return r.Error.Message
	}
	return "the job is " + string(r.State)
}

// jobName is what a person knows a job by.
func jobName(r *worker.Record) string {
	if r.Spec.Filename != "" {
		return r.Spec.Filename
	}
	return r.Spec.WithDefaults().Video
}

// folder is where the outputs of a job are copied to. Several jobs get a
// folder each, since their outputs can have the same names.
func (f *enqueueFlags) folder(r *worker.Record) string {
	if f.several {
		return filepath.Join(f.out, r.ID)
	}
	return f.out
}

// copyOutputs copies the outputs of a job into a folder.
func copyOutputs(ctx context.Context, s *worker.Service, r *worker.Record, dir string) error {
	if err := canWrite(dir); err != nil {
		return err
	}
	var files []file
	for _, o := range r.Outputs {
		opened, err := s.OpenOutput(ctx, r.ID, o.Name)
		if err != nil {
			return err
		}
		data, err := io.ReadAll(opened.Content)
		err = errors.Join(err, opened.Content.Close())
		if err != nil {
			return fmt.Errorf("the output %s could not be read: %w", o.Name, err)
		}
		files = append(files, file{o.Name, data})
	}
	return writeFiles(dir, files)
}

// printJob prints a job as the API shows it.
func (a *app) printJob(r *worker.Record) error {
	data, err := r.PublicJSON()
	if err != nil {
		return err
	}
	return a.term.json(json.RawMessage(data))
}

package main

import (
	"context"
	"slices"
	"strings"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/worker"
	"github.com/duosub/duosub/worker/job"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"
	"golang.org/x/text/language"
)

// translateFlags are the flags of "duosub translate".
type translateFlags struct {
	translationFlags
	pair, source, track, formats, profile, title string
	out, data                                    string
	retime, partial, overwrite, estimate, json   bool
	burnedIn, hlsPlaylist                        string
	concurrency                                  int
}

func newTranslateCommand(a *app) *cobra.Command {
	f := &translateFlags{}
	cmd := &cobra.Command{
		Use:   "translate INPUT…",
		Short: "Translate subtitle files and videos",
		Long: `Translate subtitle files, or the subtitle tracks of videos, and write files
that show both languages together. Folders are walked; what an earlier run
wrote is passed over.

For vlog.mp4, vlog.srt or vlog.en.srt and the pair zh-Hans,en it writes
vlog.en.vtt, vlog.zh-Hans.vtt, vlog.dual.vtt, the same as .srt, and
vlog.dual.json, beside the input or in --out. Cue times stay as they are.

With a gap, vlog.dual.json alone is written, which tells where it is;
--partial writes the other files too. Translations are kept in the data
folder as they come in, so that after a crash or Ctrl-C the same command
goes on and buys nothing twice.

Exit status: 0 done; 1 failed; 2 wrong usage; 3 finished with gaps.`,
		Example: `  OPENAI_API_KEY=… duosub translate vlog.srt --backend 'openai?model=gpt-5-mini'
  duosub translate vlog.srt --backend 'openai?model=…' --estimate
  duosub translate videos/ --pair zh-Hant-TW,en --out subtitles/ \
      --backend 'openai?base_url=http://localhost:11434/v1&model=…'
  duosub translate vlog.srt --backend none --memory vlog.tmx --glossary terms.csv`,
		Args: arguments(1, 0, "an input"),
		RunE: func(cmd *cobra.Command, args []string) error { return a.translate(cmd.Context(), args, f) },
	}
	f.add(cmd)
	fs := cmd.Flags()
	fs.StringVar(&f.pair, "pair", subtitles.DefaultPair.String(), "the two languages on the screen, `TOP,BOTTOM`")
	fs.StringVar(&f.source, "source", "", "`language` of the inputs (default: their text is looked at)")
	fs.StringVar(&f.track, "track", "", "`track` of a video, by number or language (default: the best)")
	fs.StringVar(&f.formats, "formats", "vtt,srt,json", "files to write, a `list` of "+strings.Join(formatNames(), ", "))
	fs.StringVar(&f.profile, "profile", "default", "`name` of the layout")
	fs.StringVar(&f.title, "title", "", "`title` of the video, for the translator")
	fs.StringVar(&f.out, "out", "", "`folder` for the outputs (default: beside each input)")
	fs.StringVar(&f.data, "data", "", "`folder` for what must not be lost (default $XDG_STATE_HOME/duosub)")
	fs.StringVar(&f.burnedIn, "burned-in", "", "`language` that the picture shows already: the other one alone goes to the top")
	fs.StringVar(&f.hlsPlaylist, "hls-playlist", "", "media playlist `file` of the video, to cut the format hls as it is cut (default: 6 seconds a segment)")
	fs.BoolVar(&f.retime, "retime", false, "mend ends of cues where no speech is touched")
	fs.BoolVar(&f.partial, "partial", false, "write the files in spite of gaps")
	fs.BoolVar(&f.overwrite, "overwrite", false, "replace files that duosub did not write")
	fs.BoolVar(&f.estimate, "estimate", false, "tell units, characters, tokens and price, and send nothing")
	fs.BoolVar(&f.json, "json", false, "print one JSON object an input")
	fs.IntVar(&f.concurrency, "concurrency", 1, "how many inputs to work on at once, `n`")
	complete(cmd, "pair", pairs)
	complete(cmd, "profile", subtitles.ProfileNames)
	completeFormats(cmd)
	return cmd
}

func formatNames() []string { return job.Formats }

// parseFormats reads "vtt,srt,json".
func parseFormats(s string) ([]string, error) {
	var formats []string
	for f := range strings.SplitSeq(s, ",") {
		f = strings.ToLower(strings.TrimSpace(f))
		if !slices.Contains(formatNames(), f) {
			return nil, usagef("unknown format %q: use %s", f, strings.Join(formatNames(), ", "))
		}
		if !slices.Contains(formats, f) {
			formats = append(formats, f)
		}
	}
	return formats, nil
}

// parseLanguage reads a language; empty is [language.Und].
func parseLanguage(flag, s string) (language.Tag, error) {
	if s == "" {
		return language.Und, nil
	}
	tag, err := language.Parse(s)
	if err != nil {
		return tag, usagef("--%s: %q is no BCP 47 language tag", flag, s)
	}
	return tag, nil
}

func (a *app) translate(ctx context.Context, args []string, f *translateFlags) error {
	req, err := f.request()
	if err != nil {
		return err
	}
	// What is under way when ctx ends is finished and kept.
	req.Drain = ctx.Done()
	processor, closeMemory, err := a.openProcessor(ctx, f)
	if err != nil {
		return err
	}
	defer closeMemory()
	inputs, err := collectInputs(args)
	if err != nil {
		return err
	}
	bar := a.term.progress("sentences")
	defer bar.end()
	work, err := f.plan(ctx, processor, req, inputs, bar)
	if err != nil {
		return err
	}
	if !f.estimate {
		if err := canWriteAll(work); err != nil {
			return err
		}
	}
	go func() {
		var g errgroup.Group
		g.SetLimit(max(f.concurrency, 1))
		for _, w := range work {
			g.Go(func() error {
				defer close(w.done)
				f.run(ctx, processor, w, inputs)
				return nil
			})
		}
	}()
	status := statusDone
	for _, w := range work {
		<-w.done
		s, err := a.report(w, f)
		if err != nil {
			return err
		}
		status = worse(status, s)
	}
	return said(status)
}

// request checks the flags and makes what all inputs have in common.
func (f *translateFlags) request() (worker.Request, error) {
	req := worker.Request{Track: f.track, Profile: f.profile, Title: f.title, Partial: f.partial, Gate: worker.Strict}
	var err error
	if req.Pair, err = subtitles.ParsePair(f.pair); err != nil {
		return req, err
	}
	if req.Source, err = parseLanguage("source", f.source); err != nil {
		return req, err
	}
	if req.BurnedIn, err = parseLanguage("burned-in", f.burnedIn); err != nil {
		return req, err
	}
	req.Retime = f.retime
	if f.hlsPlaylist != "" {
		data, err := readBounded(f.hlsPlaylist, subtitles.MaxPlaylistBytes)
		if err != nil {
			return req, failf("--hls-playlist: %s", sentence(err))
		}
		if req.HLS.Video, err = subtitles.ParsePlaylist(data); err != nil {
			return req, failf("--hls-playlist: %s", sentence(err))
		}
	}
	if req.Formats, err = parseFormats(f.formats); err != nil {
		return req, err
	}
	if f.concurrency < 1 {
		return req, usagef("--concurrency must be 1 or more")
	}
	return req, checkProfile(f.profile)
}

func (a *app) openProcessor(ctx context.Context, f *translateFlags) (_ *worker.Processor, closeMemory func() error, err error) {
	cfg := worker.ProcessorConfig{}
	if cfg.Backends, err = a.openBackends(f.backends); err != nil {
		return nil, nil, err
	}
	if cfg.Glossaries, err = openGlossaries(f.glossaries); err != nil {
		return nil, nil, err
	}
	m, err := openMemories(f.memory)
	if err != nil {
		return nil, nil, err
	}
	cfg.Fuzzy = m.tmx
	if cfg.Memory, closeMemory, err = a.openMemory(ctx, m, f.data); err != nil {
		return nil, nil, err
	}
	p, err := worker.NewProcessor(cfg)
	if err != nil {
		_ = closeMemory()
		return nil, nil, err
	}
	return p, closeMemory, nil
}

package main

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/worker"
	"github.com/spf13/cobra"
	"golang.org/x/text/language"
)

// mergeFlags are the flags of "duosub merge".
type mergeFlags struct {
	pair, times, formats, profile, out string
	retime, overwrite, json            bool
}

func newMergeCommand(a *app) *cobra.Command {
	f := &mergeFlags{}
	cmd := &cobra.Command{
		Use:   "merge TOP BOTTOM",
		Short: "Pair two tracks that exist already",
		Long: `Pair two tracks of one video by time, one English, one Chinese, and write files
that show both, TOP's language above BOTTOM's. Nothing is translated. The files
are named after TOP, whose times lead.`,
		Example: `  duosub merge vlog.zh-Hans.srt vlog.en.srt
  duosub merge vlog.zh-Hans.srt vlog.en.vtt --times bottom --formats vtt`,
		Args: arguments(2, 2, "two files"),
		RunE: func(cmd *cobra.Command, args []string) error { return a.merge(cmd.Context(), args[0], args[1], f) },
	}
	fs := cmd.Flags()
	fs.StringVar(&f.pair, "pair", "", "languages of the tracks, `TOP,BOTTOM` (default: their texts are looked at)")
	fs.StringVar(&f.times, "times", string(subtitles.LeadTop), "whose times the result has: `top or bottom`")
	fs.StringVar(&f.formats, "formats", "vtt,srt,json", "files to write, a `list` of "+strings.Join(formatNames(), ", "))
	fs.StringVar(&f.profile, "profile", "default", "`name` of the layout")
	fs.StringVar(&f.out, "out", "", "`folder` for the outputs (default: beside TOP)")
	fs.BoolVar(&f.retime, "retime", false, "mend ends of cues where no speech is touched")
	fs.BoolVar(&f.overwrite, "overwrite", false, "replace files that duosub did not write")
	fs.BoolVar(&f.json, "json", false, "print one JSON object")
	// The configured pair is what to translate into, not what these files are.
	_ = fs.SetAnnotation("pair", ownMeaning, []string{"true"})
	complete(cmd, "pair", pairs)
	complete(cmd, "times", func() []string { return []string{"top", "bottom"} })
	complete(cmd, "profile", subtitles.ProfileNames)
	completeFormats(cmd)
	return cmd
}

func (a *app) merge(ctx context.Context, top, bottom string, f *mergeFlags) error {
	if f.times != string(subtitles.LeadTop) && f.times != string(subtitles.LeadBottom) {
		return usagef("--times must be top or bottom, not %q", f.times)
	}
	formats, err := parseFormats(f.formats)
	if err != nil {
		return err
	}
	if err := checkProfile(f.profile); err != nil {
		return err
	}
	profile, _ := subtitles.ProfileByName(f.profile)
	var tracks [2]*subtitles.Track
	for i, path := range []string{top, bottom} {
		track, report, err := readTrack(ctx, path, "")
		if err != nil {
			return aboutInput(path, err)
		}
		a.sayNotes(path, report)
		tracks[i] = track
	}
	if f.pair != "" {
		if err := f.setLanguages(tracks, top, bottom); err != nil {
			return err
		}
	}
	doc, err := subtitles.PairTracks(tracks[0], tracks[1], subtitles.Lead(f.times))
	if err != nil {
		if subtitles.KindOf(err) == subtitles.ErrUnknownLanguage {
			return failf("%s with --pair", sentence(err))
		}
		return err
	}
	doc.Check(profile)
	doc.Published = true
	return a.writeMerged(doc, top, []string{top, bottom}, formats, profile, f)
}

// setLanguages gives the tracks the languages of --pair, and refuses those
// that their texts contradict.
func (f *mergeFlags) setLanguages(tracks [2]*subtitles.Track, top, bottom string) error {
	pair, err := subtitles.ParsePair(f.pair)
	if err != nil {
		return err
	}
	paths := [2]string{top, bottom}
	for i, tag := range [2]language.Tag{pair.Top, pair.Bottom} {
		found := subtitles.DetectLanguage(tracks[i])
		if found != language.Und && subtitles.IsChinese(found) != subtitles.IsChinese(tag) {
			return failf("%s: is written in %s, not in %s: give the files in the order of --pair, top first", paths[i], found, tag)
		}
		tracks[i].Language = tag
	}
	return nil
}

// mergedJSON is what --json prints.
type mergedJSON struct {
	Top     string         `json:"top"`
	Bottom  string         `json:"bottom"`
	Pair    subtitles.Pair `json:"pair"`
	Outputs []string       `json:"outputs"`
	LeftOut []string       `json:"left_out,omitempty"`
	Cues    int            `json:"cues"`
	Paired  int            `json:"paired"`
}

func (a *app) writeMerged(doc *subtitles.Document, top string, inputs, formats []string, profile subtitles.Profile, f *mergeFlags) error {
	dir := f.out
	if dir == "" {
		dir = filepath.Dir(top)
	}
	if err := canWrite(dir); err != nil {
		return err
	}
	base := worker.BaseName(filepath.Base(top), doc.Pair.Top)
	if f.retime {
		doc.Retime(subtitles.RetimeOptions{Profile: profile})
	}
	rendered, err := worker.Render(doc, worker.RenderOptions{Base: base, Formats: formats, Profile: profile})
	if err != nil {
		return err
	}
	files, left, err := writable(doc, rendered, dir, base, inputs)
	if err != nil {
		return err
	}
	if !f.overwrite {
		if err := protect(dir, files); err != nil {
			return err
		}
	}
	if err := writeFiles(dir, files); err != nil {
		return err
	}
	out := mergedJSON{Top: inputs[0], Bottom: inputs[1], Pair: doc.Pair, LeftOut: left, Cues: len(doc.Cues)}
	for _, c := range doc.Cues {
		if c.Texts[doc.Pair.Top].Text != "" && c.Texts[doc.Pair.Bottom].Text != "" {
			out.Paired++
		}
	}
	for _, file := range files {
		out.Outputs = append(out.Outputs, filepath.Join(dir, file.name))
	}
	for _, name := range left {
		a.term.say("%s was left out, since it is an input", name)
	}
	if f.json {
		return a.term.json(out)
	}
	a.term.printf("%s: %s, %d in both languages", base, count(out.Cues, "cue"), out.Paired)
	for _, path := range out.Outputs {
		a.term.printf("  %s", a.relative(path))
	}
	return nil
}

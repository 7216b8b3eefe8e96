package worker

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/subtitles/media"
	"github.com/duosub/duosub/translate"
	"github.com/duosub/duosub/worker/job"
	"golang.org/x/text/language"
)

// ProcessorConfig is what a Processor works with.
type ProcessorConfig struct {
	// Backends in the order in which they are tried; at least one.
	Backends []*translate.Backend
	// Memory is consulted before and written after each batch; nil means one
	// in this process that is forgotten.
	Memory translate.Memory
	// Fuzzy gives hints for prompts; nil means none.
	Fuzzy translate.FuzzyMemory
	// Glossaries by name; DefaultGlossary is the one that a job without a
	// name gets.
	Glossaries map[string]*translate.Glossary
	// Stops keeps which backends are stopped; nil means a record of this
	// process.
	Stops translate.Stops
	// BatchUnits bounds the units of a call; zero means the layer's default.
	BatchUnits int
	// Log is told what an operator wants to know; nil means silence.
	Log *slog.Logger
}

// A Processor does the whole way of a job, from a source to the files. The
// command and the queue's handler both call it: there is one way, not two. It
// is safe for concurrent use.
type Processor struct{ cfg ProcessorConfig }

// NewProcessor makes a Processor.
func NewProcessor(cfg ProcessorConfig) (*Processor, error) {
	if len(cfg.Backends) == 0 {
		return nil, badRequest("no backend is configured: name one with --backend, for example openai?model=… or none")
	}
	if cfg.Memory == nil {
		cfg.Memory = translate.NewMemory()
	}
	if cfg.Stops == nil {
		cfg.Stops = translate.NewStops()
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Processor{cfg: cfg}, nil
}

// A Request is one track and what is wanted of it.
type Request struct {
	// Path is a local file, subtitles, a video or an HLS playlist; Data the
	// bytes of a subtitle file where Path is empty.
	Path string
	Data []byte
	// Opener opens what a playlist leads to, and Address is the playlist's
	// own. A nil Opener means files in the folder of Path and below.
	Opener  media.Opener
	Address string
	// Name is the base of the outputs' names ("42" gives 42.dual.vtt). Empty
	// means InputName without its extension and without a trailing tag equal
	// to the source language.
	Name, InputName string
	// Pair is the two languages on the screen; the zero value means
	// [subtitles.DefaultPair].
	Pair subtitles.Pair
	// Source is the language of the track; [language.Und] means that its text
	// is looked at.
	Source language.Tag
	// Track chooses a track of a video by number or language; empty means
	// the best.
	Track string
	// Profile names the layout; empty means "default".
	Profile            string
	Title, Description string
	// Formats are the files wanted; nil means vtt, srt and json.
	Formats []string
	// Backends names configured backends to use, in order; nil means all.
	Backends []string
	// Glossary names a glossary; empty means the default one.
	Glossary string
	Tenant   string
	// Gate decides whether gaps may be published; the zero value is strict.
	Gate Gate
	// BurnedIn is a language that the picture shows already; [language.Und]
	// means none.
	BurnedIn language.Tag
	// HLS says how the format hls is cut into segments; its Name is not read.
	HLS subtitles.HLSOptions
	// Retime mends the ends of cues where that touches no speech (see
	// [subtitles.Retime]); otherwise all times are the source's.
	Retime bool
	// Partial writes the files in spite of a closed gate.
	Partial bool
	// Hold writes the files but leaves the document unpublished.
	Hold bool
	// Memory is used instead of the Processor's; nil means the Processor's.
	Memory translate.Memory
	// Previous answers a finished document with a fingerprint, or nil; a nil
	// function means that there is none.
	Previous func(ctx context.Context, fingerprint string) (*subtitles.Document, error)
	// OnUnits is told how many of how many units are finished; OnCues gets
	// the cues of finished units. Calls do not overlap. Nil means nobody.
	OnUnits func(done, total int)
	OnCues  func(ctx context.Context, cues []subtitles.DualCue) error
	// Drain, when closed, lets calls under way finish and ends the work with
	// [translate.ErrDrained].
	Drain <-chan struct{}
}

// A Result is what Process made.
type Result struct {
	Document *subtitles.Document
	// Files are the outputs, dual.json last. With a closed gate it is the
	// only one.
	Files []File
	// State is StateDone, or StatePartial when the gate is closed.
	State State
	// Report tells what reading did to the source.
	Report   *subtitles.Report
	Progress Progress
	Coverage subtitles.Coverage
	Cost     Cost
	// Calls counts the requests sent to backends, Repairs what had to be
	// mended, by reason.
	Calls   int
	Repairs map[string]int
	// Reasons counts untranslated units by reason.
	Reasons map[string]int
	// TakenOver says that a finished run had the same fingerprint.
	TakenOver bool
}

// Process does the whole way: [Processor.Open], then [Opened.Run].
func (p *Processor) Process(ctx context.Context, req Request) (*Result, error) {
	o, err := p.Open(ctx, req)
	if err != nil {
		return nil, err
	}
	return o.Run(ctx)
}

// checkRequest fills in defaults and finds what cannot be done before
// anything is read.
func (p *Processor) checkRequest(req *Request) (subtitles.Profile, []*translate.Backend, *translate.Glossary, error) {
	if req.Pair == (subtitles.Pair{}) {
		req.Pair = subtitles.DefaultPair
	}
	if req.Formats == nil {
		req.Formats = []string{"vtt", "srt", "json"}
	}
	for _, f := range req.Formats {
		if !slices.Contains(job.Formats, f) {
			return subtitles.Profile{}, nil, nil, badRequest("unknown format %q: use %s", f, strings.Join(job.Formats, ", "))
		}
	}
	profile, ok := subtitles.ProfileByName(cmp.Or(req.Profile, "default"))
	if !ok {
		return profile, nil, nil, unknownProfile(req.Profile)
	}
	backends := p.cfg.Backends
	if len(req.Backends) > 0 {
		backends = nil
		for _, name := range req.Backends {
			i := slices.IndexFunc(p.cfg.Backends, func(b *translate.Backend) bool { return b.Caps().Name == name })
			if i < 0 {
				return profile, nil, nil, &Error{Code: CodeUnknownBackend, Permanent: true,
					Message: fmt.Sprintf("backend %q is not configured here: start the worker with it or leave it out", name)}
			}
			backends = append(backends, p.cfg.Backends[i])
		}
	}
	glossary, err := p.glossary(req.Glossary)
	return profile, backends, glossary, err
}

// DefaultGlossary is the name of the glossary for those who name none.
const DefaultGlossary = "default"

// glossary answers the glossary of a name; "" is the default one, or none.
func (p *Processor) glossary(name string) (*translate.Glossary, error) {
	g, ok := p.cfg.Glossaries[cmp.Or(name, DefaultGlossary)]
	if !ok && cmp.Or(name, DefaultGlossary) != DefaultGlossary {
		return nil, &Error{Code: CodeUnknownGlossary, Permanent: true,
			Message: fmt.Sprintf("there is no glossary %q here: start the worker with it or leave it out", name)}
	}
	return g, nil
}

// translator makes the translation layer for one job.
func (p *Processor) translator(backends []*translate.Backend, memory translate.Memory, glossary *translate.Glossary, tenant string) (*translate.Translator, error) {
	return translate.New(translate.Config{Backends: backends, Memory: memory, Fuzzy: p.cfg.Fuzzy, Glossary: glossary,
		Tenant: tenant, BatchUnits: p.cfg.BatchUnits, Stops: p.cfg.Stops, Log: p.cfg.Log})
}

func unknownProfile(name string) *Error {
	return &Error{Code: CodeUnknownProfile, Permanent: true,
		Message: fmt.Sprintf("unknown profile %q: use %s", name, strings.Join(subtitles.ProfileNames(), " or "))}
}

package translate

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"github.com/duosub/duosub/subtitles"
	"golang.org/x/text/language"
)

// ErrDrained is returned by Translate when Work.Drain was closed before
// everything was translated; what was finished is in the memory.
var ErrDrained = errors.New("translate: drained before the end")

const (
	defaultBatchUnits = 40
	defaultContext    = 4
	defaultMaxWait    = 30 * time.Second
)

// A Translator translates units. It is safe for concurrent use.
type Translator struct{ cfg Config }

// New checks the configuration and makes a Translator.
func New(cfg Config) (*Translator, error) {
	if len(cfg.Backends) == 0 {
		return nil, &Error{Kind: KindInvalid, Message: "no backend is configured: name one, for example with --backend openai?model=gpt-5-mini"}
	}
	for _, b := range cfg.Backends {
		if b == nil {
			return nil, &Error{Kind: KindInvalid, Message: "a backend of the configuration is nil"}
		}
	}
	if cfg.Memory == nil {
		cfg.Memory = NewMemory()
	}
	if cfg.BatchUnits <= 0 {
		cfg.BatchUnits = defaultBatchUnits
	}
	switch {
	case cfg.Context == 0:
		cfg.Context = defaultContext
	case cfg.Context < 0:
		cfg.Context = 0
	}
	if cfg.Stops == nil {
		cfg.Stops = NewStops()
	}
	if cfg.MaxWait <= 0 {
		cfg.MaxWait = defaultMaxWait
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	return &Translator{cfg: cfg}, nil
}

// Config is what a Translator is made of.
type Config struct {
	// Backends in the order in which they are tried; at least one.
	Backends []*Backend
	// Memory is consulted before and written after each batch; nil means one
	// in this process that is forgotten afterwards.
	Memory Memory
	// Fuzzy gives hints for prompts; nil means none.
	Fuzzy FuzzyMemory
	// Glossary is enforced and checked; nil means none.
	Glossary *Glossary
	// Tenant separates memories; empty is a tenant of its own.
	Tenant string
	// BatchUnits bounds the units of a request; zero means 40. A backend's
	// own limits apply besides.
	BatchUnits int
	// Context is how many units before and after a batch go along, read-only;
	// zero means 4, negative none.
	Context int
	// Stops keeps which backends are stopped for want of quota or
	// credentials; nil means a record of this process.
	Stops Stops
	// MaxWait bounds how long a call waits for a rate limit before the job
	// gives its place up with KindRateLimited; zero means 30 seconds.
	MaxWait time.Duration
	// PlanTerms lets a language model read a long track once, before the
	// batches, and propose how its names and terms are to be translated, so
	// that batches that run in parallel use the same ones. Off by default; a
	// failure of it is no failure of the work.
	PlanTerms bool
	// Log receives what an operator wants to know, never a text or a key; nil
	// means silence.
	Log *slog.Logger
}

// Work is what is to be translated.
type Work struct {
	Source, Target language.Tag
	Units          []subtitles.Unit
	// Cues are the cues that the units' indexes point into. They tell
	// durations for splitting; nil for short texts, whose units have one part
	// each.
	Cues []subtitles.Cue
	// Title, Kind and Description go into prompts. Kind is empty for
	// subtitles, else "title", "description", "comment", "listing" or "chat".
	Title, Kind, Description string
	// OnBatch is called after each batch has been stored, one call at a time,
	// with the results that are new, in no particular order of batches; nil
	// means nobody is told. An error from it ends the work.
	OnBatch func(ctx context.Context, done []Result) error
	// Drain, when closed, lets calls under way finish and be stored, starts
	// no new ones and makes Translate return [ErrDrained].
	Drain <-chan struct{}

	// link says of each unit whether the next one continues the same text; nil
	// means that all of them do. Short texts are strangers to each other.
	link []bool
}

// A Result is what became of one unit.
type Result struct {
	// Unit is the index into Work.Units.
	Unit int
	// Parts holds one translated text a cue of the unit, none of them empty;
	// nil when Status is StatusUntranslated.
	Parts []string
	// Status is StatusTranslated, StatusReused, StatusKept or
	// StatusUntranslated.
	Status subtitles.Status
	// Backend made the translation; empty for kept and untranslated units.
	Backend string
	// Reason says why the unit is untranslated: one of the Reason constants,
	// or a word of the checks such as "echo".
	Reason string
	// Findings are what the checks let pass with a remark (a number or a term
	// that could not be found).
	Findings []subtitles.Finding
}

// Outcome is what Translate returns.
type Outcome struct {
	// Results holds one result a unit, in order.
	Results []Result
	// Uses tells what each backend did and what it consumed, in the order of
	// Config.Backends; backends that did nothing are left out.
	Uses []Use
	// Repairs counts what had to be mended, by reason.
	Repairs map[string]int
}

// A Use is what one backend did.
type Use struct {
	Name, Model string
	Units       int
	Usage       Usage
	Price       Price
	// Calls counts the requests sent, failed ones included.
	Calls int
}

// An Estimate foretells a translation without sending anything.
type Estimate struct {
	Units      int `json:"units"`      // units that would be sent
	Remembered int `json:"remembered"` // units that the memory answers
	Kept       int `json:"kept"`       // units with nothing to translate
	Characters int `json:"characters"` // code points of source text to send
	// InputTokens and OutputTokens are estimated; zero for backends that
	// count characters.
	InputTokens  int `json:"input_tokens"`
	OutputTokens int `json:"output_tokens"`
	Requests     int `json:"requests"`
	// Cost is a decimal number, empty when the price is not known.
	Cost     string `json:"cost"`
	Currency string `json:"currency"`
}

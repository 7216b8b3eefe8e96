package translate

import (
	"context"

	"golang.org/x/text/language"
)

// A Driver is one translation backend. Drivers stay thin: they send one
// request and tell what came back. They neither retry nor check nor split.
// Their methods are safe for concurrent use.
type Driver interface {
	// Caps tells what the backend is and can take. It does no work and always
	// answers the same.
	Caps() Caps
	// Translate sends one request within the limits of Caps. The reply may be
	// wrong in any way; the caller checks it. Errors are [*Error]; a reply
	// that could be read in part comes with a nil error.
	Translate(ctx context.Context, req *Request) (*Reply, error)
}

// A TermPlanner is a Driver that can read a whole track once and propose how
// its names and terms are to be translated.
type TermPlanner interface {
	PlanTerms(ctx context.Context, req *TermsRequest) (*TermsReply, error)
}

// Caps is what a backend is and can take.
type Caps struct {
	// Name is the registered name ("openai"), Model the model or engine.
	Name, Model string
	// Policy is the part of the backend's options that can change the text of
	// a translation, in canonical form. Concurrency, addresses and prices are
	// not part of it.
	Policy string
	// Prompt is the version of the prompt, empty for backends without one. A
	// machine's memory entry counts only while it is today's.
	Prompt string
	// MaxUnits and MaxChars bound a request: units, and code points of their
	// source texts together. Zero means no bound of the backend's own.
	MaxUnits, MaxChars int
	// Concurrency is how many requests may be under way at once; zero means
	// 4.
	Concurrency int
	// LLM says that the backend reads context, title, terms and hints, and
	// answers with one text a cue.
	LLM bool
	// MemoryOnly says that the backend translates nothing ("none"): memory
	// and glossary answer, whatever model an entry comes from.
	MemoryOnly bool
	// Price is what the backend costs; the zero value means unknown.
	Price Price
}

// A Request is one call of a backend.
type Request struct {
	Source, Target language.Tag
	// Title, Kind and Description describe what the text belongs to. Kind is
	// empty for subtitles, else the kind of a short text.
	Title, Kind, Description string
	// Terms are the glossary terms that occur in Units.
	Terms []Term
	// Before and After are read-only context.
	Before []ContextLine
	After  []string
	// Units are to be translated; their keys on the wire are their positions,
	// from 1.
	Units []RequestUnit
	// Hint is a free sentence for the translator: a person's wish, similar
	// sentences translated before, a term that was missed.
	Hint string
	// Previous holds earlier translations of the units in a redo, by
	// position; nil otherwise.
	Previous []string
}

// A RequestUnit is one unit of a request: its source text, one part a cue.
type RequestUnit struct{ Parts []string }

// A ContextLine is a source line and its translation, empty where it is not
// known.
type ContextLine struct{ Source, Target string }

// A Reply is what a backend answered.
type Reply struct {
	// Units are the answers in the order in which they were read; a key can
	// be missing, repeated or unknown.
	Units []ReplyUnit
	// Finish says why the answer ended.
	Finish Finish
	Usage  Usage
}

// A ReplyUnit is one answer: a key and the texts under it.
type ReplyUnit struct {
	// Key is the key as it was sent: the position of a unit in the request
	// from 1, in decimal, if the backend kept to it.
	Key string
	// Texts holds one text a cue where the backend splits (Caps.LLM), else
	// one text for the whole unit.
	Texts []string
}

// Finish says why an answer ended.
type Finish string

const (
	// FinishStop: the backend had nothing more to say.
	FinishStop Finish = "stop"
	// FinishLength: cut off at a length limit; the end is missing.
	FinishLength Finish = "length"
	// FinishRefused: a filter or the model refused.
	FinishRefused Finish = "refused"
	// FinishBad: the answer could not be read as the format asks.
	FinishBad Finish = "bad"
)

// Usage is what a call consumed.
type Usage struct{ InputTokens, OutputTokens, Characters int }

// Add adds the other usage to u.
func (u *Usage) Add(o Usage) {
	u.InputTokens += o.InputTokens
	u.OutputTokens += o.OutputTokens
	u.Characters += o.Characters
}

// A Price is what a backend charges. The zero value means that it is unknown.
type Price struct {
	// InputPerMillion and OutputPerMillion are per million tokens,
	// CharactersPerMillion per million characters of source text, all in
	// millionths of the currency's unit.
	InputPerMillion, OutputPerMillion, CharactersPerMillion int64
	// Currency is an ISO 4217 code; empty means that the price is unknown.
	Currency string
}

// A TermsRequest asks for the names and terms of a whole track.
type TermsRequest struct {
	Source, Target language.Tag
	Title          string
	Text           []string
}

// A TermsReply holds the terms that a backend proposes.
type TermsReply struct {
	Terms []Term
	Usage Usage
}

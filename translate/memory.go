package translate

import (
	"context"

	"golang.org/x/text/language"
)

// KeySize is the length of a memory key in bytes.
const KeySize = 16

// A Key addresses a memory entry: the first 16 bytes of a SHA-256 over
// tenant, source and target language, the unit's normalised joined text, and
// its neighbours where that is shorter than 12 characters.
type Key [KeySize]byte

// Origin says who made a memory entry; a person's outranks a TMX file's, and
// that a machine's.
type Origin string

const (
	OriginPerson  Origin = "person"
	OriginTMX     Origin = "tmx"
	OriginMachine Origin = "machine"
)

// A Query is one unit looked up in a memory.
type Query struct {
	Key            Key
	Source, Target language.Tag
	// Text is the unit's normalised joined text.
	Text string
}

// An Entry is a stored translation.
type Entry struct {
	// Text is the whole translation, Parts its division over the cues of the
	// unit it was made for (nil where it was never divided).
	Text   string
	Parts  []string
	Origin Origin
	// Backend and Model made it; Prompt and Terms (the hash of the glossary
	// terms that match the unit) are what they were told. A machine's entry
	// counts only while model, prompt and terms are today's.
	Backend, Model, Prompt, Terms string
}

// A Record is an entry and what it translates.
type Record struct {
	Query
	Entry Entry
}

// A Memory keeps translations. Its methods are safe for concurrent use.
type Memory interface {
	// Lookup answers one entry a query, in order, nil where there is none.
	// A whole batch is one call, so that a memory behind a network answers it
	// in one round trip.
	Lookup(ctx context.Context, queries []Query) ([]*Entry, error)
	// Store keeps the records before it returns. An entry of lower origin
	// never replaces one of higher origin.
	Store(ctx context.Context, records []Record) error
}

// A Match is a stored sentence similar to one asked for, for a prompt only:
// "3 cats" is not "4 cats".
type Match struct {
	Source, Target string
	// Score is from 0 (nothing in common) to 1 (equal).
	Score float64
}

// A FuzzyMemory is a Memory that also finds similar sentences.
type FuzzyMemory interface {
	Memory
	// Similar answers up to n matches, best first, exact ones left out.
	Similar(q Query, n int) []Match
}

package translate

import (
	"context"
	"slices"

	"golang.org/x/text/language"
)

// KeySize is the length of a memory key in bytes.
const KeySize = 16

// A Key addresses a memory entry: the first 16 bytes of a SHA-256 over
// tenant, source and target language, the unit's normalised joined text, and
// its neighbours where that is shorter than 12 characters. [MakeKey] makes it.
type Key [KeySize]byte

// Origin says who made a memory entry; a person's outranks a TMX file's, and
// that a machine's.
type Origin string

const (
	OriginPerson  Origin = "person"
	OriginTMX     Origin = "tmx"
	OriginMachine Origin = "machine"
)

// Rank orders origins: 3 for a person's entry, 2 for a TMX file's, 1 for a
// machine's and for anything else.
func (o Origin) Rank() int {
	switch o {
	case OriginPerson:
		return 3
	case OriginTMX:
		return 2
	}
	return 1
}

// A Query is one unit looked up in a memory.
type Query struct {
	Key            Key
	Source, Target language.Tag
	// Text is the unit's normalised joined text.
	Text string
	// Prev and Next are the joined texts of the units before and after, empty
	// at the ends of a track and where they are not known. A memory that goes
	// by text and not by key (TMX) tells by them which of several translations
	// of a short text is meant.
	Prev, Next string
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

// clone is a copy that shares nothing a caller could write to.
func (e *Entry) clone() *Entry {
	c := *e
	c.Parts = slices.Clone(e.Parts)
	return &c
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
	// in one round trip. The entries are the caller's own.
	Lookup(ctx context.Context, queries []Query) ([]*Entry, error)
	// Store keeps the records before it returns. An entry of lower origin
	// never replaces one of higher origin; among equals the last one stays.
	// A memory that is read-only ([ReadOnlyMemory]) keeps nothing and returns
	// nil.
	Store(ctx context.Context, records []Record) error
}

// A ReadOnlyMemory is a Memory that may keep nothing of what is stored in it,
// such as a TMX file.
type ReadOnlyMemory interface {
	Memory
	// ReadOnly reports whether Store keeps nothing.
	ReadOnly() bool
}

func isReadOnly(m Memory) bool {
	r, ok := m.(ReadOnlyMemory)
	return ok && r.ReadOnly()
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

// Layered makes one memory of several.
//
// Lookup answers, for each query, the entry of the highest origin that any of
// them holds; among equals that of the memory named first. A memory is asked
// only for what no person's entry has answered yet.
//
// Store goes to the first memory that is not read-only. Where all of them are,
// it keeps nothing: put a memory that stores before or behind a TMX file,
// else what a backend translated is bought again next time.
func Layered(memories ...Memory) Memory {
	l := make(layered, 0, len(memories))
	for _, m := range memories {
		if m != nil {
			l = append(l, m)
		}
	}
	return l
}

type layered []Memory

func (l layered) Lookup(ctx context.Context, queries []Query) ([]*Entry, error) {
	best := make([]*Entry, len(queries))
	ask, at := queries, []int(nil) // at is nil while ask is all of queries
	for _, m := range l {
		found, err := m.Lookup(ctx, ask)
		if err != nil {
			return nil, err
		}
		for i, e := range found {
			if at != nil {
				i = at[i]
			}
			if e != nil && (best[i] == nil || e.Origin.Rank() > best[i].Origin.Rank()) {
				best[i] = e
			}
		}
		ask, at = nil, make([]int, 0, len(queries))
		for i, e := range best {
			if e == nil || e.Origin != OriginPerson {
				ask, at = append(ask, queries[i]), append(at, i)
			}
		}
		if len(ask) == 0 {
			break
		}
	}
	return best, nil
}

func (l layered) Store(ctx context.Context, records []Record) error {
	for _, m := range l {
		if !isReadOnly(m) {
			return m.Store(ctx, records)
		}
	}
	return nil
}

// ReadOnly reports whether no layer stores.
func (l layered) ReadOnly() bool {
	return !slices.ContainsFunc(l, func(m Memory) bool { return !isReadOnly(m) })
}

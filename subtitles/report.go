package subtitles

import (
	"fmt"
	"slices"
)

// Limits on what is read. A file beyond one of them is refused, never cut.
const (
	// MaxBytes bounds a subtitle file (32 MiB).
	MaxBytes = 32 << 20
	// MaxCues bounds the cues of a track. The longest real tracks have some
	// ten thousand.
	MaxCues = 200_000
)

// A Report tells what reading did to a file.
type Report struct {
	Format Format `json:"format"`
	// Encoding is the WHATWG name of the character encoding that was found
	// ("utf-8", "utf-16le", "gb18030", "big5").
	Encoding string `json:"encoding"`
	// Notes are the places that were mended or skipped, in the file's order,
	// at most MaxNotes of them; Omitted counts the rest.
	Notes   []Note `json:"notes,omitempty"`
	Omitted int    `json:"omitted,omitempty"`
	// Audit counts what the file held and what became of it. It is zero where
	// Read failed.
	Audit Audit `json:"audit"`
}

// MaxNotes bounds Report.Notes.
const MaxNotes = 1000

// A Note is one place that was mended or skipped.
type Note struct {
	// Line counts from 1; zero when the note is about the whole file.
	Line int `json:"line"`
	// Dropped says that text or a cue was left out; otherwise the place was
	// mended and nothing of it is lost.
	Dropped bool `json:"dropped,omitempty"`
	// Rule is a stable word for programs ("no-end-time").
	Rule string `json:"rule"`
	// Message is a sentence for people.
	Message string `json:"message"`
}

func (n Note) String() string {
	what := "mended"
	if n.Dropped {
		what = "skipped"
	}
	if n.Line == 0 {
		return what + ": " + n.Message
	}
	return fmt.Sprintf("line %d %s: %s", n.Line, what, n.Message)
}

func (r *Report) add(n Note) {
	if len(r.Notes) >= MaxNotes {
		r.Omitted++
		return
	}
	r.Notes = append(r.Notes, n)
}

// ErrorKind says what is wrong with an input, for programs.
type ErrorKind string

const (
	// ErrEmpty: the file holds nothing.
	ErrEmpty ErrorKind = "empty_file"
	// ErrNotSubtitles: the file is something else (HTML, a picture, …).
	ErrNotSubtitles ErrorKind = "not_subtitles"
	// ErrTooLarge: the file exceeds MaxBytes, MaxCues or a line limit.
	ErrTooLarge ErrorKind = "too_large"
	// ErrEncoding: the bytes are no text in any encoding that is read.
	ErrEncoding ErrorKind = "bad_encoding"
	// ErrNoCues: the file is of a known format but holds no readable cue.
	ErrNoCues ErrorKind = "no_cues"
	// ErrMalformed: the file is of a known format but cannot be parsed.
	ErrMalformed ErrorKind = "malformed"
	// ErrUnsupported: what is asked for cannot be made from this input.
	ErrUnsupported ErrorKind = "unsupported"
	// ErrUnknownPair: the two languages are no pair that can be shown.
	ErrUnknownPair ErrorKind = "unknown_pair"
	// ErrUnknownLanguage: the language of a text could not be told.
	ErrUnknownLanguage ErrorKind = "unknown_language"
	// ErrNotConvertible: the one language is no other way of writing the
	// other; a translation is wanted.
	ErrNotConvertible ErrorKind = "not_convertible"
)

// An Error is an input that cannot be used. Message is one sentence for a
// person and says what to do.
type Error struct {
	Kind    ErrorKind
	Line    int // from 1; zero when the whole file is meant
	Message string
	Err     error // the cause, or nil
}

func (e *Error) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("line %d: %s", e.Line, e.Message)
	}
	return e.Message
}

func (e *Error) Unwrap() error { return e.Err }

// remove takes out the notes of a rule, which turned out to be about nothing
// that matters.
func (r *Report) remove(rule string) {
	r.Notes = slices.DeleteFunc(r.Notes, func(n Note) bool { return n.Rule == rule })
}

package subtitles

import (
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
)

// Read reads a subtitle file. What the file holds decides what it is read as,
// not its name: WebVTT by its signature, SSA and ASS by their sections, TTML
// by its root element, SBV by its lines of times, the JSON of speech
// recognition (Whisper, WhisperX, whisper.cpp) by its segments, and anything
// else with lines of times as SRT, which takes in WebVTT files without their
// signature.
//
// Captions that roll, each cue repeating the line before, are collapsed so
// that each line stands once; the report says so.
//
// The track has at least one cue, cues are numbered from 1 in the order of the
// file (SSA and TTML, whose order means nothing, are sorted by time), and each
// cue has a text. The report says what was mended or skipped, in order of
// lines; it is not nil even when Read fails.
//
// Every error is an [*Error], of one of the kinds ErrEmpty, ErrNotSubtitles,
// ErrTooLarge (see MaxBytes and MaxCues), ErrEncoding, ErrNoCues and
// ErrMalformed. Read does not keep data.
func Read(data []byte) (*Track, *Report, error) {
	rep := &Report{}
	t, err := read(data, rep)
	sort.SliceStable(rep.Notes, func(i, j int) bool { return rep.Notes[i].Line < rep.Notes[j].Line })
	if err != nil {
		rep.Audit = Audit{}
		return nil, rep, err
	}
	return t, rep, nil
}

// ReadFrom is Read for a stream, of which it takes MaxBytes and one byte at
// most. Errors of r are passed on and can be found with [errors.Is].
func ReadFrom(r io.Reader) (*Track, *Report, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, &Report{}, fmt.Errorf("reading subtitles: %w", err)
	}
	return Read(data)
}

func read(data []byte, rep *Report) (*Track, error) {
	if len(data) > MaxBytes {
		return nil, &Error{Kind: ErrTooLarge, Message: "the file is larger than 32 MiB, which no subtitle file is: check that it is one, or split it"}
	}
	if isBlank(data) {
		return nil, &Error{Kind: ErrEmpty, Message: "the file is empty: upload it again, or export the subtitles again"}
	}
	if what := binaryKind(data); what != "" {
		return nil, notSubtitles(what)
	}
	text, err := decode(data, rep)
	if err != nil {
		return nil, err
	}
	text = strings.TrimPrefix(text, "\uFEFF")
	format := sniff(text)
	text = normalizeBreaks(text, format == VTT, rep)
	if format == VTT {
		text = replaceNULs(text, rep)
	} else {
		text = removeNULs(text, rep)
	}
	if format == "" {
		return nil, notSubtitles(textKind(text))
	}
	rep.Format = format
	t, err := readFormat(text, format, rep)
	if err != nil {
		return nil, err
	}
	markItalics(t)
	if len(t.Cues) == 0 {
		return nil, noCues(text, format)
	}
	if format != JSON {
		collapseRolling(t, rep)
	}
	rep.Audit.close(t, rep)
	return t, nil
}

// readFormat hands normalized text to the reader of its format.
func readFormat(text string, format Format, rep *Report) (*Track, error) {
	switch format {
	case VTT:
		if rep.Encoding != encodingUTF8 {
			rep.add(Note{Rule: "not-utf-8", Message: "WebVTT must be UTF-8, this file is " + rep.Encoding + "; players would show it wrong"})
		}
		return readVTT(text, rep)
	case SSA, TTML:
		if len(text) > foreignBytes {
			return nil, &Error{Kind: ErrTooLarge, Message: "the file is larger than 16 MiB, the limit for ASS and TTML: leave styling and drawings out of it, or convert it to SRT"}
		}
	}
	switch format {
	case SSA:
		return readSSA(text, rep)
	case TTML:
		return readTTML(text, rep)
	case SBV:
		return readSBV(text, rep)
	case JSON:
		return readSpeech(text, rep)
	}
	return readSRT(text, rep)
}

// noCues is the error for a file that gave no cue.
func noCues(text string, format Format) error {
	if format == SRT {
		if what := textKind(text); what != plainText {
			return notSubtitles(what)
		}
	}
	return &Error{Kind: ErrNoCues, Message: "the file holds no cue that can be read: check that it has lines of times and text, or export the subtitles again"}
}

func notSubtitles(what string) error {
	return &Error{Kind: ErrNotSubtitles, Message: "the file looks like " + what + ", not like subtitles: give an SRT, WebVTT, ASS or TTML file"}
}

// isBlank reports whether data holds nothing but white space, NULs and byte
// order marks.
func isBlank(data []byte) bool {
	for _, c := range data {
		switch c {
		case ' ', '\t', '\n', '\r', 0, 0xEF, 0xBB, 0xBF, 0xFE, 0xFF:
		default:
			return false
		}
	}
	return true
}

// replaceNULs is what the WebVTT parser does first (§6.1, step 1), with a note.
func replaceNULs(text string, rep *Report) string {
	if i := strings.IndexByte(text, 0); i >= 0 {
		rep.add(Note{Line: 1 + strings.Count(text[:i], "\n"), Rule: "nul", Message: "NUL characters became U+FFFD, from here on"})
		return strings.ReplaceAll(text, "\x00", "\uFFFD")
	}
	return text
}

// KindOf is the kind of err where it is, or wraps, an [*Error], else empty.
func KindOf(err error) ErrorKind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

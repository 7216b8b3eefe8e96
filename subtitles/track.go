package subtitles

import (
	"time"

	"golang.org/x/text/language"
)

// Format is a subtitle file format.
type Format string

// The formats that Read knows. VTT and SRT are read and written by this
// package; SSA (with ASS), TTML, SBV (with SubViewer) and JSON (what speech
// recognition writes) are only read.
const (
	SRT  Format = "srt"
	VTT  Format = "vtt"
	SSA  Format = "ssa"
	TTML Format = "ttml"
	SBV  Format = "sbv"
	JSON Format = "json"
)

// A Track is one language's subtitles of one video.
type Track struct {
	// Format is what the track was read from; empty when it was made here.
	Format Format
	// Language is the language that the file states; [language.Und] when it
	// states none. [DetectLanguage] guesses from the text.
	Language language.Tag
	// Title is the file's own title of the track, if it has one.
	Title string
	// Styles and Regions are the contents of the STYLE and REGION blocks of a
	// WebVTT file, as they stand in it.
	Styles, Regions []string
	// Pair is the two languages of a track that shows both ([Document.Dual]),
	// and zero for every other track. Cue.TopLines says which line is which.
	Pair Pair
	Cues []Cue
}

// A Cue is one piece of text and the time during which it is shown.
type Cue struct {
	// N counts from 1 in the order of the file, is given when the file is
	// read, and never changes afterwards.
	N int
	// ID is the file's own identifier (the SRT counter, the WebVTT cue
	// identifier); empty when there is none.
	ID string
	// Start and End are measured from the start of the video, in whole
	// milliseconds, and Start is not negative. End is after Start, with one
	// exception: a WebVTT file may hold cues that end at or before their
	// start, which players never show. The specification keeps them, so Read
	// does too, with a note ("end-not-after-start"); in the other formats it
	// mends them.
	Start, End time.Duration
	// Text is what a viewer reads, and never empty in a track that was read:
	// markup removed, entities decoded, lines separated by a single LF, no
	// blank line, no white space at the end of a line, no NUL.
	Text string
	// Voice is the speaker that the file names (WebVTT <v>, the name of an SSA
	// event), or empty; empty too where a cue has several.
	Voice string
	// Italic says that all of the text stands in italics in the file. Italics
	// of single words are in Markup only.
	Italic bool
	// TopLines is, in a track with a Pair, how many of the first lines of Text
	// are in the pair's top language; the others are in the bottom one. It is
	// -1 where the text is in neither (a third language's, not translated
	// yet), and means nothing in other tracks.
	TopLines int
	// Style is the name of an SSA event's style; empty in other formats.
	Style string
	// Settings are the WebVTT cue settings; nil when all of them have their
	// defaults.
	Settings *Settings
	// Markup is the payload as it stood in the file where that differs from
	// Text, else empty.
	Markup string
	// Line is the line of the file that holds the cue's times, from 1; zero
	// for a cue that comes from no file.
	Line int
}

// Duration is how long the cue is shown.
func (c Cue) Duration() time.Duration { return c.End - c.Start }

package subtitles

import (
	"fmt"
	"math/bits"
	"unicode/utf8"
)

// An Audit counts what a file held and what became of it, so that nothing is
// lost unseen: for every file that is read, [Audit.Agrees] holds, or the
// report has a note of the rule "audit".
//
// Characters are those that show: white space, zero-width spaces and byte
// order marks are not counted, and neither is markup.
type Audit struct {
	// Timings are the lines of times that were seen (SRT, WebVTT, SBV), the
	// Dialogue events (SSA), the paragraphs with text (TTML) or the segments
	// (JSON).
	Timings int `json:"timings"`
	// Cues are those of the track.
	Cues int `json:"cues"`
	// Dropped are the timings that gave no cue. Each has a note.
	Dropped int `json:"dropped"`
	// Repeats are the cues that only made room for rolling captions.
	Repeats int `json:"repeats"`
	// Recut is how many cues more than segments there are, or fewer, since
	// the segments of a speech recognition were cut anew.
	Recut int `json:"recut"`
	// CharactersIn are those of the text in the file, CharactersOut those of
	// the cues. CharactersDropped were left out with a note,
	// CharactersRepeated stood in the file again.
	CharactersIn       int `json:"characters_in"`
	CharactersOut      int `json:"characters_out"`
	CharactersDropped  int `json:"characters_dropped"`
	CharactersRepeated int `json:"characters_repeated"`
}

// Agrees reports whether every timing and every character is accounted for.
func (a Audit) Agrees() bool {
	return a.Timings+a.Recut == a.Cues+a.Dropped+a.Repeats &&
		a.CharactersIn == a.CharactersOut+a.CharactersDropped+a.CharactersRepeated
}

// saw counts a timing with the text that belongs to it, markup taken out.
func (a *Audit) saw(text string) {
	a.Timings++
	a.CharactersIn += shownCharacters(text)
}

// lost counts a timing whose text, which saw had, is left out.
func (a *Audit) lost(text string) {
	a.Dropped++
	a.CharactersDropped += shownCharacters(text)
}

// close counts what came out and notes a mismatch.
func (a *Audit) close(t *Track, rep *Report) {
	a.Cues, a.CharactersOut = len(t.Cues), 0
	for i := range t.Cues {
		a.CharactersOut += shownCharacters(t.Cues[i].Text)
	}
	if a.Agrees() {
		return
	}
	rep.add(Note{Dropped: true, Rule: "audit", Message: fmt.Sprintf("%d cues and %d characters came of %d timings and %d characters, which is not what was left out: look at the result before it is shown",
		a.Cues, a.CharactersOut, a.Timings, a.CharactersIn)})
}

// leftOut counts text that belongs to no timing and is left out.
func (a *Audit) leftOut(text string) {
	n := shownCharacters(text)
	a.CharactersIn += n
	a.CharactersDropped += n
}

// shownCharacters counts the characters of s that are not invisible, in the
// sense of isInvisible.
func shownCharacters(s string) (n int) {
	for i := 0; i < len(s); i++ {
		// Eight bytes of ASCII at once: adding 0x5F sets the highest bit of
		// those above the space.
		for i+8 <= len(s) {
			x := uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
				uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
			if x&0x8080808080808080 != 0 {
				break
			}
			n += bits.OnesCount64((x + 0x5F5F5F5F5F5F5F5F) & 0x8080808080808080)
			i += 8
		}
		if i == len(s) {
			break
		}
		w := weights[s[i]]
		if w > 1 {
			w = 1
			if r, _ := utf8.DecodeRuneInString(s[i:]); isInvisible(r) {
				w = 0
			}
		}
		n += int(w)
	}
	return n
}

// weights are what a byte counts for: 1 where it begins a character, 2 where
// that may be white space beyond ASCII, else 0.
var weights = func() (t [256]uint8) {
	for c := '!'; c < 0x80; c++ {
		t[c] = 1
	}
	for c := 0xC0; c < 0x100; c++ {
		t[c] = 1
	}
	for _, s := range []string{"\u0085", "\u1680", "\u2028", "\u3000", "\uFEFF"} {
		t[s[0]] = 2
	}
	return t
}()

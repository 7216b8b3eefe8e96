package subtitles

// A Unit is what is translated at once: a sentence and the cues that it
// spans. The units of a track are a partition of its cues: every cue belongs
// to exactly one unit, and the cues of a unit stand next to each other.
type Unit struct {
	// N counts from 1.
	N int
	// First and Last are indexes into the track's cues, both included.
	First, Last int
	// Parts holds one source text a cue, in order: the cue's text with its
	// lines joined as the language joins them. Lines that are different
	// speakers' ("- Hi." / "- Hello.") stay apart, separated by LF.
	Parts []string
	// Keep says that there is nothing to translate: emoji, music signs,
	// numbers, punctuation. Such a unit has one cue.
	Keep bool
}

// Len is how many cues the unit spans.
func (u Unit) Len() int { return u.Last - u.First + 1 }

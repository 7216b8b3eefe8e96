package subtitles

import (
	"time"

	"golang.org/x/text/language"
)

// A LineRule says how text of a language is set.
type LineRule struct {
	// Columns is the preferred width of a line, counted with CJK characters
	// as two columns and Latin ones as one; zero means the default profile's.
	Columns int
	// MaxColumns is what a line may have when that saves a line; zero means
	// Columns.
	MaxColumns int
	// Lines is how many lines a cue should have at most; zero means the
	// default profile's. Longer texts get more lines rather than lose
	// anything, and Check reports them.
	Lines int
	// Speed is how many characters a second are read easily, counted as
	// [Length] counts them; zero means the default profile's.
	Speed float64
}

// A Profile says how subtitles are set for a kind of screen. The zero value
// is the default profile.
type Profile struct {
	// Name is "default", "portrait", "netflix", "ted" or the caller's own.
	Name string
	// Latin is the rule for English and other languages that are set in
	// narrow letters, CJK the one for Chinese, Japanese and Korean.
	// Traditional is the one for Traditional Chinese, written Cantonese
	// included; what is zero in it is CJK's.
	Latin, CJK, Traditional LineRule
	// Punctuation is how Chinese lines are punctuated; empty means
	// PunctuationDefault. It is applied where lines are made, never to the
	// texts of a [Document].
	Punctuation PunctuationStyle
	// Terms are words that belong together, such as glossary terms: lines are
	// broken inside them only where there is no other place.
	Terms []string
	// MinDuration and MaxDuration are what Check wants a cue to be shown at
	// least and at most; zero means 833 ms and 7 s. MinGap is the least time
	// between two cues that do not touch; zero means 83 ms, two frames.
	MinDuration, MaxDuration, MinGap time.Duration
	// DualLines is how many lines a cue of the dual track has at most: a
	// longer one becomes several cues, one after the other. Zero means any
	// number.
	DualLines int
	// SafeLines is how many lines at the bottom of the picture are left free,
	// by a WebVTT line number; zero leaves the place to the player, as do the
	// formats that have no positions. A cue that the source has put elsewhere
	// stays there.
	SafeLines int
}

// The numbers are those of Netflix's timed text style guides (42 columns; 16
// Chinese characters, 18 when necessary; two lines; 20 and 9 characters a
// second for adults; 5/6 of a second to 7 seconds; two frames between cues),
// which are the default's too, and of TED's translators' guide (42 columns and
// 21 characters a second; 16 Simplified characters a line or 17 Traditional
// ones, 10 a second; 1 to 7 seconds).
//
// A portrait screen holds about 38 Latin characters or 20 Chinese ones at a
// browser's default size. What apps lay over the bottom of an upright video
// (title, buttons, progress) takes about a sixth of its height, which is four
// lines at that size.
var (
	defaultProfile  = Profile{Name: "default", Latin: LineRule{Columns: 42, MaxColumns: 42, Lines: 2, Speed: 20}, CJK: LineRule{Columns: 32, MaxColumns: 36, Lines: 2, Speed: 9}}
	portraitProfile = Profile{Name: "portrait", Latin: LineRule{Columns: 36, MaxColumns: 36, Lines: 2, Speed: 20}, CJK: LineRule{Columns: 32, MaxColumns: 36, Lines: 2, Speed: 9},
		DualLines: 3, SafeLines: 4}
	netflixProfile = Profile{Name: "netflix", Latin: defaultProfile.Latin, CJK: defaultProfile.CJK, Punctuation: PunctuationStreaming}
	tedProfile     = Profile{Name: "ted", Latin: LineRule{Columns: 42, MaxColumns: 42, Lines: 2, Speed: 21}, CJK: LineRule{Columns: 32, MaxColumns: 32, Lines: 2, Speed: 10},
		Traditional: LineRule{Columns: 34, MaxColumns: 34}, MinDuration: time.Second}

	profiles = []Profile{defaultProfile, portraitProfile, netflixProfile, tedProfile}
)

// ProfileNames are the names that [ProfileByName] knows.
func ProfileNames() []string {
	names := make([]string, len(profiles))
	for i, p := range profiles {
		names[i] = p.Name
	}
	return names
}

// ProfileByName is the profile of a name: "default" (a landscape screen),
// "portrait", "netflix" or "ted" (the numbers of these publishers); the empty
// name means "default".
func ProfileByName(name string) (Profile, bool) {
	if name == "" {
		return defaultProfile, true
	}
	for _, p := range profiles {
		if p.Name == name {
			return p, true
		}
	}
	return Profile{}, false
}

// Rule is the rule for a language, with the defaults filled in.
func (p Profile) Rule(lang language.Tag) LineRule {
	r, d := p.Latin, defaultProfile.Latin
	if countsWide(lang) {
		r, d = p.CJK, defaultProfile.CJK
		if tag := Canonical(lang); IsChinese(tag) && tag != SimplifiedChinese {
			r = p.Traditional.or(r)
		}
	}
	if r.Columns <= 0 {
		r.Columns = d.Columns
		if r.MaxColumns <= 0 {
			r.MaxColumns = d.MaxColumns
		}
	}
	r.MaxColumns = max(r.MaxColumns, r.Columns)
	if r.Lines <= 0 {
		r.Lines = d.Lines
	}
	if r.Speed <= 0 {
		r.Speed = d.Speed
	}
	return r
}

// or is r with what is zero in it taken from s.
func (r LineRule) or(s LineRule) LineRule {
	if r.Columns <= 0 {
		r.Columns, r.MaxColumns = s.Columns, max(r.MaxColumns, s.MaxColumns)
	}
	if r.Lines <= 0 {
		r.Lines = s.Lines
	}
	if r.Speed <= 0 {
		r.Speed = s.Speed
	}
	return r
}

// durations are the limits on times, with the defaults filled in.
func (p Profile) durations() (least, most, gap time.Duration) {
	least, most, gap = p.MinDuration, p.MaxDuration, p.MinGap
	if least <= 0 {
		least = minDuration
	}
	if most <= 0 {
		most = maxDuration
	}
	if gap <= 0 {
		gap = minGap
	}
	return least, most, gap
}

// countsWide reports whether the language's letters take two columns.
func countsWide(lang language.Tag) bool {
	return writesWide(lang) || baseOf(lang) == "ko"
}

package subtitles

import "golang.org/x/text/language"

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
	// Name is "default", "portrait" or the caller's own.
	Name string
	// Latin is the rule for English and other languages that are set in
	// narrow letters, CJK the one for Chinese, Japanese and Korean.
	Latin, CJK LineRule
}

// The numbers are those of Netflix's timed text style guides (42 columns; 16
// Chinese characters, 18 when necessary; two lines; 20 and 9 characters a
// second for adults). A portrait screen holds about 38 Latin characters or 20
// Chinese ones at a browser's default size.
var (
	defaultProfile  = Profile{Name: "default", Latin: LineRule{Columns: 42, MaxColumns: 42, Lines: 2, Speed: 20}, CJK: LineRule{Columns: 32, MaxColumns: 36, Lines: 2, Speed: 9}}
	portraitProfile = Profile{Name: "portrait", Latin: LineRule{Columns: 36, MaxColumns: 36, Lines: 2, Speed: 20}, CJK: LineRule{Columns: 32, MaxColumns: 36, Lines: 2, Speed: 9}}
)

// ProfileNames are the names that [ProfileByName] knows.
func ProfileNames() []string { return []string{defaultProfile.Name, portraitProfile.Name} }

// ProfileByName is the profile of a name: "default" (a landscape screen) or
// "portrait"; the empty name means "default".
func ProfileByName(name string) (Profile, bool) {
	switch name {
	case "", defaultProfile.Name:
		return defaultProfile, true
	case portraitProfile.Name:
		return portraitProfile, true
	}
	return Profile{}, false
}

// Rule is the rule for a language, with the defaults filled in.
func (p Profile) Rule(lang language.Tag) LineRule {
	r, d := p.Latin, defaultProfile.Latin
	if countsWide(lang) {
		r, d = p.CJK, defaultProfile.CJK
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

// countsWide reports whether the language's letters take two columns.
func countsWide(lang language.Tag) bool {
	return writesWide(lang) || baseOf(lang) == "ko"
}

package subtitles

import (
	"encoding/json"
	"strings"

	"golang.org/x/text/language"
)

// The languages that a pair is made of.
var (
	English                = language.MustParse("en")
	SimplifiedChinese      = language.MustParse("zh-Hans")
	TraditionalChinese     = language.MustParse("zh-Hant")
	TraditionalChineseHK   = language.MustParse("zh-Hant-HK")
	TraditionalChineseTW   = language.MustParse("zh-Hant-TW")
	displayChinese         = []language.Tag{SimplifiedChinese, TraditionalChinese, TraditionalChineseHK, TraditionalChineseTW}
	knownPairs             = "zh-Hans,en, zh-Hant,en, zh-Hant-HK,en or zh-Hant-TW,en (either order)"
	traditionalByDefaultIn = map[string]language.Tag{"TW": TraditionalChineseTW, "HK": TraditionalChineseHK, "MO": TraditionalChineseHK}
)

// DefaultPair is Simplified Chinese above English.
var DefaultPair = Pair{Top: SimplifiedChinese, Bottom: English}

// A Pair is the two languages on the screen: one English, one Chinese.
type Pair struct{ Top, Bottom language.Tag }

// ParsePair reads "zh-Hans,en": two BCP 47 tags, top first. Tags that apps
// send for the same thing (zh-CN, zh-HK, en-US) are brought to the form used
// here by [Canonical]; somebody whose app states yue-Hant-HK is shown what is
// read in Hong Kong, zh-Hant-HK. It fails with an [*Error] of kind
// ErrUnknownPair.
func ParsePair(s string) (Pair, error) {
	top, bottom, ok := strings.Cut(s, ",")
	if !ok {
		return Pair{}, pairError(s)
	}
	return NewPair(top, bottom)
}

// NewPair is ParsePair for two tags that are apart already.
func NewPair(top, bottom string) (Pair, error) {
	s := top + "," + bottom
	t, err := parseTag(top)
	if err != nil {
		return Pair{}, pairError(s)
	}
	b, err := parseTag(bottom)
	if err != nil {
		return Pair{}, pairError(s)
	}
	p := Pair{Top: displayed(t), Bottom: displayed(b)}
	if !p.valid() {
		return Pair{}, pairError(s)
	}
	return p, nil
}

// parseTag reads a BCP 47 tag, and the two that Windows used before there were
// scripts in tags.
func parseTag(s string) (language.Tag, error) {
	switch s = strings.TrimSpace(s); strings.ToLower(s) {
	case "zh-chs":
		return SimplifiedChinese, nil
	case "zh-cht":
		return TraditionalChinese, nil
	}
	return language.Parse(s)
}

func pairError(s string) error {
	return &Error{Kind: ErrUnknownPair, Message: "unknown language pair “" + s + "”: use " + knownPairs}
}

func (p Pair) valid() bool {
	return p.Top == English && isDisplayChinese(p.Bottom) || p.Bottom == English && isDisplayChinese(p.Top)
}

func isDisplayChinese(t language.Tag) bool {
	for _, c := range displayChinese {
		if t == c {
			return true
		}
	}
	return false
}

// Chinese is the pair's Chinese language.
func (p Pair) Chinese() language.Tag {
	if p.Top == English {
		return p.Bottom
	}
	return p.Top
}

// Has reports whether the tag is one of the two.
func (p Pair) Has(t language.Tag) bool { return t == p.Top || t == p.Bottom }

// String is the form that ParsePair reads.
func (p Pair) String() string { return p.Top.String() + "," + p.Bottom.String() }

// MarshalJSON writes the pair as a list of two tags, top first.
func (p Pair) MarshalJSON() ([]byte, error) {
	return json.Marshal([2]string{p.Top.String(), p.Bottom.String()})
}

// UnmarshalJSON reads a list of two tags.
func (p *Pair) UnmarshalJSON(data []byte) error {
	var tags []string
	if err := json.Unmarshal(data, &tags); err != nil || len(tags) != 2 {
		return pairError(string(data))
	}
	var err error
	*p, err = NewPair(tags[0], tags[1])
	return err
}

// displayed is what is shown to somebody whose app states t. Cantonese with a
// script or region (yue-Hant-HK) is the locale of a person, and means what such
// people read; "yue" alone asks for written Cantonese, which is not shown.
func displayed(t language.Tag) language.Tag {
	c := Canonical(t)
	if c != Cantonese {
		return c
	}
	_, script, region := t.Raw()
	switch {
	case script.String() == "Hans", script.String() != "Hant" && region.String() == "CN":
		return SimplifiedChinese
	case script.String() == "Hant", region.String() == "HK", region.String() == "MO":
		return TraditionalChineseHK
	}
	return c
}

// Canonical brings a tag to the form that this project uses for its language:
// "en" for every English; "zh-Hans", "zh-Hant", "zh-Hant-HK" or "zh-Hant-TW"
// for the Chinese ones (zh-CN, zh-SG, cmn and plain zh are Simplified, zh-TW,
// zh-HK and zh-MO Traditional of that region); "yue" for written Cantonese in
// any script and region (yue-Hant-HK, zh-yue), which is a language of its own
// and never the same as zh-Hant-HK. All other languages are left as they are.
func Canonical(t language.Tag) language.Tag {
	// What the tag says itself: the guesses that x/text adds would make
	// English of an undetermined language.
	base, script, region := t.Raw()
	switch base.String() {
	case "en":
		return English
	case "yue":
		return Cantonese
	case "zh", "cmn":
		regional, isTraditional := traditionalByDefaultIn[region.String()]
		switch {
		case script.String() == "Hans":
			return SimplifiedChinese
		case isTraditional:
			return regional
		case script.String() == "Hant":
			return TraditionalChinese
		default:
			return SimplifiedChinese
		}
	}
	return t
}

// IsChinese reports whether the tag's language is Chinese, written Cantonese
// included.
func IsChinese(t language.Tag) bool {
	base, _, _ := t.Raw()
	switch base.String() {
	case "zh", "cmn", "yue":
		return true
	}
	return false
}

// Pairs lists every pair that there is.
func Pairs() []Pair {
	var pairs []Pair
	for _, c := range displayChinese {
		pairs = append(pairs, Pair{Top: c, Bottom: English}, Pair{Top: English, Bottom: c})
	}
	return pairs
}

package subtitles

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// Languages that DetectLanguage and DetectText can name beside those of a
// [Pair].
var (
	// Cantonese is written Cantonese (佢哋唔係), which is translated from like
	// any other language; Hong Kong's standard Chinese is Traditional Chinese.
	Cantonese = language.MustParse("yue")
	Japanese  = language.Japanese
	Korean    = language.Korean
)

// detectRunes bounds what DetectLanguage looks at; a language is plain long
// before.
const detectRunes = 20_000

// DetectLanguage tells a track's language from its text: English, Simplified
// or Traditional Chinese, written Cantonese, Japanese or Korean, else
// [language.Und]. What the track states of itself is not asked.
func DetectLanguage(t *Track) language.Tag {
	var d detector
	for i := range t.Cues {
		d.add(t.Cues[i].Text)
		if d.runes > detectRunes {
			break
		}
	}
	return d.tag()
}

// DetectText is DetectLanguage for a text. Short texts tell little: "OK" and
// "三 two 一" are undetermined and Chinese.
func DetectText(s string) language.Tag {
	var d detector
	d.add(s)
	return d.tag()
}

// A detector counts what tells languages apart.
type detector struct {
	runes int
	scriptCounts
	hans, hant       int
	cantonese        int // what tells for it, see weighCantonese
	mandarin         int
	english, foreign int // stop words
	accents          int // words with letters that English has not
}

func (d *detector) add(text string) {
	n := countScripts(text)
	d.han += n.han
	d.kana += n.kana
	d.hangul += n.hangul
	d.latin += n.latin
	d.other += n.other
	d.lone += n.lone
	hans, _, hant := ScriptOf(text)
	d.hans += hans
	d.hant += hant
	d.runes += utf8.RuneCountInString(text)
	if n.han > 0 {
		yue, cmn := weighCantonese(text)
		d.cantonese += yue
		d.mandarin += cmn
	}
	if n.latin == 0 {
		return
	}
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' }) {
		if len(w) > 16 {
			continue
		}
		if strings.ContainsFunc(w, func(r rune) bool { return r >= 0xC0 && r < 0x250 || r >= 0x1E00 && r < 0x1F00 }) {
			d.accents++
		}
		switch stopWords()[strings.ToLower(w)] {
		case stopEnglish:
			d.english++
		case stopForeign:
			d.foreign++
		}
	}
}

func (d *detector) tag() language.Tag {
	cjk := d.han + d.kana + d.hangul
	switch {
	case cjk == 0 && d.latin == 0 || d.other > cjk+d.latin:
		return language.Und
	case cjk < d.latin:
		return d.latinTag()
	case d.hangul*4 >= cjk:
		return Korean
	case (d.kana-d.lone)*12 >= cjk && d.kana > d.lone:
		// Japanese has kana in every sentence. Chinese borrows の alone, or a
		// name in a thousand characters.
		return Japanese
	case isCantonese(d.cantonese, d.mandarin, d.han, d.hans):
		return Cantonese
	case d.hant > d.hans:
		return TraditionalChinese
	}
	return SimplifiedChinese
}

func (d *detector) latinTag() language.Tag {
	if d.english*6 >= d.latin && d.english > 2*d.foreign && d.accents*5 <= d.latin {
		return English
	}
	return language.Und
}

const (
	stopEnglish = 1
	stopForeign = 2
)

var stopWords = sync.OnceValue(func() map[string]uint8 {
	m := make(map[string]uint8, 400)
	// Frequent words of the other large languages in Latin script; those that
	// English has too ("die", "on", "come") stand in neither list.
	for w := range strings.FieldsSeq("el la los las una uno unos que de del y es por para pero muy está como yo su le les des du et est une pas vous nous je il elle qui dans pour sur avec mais " +
		"der das und ist ich nicht ein eine einen mit auf zu wir sie auch von dem den wie aber um os uma não você com mais isso eu ele ela em por di che è non un per sono ma gli della " +
		"het een en van niet ik je dat wij zijn maar voor dan yang dan ini itu untuk dengan tidak saya kamu ada akan ke bu ve bir bien için ne var mi ja nie się jest na og det jeg ikke och att som inte jag") {
		m[w] = stopForeign
	}
	for w := range strings.FieldsSeq("the a and of to is was are were be been i i'm i've you you're your he she it it's we we're they they're my his her our their this that that's these those there there's " +
		"what what's when where which who why how not don't doesn't didn't isn't wasn't can't won't have has had do does did will would could should can let's with for from at by about into as or but so if because then than " +
		"just very really also only here now up out all some any one like know think want get got going go make see right well yeah yes okay hello hi hey thanks thank please good great nice wow love sorry let me him us them") {
		m[w] = stopEnglish
	}
	return m
})

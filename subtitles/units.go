package subtitles

import (
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/language"
)

// Limits on what one unit may join. A sentence beyond them is cut at its best
// inner border; it is never dropped.
const (
	maxUnitCues     = 12
	maxUnitDuration = 40 * time.Second
	maxUnitLetters  = 480 // Latin characters; a Han character counts as three
	// Text without punctuation (most speech recognition, and many Chinese
	// subtitles made by people) tells no sentence ends: units are kept short.
	maxPlainCues     = 4
	maxPlainDuration = 12 * time.Second
	maxPlainLetters  = 180

	// A cue that lacks its end is joined to the next within these gaps: the
	// ordinary one, one after a comma or before a small letter (people pause),
	// and one in text without punctuation, where a pause is all that tells.
	gapOpen  = 1500 * time.Millisecond
	gapSure  = 5 * time.Second
	gapPlain = 600 * time.Millisecond
)

// Strengths of a border between two cues: borderSure is one that units never
// cross; among the others the strongest is taken where a cap demands one.
const (
	borderGlued  = 0
	borderWeak   = 20
	borderComma  = 40
	borderLikely = 60
	borderSure   = 100
)

// Units joins a track's cues into sentences, in the language of the text.
// Every cue is in exactly one unit, in order; the result is the same for the
// same cues, whatever else runs.
//
// A cue is joined to the next while it lacks the end of its sentence and the
// gap is small. Different speakers (another Voice, "- ", ">>", "NAME:"),
// cues shown at the same time, music, sound effects in brackets and cues for
// which [Keep] holds are never joined across. The rules are the practice of
// subtitle translation; a point of an abbreviation (Mr., U.S., 3.5) ends no
// sentence. In languages other than English and Chinese the same signs count,
// without the lists of words.
func Units(cues []Cue, lang language.Tag) []Unit {
	if len(cues) == 0 {
		return nil
	}
	infos := make([]cueInfo, len(cues))
	parts := make([]string, len(cues))
	for i := range cues {
		parts[i] = joinLines(cues[i].Text, lang)
		infos[i] = inspect(parts[i])
	}
	style := styleOf(infos)
	wide := writesTight(lang)

	units := make([]Unit, 0, len(cues)/2+1)
	emit := func(first, last int) {
		units = append(units, Unit{N: len(units) + 1, First: first, Last: last,
			Parts: parts[first : last+1 : last+1], Keep: first == last && infos[first].keep})
	}
	var strengths []int
	for first := 0; first < len(cues); {
		// A run ends at a border that is never crossed.
		strengths = strengths[:0]
		last := first
		for last+1 < len(cues) {
			s := border(cues, parts, infos, last, style, wide)
			if s >= borderSure {
				break
			}
			strengths = append(strengths, s)
			last++
		}
		for first <= last {
			end := first + fit(cues[first:last+1], infos[first:last+1], strengths, style)
			emit(first, end)
			strengths = strengths[min(end+1-first, len(strengths)):]
			first = end + 1
		}
	}
	return units
}

// A cueInfo is what joining asks about a cue's text.
type cueInfo struct {
	tail     tailInfo
	first    rune
	word     string
	letters  int // Latin characters; Han ones count three
	keep     bool
	alone    bool // music, a sound effect, several speakers
	speaker  bool // begins with the mark of a speaker
	ellipsis bool
}

func inspect(text string) cueInfo {
	info := cueInfo{tail: tailOf(text), keep: Keep(text)}
	info.first, info.word, info.ellipsis = headOf(text)
	for _, r := range text {
		if isHanLike(r) {
			info.letters += 3
		} else {
			info.letters++
		}
	}
	info.speaker = startsSpeaker(text)
	info.alone = info.keep || isMusic(text) || isSoundEffect(text) || strings.Contains(text, "\n")
	return info
}

// A trackStyle is how a whole track writes.
type trackStyle struct {
	cased      bool // sentences begin with capitals
	punctuated bool // sentences end with punctuation
}

func styleOf(infos []cueInfo) trackStyle {
	var texts, ends, upper, lower int
	for i := range infos {
		if infos[i].alone {
			continue
		}
		texts++
		switch infos[i].tail.end {
		case endPoint, endStrong, endEllipsis, endComma:
			ends++
		}
		if unicode.IsUpper(infos[i].first) {
			upper++
		} else if unicode.IsLower(infos[i].first) {
			lower++
		}
	}
	return trackStyle{
		// In a track without capitals "i" and names may still have them.
		cased: upper*8 >= upper+lower && upper > 0,
		// A third of the cues of a punctuated track end with a sign even
		// where sentences are long; a fragment of one cue is taken as such
		// when it has any.
		punctuated: ends*8 >= texts && ends > 0,
	}
}

// border is the strength of the border between cue i and the next.
func border(cues []Cue, parts []string, infos []cueInfo, i int, style trackStyle, wide bool) int {
	a, b := &infos[i], &infos[i+1]
	if a.alone || b.alone || b.speaker || cues[i].Voice != cues[i+1].Voice {
		return borderSure
	}
	gap := cues[i+1].Start - cues[i].End
	if gap < -400*time.Millisecond && cues[i+1].Start-cues[i].Start < cues[i].Duration()/2 {
		return borderSure // shown together: a sign beside the dialogue, two speakers
	}
	if gap > gapSure {
		return borderSure
	}
	lower := style.cased && unicode.IsLower(b.first)
	moved := !sameSettings(cues[i].Settings, cues[i+1].Settings)
	if moved && !lower && !wide {
		return borderSure // another place on the screen is another speaker
	}
	switch a.tail.end {
	case endStrong:
		if !(a.tail.quoted && lower) { // “Really?” he said
			return borderSure
		}
	case endPoint:
		if (gap > gapOpen || pointEnds(a.tail, b.first, b.word, style.cased)) && !(a.tail.quoted && lower) {
			return borderSure
		}
		return borderGlued
	case endEllipsis:
		if !lower && !b.ellipsis {
			return borderSure
		}
		return borderComma
	case endComma:
		return borderComma
	}
	limit := gapPlain
	if style.punctuated {
		limit = gapOpen
	}
	if gap > limit && !lower {
		return borderSure
	}
	s := weigh(parts[i], parts[i+1], a, b, gap, wide)
	if moved && wide {
		// Chinese has no small letters to tell that a sentence goes on, and a
		// line is often moved for a moment to make room for what is written in
		// the picture: that alone ends nothing, but a cut is best made there.
		s = min(s+borderWeak, borderSure-1)
	}
	return s
}

// weigh is the strength of a border without punctuation.
func weigh(left, right string, a, b *cueInfo, gap time.Duration, wide bool) int {
	s := borderWeak
	if wide {
		s += chineseBorder(left, right)
	} else {
		flags := englishFlags(b.word)
		switch {
		case flags&(wordConjunction|wordStarter) == wordConjunction|wordStarter:
			s += 12
		case flags&wordStarter != 0:
			s += 8
		case flags&wordConjunction != 0:
			s += 5
		}
		if last := left[strings.LastIndexByte(left, ' ')+1:]; englishFlags(last)&(wordClinging|wordPreposition|wordConjunction) != 0 {
			s -= 15
		}
	}
	s += int(min(max(gap, 0)/(25*time.Millisecond), 30))
	return min(max(s, borderGlued), borderSure-1)
}

// chineseBorder weighs a border in Chinese text without punctuation: final
// particles end a sentence, connectives begin one, and what governs the next
// word never ends one.
func chineseBorder(left, right string) int {
	s := 0
	l := []rune(lastRunes(left, 2))
	if len(l) == 0 {
		return 0
	}
	switch r := l[len(l)-1]; {
	case strings.ContainsRune("吗嗎呢吧啊呀啦嘛哦喔噢咯喽", r):
		s += 40
	case r == '了':
		s += 15
	case strings.ContainsRune("的地在把被和跟与與或从從对對向让讓给給为為以及如若但而并並是就也都还還又再更最很太不没沒每各第", r):
		s -= 18
	}
	for _, w := range chineseConnectives {
		if strings.HasSuffix(left, w) {
			return s - 18
		}
		if strings.HasPrefix(right, w) {
			return s + 14
		}
	}
	return s
}

var chineseConnectives = []string{"但是", "可是", "不过", "不過", "然后", "然後", "所以", "因为", "因為", "而且", "如果", "其实", "其實", "首先", "另外", "最后", "最後", "接下来", "接下來", "那么", "那麼", "于是", "於是", "虽然", "雖然", "因此", "同时", "同時", "大家好"}

func lastRunes(s string, n int) string {
	i := len(s)
	for ; n > 0 && i > 0; n-- {
		i--
		for i > 0 && s[i]&0xC0 == 0x80 {
			i--
		}
	}
	return s[i:]
}

// sameSettings reports whether two cues stand in the same place.
func sameSettings(a, b *Settings) bool {
	if a == nil || b == nil {
		return a == b
	}
	same := func(x, y *float64) bool { return x == y || x != nil && y != nil && *x == *y }
	return a.Region == b.Region && a.Vertical == b.Vertical && a.Align == b.Align && same(a.Line, b.Line) && same(a.Position, b.Position)
}

// fit is the last cue, counted from the run's first, that the unit beginning
// there may span: the whole run where the caps allow it, else up to the
// strongest border within them.
func fit(cues []Cue, infos []cueInfo, strengths []int, style trackStyle) int {
	maxCues, maxTime, maxLetters := maxUnitCues, maxUnitDuration, maxUnitLetters
	if !style.punctuated {
		maxCues, maxTime, maxLetters = maxPlainCues, maxPlainDuration, maxPlainLetters
	}
	letters, k := infos[0].letters, 0
	for k+1 < len(cues) && k+2 <= maxCues {
		if !style.punctuated && strengths[k] >= borderLikely {
			return k
		}
		letters += infos[k+1].letters
		if letters > maxLetters || cues[k+1].End-cues[0].Start > maxTime {
			break
		}
		k++
	}
	if k+1 >= len(cues) {
		return k
	}
	best, bestScore := k, -1
	for j := 0; j <= k; j++ {
		// A fuller unit is worth something, one that is nearly full most.
		if score := strengths[j]*2 + 40*(j+1)/(k+1); score >= bestScore {
			best, bestScore = j, score
		}
	}
	return best
}

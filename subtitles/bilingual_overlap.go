package subtitles

import (
	"slices"
	"time"
)

// byOverlap recognises two cues at a time, one in each language, and parts the
// track into them.
func byOverlap(t *Track) (top, bottom *Track, ok bool) {
	classes := styleClasses(t)
	var han, latin []Cue
	for i := range t.Cues {
		switch classes[i] {
		case lineHan:
			han = append(han, t.Cues[i])
		case lineLatin:
			latin = append(latin, t.Cues[i])
		}
	}
	if len(han) < bilingualLeast || len(latin) < bilingualLeast {
		return nil, nil, false
	}
	met, first := meetings(han, latin)
	metToo, _ := meetings(latin, han)
	if (met+metToo)*100 < (len(han)+len(latin))*bilingualShare {
		return nil, nil, false
	}
	var hanText, latinText detector
	for i := range han {
		hanText.add(han[i].Text)
	}
	for i := range latin {
		latinText.add(latin[i].Text)
	}
	chinese, ok := bilingualLanguages(&hanText, &latinText)
	if !ok {
		return nil, nil, false
	}
	chineseFirst := first*2 >= met
	for i := 1; i < len(classes); i++ {
		// A name that is the same in both languages, at one time.
		a, b := &t.Cues[i-1], &t.Cues[i]
		if classes[i-1] == lineLatin && classes[i] == lineLatin && a.Start == b.Start && a.End == b.End && sayTheSame(a.Text, b.Text, chineseFirst) {
			if chineseFirst {
				classes[i-1] = lineHan
			} else {
				classes[i] = lineHan
			}
		}
	}
	zh, en := t.alike(chinese), t.alike(English)
	for i := range t.Cues {
		switch c := t.Cues[i]; classes[i] {
		case lineHan:
			zh.Cues = append(zh.Cues, c)
		case lineLatin:
			en.Cues = append(en.Cues, c)
		default:
			// Without letters: for both languages, unless several stand at one
			// time, of which the first is for the upper language.
			twin := func(k int) bool {
				return k >= 0 && k < len(classes) && classes[k] == lineNone && t.Cues[k].Start == c.Start && t.Cues[k].End == c.End
			}
			upper := !twin(i - 1)
			lower := !upper || !twin(i+1)
			if upper == chineseFirst || upper && lower {
				zh.Cues = append(zh.Cues, c)
			}
			if lower == chineseFirst || upper && lower {
				en.Cues = append(en.Cues, c)
			}
		}
	}
	if chineseFirst {
		return zh, en, true
	}
	return en, zh, true
}

// styleClasses is the language of each cue. Cues of an SSA style, most of
// which are in one language, are in that, whatever their letters are: "OK"
// in the style of the Chinese lines is Chinese.
func styleClasses(t *Track) []lineClass {
	type tally struct{ han, latin int }
	styles := map[string]*tally{}
	classes := make([]lineClass, len(t.Cues))
	for i := range t.Cues {
		c := &t.Cues[i]
		classes[i] = classOf(c.Text)
		if classes[i] == lineMixed {
			classes[i] = lineHan
		}
		if c.Style == "" {
			continue
		}
		s := styles[c.Style]
		if s == nil {
			s = &tally{}
			styles[c.Style] = s
		}
		switch classes[i] {
		case lineHan:
			s.han++
		case lineLatin:
			s.latin++
		}
	}
	for i := range t.Cues {
		s := styles[t.Cues[i].Style]
		switch {
		case s == nil || s.han+s.latin < 5 || classes[i] == lineNone:
		case s.han*5 >= (s.han+s.latin)*4:
			classes[i] = lineHan
		case s.latin*5 >= (s.han+s.latin)*4:
			classes[i] = lineLatin
		}
	}
	return classes
}

// meetings counts the cues of a that are shown together with one of b for at
// least half the time of either, and those of them that stand before it in the
// file, or above it on the screen.
func meetings(a, b []Cue) (met, first int) {
	byStart := func(x, y Cue) int { return int(min(max(x.Start-y.Start, -1), 1)) }
	b = slices.SortedStableFunc(slices.Values(b), byStart)
	// The latest end so far, to know where looking back is in vain.
	ends := make([]time.Duration, len(b))
	for i := range b {
		ends[i] = b[i].End
		if i > 0 {
			ends[i] = max(ends[i], ends[i-1])
		}
	}
	for i := range a {
		c := &a[i]
		k, _ := slices.BinarySearchFunc(b, c.End, func(x Cue, end time.Duration) int { return int(min(max(x.Start-end, -1), 1)) })
		for n := 0; k > 0 && ends[k-1] > c.Start && n < mendedSearch; n++ {
			k--
			if o := overlap(*c, b[k]); o > 0 && o*2 >= min(c.Duration(), b[k].Duration()) {
				met++
				if onTop, other := isAtTop(c.Settings), isAtTop(b[k].Settings); onTop && !other || onTop == other && c.before(&b[k]) {
					first++
				}
				break
			}
		}
	}
	return met, first
}

// before reports whether a cue stands before another in the file.
func (c *Cue) before(other *Cue) bool {
	if c.Line != other.Line {
		return c.Line < other.Line
	}
	return c.N < other.N
}

package subtitles

import (
	"strings"

	"golang.org/x/text/language"
)

// SplitBilingual takes a track apart whose cues already show Chinese and
// English together, line by line. ok is false for a track that does not: most
// of its cues must hold lines of both. The pair has the order in which the
// track shows the languages; texts of the top one have StatusSource, those of
// the other one StatusGiven. A cue in one language has only that text; one
// with nothing to translate ("♪") stands in both, the second time as
// StatusKept. Numbers and times are the track's.
func SplitBilingual(t *Track) (d *Document, ok bool) {
	english, chinese := languagesOf(t)
	if chinese == language.Und {
		return nil, false
	}
	if chinese == Cantonese {
		chinese = TraditionalChineseHK
	}
	top, bottom := chinese, english
	if !chineseFirst(t) {
		top, bottom = bottom, top
	}
	d = &Document{Pair: Pair{Top: top, Bottom: bottom}, Source: top, Cues: make([]DualCue, 0, len(t.Cues))}
	status := map[language.Tag]Status{top: StatusSource, bottom: StatusGiven}
	for i := range t.Cues {
		c := &t.Cues[i]
		dual := DualCue{N: c.N, Start: c.Start, End: c.End, Texts: make(map[language.Tag]Text, 2)}
		if Keep(c.Text) {
			dual.Texts[top] = Text{Text: c.Text, Status: StatusSource}
			dual.Texts[bottom] = Text{Text: c.Text, Status: StatusKept}
		} else {
			han, latin := splitByScript(strings.Split(c.Text, "\n"))
			if len(han) > 0 {
				dual.Texts[chinese] = Text{Text: strings.Join(han, "\n"), Status: status[chinese]}
			}
			if len(latin) > 0 {
				dual.Texts[english] = Text{Text: strings.Join(latin, "\n"), Status: status[english]}
			}
		}
		d.Cues = append(d.Cues, dual)
	}
	return d, true
}

// chineseFirst reports whether most bilingual cues begin with their Chinese
// line.
func chineseFirst(t *Track) bool {
	first := 0
	for i := range t.Cues {
		lines := strings.Split(t.Cues[i].Text, "\n")
		han, latin := splitByScript(lines)
		switch {
		case len(han) == 0 || len(latin) == 0:
		case lines[0] == han[0]:
			first++
		default:
			first--
		}
	}
	return first >= 0
}

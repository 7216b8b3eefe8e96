package subtitles

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// Lead says whose times a paired document has.
type Lead string

// The zero Lead means LeadTop.
const (
	LeadTop    Lead = "top"
	LeadBottom Lead = "bottom"
)

// PairTracks pairs two tracks of one video, in the two languages of a pair,
// into a document. The cues have the times of the leading track; texts of the
// other one are put where their time falls: several short ones into one cue,
// a long one divided over several cues as [Split] does it. Every text of
// either track stands in the document exactly once. A text with no counterpart
// gets a cue of its own, at its own time. An offset or a drift between the
// tracks ([EstimateShift]) is taken out first. Cues are numbered anew, from 1.
//
// A track's Language is taken as it states it, else detected. Texts of the
// top track have StatusSource, those of the bottom one StatusGiven. It fails
// with an [*Error] of kind ErrUnknownLanguage or ErrUnknownPair.
func PairTracks(top, bottom *Track, lead Lead) (*Document, error) {
	a, err := pairedLanguage(top, "top")
	if err != nil {
		return nil, err
	}
	b, err := pairedLanguage(bottom, "bottom")
	if err != nil {
		return nil, err
	}
	pair := Pair{Top: a, Bottom: b}
	if !pair.valid() {
		return nil, &Error{Kind: ErrUnknownPair, Message: fmt.Sprintf("the tracks are in %s and %s: use %s", a, b, knownPairs)}
	}
	d := &Document{Pair: pair, Source: pair.Top}
	p := pairer{lead: textSide{tag: a, status: StatusSource}, other: textSide{tag: b, status: StatusGiven}}
	leading, following := top, bottom
	if lead == LeadBottom {
		leading, following = bottom, top
		p.lead, p.other = p.other, p.lead
	}
	shift := EstimateShift(leading, following)
	p.a = byTime(leading.Cues, Shift{})
	p.b = byTime(following.Cues, shift)
	p.pair()
	slices.SortStableFunc(p.out, func(x, y DualCue) int { return int(min(max(x.Start-y.Start, -1), 1)) })
	for i := range p.out {
		p.out[i].N = i + 1
	}
	d.Cues = p.out
	return d, nil
}

func pairedLanguage(t *Track, which string) (language.Tag, error) {
	tag := t.Language
	if tag == language.Und {
		tag = DetectLanguage(t)
	}
	if tag == language.Und {
		return tag, &Error{Kind: ErrUnknownLanguage, Message: "the language of the " + which + " track could not be told: say which it is"}
	}
	if tag == Cantonese {
		// Shown beside English, written Cantonese is what Hong Kong reads.
		tag = TraditionalChineseHK
	}
	return Canonical(tag), nil
}

// byTime is the cues that have text, in the order of time, with their times
// shifted.
func byTime(cues []Cue, s Shift) []Cue {
	out := make([]Cue, 0, len(cues))
	for _, c := range cues {
		if strings.TrimSpace(c.Text) == "" {
			continue
		}
		if !s.IsZero() {
			c.Start, c.End = max(s.Apply(c.Start), 0), s.Apply(c.End)
			c.End = max(c.End, c.Start+time.Millisecond)
		}
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(x, y Cue) int { return int(min(max(x.Start-y.Start, -1), 1)) })
	return out
}

type textSide struct {
	tag    language.Tag
	status Status
}

// A pairer is one run of PairTracks: a are the leading cues, b the others.
type pairer struct {
	lead, other textSide
	a, b        []Cue
	out         []DualCue
}

func (p *pairer) pair() {
	i, j := 0, 0
	for _, bd := range align(p.a, p.b) {
		p.place(p.a[i:i+int(bd.a)], p.b[j:j+int(bd.b)])
		i, j = i+int(bd.a), j+int(bd.b)
	}
}

// place adds the cues of one bead.
func (p *pairer) place(a, b []Cue) {
	if len(a) == 0 {
		for _, c := range b {
			dual := DualCue{Start: c.Start, End: c.End, Texts: map[language.Tag]Text{p.other.tag: {Text: c.Text, Status: p.other.status}}}
			dual.Carry(&c)
			p.out = append(p.out, dual)
		}
		return
	}
	first := len(p.out)
	for _, c := range a {
		dual := DualCue{Start: c.Start, End: c.End, Texts: map[language.Tag]Text{p.lead.tag: {Text: c.Text, Status: p.lead.status}}}
		dual.Carry(&c)
		p.out = append(p.out, dual)
	}
	if len(b) == 0 {
		return
	}
	text := joinShown(b, p.other.tag)
	put := func(k int, text string) {
		p.out[first+k].Texts[p.other.tag] = Text{Text: text, Status: p.other.status}
	}
	if len(a) == 1 {
		put(0, text)
		return
	}
	u := Unit{First: 0, Last: len(a) - 1}
	for _, c := range a {
		u.Parts = append(u.Parts, joinLines(c.Text, p.lead.tag))
	}
	parts := Split(text, u, a, p.other.tag)
	if parts[0] != parts[1] || foldSpace(text) != parts[0] {
		for k, part := range parts {
			put(k, part)
		}
		return
	}
	// Too short to be divided: it stands once, where most of its time is.
	most, where := time.Duration(-1), 0
	for k, c := range a {
		if o := overlap(c, b[0]); o > most {
			most, where = o, k
		}
	}
	put(where, text)
}

// joinShown joins texts that are shown at once. Between Chinese clauses
// without punctuation stands a space, as subtitles write them; different
// speakers' lines stay apart.
func joinShown(cues []Cue, lang language.Tag) string {
	if len(cues) == 1 {
		return cues[0].Text
	}
	var b strings.Builder
	prev := ""
	for _, c := range cues {
		text := joinLines(c.Text, lang)
		if text == "" {
			continue
		}
		if prev != "" {
			last, _ := utf8.DecodeLastRuneInString(prev)
			first, _ := utf8.DecodeRuneInString(text)
			switch {
			case startsSpeaker(text) || isMusic(text) != isMusic(prev) || isSoundEffect(text) != isSoundEffect(prev) || strings.Contains(text+prev, "\n"):
				b.WriteByte('\n')
			case spaceBetween(prev, last, first, lang), isHanLike(last) && isHanLike(first), isHanLike(last) != isHanLike(first) && kindOf(last) != kindComma && kindOf(last) != kindStrong:
				b.WriteByte(' ')
			}
		}
		b.WriteString(text)
		prev = text
	}
	return b.String()
}

// overlap is how long two cues are shown together; negative when they are
// apart.
func overlap(a, b Cue) time.Duration { return min(a.End, b.End) - max(a.Start, b.Start) }

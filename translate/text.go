package translate

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/duosub/duosub/subtitles"
	"golang.org/x/text/language"
)

// The kinds of short texts.
const (
	KindTitle       = "title"
	KindDescription = "description"
	KindComment     = "comment"
	KindListing     = "listing"
	KindChat        = "chat"
)

// TextKinds are all kinds of short texts.
func TextKinds() []string {
	return []string{KindTitle, KindDescription, KindComment, KindListing, KindChat}
}

// TextWork is short texts that are to be translated: titles, descriptions,
// comments, product listings, chat.
type TextWork struct {
	// Source is the language of the items that do not say theirs;
	// [language.Und] (the zero value) means that each is told from its text.
	Source, Target language.Tag
	// Kind is one of [TextKinds]; empty means "comment".
	Kind  string
	Items []TextItem
	// Drain is as in [Work].
	Drain <-chan struct{}
}

// A TextItem is one short text of a TextWork.
type TextItem struct {
	// ID is given back in the result.
	ID, Text string
	// Source is the item's own language; [language.Und] means TextWork.Source.
	Source language.Tag
}

// A TextResult is what became of one item.
type TextResult struct {
	ID string
	// Text is the translation, with the line structure of the item; the item's
	// own text where Status is StatusKept, empty where it is
	// StatusUntranslated.
	Text   string
	Status subtitles.Status
	// Source is the language that was translated from, given or told from the
	// text; [language.Und] where that could not be told.
	Source language.Tag
	// Backend, Reason and Findings are as in [Result].
	Backend  string
	Reason   string
	Findings []subtitles.Finding
}

const (
	// longLine is how long a line may be, in code points, before it is
	// translated in pieces; a piece ends at a sentence's end.
	longLine = 600
	// MaxTextItems bounds the items of a TextWork.
	MaxTextItems = 1000
)

// Texts translates short texts through the same layer as subtitles: memory,
// batches, checks, repair, fallback. Lines are translated one by one and put
// back where they stood. Emoji, @mentions, #hashtags and URLs stay; a text that
// loses a mention, a hashtag or a URL is not accepted. Items that are in the
// target language already, or hold nothing to translate, are kept.
//
// Results come one an item, in order. Errors are those of
// [Translator.Translate]; results and uses are there beside them, once work
// has begun.
func (t *Translator) Texts(ctx context.Context, w TextWork) ([]TextResult, []Use, error) {
	if w.Kind == "" {
		w.Kind = KindComment
	}
	if !isTextKind(w.Kind) {
		return nil, nil, &Error{Kind: KindInvalid, Message: "unknown kind of text: use " + strings.Join(TextKinds(), ", ")}
	}
	if len(w.Items) > MaxTextItems {
		return nil, nil, &Error{Kind: KindInvalid, Message: "too many texts at once: send at most 1000"}
	}
	results := make([]TextResult, len(w.Items))
	groups := map[language.Tag]*textGroup{}
	var order []*textGroup
	for i, it := range w.Items {
		source := sourceOf(it, w)
		results[i] = TextResult{ID: it.ID, Source: source}
		if keepText(it.Text, source, w.Target) {
			results[i].Text, results[i].Status = it.Text, subtitles.StatusKept
			continue
		}
		g := groups[source]
		if g == nil {
			g = &textGroup{source: source}
			groups[source], order = g, append(order, g)
		}
		g.add(i, it.Text)
	}
	var uses []Use
	for _, g := range order {
		out, err := t.Translate(ctx, Work{Source: g.source, Target: w.Target, Units: g.units, Kind: w.Kind, link: g.link, Drain: w.Drain})
		if out != nil {
			uses = addUses(uses, out.Uses)
			g.collect(results, out.Results, w.Target)
		}
		if err != nil {
			for i := range results {
				if results[i].Status == "" {
					results[i].Status, results[i].Reason = subtitles.StatusUntranslated, ReasonUnfinished
				}
			}
			return results, uses, err
		}
	}
	return results, uses, nil
}

func isTextKind(kind string) bool {
	for _, k := range TextKinds() {
		if k == kind {
			return true
		}
	}
	return false
}

// sourceOf is the language of an item: its own, the work's, or what its text
// looks like.
func sourceOf(it TextItem, w TextWork) language.Tag {
	for _, tag := range []language.Tag{it.Source, w.Source} {
		if tag != language.Und {
			return subtitles.Canonical(tag)
		}
	}
	tag := subtitles.DetectText(it.Text)
	if tag != language.Und {
		return subtitles.Canonical(tag)
	}
	if n := countScripts(withoutTokens(it.Text)); subtitles.IsChinese(w.Target) && n.latin > 0 && n.han+n.kana+n.other == 0 {
		// A few Latin words: whatever they are, they are read like English.
		return subtitles.English
	}
	return tag
}

// keepText reports whether a text stays as it is: nothing to translate in it,
// or it is in the target language. Texts that may be in any language are kept
// when they are too short to tell.
func keepText(text string, source, target language.Tag) bool {
	target = subtitles.Canonical(target)
	if strings.TrimSpace(text) == "" || subtitles.Keep(text) || source == target {
		return true
	}
	if source == language.Und && !subtitles.IsChinese(target) {
		n := countScripts(text)
		return n.han+n.kana+n.other == 0 && len(latinWords(text)) <= 3
	}
	ss, _ := source.Script()
	ts, _ := target.Script()
	return subtitles.IsChinese(source) && subtitles.IsChinese(target) && source != subtitles.Cantonese && ss == ts
}

// A textGroup is the lines of all items in one language.
type textGroup struct {
	source language.Tag
	units  []subtitles.Unit
	link   []bool
	items  []textLayout
}

// A textLayout says how an item is put together again: pieces of text that
// stay, and units.
type textLayout struct {
	item   int
	pieces []textPiece
}

// A textPiece is a unit (by index), or a text that stays where unit is -1.
type textPiece struct {
	unit int
	text string
}

// add takes an item apart.
func (g *textGroup) add(index int, text string) {
	l := textLayout{item: index}
	first := len(g.units)
	for n, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		if n > 0 {
			l.pieces = append(l.pieces, textPiece{-1, "\n"})
		}
		body := strings.TrimSpace(line)
		if body == "" {
			continue
		}
		at := strings.Index(line, body)
		l.pieces = append(l.pieces, textPiece{-1, line[:at]})
		for _, sentence := range cutLine(body) {
			l.pieces = append(l.pieces, textPiece{len(g.units), sentence})
			g.units = append(g.units, subtitles.Unit{N: len(g.units) + 1, First: len(g.units), Last: len(g.units), Parts: []string{sentence}, Keep: subtitles.Keep(sentence)})
			g.link = append(g.link, true)
		}
	}
	if len(g.units) > first {
		g.link[len(g.link)-1] = false
	}
	g.items = append(g.items, l)
}

// cutLine cuts a line that is too long for one unit at the ends of sentences,
// or at spaces where a sentence is too long itself.
func cutLine(line string) []string {
	var pieces []string
	for utf8.RuneCountInString(line) > longLine {
		sentence, space, n, hard := 0, 0, 0, len(line)
		for i, c := range line {
			if n++; n > longLine {
				hard = i
				break
			}
			after := i + utf8.RuneLen(max(c, 0))
			switch {
			case strings.ContainsRune("。！？", c), strings.ContainsRune(".!?", c) && after < len(line) && line[after] == ' ':
				sentence = after
			case c == ' ':
				space = after
			}
		}
		at := hard
		if sentence > 0 {
			at = sentence
		} else if space > 0 {
			at = space
		}
		pieces = append(pieces, strings.TrimSpace(line[:at]))
		line = strings.TrimSpace(line[at:])
	}
	if line == "" {
		return pieces
	}
	return append(pieces, line)
}

// collect puts the items together again.
func (g *textGroup) collect(results []TextResult, done []Result, target language.Tag) {
	for _, l := range g.items {
		res := &results[l.item]
		res.Status = subtitles.StatusKept
		var b strings.Builder
		var line []string // the pieces of one line, joined as the language joins them
		for _, p := range append(l.pieces, textPiece{-1, ""}) {
			if p.unit < 0 {
				b.WriteString(subtitles.JoinParts(line, target))
				b.WriteString(p.text)
				line = line[:0]
				continue
			}
			d := done[p.unit]
			if d.Status == subtitles.StatusUntranslated {
				*res = TextResult{ID: res.ID, Source: res.Source, Status: d.Status, Reason: d.Reason}
				break
			}
			line = append(line, d.Parts[0])
			if d.Status == subtitles.StatusTranslated || d.Status == subtitles.StatusReused && res.Status == subtitles.StatusKept {
				res.Status = d.Status
			}
			if d.Backend != "" {
				res.Backend = d.Backend
			}
			res.Findings = append(res.Findings, d.Findings...)
		}
		if res.Status != subtitles.StatusUntranslated {
			res.Text = b.String()
		}
	}
}

// addUses adds uses of the same backends.
func addUses(sum, more []Use) []Use {
next:
	for _, u := range more {
		for i := range sum {
			if s := &sum[i]; s.Name == u.Name && s.Model == u.Model && s.Price == u.Price {
				s.Units, s.Calls = s.Units+u.Units, s.Calls+u.Calls
				s.Usage.Add(u.Usage)
				continue next
			}
		}
		sum = append(sum, u)
	}
	return sum
}

package worker

import (
	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/translate"
	"golang.org/x/text/language"
)

// A purchase is what has to be bought for one language: some units, in the
// language that they are there in.
type purchase struct {
	from, to language.Tag
	units    []subtitles.Unit
	// cues are what the units' indexes point into.
	cues []subtitles.Cue
}

// plan makes the document before anything is bought, and says what is to be
// bought. Where the upload holds both languages, in one track or in two, they
// are given and only gaps are bought; a Chinese text in the other script is
// converted.
func (o *Opened) plan(second *subtitles.Track) error {
	given, err := o.given(second)
	if err != nil {
		return err
	}
	if given != nil {
		o.base, o.Source = given, given.Source
		o.convertGiven()
		o.buyGaps()
		return nil
	}
	if o.Source, err = sourceLanguage(o.req, o.Track); err != nil {
		return err
	}
	o.Units = subtitles.Units(o.Track.Cues, o.Source)
	o.base = &subtitles.Document{Pair: o.req.Pair, Source: o.Source, Cues: make([]subtitles.DualCue, len(o.Track.Cues))}
	for i, c := range o.Track.Cues {
		o.base.Cues[i] = subtitles.DualCue{N: c.N, Start: c.Start, End: c.End,
			Texts: map[language.Tag]subtitles.Text{o.Source: {Text: c.Text, Status: subtitles.StatusSource}}}
		o.base.Cues[i].Carry(&c)
	}
	for _, u := range o.Units {
		for i := u.First; i <= u.Last; i++ {
			o.base.Cues[i].Unit = u.N
		}
	}
	for _, to := range o.targets() {
		if subtitles.CanConvert(o.Source, to) {
			convertTexts(o.base, o.Source, to)
			continue
		}
		for i := range o.base.Cues {
			o.base.Cues[i].Texts[to] = subtitles.Text{Status: subtitles.StatusUntranslated}
		}
		o.purchases = append(o.purchases, purchase{o.Source, to, o.Units, o.Track.Cues})
	}
	return nil
}

// given is the document of an upload that holds both languages, nil for one
// that does not.
func (o *Opened) given(second *subtitles.Track) (*subtitles.Document, error) {
	if second == nil {
		d, _ := subtitles.FromBilingual(o.Track, o.req.Pair)
		return d, nil
	}
	d, err := subtitles.PairTracks(o.Track, second, subtitles.LeadTop)
	if err != nil || d.Pair.Top == d.Pair.Bottom {
		return nil, err
	}
	if subtitles.IsChinese(d.Pair.Top) != subtitles.IsChinese(o.req.Pair.Top) {
		d.Pair.Top, d.Pair.Bottom = d.Pair.Bottom, d.Pair.Top
	}
	return d, nil
}

// keepTerms has the layout break no line inside a glossary term of the track.
func (o *Opened) keepTerms() {
	seen := map[string]bool{}
	for _, b := range o.purchases {
		for _, u := range b.units {
			for _, t := range o.glossary.Match(b.from, b.to, subtitles.JoinParts(u.Parts, b.from)) {
				for _, term := range append(t.Alternatives(), t.Source) {
					if !seen[term] {
						seen[term] = true
						o.profile.Terms = append(o.profile.Terms, term)
					}
				}
			}
		}
	}
}

// convertGiven brings a given document's Chinese into the script that is
// asked for. The English is its source then.
func (o *Opened) convertGiven() {
	found, asked := o.base.Pair.Chinese(), o.req.Pair.Chinese()
	if found != asked {
		convertTexts(o.base, found, asked)
		for i := range o.base.Cues {
			delete(o.base.Cues[i].Texts, found)
			if t, ok := o.base.Cues[i].Texts[subtitles.English]; ok && t.Status == subtitles.StatusGiven {
				t.Status = subtitles.StatusSource
				o.base.Cues[i].Texts[subtitles.English] = t
			}
		}
		o.base.Source, o.Source = subtitles.English, subtitles.English
	}
	o.base.Pair = o.req.Pair
}

// convertTexts fills in a language by conversion of another.
func convertTexts(d *subtitles.Document, from, to language.Tag) {
	for i := range d.Cues {
		t, ok := d.Cues[i].Texts[from]
		if !ok {
			continue
		}
		converted, err := subtitles.Convert(t.Text, from, to)
		if err != nil {
			d.Cues[i].Texts[to] = subtitles.Text{Status: subtitles.StatusUntranslated}
			continue
		}
		d.Cues[i].Texts[to] = subtitles.Text{Text: converted, Status: subtitles.StatusGiven}
	}
}

// buyGaps plans what a given document lacks: each cue that stands in one
// language alone, as a unit of its own.
func (o *Opened) buyGaps() {
	cues := make([]subtitles.Cue, len(o.base.Cues))
	for i, c := range o.base.Cues {
		cues[i] = subtitles.Cue{N: c.N, Start: c.Start, End: c.End}
	}
	for _, way := range [][2]language.Tag{{o.req.Pair.Top, o.req.Pair.Bottom}, {o.req.Pair.Bottom, o.req.Pair.Top}} {
		buy := purchase{from: way[0], to: way[1], cues: cues}
		for i, c := range o.base.Cues {
			have, ok := c.Texts[buy.from]
			if _, there := c.Texts[buy.to]; there || !ok {
				continue
			}
			c.Texts[buy.to] = subtitles.Text{Status: subtitles.StatusUntranslated}
			buy.units = append(buy.units, subtitles.Unit{N: len(buy.units) + 1, First: i, Last: i,
				Parts: []string{have.Text}, Keep: subtitles.Keep(have.Text)})
		}
		if len(buy.units) > 0 {
			o.purchases = append(o.purchases, buy)
		}
	}
}

// targets are the languages of the outputs besides the source's, top first.
func (o *Opened) targets() []language.Tag {
	var tags []language.Tag
	for _, t := range []language.Tag{o.req.Pair.Top, o.req.Pair.Bottom} {
		if t != o.Source {
			tags = append(tags, t)
		}
	}
	return tags
}

// work is what a purchase asks of the translation layer.
func (o *Opened) work(b purchase) translate.Work {
	return translate.Work{Source: b.from, Target: b.to, Units: b.units, Cues: b.cues,
		Title: o.req.Title, Description: o.req.Description, Drain: o.req.Drain}
}

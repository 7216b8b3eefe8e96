package worker

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/translate"
	"golang.org/x/text/language"
)

// Run translates what was opened and makes the files. Units that no backend
// could translate are gaps of the document, no error; errors are those of
// [translate.Translator.Translate], and beside one the result tells what was
// spent.
func (o *Opened) Run(ctx context.Context) (*Result, error) {
	res := &Result{Report: o.Report, Repairs: map[string]int{}, Reasons: map[string]int{}}
	doc := o.newDocument()
	for _, b := range o.purchases {
		res.Progress.Units += len(b.units)
	}

	if previous, err := o.previous(ctx, doc.Fingerprint); err != nil {
		return nil, err
	} else if previous != nil {
		takeOver(doc, previous)
		res.TakenOver = true
		res.Progress.Done = res.Progress.Units
		if err := o.tell(ctx, res, doc.Cues); err != nil {
			return res, err
		}
	} else if err := o.translate(ctx, doc, res); err != nil {
		return res, err
	}

	if o.req.Retime {
		doc.Retime(subtitles.RetimeOptions{Profile: o.profile})
	}
	o.check(doc)
	res.Coverage = doc.Coverage()
	res.Document = doc
	passes := o.req.Gate.Open(doc)
	res.State = StateDone
	if !passes {
		res.State = StatePartial
	}
	doc.Published = passes && !o.req.Hold
	var err error
	if passes || o.req.Partial {
		res.Files, err = Render(doc, RenderOptions{Base: o.Base, Formats: o.req.Formats, Profile: o.profile, BurnedIn: o.req.BurnedIn, HLS: o.req.HLS})
	} else {
		res.Files, err = appendJSON(nil, doc, o.Base)
	}
	return res, err
}

// newDocument is a copy of the planned document, to be filled in.
func (o *Opened) newDocument() *subtitles.Document {
	doc := *o.base
	doc.Fingerprint = o.fingerprint()
	doc.Cues = slices.Clone(o.base.Cues)
	for i := range doc.Cues {
		doc.Cues[i].Texts = maps.Clone(doc.Cues[i].Texts)
	}
	return &doc
}

// translate buys one language after the other and puts the parts onto their
// cues as batches come in.
func (o *Opened) translate(ctx context.Context, doc *subtitles.Document, res *Result) error {
	if len(o.purchases) == 0 {
		return o.tell(ctx, res, doc.Cues)
	}
	tr, err := o.translator()
	if err != nil {
		return err
	}
	var uses []translate.Use
	done := 0
	for _, b := range o.purchases {
		work := o.work(b)
		work.OnBatch = func(ctx context.Context, batch []translate.Result) error {
			var cues []subtitles.DualCue
			for _, r := range batch {
				put(doc, b, r)
				u := b.units[r.Unit]
				cues = append(cues, doc.Cues[u.First:u.Last+1]...)
			}
			res.Progress.Done += len(batch)
			return o.tell(ctx, res, cues)
		}
		out, err := tr.Translate(ctx, work)
		if out != nil {
			uses = addUses(uses, out.Uses)
			res.Cost = totalCost(uses)
		}
		if err != nil {
			return err
		}
		for _, r := range out.Results {
			put(doc, b, r)
			if r.Status == subtitles.StatusUntranslated {
				res.Reasons[cmp.Or(r.Reason, "unknown")]++
			}
			cue := &doc.Cues[b.units[r.Unit].First]
			cue.Findings = append(cue.Findings, r.Findings...)
		}
		done += len(b.units)
		res.Progress.Done = done
		for _, k := range slices.Sorted(maps.Keys(out.Repairs)) {
			res.Repairs[k] += out.Repairs[k]
		}
	}
	for _, u := range uses {
		res.Calls += u.Calls
	}
	doc.Backends = backendUses(uses)
	return nil
}

// put writes one result onto the cues of its unit. Chinese is brought into
// its script, whatever the backend's mood was.
func put(doc *subtitles.Document, b purchase, r translate.Result) {
	u := b.units[r.Unit]
	for i := u.First; i <= u.Last; i++ {
		text := subtitles.Text{Status: r.Status, Backend: r.Backend}
		switch {
		case r.Status == subtitles.StatusKept:
			text.Text = doc.Cues[i].Texts[b.from].Text
		case r.Status != subtitles.StatusUntranslated && i-u.First < len(r.Parts):
			text.Text = subtitles.Purify(r.Parts[i-u.First], b.to)
		default:
			text = subtitles.Text{Status: subtitles.StatusUntranslated}
		}
		doc.Cues[i].Texts[b.to] = text
	}
}

// tell reports progress and finished cues.
func (o *Opened) tell(ctx context.Context, res *Result, cues []subtitles.DualCue) error {
	if o.req.OnUnits != nil {
		o.req.OnUnits(res.Progress.Done, res.Progress.Units)
	}
	if o.req.OnCues == nil {
		return nil
	}
	return o.req.OnCues(ctx, cues)
}

// previous is a finished document with the same fingerprint and without gaps.
func (o *Opened) previous(ctx context.Context, fingerprint string) (*subtitles.Document, error) {
	if o.req.Previous == nil {
		return nil, nil
	}
	d, err := o.req.Previous(ctx, fingerprint)
	if err != nil || d == nil || d.Fingerprint != fingerprint || len(d.Cues) != len(o.base.Cues) || !Strict.Open(d) {
		return nil, err
	}
	return d, nil
}

// takeOver fills the document with the texts of a finished one; nothing was
// bought for them in this run.
func takeOver(doc, previous *subtitles.Document) {
	for i := range doc.Cues {
		for tag, t := range previous.Cues[i].Texts {
			if own, ok := doc.Cues[i].Texts[tag]; ok && own.Status != subtitles.StatusUntranslated {
				continue
			}
			if t.Status == subtitles.StatusTranslated {
				t.Status = subtitles.StatusReused
			}
			doc.Cues[i].Texts[tag] = t
		}
	}
}

// check fills in the findings: those of the translation that stand already,
// then those of the finished cues. Where both find the same (a number that is
// missing), the latter counts, since it has seen the whole cue.
func (o *Opened) check(doc *subtitles.Document) {
	earlier := make([][]subtitles.Finding, len(doc.Cues))
	for i := range doc.Cues {
		earlier[i], doc.Cues[i].Findings = doc.Cues[i].Findings, nil
	}
	doc.Check(o.profile)
	for i := range doc.Cues {
		found := doc.Cues[i].Findings
		kept := slices.DeleteFunc(earlier[i], func(f subtitles.Finding) bool {
			return slices.ContainsFunc(found, func(g subtitles.Finding) bool { return g.Rule == f.Rule && g.Language == f.Language })
		})
		doc.Cues[i].Findings = append(kept, found...)
	}
}

// fingerprint is a SHA-256 over tenant, normalised cues, pair, backend policy,
// prompt and glossary: equal fingerprints mean that equal translations would
// be asked for. The order of the pair and the layout are no part of it.
func (o *Opened) fingerprint() string {
	h := sha256.New()
	// Sorted, since which language is on top must not count.
	tags := o.base.Languages()
	slices.SortFunc(tags, func(a, b language.Tag) int { return strings.Compare(a.String(), b.String()) })
	pair := []string{o.req.Pair.Top.String(), o.req.Pair.Bottom.String()}
	slices.Sort(pair)
	hashStrings(h, "duosub fingerprint 1", o.req.Tenant, o.Source.String(), strings.Join(pair, ","))
	for _, b := range o.backends {
		c := b.Caps()
		hashStrings(h, c.Policy, c.Prompt)
	}
	hashStrings(h, o.glossary.Hash())
	for _, c := range o.base.Cues {
		hashStrings(h, fmt.Sprint(c.Start.Milliseconds()), fmt.Sprint(c.End.Milliseconds()), c.Voice)
		for _, tag := range tags {
			hashStrings(h, subtitles.Normalize(c.Texts[tag].Text))
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func hashStrings(h hash.Hash, fields ...string) {
	var n [8]byte
	for _, f := range fields {
		binary.BigEndian.PutUint64(n[:], uint64(len(f)))
		h.Write(n[:])
		io.WriteString(h, f)
	}
}

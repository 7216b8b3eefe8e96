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
	targets := o.targets()
	doc := o.newDocument(targets)
	res.Progress.Units = len(o.Units) * len(targets)

	if previous, err := o.previous(ctx, doc.Fingerprint); err != nil {
		return nil, err
	} else if previous != nil {
		takeOver(doc, previous)
		res.TakenOver = true
		res.Progress.Done = res.Progress.Units
		o.tell(ctx, res, doc, nil)
	} else if err := o.translate(ctx, doc, targets, res); err != nil {
		return res, err
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
	res.Files, err = o.files(doc, passes || o.req.Partial)
	return res, err
}

// newDocument is the document before anything was translated: the source's
// texts and gaps.
func (o *Opened) newDocument(targets []language.Tag) *subtitles.Document {
	doc := &subtitles.Document{Pair: o.req.Pair, Source: o.Source, Fingerprint: o.fingerprint(),
		Cues: make([]subtitles.DualCue, len(o.Track.Cues))}
	for i, c := range o.Track.Cues {
		texts := make(map[language.Tag]subtitles.Text, 1+len(targets))
		texts[o.Source] = subtitles.Text{Text: c.Text, Status: subtitles.StatusSource}
		for _, t := range targets {
			texts[t] = subtitles.Text{Status: subtitles.StatusUntranslated}
		}
		doc.Cues[i] = subtitles.DualCue{N: c.N, Start: c.Start, End: c.End, Texts: texts}
		doc.Cues[i].Carry(&c)
	}
	for _, u := range o.Units {
		for i := u.First; i <= u.Last; i++ {
			doc.Cues[i].Unit = u.N
		}
	}
	return doc
}

// translate buys one language after the other and puts the parts onto their
// cues as batches come in.
func (o *Opened) translate(ctx context.Context, doc *subtitles.Document, targets []language.Tag, res *Result) error {
	tr, err := o.translator()
	if err != nil {
		return err
	}
	var uses []translate.Use
	for _, target := range targets {
		work := o.work(target)
		work.OnBatch = func(ctx context.Context, done []translate.Result) error {
			for _, r := range done {
				o.put(doc, target, r)
			}
			res.Progress.Done += len(done)
			return o.tell(ctx, res, doc, done)
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
			o.put(doc, target, r)
			if r.Status == subtitles.StatusUntranslated {
				res.Reasons[cmp.Or(r.Reason, "unknown")]++
			}
			for _, f := range r.Findings {
				cue := &doc.Cues[o.Units[r.Unit].First]
				cue.Findings = append(cue.Findings, f)
			}
		}
		res.Progress.Done = len(o.Units) * (1 + slices.Index(targets, target))
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

// put writes one result onto the cues of its unit.
func (o *Opened) put(doc *subtitles.Document, target language.Tag, r translate.Result) {
	u := o.Units[r.Unit]
	for i := u.First; i <= u.Last; i++ {
		text := subtitles.Text{Status: r.Status, Backend: r.Backend}
		switch {
		case r.Status == subtitles.StatusKept:
			text.Text = o.Track.Cues[i].Text
		case r.Status != subtitles.StatusUntranslated && i-u.First < len(r.Parts):
			text.Text = r.Parts[i-u.First]
		default:
			text = subtitles.Text{Status: subtitles.StatusUntranslated}
		}
		doc.Cues[i].Texts[target] = text
	}
}

// tell reports progress and the cues of finished units; nil means all cues.
func (o *Opened) tell(ctx context.Context, res *Result, doc *subtitles.Document, done []translate.Result) error {
	if o.req.OnUnits != nil {
		o.req.OnUnits(res.Progress.Done, res.Progress.Units)
	}
	if o.req.OnCues == nil {
		return nil
	}
	if done == nil {
		return o.req.OnCues(ctx, doc.Cues)
	}
	var cues []subtitles.DualCue
	for _, r := range done {
		u := o.Units[r.Unit]
		cues = append(cues, doc.Cues[u.First:u.Last+1]...)
	}
	return o.req.OnCues(ctx, cues)
}

// previous is a finished document with the same fingerprint and without gaps.
func (o *Opened) previous(ctx context.Context, fingerprint string) (*subtitles.Document, error) {
	if o.req.Previous == nil {
		return nil, nil
	}
	d, err := o.req.Previous(ctx, fingerprint)
	if err != nil || d == nil || d.Fingerprint != fingerprint || len(d.Cues) != len(o.Track.Cues) || !Strict.Open(d) {
		return nil, err
	}
	return d, nil
}

// takeOver fills the document with the texts of a finished one; nothing was
// bought for them in this run.
func takeOver(doc, previous *subtitles.Document) {
	for i := range doc.Cues {
		for tag, t := range previous.Cues[i].Texts {
			if tag == doc.Source {
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
// then those of the finished cues.
func (o *Opened) check(doc *subtitles.Document) {
	earlier := make([][]subtitles.Finding, len(doc.Cues))
	for i := range doc.Cues {
		earlier[i], doc.Cues[i].Findings = doc.Cues[i].Findings, nil
	}
	doc.Check(o.profile)
	for i := range doc.Cues {
		doc.Cues[i].Findings = append(earlier[i], doc.Cues[i].Findings...)
	}
}

// fingerprint is a SHA-256 over tenant, normalised cues, pair, backend policy,
// prompt and glossary: equal fingerprints mean that equal translations would
// be asked for. The order of the pair and the layout are no part of it.
func (o *Opened) fingerprint() string {
	h := sha256.New()
	pair := []string{o.req.Pair.Top.String(), o.req.Pair.Bottom.String()}
	slices.Sort(pair)
	hashStrings(h, "duosub fingerprint 1", o.req.Tenant, o.Source.String(), strings.Join(pair, ","))
	for _, b := range o.backends {
		c := b.Caps()
		hashStrings(h, c.Policy, c.Prompt)
	}
	hashStrings(h, o.glossary.Hash())
	for _, c := range o.Track.Cues {
		hashStrings(h, fmt.Sprint(c.Start.Milliseconds()), fmt.Sprint(c.End.Milliseconds()), c.Voice, subtitles.Normalize(c.Text))
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

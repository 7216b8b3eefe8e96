package worker

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/translate"
	"golang.org/x/text/language"
)

const (
	// MaxTextItems bounds the items of a TextRequest, MaxTextLength one of
	// them in code points.
	MaxTextItems  = 500
	MaxTextLength = 20_000
)

// A TextRequest asks for short texts.
type TextRequest struct {
	Tenant string
	Target language.Tag
	// Source is language.Und when each item's own text is to be looked at.
	Source language.Tag
	// Kind is one of [translate.TextKinds].
	Kind     string
	Items    []TextItem
	Glossary string
}

// A TextItem is one short text, under the caller's own id.
type TextItem struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// A TextResponse answers a TextRequest, items in the order of the request.
type TextResponse struct {
	Items []TextAnswer `json:"items"`
	Cost  Cost         `json:"cost"`
}

// A TextAnswer is what became of a short text. Text is empty when Status is
// "untranslated".
type TextAnswer struct {
	ID      string           `json:"id"`
	Text    string           `json:"text"`
	Status  subtitles.Status `json:"status"`
	Source  string           `json:"source"`
	Backend string           `json:"backend,omitempty"`
}

// Text translates short texts at once. A request that is not valid is an
// [*Error] with CodeBadRequest.
func (s *Service) Text(ctx context.Context, req TextRequest) (*TextResponse, error) {
	if s.cfg.Processor == nil {
		return nil, &Error{Code: CodeUnavailable, Message: "this process translates no texts: ask the service"}
	}
	return s.cfg.Processor.Text(ctx, req)
}

func (req *TextRequest) validate() error {
	if !slices.Contains(translate.TextKinds(), req.Kind) {
		return badRequest("unknown kind %.40q: use %s", req.Kind, strings.Join(translate.TextKinds(), ", "))
	}
	if !slices.ContainsFunc(subtitles.Pairs(), func(p subtitles.Pair) bool { return p.Has(req.Target) }) {
		return badRequest("the target %q is none of en, zh-Hans, zh-Hant, zh-Hant-HK, zh-Hant-TW", req.Target.String())
	}
	if len(req.Items) == 0 || len(req.Items) > MaxTextItems {
		return badRequest("send 1 to %d items", MaxTextItems)
	}
	seen := make(map[string]bool, len(req.Items))
	for _, it := range req.Items {
		if seen[it.ID] {
			return badRequest("the id %.40q stands twice", it.ID)
		}
		seen[it.ID] = true
		if n := len([]rune(it.Text)); n > MaxTextLength {
			return &Error{Code: CodeTooLarge, Permanent: true, Message: fmt.Sprintf("item %.40q has %d characters, %d are the limit", it.ID, n, MaxTextLength)}
		}
	}
	return nil
}

// Text translates short texts through the same layer as subtitles. Errors are
// an [*Error] for a request that is not valid, else those of
// [translate.Translator.Texts].
func (p *Processor) Text(ctx context.Context, req TextRequest) (*TextResponse, error) {
	req.Target = subtitles.Canonical(req.Target)
	if err := req.validate(); err != nil {
		return nil, err
	}
	glossary, err := p.glossary(req.Glossary)
	if err != nil {
		return nil, err
	}
	tr, err := p.translator(p.cfg.Backends, p.cfg.Memory, glossary, req.Tenant)
	if err != nil {
		return nil, err
	}
	work := translate.TextWork{Source: subtitles.Canonical(req.Source), Target: req.Target, Kind: req.Kind}
	resp := &TextResponse{Items: make([]TextAnswer, len(req.Items))}
	var sent []int
	for i, it := range req.Items {
		from := work.Source
		if from == language.Und {
			from = subtitles.DetectText(it.Text)
		}
		if from != req.Target && subtitles.CanConvert(from, req.Target) {
			// The other script of the same language is converted, not bought.
			text, err := subtitles.Convert(it.Text, from, req.Target)
			if err != nil {
				return nil, err
			}
			resp.Items[i] = TextAnswer{ID: it.ID, Text: text, Status: subtitles.StatusGiven, Source: from.String()}
			continue
		}
		sent = append(sent, i)
		work.Items = append(work.Items, translate.TextItem{ID: it.ID, Text: it.Text})
	}
	if len(sent) == 0 {
		return resp, nil
	}
	results, uses, err := tr.Texts(ctx, work)
	if err != nil {
		return nil, err
	}
	resp.Cost = totalCost(uses)
	for k, r := range results {
		text := r.Text
		if r.Status != subtitles.StatusKept {
			text = subtitles.Purify(text, req.Target)
		}
		resp.Items[sent[k]] = TextAnswer{ID: r.ID, Text: text, Status: r.Status, Source: r.Source.String(), Backend: r.Backend}
	}
	return resp, nil
}

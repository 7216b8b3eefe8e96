package server

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/translate"
	"github.com/duosub/duosub/worker"
	"github.com/duosub/duosub/worker/job"
	"golang.org/x/text/language"
)

const (
	maxItemID   = 200
	maxGlossary = 100 // as in job.Spec
)

// textBody is the body of POST /v1/text.
type textBody struct {
	Target   string            `json:"target"`
	Source   string            `json:"source"`
	Kind     string            `json:"kind"`
	Items    []worker.TextItem `json:"items"`
	Glossary string            `json:"glossary"`
}

// postText translates short texts while the caller waits.
func (s *Server) postText(w http.ResponseWriter, r *http.Request) {
	req, err := s.readText(w, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	resp, err := s.jobs.Text(r.Context(), req)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if resp.Items == nil {
		resp.Items = []worker.TextAnswer{}
	}
	data, err := json.Marshal(resp)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, data)
}

func (s *Server) readText(w http.ResponseWriter, r *http.Request) (worker.TextRequest, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		w.Header().Set("Accept-Post", "application/json")
		return worker.TextRequest{}, failure(codeUnsupportedMedia, "send short texts as application/json")
	}
	data, err := s.readJSON(w, r, MaxTextBody)
	if err != nil {
		return worker.TextRequest{}, err
	}
	return decodeText(data)
}

// decodeText reads and checks the JSON of a request for short texts. Keys
// that it does not know are ignored. Errors are [*job.Error] or
// [*worker.Error].
func decodeText(data []byte) (worker.TextRequest, error) {
	var b textBody
	var req worker.TextRequest
	if err := unmarshal(data, &b); err != nil {
		return req, err
	}
	if b.Target == "" {
		return req, &job.Error{Field: "target", Message: "is missing: name the language to translate to, such as en or zh-Hans"}
	}
	var err error
	if req.Target, err = parseTag("target", b.Target); err != nil {
		return req, err
	}
	if b.Source != "" {
		if req.Source, err = parseTag("source", b.Source); err != nil {
			return req, err
		}
	}
	if !slices.Contains(translate.TextKinds(), b.Kind) {
		return req, &job.Error{Field: "kind", Message: "must be one of " + strings.Join(translate.TextKinds(), ", ")}
	}
	if utf8.RuneCountInString(b.Glossary) > maxGlossary {
		return req, &job.Error{Field: "glossary", Message: fmt.Sprintf("may have %d characters at most", maxGlossary)}
	}
	if len(b.Items) == 0 {
		return req, &job.Error{Field: "items", Message: "is missing: give at least one text"}
	}
	if len(b.Items) > worker.MaxTextItems {
		return req, failure(worker.CodeTooLarge, fmt.Sprintf("a request may have %d items at most", worker.MaxTextItems))
	}
	seen := make(map[string]bool, len(b.Items))
	for i, item := range b.Items {
		// Without this, two answers could not be told apart.
		if item.ID == "" || utf8.RuneCountInString(item.ID) > maxItemID || seen[item.ID] {
			return req, &job.Error{Field: "items[" + strconv.Itoa(i) + "].id", Message: fmt.Sprintf("must have 1 to %d characters and be different for each item", maxItemID)}
		}
		seen[item.ID] = true
	}
	req.Kind, req.Items, req.Glossary = b.Kind, b.Items, b.Glossary
	return req, nil
}

func parseTag(field, s string) (language.Tag, error) {
	t, err := language.Parse(s)
	if err != nil || t == language.Und {
		return language.Und, &job.Error{Field: field, Message: "is no BCP 47 language tag: write it as en, zh-Hans or zh-Hant"}
	}
	return subtitles.Canonical(t), nil
}

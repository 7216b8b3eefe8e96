package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/worker"
	"github.com/duosub/duosub/worker/job"
)

// jobBody is a job as callers send it. Version and tenant are not theirs to
// say, whatever they hold: these fields hide the Spec's own.
type jobBody struct {
	job.Spec
	V      json.RawMessage `json:"v"`
	Tenant json.RawMessage `json:"tenant"`
}

// decodeJob reads the JSON of a job. Keys that it does not know are ignored.
// Errors are [*job.Error], [*worker.Error] or [*subtitles.Error].
func decodeJob(data []byte) (job.Spec, error) {
	var b jobBody
	if err := unmarshal(data, &b); err != nil {
		return job.Spec{}, err
	}
	spec := b.Spec
	if string(spec.Meta) == "null" {
		spec.Meta = nil
	}
	return spec, nil
}

// unmarshal reads a JSON object and says what is wrong with it without
// quoting it.
func unmarshal(data []byte, v any) error {
	err := json.Unmarshal(data, v)
	if err == nil {
		if string(bytes.TrimSpace(data)) == "null" {
			return failure(worker.CodeBadRequest, "the body must be a JSON object")
		}
		return nil
	}
	var (
		se *json.SyntaxError
		te *json.UnmarshalTypeError
		pe *subtitles.Error
	)
	switch {
	case errors.As(err, &se):
		return failure(worker.CodeBadRequest, fmt.Sprintf("the body is no JSON (at byte %d)", se.Offset))
	case errors.As(err, &te) && te.Field != "":
		// Embedded structs stand in the path under their Go names.
		return &job.Error{Field: strings.TrimPrefix(te.Field, "Spec."), Message: "cannot be a JSON " + te.Value}
	case errors.As(err, &pe):
		return pe
	}
	return failure(worker.CodeBadRequest, "the body must be a JSON object as the API describes it")
}

// formFields are the fields of a form that say what a JSON job says, under
// the same names.
var formFields = map[string]func(*job.Spec, string) error{
	"source":         text(func(s *job.Spec) *string { return &s.Source }),
	"video":          text(func(s *job.Spec) *string { return &s.Video }),
	"filename":       text(func(s *job.Spec) *string { return &s.Filename }),
	"creator":        text(func(s *job.Spec) *string { return &s.Creator }),
	"media":          text(func(s *job.Spec) *string { return &s.Media }),
	"source_lang":    text(func(s *job.Spec) *string { return &s.SourceLang }),
	"source_version": text(func(s *job.Spec) *string { return &s.SourceVersion }),
	"track":          text(func(s *job.Spec) *string { return &s.Track }),
	"profile":        text(func(s *job.Spec) *string { return &s.Profile }),
	"title":          text(func(s *job.Spec) *string { return &s.Title }),
	"description":    text(func(s *job.Spec) *string { return &s.Description }),
	"glossary":       text(func(s *job.Spec) *string { return &s.Glossary }),
	"burned_in":      text(func(s *job.Spec) *string { return &s.BurnedIn }),
	"callback_url":   text(func(s *job.Spec) *string { return &s.CallbackURL }),
	"lane":           func(s *job.Spec, v string) error { s.Lane = job.Lane(v); return nil },
	"publish":        func(s *job.Spec, v string) error { s.Publish = job.PublishMode(v); return nil },
	"formats":        func(s *job.Spec, v string) error { s.Formats = commaList(v); return nil },
	"backends":       func(s *job.Spec, v string) error { s.Backends = commaList(v); return nil },
	"pair": func(s *job.Spec, v string) error {
		if v == "" {
			return nil
		}
		p, err := subtitles.ParsePair(v)
		s.Pair = &p
		return err
	},
	"meta": func(s *job.Spec, v string) error {
		if v == "" {
			return nil
		}
		if !json.Valid([]byte(v)) {
			return &job.Error{Field: "meta", Message: "must be a JSON object"}
		}
		s.Meta = json.RawMessage(v)
		return nil
	},
}

func text(field func(*job.Spec) *string) func(*job.Spec, string) error {
	return func(s *job.Spec, v string) error { *field(s) = v; return nil }
}

// commaList reads "vtt,srt". Nothing means that nothing was said.
func commaList(v string) []string {
	var items []string
	for _, item := range strings.Split(v, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// cleanFilename makes the name that a client gave its file one that a person
// may be shown: the last part of a path, without control characters, at most
// 255 characters.
func cleanFilename(name string) string {
	name = strings.ToValidUTF8(name, "\uFFFD")
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		// Format characters, such as a right-to-left override, make a name
		// look like another one.
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d' {
			return -1
		}
		return r
	}, name))
	if name == "." || name == ".." {
		return ""
	}
	if r := []rune(name); len(r) > 255 {
		name = string(r[len(r)-255:]) // the end tells the format
	}
	return name
}

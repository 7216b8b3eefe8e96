package job

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// An Error says which field of a spec is wrong, and why, in one sentence.
type Error struct {
	// Field is the JSON key; empty when the whole is meant.
	Field   string
	Message string
	// Newer says that the payload is of a later version than this program
	// reads.
	Newer bool
}

func (e *Error) Error() string {
	if e.Field == "" {
		return e.Message
	}
	return e.Field + ": " + e.Message
}

// Formats are the output formats that a spec may ask for.
var Formats = []string{"vtt", "srt", "json", "ass", "hls"}

var uploadSource = regexp.MustCompile(`^upload:[0-9a-f]{64}$`)

// UploadSource is the Source of an uploaded file with this SHA-256 in hex.
func UploadSource(sha256 string) string { return "upload:" + sha256 }

// Uploaded answers the SHA-256 of an uploaded source, "" for other sources.
func Uploaded(source string) string {
	if !uploadSource.MatchString(source) {
		return ""
	}
	return strings.TrimPrefix(source, "upload:")
}

// limits of the texts of a spec, in code points.
var limits = []struct {
	field string
	max   int
	get   func(*Spec) string
}{
	{"tenant", 100, func(s *Spec) string { return s.Tenant }},
	{"source", 2048, func(s *Spec) string { return s.Source }},
	{"video", 2048, func(s *Spec) string { return s.Video }},
	{"filename", 255, func(s *Spec) string { return s.Filename }},
	{"creator", 200, func(s *Spec) string { return s.Creator }},
	{"media", 2048, func(s *Spec) string { return s.Media }},
	{"source_version", 200, func(s *Spec) string { return s.SourceVersion }},
	{"track", 100, func(s *Spec) string { return s.Track }},
	{"profile", 100, func(s *Spec) string { return s.Profile }},
	{"title", 500, func(s *Spec) string { return s.Title }},
	{"description", 3000, func(s *Spec) string { return s.Description }},
	{"glossary", 100, func(s *Spec) string { return s.Glossary }},
	{"callback_url", 2048, func(s *Spec) string { return s.CallbackURL }},
}

// Validate reports the first thing that is wrong with a spec, as an [*Error].
// Whether the source may be fetched is the worker's question, not this one.
func (s Spec) Validate() error {
	for _, l := range limits {
		v := l.get(&s)
		if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
			return &Error{Field: l.field, Message: "must be UTF-8 text without NUL"}
		}
		if n := utf8.RuneCountInString(v); n > l.max {
			return &Error{Field: l.field, Message: fmt.Sprintf("has %d characters, %d are the limit", n, l.max)}
		}
	}
	if s.Source == "" {
		return &Error{Field: "source", Message: "is missing: give the address of a subtitle file or a video, or upload one"}
	}
	if err := checkAddress("source", s.Source); err != nil {
		return err
	}
	if s.Media != "" {
		if err := checkAddress("media", s.Media); err != nil {
			return err
		}
	}
	if s.CallbackURL != "" {
		if err := checkAddress("callback_url", s.CallbackURL); err != nil {
			return err
		}
	}
	if strings.ContainsFunc(s.Video, unicode.IsControl) {
		return &Error{Field: "video", Message: "must not hold control characters"}
	}
	for _, f := range []struct{ name, tag string }{{"source_lang", s.SourceLang}, {"burned_in", s.BurnedIn}} {
		if f.tag == "" {
			continue
		}
		if _, err := language.Parse(f.tag); err != nil {
			return &Error{Field: f.name, Message: fmt.Sprintf("%.40q is no BCP 47 language tag", f.tag)}
		}
	}
	if s.Lane != "" && !slices.Contains(Lanes, s.Lane) {
		return &Error{Field: "lane", Message: fmt.Sprintf("%.40q is none of preview, upload, view, backfill", s.Lane)}
	}
	if s.Publish != "" && s.Publish != PublishAuto && s.Publish != PublishReview && s.Publish != PublishHold {
		return &Error{Field: "publish", Message: fmt.Sprintf("%.40q is none of auto, review, hold", s.Publish)}
	}
	for _, f := range s.Formats {
		if !slices.Contains(Formats, f) {
			return &Error{Field: "formats", Message: fmt.Sprintf("%.40q is none of %s", f, strings.Join(Formats, ", "))}
		}
	}
	if len(s.Formats) > len(Formats) || s.Formats != nil && len(s.Formats) == 0 {
		return &Error{Field: "formats", Message: "must name each wanted format once"}
	}
	if len(s.Backends) > 10 {
		return &Error{Field: "backends", Message: "names more than 10 backends"}
	}
	if len(s.Meta) > 0 {
		if len(s.Meta) > MaxMeta {
			return &Error{Field: "meta", Message: fmt.Sprintf("has %d bytes, %d are the limit", len(s.Meta), MaxMeta)}
		}
		var m map[string]json.RawMessage
		if err := json.Unmarshal(s.Meta, &m); err != nil {
			return &Error{Field: "meta", Message: "must be a JSON object"}
		}
	}
	return nil
}

// checkAddress refuses what must never stand in a payload or a log: queries
// and user information carry credentials.
func checkAddress(field, address string) error {
	if Uploaded(address) != "" {
		return nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "" || u.Opaque != "" {
		return &Error{Field: field, Message: "is no URL: write it as scheme://host/path"}
	}
	if u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return &Error{Field: field, Message: "must carry no query, no fragment and no user name: such parts hold credentials, which belong into the workers' environment"}
	}
	return nil
}

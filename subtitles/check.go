package subtitles

import "golang.org/x/text/language"

// Severity says how much a finding matters.
type Severity string

const (
	// SeverityWarning: worth a look.
	SeverityWarning Severity = "warning"
	// SeverityError: a viewer or a player will stumble over it.
	SeverityError Severity = "error"
)

// A Finding is one thing that Check or the translation layer found in a cue.
type Finding struct {
	// Rule is a stable word: "reading-speed", "line-length", "lines", "gap",
	// "overlap", "duration", "script", "term", "number", …
	Rule     string   `json:"rule"`
	Severity Severity `json:"severity"`
	// Language is the text that is meant; empty when the cue's times are.
	Language string `json:"language,omitempty"`
	// Value was measured and Limit is what it should keep to, both in the
	// rule's own unit (characters a second, columns, milliseconds).
	Value float64 `json:"value,omitempty"`
	Limit float64 `json:"limit,omitempty"`
	// Message is a sentence for people; empty where rule and value say it.
	Message string `json:"message,omitempty"`
}

// languageOf is the tag's text as Finding.Language holds it.
func languageOf(t language.Tag) string {
	if t == language.Und {
		return ""
	}
	return t.String()
}

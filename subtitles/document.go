package subtitles

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"golang.org/x/text/language"
)

// A Status says where a text of a cue comes from. Source text never carries
// the status of a translation.
type Status string

const (
	// StatusSource: the text that the track came with.
	StatusSource Status = "source"
	// StatusGiven: came with the upload too, or is its conversion between
	// scripts.
	StatusGiven Status = "given"
	// StatusTranslated: a backend's translation, bought in this run.
	StatusTranslated Status = "translated"
	// StatusReused: from the translation memory.
	StatusReused Status = "reused"
	// StatusEdited: written by a person.
	StatusEdited Status = "edited"
	// StatusKept: nothing to translate (emoji, music signs, numbers).
	StatusKept Status = "kept"
	// StatusUntranslated: there is no translation; Text is empty.
	StatusUntranslated Status = "untranslated"
)

// A Text is one language's text of one cue.
type Text struct {
	Text    string `json:"text"`
	Status  Status `json:"status"`
	Backend string `json:"backend,omitempty"`
}

// A DualCue is a cue with its text in each language of a Document.
type DualCue struct {
	N          int
	Start, End time.Duration
	// Unit is the number of the sentence that the cue belongs to, from 1;
	// zero where sentences were not looked for (merged tracks).
	Unit int
	// Line is where the source puts the cue, as a WebVTT line number: 0 is the
	// first line of the picture. Nil leaves it to the player, which shows cues
	// at the bottom. [DualCue.Carry] sets it, and the next two.
	Line *int
	// Italic says that the source sets the whole cue in italics: a voice from
	// off the screen, a song, a thought.
	Italic bool
	// Voice is the speaker that the source names, or empty.
	Voice    string
	Texts    map[language.Tag]Text
	Findings []Finding
}

// A Document holds every cue of a video in both languages of a pair (and in
// the source language, where that is a third one). It is what a .dual.json
// file holds: no instants, no job ids and no durations of work, so that equal
// work gives equal bytes.
type Document struct {
	Pair        Pair
	Source      language.Tag
	Published   bool
	Fingerprint string
	Backends    []BackendUse
	// Outputs are the names of the files written beside this one.
	Outputs []string
	Cues    []DualCue
}

// A BackendUse is what one backend did for a document and what it cost.
type BackendUse struct {
	Name         string `json:"name"`
	Model        string `json:"model"`
	Units        int    `json:"units"`
	InputTokens  int    `json:"input_tokens"`
	OutputTokens int    `json:"output_tokens"`
	Characters   int    `json:"characters"`
	// Cost is a decimal number as text ("0.0021"), empty when the price is
	// not known.
	Cost     string `json:"cost"`
	Currency string `json:"currency"`
}

// Coverage counts the cues of a document by the status of their translation.
// A cue with two translated languages (third-language source) counts once, by
// the worse of the two.
type Coverage struct {
	Cues         int `json:"cues"`
	Translated   int `json:"translated"`
	Reused       int `json:"reused"`
	Edited       int `json:"edited"`
	Kept         int `json:"kept"`
	Given        int `json:"given"`
	Untranslated int `json:"untranslated"`
}

// Languages are the languages of the document's texts: the pair, top first,
// then the source where it is neither.
func (d *Document) Languages() []language.Tag {
	tags := []language.Tag{d.Pair.Top, d.Pair.Bottom}
	if d.Source != language.Und && d.Source != d.Pair.Top && d.Source != d.Pair.Bottom {
		tags = append(tags, d.Source)
	}
	return tags
}

// statusRank orders the statuses of translations from worst to best.
var statusRank = map[Status]int{
	StatusUntranslated: 0, StatusTranslated: 1, StatusReused: 2,
	StatusEdited: 3, StatusGiven: 4, StatusKept: 5, StatusSource: 6,
}

// Coverage counts the document's cues by the status of their translation.
func (d *Document) Coverage() Coverage {
	cov := Coverage{Cues: len(d.Cues)}
	for _, c := range d.Cues {
		worst := StatusSource
		for _, tag := range d.Languages() {
			t, ok := c.Texts[tag]
			if !ok {
				t.Status = StatusUntranslated
			}
			if statusRank[t.Status] < statusRank[worst] {
				worst = t.Status
			}
		}
		switch worst {
		case StatusTranslated:
			cov.Translated++
		case StatusReused:
			cov.Reused++
		case StatusEdited:
			cov.Edited++
		case StatusKept:
			cov.Kept++
		case StatusGiven:
			cov.Given++
		case StatusUntranslated:
			cov.Untranslated++
		}
	}
	return cov
}

// jsonCue is a DualCue as it stands in a file: times in milliseconds.
type jsonCue struct {
	N        int             `json:"n"`
	Start    int64           `json:"start"`
	End      int64           `json:"end"`
	Unit     int             `json:"unit"`
	Line     *int            `json:"line,omitempty"`
	Italic   bool            `json:"italic,omitempty"`
	Voice    string          `json:"voice,omitempty"`
	Texts    map[string]Text `json:"texts"`
	Findings []Finding       `json:"findings,omitempty"`
}

// MarshalJSON writes the cue as in a .dual.json file and in a "cue" event.
func (c DualCue) MarshalJSON() ([]byte, error) {
	j := jsonCue{N: c.N, Start: c.Start.Milliseconds(), End: c.End.Milliseconds(), Unit: c.Unit,
		Line: c.Line, Italic: c.Italic, Voice: c.Voice, Texts: make(map[string]Text, len(c.Texts)), Findings: c.Findings}
	for tag, t := range c.Texts {
		j.Texts[tag.String()] = t
	}
	return marshal(j)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (c *DualCue) UnmarshalJSON(data []byte) error {
	var j jsonCue
	if err := json.Unmarshal(data, &j); err != nil {
		return err
	}
	*c = DualCue{N: j.N, Start: time.Duration(j.Start) * time.Millisecond, End: time.Duration(j.End) * time.Millisecond,
		Unit: j.Unit, Line: j.Line, Italic: j.Italic, Voice: j.Voice,
		Texts: make(map[language.Tag]Text, len(j.Texts)), Findings: j.Findings}
	for s, t := range j.Texts {
		tag, err := language.Parse(s)
		if err != nil {
			return &Error{Kind: ErrMalformed, Message: "the language " + s + " of a cue is no BCP 47 tag", Err: err}
		}
		c.Texts[tag] = t
	}
	return nil
}

// jsonHead is a .dual.json file without its cues.
type jsonHead struct {
	Version     int          `json:"version"`
	Pair        Pair         `json:"pair"`
	Source      language.Tag `json:"source"`
	Published   bool         `json:"published"`
	Fingerprint string       `json:"fingerprint"`
	Coverage    Coverage     `json:"coverage"`
	Backends    []BackendUse `json:"backends"`
	Outputs     []string     `json:"outputs"`
}

// documentVersion is the version of the .dual.json format.
const documentVersion = 1

func (d *Document) head() jsonHead {
	h := jsonHead{Version: documentVersion, Pair: d.Pair, Source: d.Source, Published: d.Published,
		Fingerprint: d.Fingerprint, Coverage: d.Coverage(), Backends: d.Backends, Outputs: d.Outputs}
	if h.Backends == nil {
		h.Backends = []BackendUse{}
	}
	if h.Outputs == nil {
		h.Outputs = []string{}
	}
	return h
}

// WriteJSON writes the document as a .dual.json file, one cue a line, so that
// people and diffs can read it.
func WriteJSON(w io.Writer, d *Document) error {
	head, err := marshal(d.head())
	if err != nil {
		return err
	}
	var b bytes.Buffer
	b.Write(bytes.TrimSuffix(head, []byte("}")))
	b.WriteString(",\n\"cues\":[")
	for i, c := range d.Cues {
		line, err := c.MarshalJSON()
		if err != nil {
			return err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		b.Write(line)
	}
	b.WriteString("\n]}\n")
	_, err = w.Write(b.Bytes())
	return err
}

// ReadJSON reads what WriteJSON writes; keys that it does not know are
// ignored. It fails with an [*Error] of kind ErrMalformed.
func ReadJSON(data []byte) (*Document, error) {
	var j struct {
		jsonHead
		Cues []DualCue `json:"cues"`
	}
	if err := json.Unmarshal(data, &j); err != nil {
		return nil, &Error{Kind: ErrMalformed, Message: "this is no dual.json file: " + err.Error(), Err: err}
	}
	if j.Version != documentVersion {
		return nil, &Error{Kind: ErrMalformed, Message: fmt.Sprintf("this dual.json has version %d, only version %d is read", j.Version, documentVersion)}
	}
	return &Document{Pair: j.Pair, Source: j.Source, Published: j.Published, Fingerprint: j.Fingerprint,
		Backends: j.Backends, Outputs: j.Outputs, Cues: j.Cues}, nil
}

// marshal is json.Marshal without the escaping of <, > and &: the files are
// read by people too.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

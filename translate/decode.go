package translate

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// maxReply bounds the text of a reply that is read, in bytes. A batch's
// translation has some ten kilobytes; a model that runs on is cut off.
const maxReply = 4 << 20

// maxStarts bounds at how many opening braces the object of a reply is looked
// for, so that hostile text costs no quadratic time.
const maxStarts = 16

// DecodeReply reads a language model's answer. Keys are kept in the order in
// which they stand, duplicates too. A code fence, a model's thoughts and
// chatter around the object are skipped; one text in place of a list is a list
// of one. An object that breaks off gives the keys that are complete, with
// FinishLength. Where there is no object, or one that is broken in the middle,
// the reply has no units and FinishBad. finish is what the endpoint said;
// FinishStop is corrected by what was read.
func DecodeReply(text string, finish Finish) *Reply {
	if finish == "" {
		finish = FinishStop
	}
	units, outcome := decodeObject(text)
	switch {
	case outcome == objectSound:
	case outcome == objectCut && finish == FinishStop:
		finish = FinishLength
	case outcome == objectBad && finish != FinishRefused && finish != FinishLength:
		finish = FinishBad
	}
	return &Reply{Units: units, Finish: finish}
}

type objectOutcome int

const (
	objectBad objectOutcome = iota
	objectCut
	objectSound
)

// decodeObject finds the answer's object in the text. The first sound object
// with keys wins; else the first that breaks off at the end of the text.
func decodeObject(text string) ([]ReplyUnit, objectOutcome) {
	if len(text) > maxReply {
		text = text[:maxReply]
	}
	// Models that think aloud put their thoughts first; these may hold braces.
	if _, after, ok := strings.Cut(text, "</think>"); ok {
		text = after
	}
	var cut []ReplyUnit
	found := objectBad
	for range maxStarts {
		i := strings.IndexByte(text, '{')
		if i < 0 {
			break
		}
		text = text[i:]
		units, outcome, size := readObject(text)
		if outcome == objectSound && len(units) > 0 {
			return units, objectSound
		}
		if outcome == objectCut && found == objectBad {
			cut, found = units, objectCut
		}
		if outcome == objectSound {
			text = text[size:]
		} else {
			text = text[1:]
		}
	}
	return cut, found
}

// readObject reads one object from the start of text, and how many bytes it
// took. An object whose only key is "units" or "translations" and holds an
// object stands for the latter: some models wrap their answer like the
// question.
func readObject(text string) (units []ReplyUnit, outcome objectOutcome, size int) {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	if _, err := dec.Token(); err != nil {
		return nil, objectBad, 1
	}
	depth := 1
	for depth > 0 {
		if !dec.More() {
			if _, err := dec.Token(); err != nil {
				return units, brokenBy(err), 1
			}
			depth--
			continue
		}
		key, err := dec.Token()
		if err != nil {
			return units, brokenBy(err), 1
		}
		name, ok := key.(string)
		if !ok {
			return nil, objectBad, 1
		}
		value, err := dec.Token()
		if err != nil {
			return units, brokenBy(err), 1
		}
		if value == json.Delim('{') && depth == 1 && len(units) == 0 && (name == "units" || name == "translations") {
			depth++
			continue
		}
		texts, err := readTexts(dec, value)
		if err != nil {
			return units, brokenBy(err), 1
		}
		units = append(units, ReplyUnit{Key: name, Texts: texts})
	}
	return units, objectSound, int(dec.InputOffset())
}

// readTexts reads the rest of a value that began with token: a list of texts
// or one text. Anything else is read past and gives nil, which no check
// accepts.
func readTexts(dec *json.Decoder, token json.Token) ([]string, error) {
	if delim, ok := token.(json.Delim); !ok || delim != '[' {
		if s, ok := scalarText(token); ok {
			return []string{s}, nil
		}
		if ok {
			return nil, skipValue(dec)
		}
		return nil, nil
	}
	texts, sound := []string{}, true
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return nil, err
		}
		if _, nested := t.(json.Delim); nested {
			sound = false
			if err := skipValue(dec); err != nil {
				return nil, err
			}
			continue
		}
		s, ok := scalarText(t)
		sound = sound && ok
		texts = append(texts, s)
	}
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	if !sound {
		return nil, nil
	}
	return texts, nil
}

// skipValue reads past a value whose opening bracket has been read.
func skipValue(dec *json.Decoder) error {
	for depth := 1; depth > 0; {
		t, err := dec.Token()
		if err != nil {
			return err
		}
		switch t {
		case json.Delim('['), json.Delim('{'):
			depth++
		case json.Delim(']'), json.Delim('}'):
			depth--
		}
	}
	return nil
}

// scalarText is a token that can stand for a text: a string, or the number
// that a model wrote for "42".
func scalarText(t json.Token) (string, bool) {
	switch v := t.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	}
	return "", false
}

func brokenBy(err error) objectOutcome {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return objectCut
	}
	return objectBad
}

// DecodeTerms reads the reply to a planning request. It answers nil where the
// text holds none; duplicates and empty terms are left out, and at most 200
// are read.
func DecodeTerms(text string) []Term {
	if _, after, ok := strings.Cut(text, "</think>"); ok {
		text = after
	}
	i := strings.Index(text, `"terms"`)
	if i < 0 {
		return nil
	}
	units, outcome := decodeObject(text[i:])
	if outcome == objectBad {
		return nil
	}
	var terms []Term
	seen := map[string]bool{}
	for _, u := range units {
		source := strings.TrimSpace(u.Key)
		if source == "" || seen[source] || len(u.Texts) != 1 || strings.TrimSpace(u.Texts[0]) == "" || len(terms) == 200 {
			continue
		}
		seen[source] = true
		terms = append(terms, Term{Source: source, Target: strings.TrimSpace(u.Texts[0])})
	}
	return terms
}

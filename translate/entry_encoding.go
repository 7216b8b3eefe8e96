package translate

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// An encoded entry is one line of text: a version, the origin's rank, then a
// JSON object with short names. Stores that cannot read JSON (a script in
// Redis) compare ranks by the second byte alone.
//
//	11{"p":["刚搬到上海的时候","我谁也不认识。"],"b":"openai","m":"gpt-x","v":"3"}
const (
	entryVersion = '1'
	entryHead    = 2
)

var entryOrigins = [...]Origin{1: OriginMachine, 2: OriginTMX, 3: OriginPerson}

// errEntry says that bytes are no encoded entry.
var errEntry = errors.New("translate: this is no encoded memory entry")

// encodedEntry is the JSON object of an encoded entry. Text is left out where
// it is its parts joined: with a space when Space is set, else with nothing.
type encodedEntry struct {
	Text    string   `json:"t,omitempty"`
	Parts   []string `json:"p,omitempty"`
	Space   bool     `json:"s,omitempty"`
	Backend string   `json:"b,omitempty"`
	Model   string   `json:"m,omitempty"`
	Prompt  string   `json:"v,omitempty"`
	Terms   string   `json:"g,omitempty"`
}

// EncodeEntry is the entry as memories keep it: compact, without a line feed,
// beginning with a byte for the version and one for the origin's rank ('1' to
// '3'). An unknown origin becomes a machine's.
func EncodeEntry(e *Entry) []byte {
	j := encodedEntry{Text: e.Text, Parts: e.Parts, Backend: e.Backend, Model: e.Model, Prompt: e.Prompt, Terms: e.Terms}
	if len(e.Parts) > 0 {
		switch e.Text {
		case strings.Join(e.Parts, ""):
			j.Text = ""
		case strings.Join(e.Parts, " "):
			j.Text, j.Space = "", true
		}
	}
	var b bytes.Buffer
	b.Write([]byte{entryVersion, '0' + byte(e.Origin.Rank())})
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(j); err != nil {
		// Strings and a bool: there is nothing in them that JSON cannot hold.
		panic("translate: encoding a memory entry: " + err.Error())
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// DecodeEntry reads what EncodeEntry wrote. It fails on everything else, on
// other versions and on an entry without text; a store treats that as no
// entry.
func DecodeEntry(data []byte) (*Entry, error) {
	if len(data) <= entryHead || data[0] != entryVersion || data[1] < '1' || data[1] > '3' {
		return nil, errEntry
	}
	var j encodedEntry
	if err := json.Unmarshal(data[entryHead:], &j); err != nil {
		return nil, errors.Join(errEntry, err)
	}
	if j.Text == "" {
		sep := ""
		if j.Space {
			sep = " "
		}
		j.Text = strings.Join(j.Parts, sep)
	}
	if j.Text == "" {
		return nil, errEntry
	}
	if len(j.Parts) == 0 {
		j.Parts = nil
	}
	return &Entry{Text: j.Text, Parts: j.Parts, Origin: entryOrigins[data[1]-'0'],
		Backend: j.Backend, Model: j.Model, Prompt: j.Prompt, Terms: j.Terms}, nil
}

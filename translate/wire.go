package translate

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// EncodeRequest writes the last user message of a request to a language
// model: one JSON object. Its keys stand in one order, what changes least
// comes first (providers cache equal beginnings), and equal requests give
// equal bytes. Units are keyed from "1". title, kind, description, terms,
// hint and previous are left out when they are empty.
func EncodeRequest(req *Request) []byte {
	w := newWireWriter()
	w.text("source", req.Source.String())
	w.text("target", req.Target.String())
	w.optional("kind", req.Kind)
	w.optional("title", req.Title)
	w.optional("description", req.Description)
	if len(req.Terms) > 0 {
		w.key("terms")
		w.open('{')
		seen := map[string]bool{}
		for _, t := range req.Terms {
			if !seen[t.Source] {
				seen[t.Source] = true
				w.text(t.Source, t.Preferred())
			}
		}
		w.close('}')
	}
	w.key("before")
	w.open('[')
	for _, line := range req.Before {
		w.strings([]string{line.Source, line.Target})
	}
	w.close(']')
	w.key("units")
	w.open('{')
	for i, u := range req.Units {
		w.key(strconv.Itoa(i + 1))
		w.strings(u.Parts)
	}
	w.close('}')
	w.key("after")
	w.strings(req.After)
	w.optional("hint", req.Hint)
	if hasText(req.Previous) {
		w.key("previous")
		w.open('{')
		for i, text := range req.Previous {
			w.optional(strconv.Itoa(i+1), text)
		}
		w.close('}')
	}
	return w.finish()
}

func hasText(texts []string) bool {
	for _, t := range texts {
		if t != "" {
			return true
		}
	}
	return false
}

// ReplySchema is the JSON schema of the reply to a request of n units: keys
// "1" to n, all required, nothing beside them, each a list of texts. It does
// not say how many texts: so equal batch sizes share one schema, which
// endpoints compile once and cache.
func ReplySchema(n int) json.RawMessage {
	var b bytes.Buffer
	b.WriteString(`{"type":"object","properties":{`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"` + strconv.Itoa(i+1) + `":{"type":"array","items":{"type":"string"}}`)
	}
	b.WriteString(`},"required":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"` + strconv.Itoa(i+1) + `"`)
	}
	b.WriteString(`],"additionalProperties":false}`)
	return b.Bytes()
}

// EncodeTermsRequest writes the user message of a planning request: the names
// and terms of a whole track, asked for once.
func EncodeTermsRequest(req *TermsRequest) []byte {
	w := newWireWriter()
	w.text("task", "terms")
	w.text("source", req.Source.String())
	w.text("target", req.Target.String())
	w.optional("title", req.Title)
	w.key("text")
	w.strings(req.Text)
	return w.finish()
}

// A wireWriter writes JSON key by key, in the order that it is told and
// without escaping <, > and &: a map would have no order, and escapes cost
// tokens.
type wireWriter struct {
	b bytes.Buffer
	// comma says that something stands before in the innermost object.
	comma bool
	enc   *json.Encoder
}

func newWireWriter() *wireWriter {
	w := &wireWriter{}
	w.enc = json.NewEncoder(&w.b)
	w.enc.SetEscapeHTML(false)
	w.open('{')
	return w
}

func (w *wireWriter) separate() {
	if w.comma {
		w.b.WriteByte(',')
	}
	w.comma = true
}

func (w *wireWriter) open(bracket byte) {
	if bracket == '[' || bracket == '{' {
		w.b.WriteByte(bracket)
	}
	w.comma = false
}

func (w *wireWriter) close(bracket byte) {
	w.b.WriteByte(bracket)
	w.comma = true
}

// quote writes a JSON string.
func (w *wireWriter) quote(s string) {
	// Encoding a string into a buffer cannot fail; Encode adds a line feed.
	_ = w.enc.Encode(s)
	w.b.Truncate(w.b.Len() - 1)
}

// key writes a key; a value follows.
func (w *wireWriter) key(name string) {
	w.separate()
	w.quote(name)
	w.b.WriteByte(':')
}

func (w *wireWriter) text(name, value string) {
	w.key(name)
	w.quote(value)
}

func (w *wireWriter) optional(name, value string) {
	if value != "" {
		w.text(name, value)
	}
}

// strings writes a list: the value of a key, or an element of a list.
func (w *wireWriter) strings(list []string) {
	if b := w.b.Bytes(); b[len(b)-1] != ':' {
		w.separate()
	}
	w.open('[')
	for _, s := range list {
		w.separate()
		w.quote(s)
	}
	w.close(']')
}

func (w *wireWriter) finish() []byte {
	w.close('}')
	return w.b.Bytes()
}

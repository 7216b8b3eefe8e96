package translatetest

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// answer writes the answer, with the call's fault.
func (s *Simulator) answer(w http.ResponseWriter, r *http.Request, call Call, pick int) {
	wait := s.opt.RetryAfter
	if wait <= 0 {
		wait = time.Second
	}
	switch call.Fault {
	case RateLimit:
		w.Header().Set("Retry-After", strconv.FormatFloat(wait.Seconds(), 'f', -1, 64))
		fail(w, http.StatusTooManyRequests, "rate_limit_exceeded", "requests")
		return
	case Quota:
		fail(w, http.StatusTooManyRequests, "insufficient_quota", "insufficient_quota")
		return
	case Unauthorized:
		fail(w, http.StatusUnauthorized, "invalid_api_key", "invalid_request_error")
		return
	case Forbidden:
		fail(w, http.StatusForbidden, "", "")
		return
	case UnknownModel:
		fail(w, http.StatusNotFound, "model_not_found", "invalid_request_error")
		return
	case TooLong:
		fail(w, http.StatusBadRequest, "context_length_exceeded", "invalid_request_error")
		return
	case Policy:
		fail(w, http.StatusBadRequest, "content_policy_violation", "invalid_request_error")
		return
	case Payment:
		fail(w, http.StatusPaymentRequired, "", "")
		return
	case ServerError:
		fail(w, http.StatusInternalServerError, "server_error", "server_error")
		return
	case NotJSON:
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<!doctype html><title>It works!</title>")
		return
	case Redirect:
		w.Header().Set("Location", "http://127.0.0.1:1/elsewhere")
		w.WriteHeader(http.StatusTemporaryRedirect)
		return
	case Hang:
		<-r.Context().Done()
		return
	case Drop:
		panic(http.ErrAbortHandler)
	}
	content, finish := s.content(call, pick)
	message := map[string]any{"role": "assistant", "content": content}
	if call.Fault == Refuse {
		message["content"], message["refusal"] = nil, "I'm sorry, I can't help with that."
	}
	in, out := len(call.Body)/4+200, len(content)/3+1
	s.mu.Lock()
	s.usage[0] += in
	s.usage[1] += out
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{
		"id": "sim", "object": "chat.completion", "model": call.Model,
		"choices": []any{map[string]any{"index": 0, "message": message, "finish_reason": finish}},
		"usage":   map[string]int{"prompt_tokens": in, "completion_tokens": out, "total_tokens": in + out},
	})
}

// content is the text of the answer and its finish reason.
func (s *Simulator) content(call Call, pick int) (content, finish string) {
	if call.Units == nil {
		return s.terms(call), "stop"
	}
	target := call.Target
	if call.Fault == WrongLanguage {
		// Words, but in the language that was to be translated from.
		target = call.Source
	}
	translate := func(parts []string) []string {
		if call.Fault == WrongLanguage {
			return cutParts(Pseudo(target, strings.ToLower(Pseudo(call.Target, joinSource(call.Source, parts)))), len(parts))
		}
		text := s.Truth(call.Source, call.Target, parts)
		if call.Fault == DropNumbers {
			text = strings.Map(func(c rune) rune {
				if '0' <= c && c <= '9' {
					return -1
				}
				return c
			}, text)
		}
		return cutParts(text, len(parts))
	}
	entries := make([]entry, len(call.Units))
	for i, u := range call.Units {
		entries[i] = entry{key: decimal(i + 1), texts: translate(u)}
	}
	content = write(spoil(call.Fault, entries, call.Units, pick, call.After, translate))
	switch call.Fault {
	case CutOff, CutStop:
		content = strings.ToValidUTF8(content[:len(content)*(1+pick%8)/9], "")
		if call.Fault == CutOff {
			return content, "length"
		}
	case Fence:
		return "Here is the translation:\n```json\n" + content + "\n```\nLet me know if {anything} is unclear.", "stop"
	case Chatter:
		return "I'm sorry, but as an AI language model I can't watch this video. Could you tell me more?", "stop"
	case Filter:
		return "", "content_filter"
	case Empty, Refuse:
		return "", "stop"
	}
	return content, "stop"
}

// terms answers a planning request: every capitalised word that comes twice.
func (s *Simulator) terms(call Call) string {
	count := map[string]int{}
	var order []string
	for _, line := range call.After {
		for i, word := range strings.Fields(line) {
			word = strings.TrimFunc(word, func(c rune) bool { return !unicode.IsLetter(c) })
			if i > 0 && len(word) > 2 && unicode.IsUpper([]rune(word)[0]) {
				if count[word]++; count[word] == 2 {
					order = append(order, word)
				}
			}
		}
	}
	terms := map[string]string{}
	for _, word := range order {
		terms[word] = word
	}
	out, _ := json.Marshal(map[string]any{"terms": terms})
	return string(out)
}

// write writes entries as a JSON object, repeated keys and all.
func write(entries []entry) string {
	var b strings.Builder
	b.WriteByte('{')
	for i, e := range entries {
		if i > 0 {
			b.WriteByte(',')
		}
		var value any = e.texts
		if e.plain {
			value = e.texts[0]
		}
		v, _ := json.Marshal(value)
		b.WriteString(strconv.Quote(e.key) + ":" + string(v))
	}
	b.WriteByte('}')
	return b.String()
}

func decimal(n int) string { return strconv.Itoa(n) }

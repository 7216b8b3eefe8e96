// Package openai translates with the chat completions of any
// OpenAI-compatible endpoint: OpenAI itself, and servers of one's own such as
// Ollama, vLLM and llama.cpp.
//
// Options: model (required), base_url, concurrency (default 8), timeout
// (default 2m), structured (auto, json_schema, json_object or none; default
// auto: the strictest that the endpoint takes), temperature and seed (not sent
// unless given: some models refuse them), max_tokens, max_units, max_chars,
// price_in and price_out (per million tokens), currency.
//
// Credentials: OPENAI_API_KEY, required for api.openai.com only. The address
// is base_url, else OPENAI_BASE_URL, else https://api.openai.com/v1.
package openai

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/duosub/duosub/translate"
)

const (
	name        = "openai"
	defaultBase = "https://api.openai.com/v1"
	defaultHost = "api.openai.com"
	// maxBody bounds an answer; a batch's takes some ten kilobytes.
	maxBody = 8 << 20
)

// The ways of asking for JSON, from strict to none.
const (
	modeSchema int32 = iota
	modeObject
	modeNone
)

var modeNames = map[string]int32{"json_schema": modeSchema, "json_object": modeObject, "none": modeNone}

type driver struct {
	caps      translate.Caps
	base      *url.URL
	key       string
	client    *http.Client
	timeout   time.Duration
	temp      *float64
	seed      *int64
	maxTokens int
	// auto says that mode may be lowered when the endpoint refuses it.
	auto bool
	mode atomic.Int32
}

// Open makes the driver that the spec names. It sends nothing.
func Open(spec translate.Spec, env translate.Env) (translate.Driver, error) {
	r := spec.Reader()
	d := &driver{
		timeout:   r.Duration("timeout", 2*time.Minute),
		temp:      r.Float("temperature", 0, 2),
		seed:      r.Int64("seed"),
		maxTokens: r.Int("max_tokens", 0, 1_000_000),
		key:       env("OPENAI_API_KEY"),
	}
	base := env("OPENAI_BASE_URL")
	if base == "" {
		base = defaultBase
	}
	fromEnv := spec.Options["base_url"] == ""
	d.base = r.BaseURL("base_url", base)
	structured := r.Choice("structured", "auto", "auto", "json_schema", "json_object", "none")
	d.auto = structured == "auto"
	d.mode.Store(modeNames[structured])
	d.caps = translate.Caps{
		Name: name, Model: r.String("model", ""), Policy: spec.Policy("model", "temperature", "seed"),
		Prompt: translate.PromptVersion, LLM: true,
		MaxUnits: r.Int("max_units", 0, 1000), MaxChars: r.Int("max_chars", 0, 1_000_000),
		Concurrency: r.Int("concurrency", 8, 1000), Price: r.Price(),
	}
	if err := r.Err(); err != nil {
		if fromEnv && d.base.Host == "" {
			return nil, invalid("OPENAI_BASE_URL must be an http or https address without user, query and fragment")
		}
		return nil, err
	}
	if d.caps.Model == "" {
		return nil, invalid("say which model, for example openai?model=gpt-5-mini")
	}
	if d.key == "" && d.base.Hostname() == defaultHost {
		return nil, &translate.Error{Kind: translate.KindAuth, Backend: name, Message: "set OPENAI_API_KEY to a key of the account that pays"}
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = d.caps.Concurrency
	d.client = &http.Client{
		Transport: transport,
		// A redirect would carry the texts, and perhaps the key, to a host that
		// nobody named.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return d, nil
}

func invalid(message string) error {
	return &translate.Error{Kind: translate.KindInvalid, Backend: name, Message: message}
}

func (d *driver) Caps() translate.Caps { return d.caps }

func (d *driver) Translate(ctx context.Context, req *translate.Request) (*translate.Reply, error) {
	schema := &jsonSchema{Name: "translations", Strict: true, Schema: translate.ReplySchema(len(req.Units))}
	answer, err := d.complete(ctx, translate.SystemPrompt, translate.EncodeRequest(req), schema)
	if err != nil {
		return nil, err
	}
	reply := translate.DecodeReply(answer.text, answer.finish)
	reply.Usage = answer.usage
	return reply, nil
}

// PlanTerms asks for the names and terms of a whole track. A strict schema
// cannot have free keys, so an object is all that is asked for.
func (d *driver) PlanTerms(ctx context.Context, req *translate.TermsRequest) (*translate.TermsReply, error) {
	answer, err := d.complete(ctx, translate.TermsPrompt, translate.EncodeTermsRequest(req), nil)
	if err != nil {
		return nil, err
	}
	return &translate.TermsReply{Terms: translate.DecodeTerms(answer.text), Usage: answer.usage}, nil
}

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

type jsonSchema struct {
	Name   string          `json:"name"`
	Strict bool            `json:"strict"`
	Schema json.RawMessage `json:"schema"`
}

type responseFormat struct {
	Type       string      `json:"type"`
	JSONSchema *jsonSchema `json:"json_schema,omitempty"`
}

type chatRequest struct {
	Model          string          `json:"model"`
	Messages       []message       `json:"messages"`
	ResponseFormat *responseFormat `json:"response_format,omitempty"`
	Temperature    *float64        `json:"temperature,omitempty"`
	Seed           *int64          `json:"seed,omitempty"`
	// OpenAI's newer models refuse max_tokens, most other servers know only
	// that.
	MaxTokens           int `json:"max_tokens,omitempty"`
	MaxCompletionTokens int `json:"max_completion_tokens,omitempty"`
}

type answer struct {
	text   string
	finish translate.Finish
	usage  translate.Usage
}

// complete sends one chat completion. Where the endpoint refuses the way in
// which JSON is asked for, the next looser one is tried at once, and
// remembered when it works.
func (d *driver) complete(ctx context.Context, system string, user []byte, schema *jsonSchema) (*answer, error) {
	mode := d.mode.Load()
	if schema == nil && mode == modeSchema {
		mode = modeObject
	}
	for {
		a, refused, err := d.send(ctx, system, user, schema, mode)
		if refused && d.auto && mode < modeNone {
			mode++
			continue
		}
		if err == nil && schema != nil && d.auto {
			d.mode.Store(mode)
		}
		return a, err
	}
}

// send sends one request. refused says that the endpoint may have objected to
// response_format.
func (d *driver) send(ctx context.Context, system string, user []byte, schema *jsonSchema, mode int32) (a *answer, refused bool, err error) {
	body := chatRequest{
		Model: d.caps.Model, Temperature: d.temp, Seed: d.seed,
		Messages: []message{{"system", system}, {"user", string(user)}},
	}
	switch mode {
	case modeSchema:
		body.ResponseFormat = &responseFormat{Type: "json_schema", JSONSchema: schema}
	case modeObject:
		body.ResponseFormat = &responseFormat{Type: "json_object"}
	}
	if d.base.Hostname() == defaultHost {
		body.MaxCompletionTokens = d.maxTokens
	} else {
		body.MaxTokens = d.maxTokens
	}
	data, err := encode(body)
	if err != nil {
		return nil, false, invalid("the request could not be written as JSON")
	}
	callCtx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(callCtx, http.MethodPost, d.base.JoinPath("chat/completions").String(), bytes.NewReader(data))
	if err != nil {
		return nil, false, invalid("base_url is no usable address")
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "duosub")
	if d.key != "" {
		req.Header.Set("Authorization", "Bearer "+d.key)
	}
	resp, err := d.client.Do(req)
	if err != nil {
		return nil, false, transportError(ctx, callCtx, err)
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if err != nil {
		return nil, false, transportError(ctx, callCtx, err)
	}
	if len(content) > maxBody {
		return nil, false, &translate.Error{Kind: translate.KindBadOutput, Backend: name, Message: "the answer is larger than 8 MiB"}
	}
	if resp.StatusCode != http.StatusOK {
		e := classify(resp.StatusCode, resp.Header, content)
		objects := resp.StatusCode == http.StatusBadRequest || resp.StatusCode == http.StatusUnprocessableEntity
		return nil, objects && e.Kind == translate.KindInvalid && !knownCode(e.Code), e
	}
	a, err = readAnswer(resp.Header, content)
	return a, false, err
}

// encode is json.Marshal without the escaping of <, > and &.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return b.Bytes(), err
}

// readAnswer reads a body that came with status 200.
func readAnswer(header http.Header, content []byte) (*answer, error) {
	var body struct {
		Choices []struct {
			FinishReason string `json:"finish_reason"`
			Message      struct {
				Content string `json:"content"`
				Refusal string `json:"refusal"`
			} `json:"message"`
		} `json:"choices"`
		Usage struct {
			Prompt     int `json:"prompt_tokens"`
			Completion int `json:"completion_tokens"`
		} `json:"usage"`
		Error json.RawMessage `json:"error"`
	}
	if err := json.Unmarshal(content, &body); err != nil {
		return nil, &translate.Error{Kind: translate.KindTransient, Backend: name, Message: "the endpoint's answer is no JSON: check base_url if this stays", Err: err}
	}
	if len(body.Error) > 0 && string(body.Error) != "null" && len(body.Choices) == 0 {
		// Some gateways pass an upstream's error on with status 200.
		return nil, classify(http.StatusOK, header, content)
	}
	a := &answer{finish: translate.FinishBad, usage: translate.Usage{InputTokens: max(0, body.Usage.Prompt), OutputTokens: max(0, body.Usage.Completion)}}
	if len(body.Choices) == 0 {
		return a, nil
	}
	choice := body.Choices[0]
	a.text = choice.Message.Content
	switch choice.FinishReason {
	case "stop", "":
		a.finish = translate.FinishStop
	case "length":
		a.finish = translate.FinishLength
	case "content_filter":
		a.finish = translate.FinishRefused
	case "insufficient_system_resource":
		return nil, &translate.Error{Kind: translate.KindTransient, Backend: name, Code: choice.FinishReason, Message: "the provider ran out of resources in the middle of an answer"}
	}
	if choice.Message.Refusal != "" {
		a.finish, a.text = translate.FinishRefused, ""
	}
	return a, nil
}

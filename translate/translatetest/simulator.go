// Package translatetest tests backends: a simulated language model with
// faults, for every test that needs a backend, and the conformance suite that
// each backend's own tests run.
package translatetest

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
)

// SimulatorOptions say how a Simulator behaves. The zero value is a model
// that makes no mistakes.
type SimulatorOptions struct {
	// Translate gives the translation of a whole unit, "" where it has none
	// and [Pseudo] is to be used; nil means Pseudo for all.
	Translate func(source, target, text string) string
	// Script gives the first requests their faults, in order of arrival.
	Script []Fault
	// Faults gives every request after the script one of the faults with its
	// probability. Which one depends on Seed, the request's units and how often
	// they came, never on the order of arrival.
	Faults map[Fault]float64
	Seed   uint64
	// Always strikes units by their text: a request that holds one of these
	// gets the fault.
	Always map[string]Fault
	// Latency passes before each answer.
	Latency time.Duration
	// RetryAfter is what a rate-limited caller is told; zero means 1 second.
	RetryAfter time.Duration
	// Refuses are the types of response_format that the endpoint answers with
	// status 400 ("json_schema", "json_object").
	Refuses []string
	// Key, if not empty, must come as the bearer token.
	Key string
}

// A Call is one request that a Simulator got.
type Call struct {
	Model, Format  string
	Source, Target string
	Kind, Hint     string
	Title          string
	Terms          map[string]string
	Before         [][]string
	After          []string
	// Units are the sources, one text a cue, in the order of the request;
	// nil for a planning request.
	Units [][]string
	// Body is the user message as it came.
	Body  string
	Fault Fault
}

// A Simulator is a language model behind OpenAI's chat completions. It is an
// [http.Handler]: it answers POST …/chat/completions.
type Simulator struct {
	opt SimulatorOptions

	mu       sync.Mutex
	calls    []Call
	asked    map[string]int
	seen     map[string]int
	now      int
	peak     int
	refusals int
	answered int
	usage    [2]int
}

// NewSimulator makes one.
func NewSimulator(opt SimulatorOptions) *Simulator {
	return &Simulator{opt: opt, asked: map[string]int{}, seen: map[string]int{}}
}

// Calls are the requests so far, in order of arrival; requests whose
// response_format was refused are not among them.
func (s *Simulator) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// Asked counts, by the unit's texts joined with "|", how often each unit was
// asked for.
func (s *Simulator) Asked() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[string]int, len(s.asked))
	for k, n := range s.asked {
		all[k] = n
	}
	return all
}

// Peak is how many requests were under way at once at most.
func (s *Simulator) Peak() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.peak
}

// Usage are the tokens that were charged, in and out.
func (s *Simulator) Usage() (input, output int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.usage[0], s.usage[1]
}

// Refusals counts the requests whose response_format was refused.
func (s *Simulator) Refusals() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refusals
}

// SetFaults replaces script and probabilities from now on.
func (s *Simulator) SetFaults(script []Fault, faults map[Fault]float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opt.Script, s.opt.Faults, s.answered = script, faults, 0
}

// Truth is the right translation of a unit, whole.
func (s *Simulator) Truth(source, target string, parts []string) string {
	text := joinSource(source, parts)
	if s.opt.Translate != nil {
		if t := s.opt.Translate(source, target, text); t != "" {
			return t
		}
	}
	return Pseudo(target, text)
}

// joinSource joins a unit's texts as their language does.
func joinSource(source string, parts []string) string {
	if strings.HasPrefix(source, "zh") || strings.HasPrefix(source, "yue") {
		return joinTexts(parts)
	}
	return strings.Join(parts, " ")
}

// joinTexts joins texts with a space where two Latin words would meet.
func joinTexts(parts []string) string {
	out := ""
	for _, p := range parts {
		if p == "" {
			continue
		}
		if out != "" {
			last, first := []rune(out), []rune(p)
			if l, f := last[len(last)-1], first[0]; !unicode.Is(unicode.Han, l) && !unicode.Is(unicode.Han, f) && l < 0x2E80 && f < 0x2E80 {
				out += " "
			}
		}
		out += p
	}
	return out
}

type chatBody struct {
	Model    string `json:"model"`
	Messages []struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	} `json:"messages"`
	ResponseFormat struct {
		Type string `json:"type"`
	} `json:"response_format"`
}

func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/chat/completions") {
		fail(w, http.StatusNotFound, "not_found", "")
		return
	}
	if s.opt.Key != "" && r.Header.Get("Authorization") != "Bearer "+s.opt.Key {
		fail(w, http.StatusUnauthorized, "invalid_api_key", "invalid_request_error")
		return
	}
	data, err := io.ReadAll(io.LimitReader(r.Body, 8<<20))
	var body chatBody
	if err != nil || json.Unmarshal(data, &body) != nil || len(body.Messages) == 0 {
		fail(w, http.StatusBadRequest, "invalid_json", "invalid_request_error")
		return
	}
	if slices.Contains(s.opt.Refuses, body.ResponseFormat.Type) {
		s.mu.Lock()
		s.refusals++
		s.mu.Unlock()
		fail(w, http.StatusBadRequest, "", "invalid_request_error")
		return
	}
	call, err := readCall(body)
	if err != nil {
		fail(w, http.StatusBadRequest, "invalid_units", "invalid_request_error")
		return
	}
	pick := s.enter(&call)
	defer s.leave()
	if s.opt.Latency > 0 {
		select {
		case <-time.After(s.opt.Latency):
		case <-r.Context().Done():
			return
		}
	}
	s.answer(w, r, call, pick)
}

// enter records a call and draws its fault.
func (s *Simulator) enter(call *Call) (pick int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now++
	s.peak = max(s.peak, s.now)
	var key strings.Builder
	for _, u := range call.Units {
		joined := strings.Join(u, "|")
		s.asked[joined]++
		key.WriteString(joined + "\n")
		if f, ok := s.opt.Always[joinSource(call.Source, u)]; ok && call.Fault == None {
			call.Fault = f
		}
	}
	h := fnv.New64a()
	fmt.Fprintf(h, "%s%d", key.String(), s.seen[key.String()])
	s.seen[key.String()]++
	rnd := rand.New(rand.NewPCG(s.opt.Seed, h.Sum64()))
	if call.Fault == None {
		if s.answered < len(s.opt.Script) {
			call.Fault = s.opt.Script[s.answered]
		} else {
			call.Fault = draw(rnd, s.opt.Faults)
		}
	}
	s.answered++
	s.calls = append(s.calls, *call)
	return rnd.IntN(1 << 20)
}

func (s *Simulator) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now--
}

// draw picks a fault by its probability.
func draw(rnd *rand.Rand, faults map[Fault]float64) Fault {
	var names []Fault
	for f := range faults {
		names = append(names, f)
	}
	slices.Sort(names)
	x := rnd.Float64()
	for _, f := range names {
		if x -= faults[f]; x < 0 {
			return f
		}
	}
	return None
}

// readCall reads the last user message. Units must be keyed "1" to "n" in
// order.
func readCall(body chatBody) (Call, error) {
	user := body.Messages[len(body.Messages)-1].Content
	var req struct {
		Task, Source, Target, Kind, Title, Hint string
		Terms                                   map[string]string
		Before                                  [][]string
		After, Text                             []string
		Units                                   json.RawMessage
	}
	if err := json.Unmarshal([]byte(user), &req); err != nil {
		return Call{}, err
	}
	call := Call{Model: body.Model, Format: body.ResponseFormat.Type, Source: req.Source, Target: req.Target, Kind: req.Kind,
		Title: req.Title, Hint: req.Hint, Terms: req.Terms, Before: req.Before, After: req.After, Body: user}
	if req.Task == "terms" {
		call.After = req.Text
		return call, nil
	}
	units := map[string][]string{}
	if err := json.Unmarshal(req.Units, &units); err != nil {
		return Call{}, err
	}
	call.Units = make([][]string, 0, len(units))
	for i := range len(units) {
		u, ok := units[decimal(i+1)]
		if !ok {
			return Call{}, fmt.Errorf("no unit %d", i+1)
		}
		call.Units = append(call.Units, u)
	}
	return call, nil
}

// fail writes an error as OpenAI does.
func fail(w http.ResponseWriter, status int, code, kind string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	var c any
	if code != "" {
		c = code
	}
	json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"message": "simulated", "type": kind, "code": c, "param": nil}})
}

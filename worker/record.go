package worker

import (
	"encoding/json"
	"time"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/worker/job"
)

// A State is where a job is.
type State string

const (
	// StateQueued: waits for a worker, or for a backend (Record.Reason says
	// which).
	StateQueued State = "queued"
	// StateRunning: a worker has it.
	StateRunning State = "running"
	// StateDone: its outputs are written.
	StateDone State = "done"
	// StatePartial: finished with more gaps than the publish gate lets
	// through; only dual.json is written.
	StatePartial State = "partial"
	// StateFailed: ended with Record.Error.
	StateFailed State = "failed"
	// StateCanceled: somebody called it off.
	StateCanceled State = "canceled"
)

// States lists all states.
var States = []State{StateQueued, StateRunning, StateDone, StatePartial, StateFailed, StateCanceled}

// Finished reports whether nothing more happens in this state by itself.
func (s State) Finished() bool { return s != StateQueued && s != StateRunning }

// Progress counts the units of a job.
type Progress struct {
	Units int `json:"units"`
	Done  int `json:"done"`
}

// Cost is what a job has cost so far. Amount is a decimal number as text,
// empty while the price is not known.
type Cost struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

// An Output is a file that a job has written.
type Output struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
	// Version is the version of the job that wrote it.
	Version int `json:"version"`
}

// Failure says why a job failed: a stable code for programs, a sentence for
// people.
type Failure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// A Record is what is known about a job.
type Record struct {
	ID   string   `json:"id"`
	Spec job.Spec `json:"spec"`
	// Run counts the different things asked of the job, Epoch the tasks
	// started for this run, Version the sets of files written over all runs.
	Run     int `json:"run"`
	Epoch   int `json:"epoch"`
	Version int `json:"version"`
	// Published is the version that viewers get; zero for none.
	Published int `json:"published"`
	// Request is the hash of what this run was asked (job.Spec.RequestHash).
	Request string   `json:"request"`
	State   State    `json:"state"`
	Lane    job.Lane `json:"lane"`
	// Reason says why a queued job waits.
	Reason   string             `json:"reason,omitempty"`
	Progress Progress           `json:"progress"`
	Coverage subtitles.Coverage `json:"coverage"`
	Cost     Cost               `json:"cost"`
	// Spent is what earlier attempts at this run cost before they broke off.
	Spent       Cost     `json:"spent"`
	Outputs     []Output `json:"outputs,omitempty"`
	Error       *Failure `json:"error,omitempty"`
	Fingerprint string   `json:"fingerprint,omitempty"`
	// Task is the id of the Asynq task that carries this epoch.
	Task string `json:"task"`
	// Waits counts how often the job gave its place up to wait for a
	// provider.
	Waits int `json:"waits,omitempty"`
	// Recoveries counts how often this run's task was lost.
	Recoveries int `json:"recoveries,omitempty"`
	// GapTries counts the later tries at gaps of a finished run.
	GapTries  int       `json:"gap_tries,omitempty"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// OutputURL is where the API serves an output of a job.
func OutputURL(id, name string) string { return "/v1/jobs/" + id + "/outputs/" + name }

// jobJSON is a job as the API, events and webhooks show it.
type jobJSON struct {
	ID        string             `json:"id"`
	Video     string             `json:"video"`
	Pair      *subtitles.Pair    `json:"pair"`
	Run       int                `json:"run"`
	Version   int                `json:"version"`
	State     State              `json:"state"`
	Lane      job.Lane           `json:"lane"`
	Reason    string             `json:"reason"`
	Progress  Progress           `json:"progress"`
	Coverage  subtitles.Coverage `json:"coverage"`
	Cost      Cost               `json:"cost"`
	Outputs   []outputJSON       `json:"outputs,omitempty"`
	Error     *Failure           `json:"error,omitempty"`
	CreatedAt time.Time          `json:"created_at"`
	UpdatedAt time.Time          `json:"updated_at"`
	Meta      json.RawMessage    `json:"meta,omitempty"`
}

type outputJSON struct {
	Name string `json:"name"`
	URL  string `json:"url"`
	Type string `json:"type"`
}

func (r *Record) view() jobJSON {
	return jobJSON{ID: r.ID, Video: r.Spec.Video, Pair: r.Spec.Pair, Run: r.Run, Version: r.Version, State: r.State,
		Lane: r.Lane, Reason: r.Reason, Progress: r.Progress, Coverage: r.Coverage, Cost: r.Cost, Error: r.Error,
		CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, Meta: r.Spec.Meta}
}

// PublicJSON is the job as the API shows it.
func (r *Record) PublicJSON() ([]byte, error) {
	j := r.view()
	for _, o := range r.Outputs {
		j.Outputs = append(j.Outputs, outputJSON{Name: o.Name, URL: OutputURL(r.ID, o.Name), Type: o.Type})
	}
	return json.Marshal(j)
}

// StateJSON is the job as a "state" event shows it: without outputs.
func (r *Record) StateJSON() ([]byte, error) { return json.Marshal(r.view()) }

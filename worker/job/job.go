// Package job is what a Go caller imports to hand a video to duosub: a [Spec]
// says what is wanted, [NewTask] makes it a task for Asynq.
package job

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"strings"

	"github.com/duosub/duosub/subtitles"
	"github.com/hibiken/asynq"
)

const (
	// TaskType is the type of the Asynq task that a Spec travels in.
	TaskType = "duosub:job:v1"
	// Version is the version of the payload; it stands under "v".
	Version = 1
	// MaxPayload bounds an encoded Spec in bytes.
	MaxPayload = 16 << 10
	// MaxMeta bounds Spec.Meta in bytes.
	MaxMeta = 2 << 10
)

// Schema is the JSON schema of the payload.
//
//go:embed schema.json
var Schema []byte

// A Lane is a queue and its priority.
type Lane string

// The lanes, most urgent first. Backfill has workers of its own.
const (
	Preview  Lane = "preview"
	Upload   Lane = "upload"
	View     Lane = "view"
	Backfill Lane = "backfill"
)

// Lanes lists them, most urgent first.
var Lanes = []Lane{Preview, Upload, View, Backfill}

// A PublishMode says what happens to a result that passes the gate.
type PublishMode string

const (
	// PublishAuto publishes it at once.
	PublishAuto PublishMode = "auto"
	// PublishReview waits for the creator.
	PublishReview PublishMode = "review"
	// PublishHold waits for the platform's moderation.
	PublishHold PublishMode = "hold"
)

// A Spec is what is asked of a job: ids and addresses, never cue text. Its
// JSON is the body of POST /v1/jobs and, with V and Tenant, the payload of a
// task.
type Spec struct {
	// V is the payload's version; zero means Version.
	V int `json:"v,omitempty"`
	// Tenant owns the job; empty is a tenant of its own.
	Tenant string `json:"tenant,omitempty"`
	// Source is the address of a subtitle file or a video: an upload
	// ("upload:" and its SHA-256), an address in the store, or one under a
	// prefix that the workers allow. It carries no query.
	Source string `json:"source"`
	// Video identifies the video; empty means Source.
	Video string `json:"video,omitempty"`
	// Filename is the name that an upload had; outputs are named after it
	// where Video says nothing better.
	Filename string `json:"filename,omitempty"`
	Creator  string `json:"creator,omitempty"`
	// Media is where the video plays from, for the creators' page.
	Media string `json:"media,omitempty"`
	// SourceLang is a BCP 47 tag; empty means that the text is looked at.
	SourceLang    string `json:"source_lang,omitempty"`
	SourceVersion string `json:"source_version,omitempty"`
	// Track chooses a track of a video by number or language; empty means the
	// best.
	Track string `json:"track,omitempty"`
	// Pair is the two languages on the screen; nil means
	// [subtitles.DefaultPair].
	Pair *subtitles.Pair `json:"pair,omitempty"`
	// Lane is empty for Upload.
	Lane Lane `json:"lane,omitempty"`
	// Publish is empty for PublishAuto.
	Publish PublishMode `json:"publish,omitempty"`
	// Profile names the layout; empty means "default".
	Profile string `json:"profile,omitempty"`
	// Formats are the files wanted; nil means vtt, srt and json.
	Formats []string `json:"formats,omitempty"`
	// Backends names backends that the workers have configured, in the order
	// in which they are to be tried; nil means all of them.
	Backends    []string `json:"backends,omitempty"`
	Title       string   `json:"title,omitempty"`
	Description string   `json:"description,omitempty"`
	// Glossary names a glossary that the workers have; empty means theirs by
	// default.
	Glossary string `json:"glossary,omitempty"`
	// BurnedIn is a language that the picture shows already.
	BurnedIn string `json:"burned_in,omitempty"`
	// CallbackURL is told when the job ends.
	CallbackURL string `json:"callback_url,omitempty"`
	// Meta is given back in records and events as it came.
	Meta json.RawMessage `json:"meta,omitempty"`
}

// WithDefaults fills in what empty fields mean.
func (s Spec) WithDefaults() Spec {
	if s.V == 0 {
		s.V = Version
	}
	if s.Video == "" {
		s.Video = s.Source
	}
	if s.Pair == nil {
		p := subtitles.DefaultPair
		s.Pair = &p
	}
	if s.Lane == "" {
		s.Lane = Upload
	}
	if s.Publish == "" {
		s.Publish = PublishAuto
	}
	if s.Profile == "" {
		s.Profile = "default"
	}
	if s.Formats == nil {
		s.Formats = []string{"vtt", "srt", "json"}
	}
	return s
}

// ID is the id of the job that the spec is about: 26 characters of base32
// over tenant, video and pair.
func (s Spec) ID() string {
	s = s.WithDefaults()
	return ID(s.Tenant, s.Video, *s.Pair)
}

// ID is the id of the job for a tenant's video and a pair.
func ID(tenant, video string, pair subtitles.Pair) string {
	h := sha256.New()
	hashFields(h, tenant, video, pair.String())
	return strings.ToLower(base32.StdEncoding.EncodeToString(h.Sum(nil))[:26])
}

// RequestHash tells whether two specs ask the same of a job. The lane, who
// asked, the callback and the like are no part of it.
func (s Spec) RequestHash() string {
	s = s.WithDefaults()
	h := sha256.New()
	hashFields(h, s.Source, s.SourceVersion, s.Track, s.SourceLang, strings.Join(s.Backends, "\n"), s.Glossary,
		s.Title, s.Description, s.Profile, strings.Join(s.Formats, "\n"), s.BurnedIn)
	return fmt.Sprintf("%x", h.Sum(nil)[:16])
}

// hashFields hashes fields with their lengths, so that no two lists of fields
// look alike.
func hashFields(h hash.Hash, fields ...string) {
	var n [8]byte
	for _, f := range fields {
		binary.BigEndian.PutUint64(n[:], uint64(len(f)))
		h.Write(n[:])
		io.WriteString(h, f)
	}
}

// TaskID is the id of the Asynq task for a run of a job. Recovery raises the
// epoch, so that a task that Asynq still holds never stands in the way.
func TaskID(id string, run, epoch int) string { return fmt.Sprintf("%s:%d:%d", id, run, epoch) }

// Encode is the payload of a task. It fails with an [*Error] when the spec is
// not valid.
func (s Spec) Encode() ([]byte, error) {
	s = s.WithDefaults()
	if err := s.Validate(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return nil, &Error{Field: "meta", Message: "the job cannot be encoded: " + err.Error()}
	}
	data := bytes.TrimRight(b.Bytes(), "\n")
	if len(data) > MaxPayload {
		return nil, &Error{Message: fmt.Sprintf("the job has %d bytes, %d are the limit: shorten title, description or meta", len(data), MaxPayload)}
	}
	return data, nil
}

// Decode reads a payload; keys that it does not know are ignored. A payload
// of a later version is an [*Error] with Newer set, so that a worker can leave
// the task to a newer one.
func Decode(data []byte) (Spec, error) {
	var s Spec
	if err := json.Unmarshal(data, &s); err != nil {
		return Spec{}, &Error{Message: "the payload is no JSON object of a job: " + err.Error()}
	}
	if s.V > Version {
		return Spec{}, &Error{Field: "v", Newer: true, Message: fmt.Sprintf("the payload has version %d, this program reads up to %d: upgrade it", s.V, Version)}
	}
	s = s.WithDefaults()
	return s, s.Validate()
}

// NewTask makes a task for Asynq of the spec, for callers that have a Redis
// connection but no duosub server: client.Enqueue(task) is all. The worker
// that picks it up makes the job's record. Options given here come after the
// task's own (its lane's queue) and override them.
func NewTask(s Spec, opts ...asynq.Option) (*asynq.Task, error) {
	data, err := s.Encode()
	if err != nil {
		return nil, err
	}
	s = s.WithDefaults()
	own := []asynq.Option{asynq.Queue(string(s.Lane)), asynq.MaxRetry(MaxRetry)}
	return asynq.NewTask(TaskType, data, append(own, opts...)...), nil
}

// MaxRetry is how often a task is tried again after failures; waiting for a
// provider is none.
const MaxRetry = 8

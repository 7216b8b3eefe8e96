package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"mime/multipart"
	"net/http"
	"time"

	"github.com/duosub/duosub/worker"
	"github.com/duosub/duosub/worker/job"
)

// maxKey bounds an Idempotency-Key in bytes.
const maxKey = 255

// postJob accepts a job: 202 with a new run, 200 with the one that was asked
// for before.
func (s *Server) postJob(w http.ResponseWriter, r *http.Request) {
	key, err := idempotencyKey(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	spec, err := s.readJob(w, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if err := spec.Validate(); err != nil {
		s.fail(w, r, err)
		return
	}
	answer, err := s.submit(r.Context(), key, spec)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	infoOf(r).job = spec.ID()
	w.Header().Set("Location", answer.Location)
	if answer.replayed {
		w.Header().Set("Idempotency-Replayed", "true")
	}
	writeJSON(w, answer.Status, answer.Body)
}

// readJob reads the job that a request holds, in JSON or as a form.
func (s *Server) readJob(w http.ResponseWriter, r *http.Request) (job.Spec, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		kind = ""
	}
	switch kind {
	case "application/json":
		data, err := s.readJSON(w, r, MaxJobBody)
		if err != nil {
			return job.Spec{}, err
		}
		return decodeJob(data)
	case "multipart/form-data":
		if params["boundary"] == "" {
			return job.Spec{}, failure(worker.CodeBadRequest, "the Content-Type multipart/form-data has no boundary")
		}
		// The fields, and what the form itself adds, come on top of the file.
		b, err := s.openBody(w, r, s.maxUpload+2*MaxJobBody, true)
		if err != nil {
			return job.Spec{}, err
		}
		f := form{upload: s.jobs.Upload, maxFile: s.maxUpload}
		spec, err := f.read(r.Context(), multipart.NewReader(b, params["boundary"]))
		if mine := b.failure(); err != nil && mine != nil {
			return job.Spec{}, mine
		}
		return spec, err
	}
	w.Header().Set("Accept-Post", "application/json, multipart/form-data")
	return job.Spec{}, failure(codeUnsupportedMedia, "send a job as application/json, or as multipart/form-data with the file")
}

// idempotencyKey answers the request's Idempotency-Key, hashed together with
// the route, "" where it has none.
func idempotencyKey(r *http.Request) (string, error) {
	values := r.Header.Values("Idempotency-Key")
	if len(values) == 0 {
		return "", nil
	}
	key := values[0]
	ok := len(values) == 1 && key != "" && len(key) <= maxKey
	for _, c := range []byte(key) {
		ok = ok && c >= ' ' && c <= '~'
	}
	if !ok {
		return "", failure(worker.CodeBadRequest, fmt.Sprintf("the header Idempotency-Key must stand there once and hold 1 to %d ASCII characters", maxKey))
	}
	return digest([]byte(r.Method + " " + infoOf(r).route + "\n" + key)), nil
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

type submitted struct {
	Answer
	replayed bool
}

// submit hands the job on, at most once for a key. What is compared is the
// job that the body means, so that a form with another boundary, or the same
// file sent again, is the same request.
func (s *Server) submit(ctx context.Context, key string, spec job.Spec) (submitted, error) {
	if key == "" {
		a, err := s.submitNow(ctx, spec)
		return submitted{Answer: a}, err
	}
	data, err := json.Marshal(spec)
	if err != nil {
		return submitted{}, &job.Error{Field: "meta", Message: "must be a JSON object"}
	}
	fingerprint := digest(data)
	earlier, err := s.idempotency.Begin(ctx, key, fingerprint)
	switch {
	case errors.Is(err, ErrKeyReused):
		return submitted{}, failure(codeIdempotencyReused, "this Idempotency-Key was used for a different job: use a new key for a new request")
	case errors.Is(err, ErrKeyPending):
		return submitted{}, &pending{}
	case err != nil:
		return submitted{}, &worker.Error{Code: worker.CodeUnavailable, Message: "the Idempotency-Key cannot be looked up now; try again", Err: err}
	case earlier != nil:
		return submitted{Answer: *earlier, replayed: true}, nil
	}
	// The claim is settled even where the client has left by now.
	settle := context.WithoutCancel(ctx)
	finished := false
	defer func() {
		if !finished {
			s.settled(s.idempotency.Release(settle, key, fingerprint))
		}
	}()
	a, err := s.submitNow(ctx, spec)
	if err != nil {
		return submitted{}, err
	}
	finished = true
	s.settled(s.idempotency.Finish(settle, key, fingerprint, a))
	return submitted{Answer: a}, nil
}

func (s *Server) settled(err error) {
	if err != nil {
		s.log.Warn("an Idempotency-Key could not be kept", "error", clamp(err.Error()))
	}
}

func (s *Server) submitNow(ctx context.Context, spec job.Spec) (Answer, error) {
	record, created, err := s.jobs.Submit(ctx, spec)
	if err != nil {
		return Answer{}, err
	}
	data, err := record.PublicJSON()
	if err != nil {
		return Answer{}, err
	}
	a := Answer{Status: http.StatusOK, Location: "/v1/jobs/" + record.ID, Body: data}
	if created {
		a.Status = http.StatusAccepted
	}
	return a, nil
}

// pending is a second request while the first with its key is under way.
type pending struct{}

func (*pending) Error() string { return "the first request with this Idempotency-Key is under way" }
func (p *pending) Unwrap() error {
	return failure(codeIdempotencyPending, p.Error()+"; ask again in a moment")
}

// RetryAfter is when the caller had better ask again.
func (*pending) RetryAfter() time.Duration { return time.Second }

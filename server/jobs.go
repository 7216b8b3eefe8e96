package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/duosub/duosub/worker"
	"github.com/duosub/duosub/worker/job"
)

const (
	maxListLimit = 500
	maxCursor    = 1024
	maxVideo     = 2048 // as in job.Spec
)

// listJobs answers a page of jobs, the longest unchanged first.
func (s *Server) listJobs(w http.ResponseWriter, r *http.Request) {
	f, err := parseFilter(r.URL.RawQuery)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	jobs, cursor, err := s.jobs.List(r.Context(), f)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	var b bytes.Buffer
	b.WriteString(`{"jobs":[`)
	for i, j := range jobs {
		data, err := j.PublicJSON()
		if err != nil {
			s.fail(w, r, err)
			return
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(data)
	}
	b.WriteString(`],"cursor":`)
	end, err := json.Marshal(cursor)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	b.Write(end)
	b.WriteByte('}')
	writeJSON(w, http.StatusOK, b.Bytes())
}

// parseFilter reads the query of a list. Parameters that it does not know are
// ignored; values that mean nothing are a [*job.Error].
func parseFilter(raw string) (worker.Filter, error) {
	var f worker.Filter
	q, err := url.ParseQuery(raw)
	if err != nil {
		return f, failure(worker.CodeBadRequest, "the query is not encoded as a URL's query is")
	}
	for _, name := range []string{"video", "state", "updated_after", "cursor", "limit"} {
		if len(q[name]) > 1 {
			return f, &job.Error{Field: name, Message: "stands in the query twice"}
		}
	}
	f.Video, f.Cursor = q.Get("video"), q.Get("cursor")
	if !utf8.ValidString(f.Video) || strings.ContainsRune(f.Video, 0) || utf8.RuneCountInString(f.Video) > maxVideo {
		return f, &job.Error{Field: "video", Message: fmt.Sprintf("must be UTF-8 text of at most %d characters", maxVideo)}
	}
	if len(f.Cursor) > maxCursor || !visible(f.Cursor) {
		return f, &job.Error{Field: "cursor", Message: "is none that an earlier answer gave"}
	}
	if v := q.Get("state"); v != "" {
		if f.State = worker.State(v); !slices.Contains(worker.States, f.State) {
			return f, &job.Error{Field: "state", Message: "is none of queued, running, done, partial, failed, canceled"}
		}
	}
	if v := q.Get("updated_after"); v != "" {
		if f.UpdatedAfter, err = time.Parse(time.RFC3339, v); err != nil {
			return f, &job.Error{Field: "updated_after", Message: "is no instant: write it as 2026-11-23T08:00:00Z"}
		}
	}
	if v := q.Get("limit"); v != "" {
		if f.Limit, err = strconv.Atoi(v); err != nil || f.Limit < 1 || f.Limit > maxListLimit {
			return f, &job.Error{Field: "limit", Message: fmt.Sprintf("must be a number from 1 to %d", maxListLimit)}
		}
	}
	return f, nil
}

// visible reports whether s holds visible ASCII characters only.
func visible(s string) bool {
	for _, c := range []byte(s) {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return true
}

// pathJob answers the job that the address names. An id that none can have is
// not looked up.
func pathJob(r *http.Request) (string, error) {
	if id := r.PathValue("id"); jobID.MatchString(id) {
		return id, nil
	}
	return "", worker.ErrNotFound
}

// getJob answers a job.
func (s *Server) getJob(w http.ResponseWriter, r *http.Request) {
	id, err := pathJob(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	record, err := s.jobs.Get(r.Context(), id)
	s.answerJob(w, r, record, err)
}

func (s *Server) answerJob(w http.ResponseWriter, r *http.Request, record *worker.Record, err error) {
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data, err := record.PublicJSON()
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, data)
}

// deleteJob calls a job off and answers it, or with ?purge=true removes all
// that is left of it and answers what that was. A value that is neither true
// nor false does neither.
func (s *Server) deleteJob(w http.ResponseWriter, r *http.Request) {
	id, err := pathJob(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	q, err := url.ParseQuery(r.URL.RawQuery)
	values := q["purge"]
	if err != nil || len(values) > 1 || len(values) == 1 && values[0] != "true" && values[0] != "false" {
		s.fail(w, r, &job.Error{Field: "purge", Message: "must be true or false"})
		return
	}
	if q.Get("purge") != "true" {
		record, err := s.jobs.Cancel(r.Context(), id)
		s.answerJob(w, r, record, err)
		return
	}
	report, err := s.jobs.Purge(r.Context(), id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data, err := json.Marshal(report)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, data)
}

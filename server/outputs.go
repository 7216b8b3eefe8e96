package server

import (
	"net/http"
	"path"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/duosub/duosub/worker"
)

// contentTypes are the types of outputs by the end of their names. Anything
// else is served as bytes, never as something that a browser would run.
var contentTypes = map[string]string{
	".vtt":  "text/vtt; charset=utf-8",
	".ass":  "text/x-ssa; charset=utf-8",
	".m3u8": "application/vnd.apple.mpegurl",
	".srt":  "application/x-subrip; charset=utf-8",
	".json": "application/json",
}

// getOutput answers a file of a job's latest version, or a range of it.
func (s *Server) getOutput(w http.ResponseWriter, r *http.Request) {
	id, err := pathJob(r)
	name := r.PathValue("name")
	if err == nil && !plainName(name) {
		err = worker.ErrNotFound
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	out, err := s.jobs.OpenOutput(r.Context(), id, name)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer out.Content.Close()
	h := w.Header()
	h.Set("Content-Type", contentType(name))
	h.Set("Content-Disposition", disposition(name))
	// The same name leads to another file after the next version.
	h.Set("Cache-Control", "private, no-cache")
	if sha256Hex.MatchString(out.SHA256) {
		h.Set("ETag", `"`+out.SHA256+`"`)
	}
	http.ServeContent(&outputWriter{ResponseWriter: w, server: s, request: r}, r, "", out.ModTime, out.Content)
}

// optionsOutput answers a browser that asks whether it may read an output.
func (s *Server) optionsOutput(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Allow", "GET, HEAD, OPTIONS")
	if r.Header.Get("Access-Control-Request-Method") != "" {
		s.cors.preflight(w.Header())
	}
	w.WriteHeader(http.StatusNoContent)
}

var sha256Hex = regexp.MustCompile(`^[0-9a-f]{64}$`)

func contentType(name string) string {
	if t, ok := contentTypes[strings.ToLower(path.Ext(name))]; ok {
		return t
	}
	return "application/octet-stream"
}

// plainName reports whether a name can be that of a file in a job's folder,
// and not the way to another place.
func plainName(name string) bool {
	return name != "" && name != "." && name != ".." && len(name) <= 1024 && utf8.ValidString(name) &&
		!strings.ContainsAny(name, `/\`) && !strings.ContainsFunc(name, unicode.IsControl)
}

// disposition names the file for a download (RFC 6266): in ASCII for old
// clients, and as it is (RFC 8187) for all others.
func disposition(name string) string {
	var ascii, ext strings.Builder
	plain := true
	for _, r := range name {
		switch {
		case r > '~' || r < ' ' || r == '"' || r == '\\' || r == '%':
			plain = false
			ascii.WriteByte('_')
		default:
			ascii.WriteRune(r)
		}
	}
	v := `inline; filename="` + ascii.String() + `"`
	if plain {
		return v
	}
	const hex = "0123456789ABCDEF"
	for _, c := range []byte(name) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("!#$&+-.^_`|~", c) >= 0 {
			ext.WriteByte(c) // attr-char of RFC 8187
		} else {
			ext.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return v + "; filename*=UTF-8''" + ext.String()
}

// outputWriter has the errors of [http.ServeContent], which are plain text,
// sent as problems.
type outputWriter struct {
	http.ResponseWriter
	server  *Server
	request *http.Request
	failed  bool
}

func (w *outputWriter) WriteHeader(status int) {
	switch {
	case status < 400:
		w.ResponseWriter.WriteHeader(status)
		return
	case w.failed:
		return
	}
	w.failed = true
	code := worker.CodeInternal
	message := "the output cannot be read"
	switch status {
	case http.StatusPreconditionFailed:
		code, message = codePreconditionFailed, "the output does not match If-Match or If-Unmodified-Since any more"
	case http.StatusRequestedRangeNotSatisfiable:
		code, message = codeRangeNotThere, "the output has no bytes in this range"
	}
	w.server.fail(w.ResponseWriter, w.request, failure(code, message))
}

func (w *outputWriter) Write(p []byte) (int, error) {
	if w.failed {
		return len(p), nil
	}
	return w.ResponseWriter.Write(p)
}

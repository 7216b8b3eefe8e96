package server

import (
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
)

// access says who may call a route.
type access int

const (
	// guarded: callers with the token; without one, callers on this machine.
	guarded access = iota
	// preflight: as guarded, but a browser that asks beforehand cannot send
	// the token.
	preflight
	// open: everybody.
	open
)

// A route is one call of the API.
type route struct {
	method  string
	pattern string
	access  access
	// cors: pages of other origins may read the answer.
	cors   bool
	handle func(*Server, http.ResponseWriter, *http.Request)
}

// routes are all calls there are. /openapi.json describes exactly these.
var routes = []route{
	{method: "POST", pattern: "/v1/jobs", handle: (*Server).postJob},
	{method: "GET", pattern: "/v1/jobs", handle: (*Server).listJobs},
	{method: "GET", pattern: "/v1/jobs/{id}", handle: (*Server).getJob},
	{method: "DELETE", pattern: "/v1/jobs/{id}", handle: (*Server).deleteJob},
	{method: "GET", pattern: "/v1/jobs/{id}/events", handle: (*Server).getEvents},
	{method: "GET", pattern: "/v1/jobs/{id}/outputs/{name}", cors: true, handle: (*Server).getOutput},
	{method: "HEAD", pattern: "/v1/jobs/{id}/outputs/{name}", cors: true, handle: (*Server).getOutput},
	{method: "OPTIONS", pattern: "/v1/jobs/{id}/outputs/{name}", access: preflight, cors: true, handle: (*Server).optionsOutput},
	{method: "POST", pattern: "/v1/text", handle: (*Server).postText},
	{method: "GET", pattern: "/healthz", access: open, handle: (*Server).getHealth},
	{method: "GET", pattern: "/readyz", access: open, handle: (*Server).getReady},
	{method: "GET", pattern: "/openapi.json", handle: (*Server).getOpenAPI},
}

// newMux registers each pattern once, for all methods, so that a wrong method
// is answered with a problem document like every other error.
func (s *Server) newMux() *http.ServeMux {
	mux := http.NewServeMux()
	methods := map[string][]route{}
	for _, rt := range routes {
		methods[rt.pattern] = append(methods[rt.pattern], rt)
	}
	for pattern, rts := range methods {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.dispatch(w, r, rts) })
	}
	mux.HandleFunc("/", s.noRoute)
	return mux
}

// dispatch picks the route of the request's method, lets the guard look at
// the caller and has the route answer.
func (s *Server) dispatch(w http.ResponseWriter, r *http.Request, rts []route) {
	info := infoOf(r)
	info.route = rts[0].pattern
	if id := r.PathValue("id"); jobID.MatchString(id) {
		info.job = id
	}
	i := slices.IndexFunc(rts, func(rt route) bool { return rt.method == r.Method })
	if i < 0 && r.Method == http.MethodHead && rts[0].pattern != "/v1/jobs/{id}/events" {
		// HEAD is GET without the body (RFC 9110 §9.3.2); net/http leaves the
		// body away. A stream has no end to be answered with.
		i = slices.IndexFunc(rts, func(rt route) bool { return rt.method == http.MethodGet })
	}
	if i < 0 {
		w.Header().Set("Allow", allow(rts))
		s.fail(w, r, failure(codeMethodNotAllowed, "this address answers to "+allow(rts)+" only"))
		return
	}
	rt := rts[i]
	if rt.cors {
		s.cors.set(w.Header(), r)
	}
	if err := s.guard.check(r, rt.access); err != nil {
		s.fail(w, r, err)
		return
	}
	rt.handle(s, w, r)
}

// allow lists the methods of routes with one pattern, in the form of the
// Allow header.
func allow(rts []route) string {
	var methods []string
	for _, rt := range rts {
		methods = append(methods, rt.method)
		if rt.method == http.MethodGet && rt.pattern != "/v1/jobs/{id}/events" {
			methods = append(methods, http.MethodHead)
		}
	}
	slices.Sort(methods)
	return strings.Join(slices.Compact(methods), ", ")
}

// noRoute answers for every address that no route has.
func (s *Server) noRoute(w http.ResponseWriter, r *http.Request) {
	s.fail(w, r, failure(codeNotFound, "there is nothing at this address; /openapi.json lists what there is"))
}

// straight reports whether a path has no empty, "." or ".." segments.
// [http.ServeMux] would answer others with a redirect to somewhere else.
func straight(p string) bool {
	return p == "/" || strings.HasPrefix(p, "/") && path.Clean(p) == strings.TrimSuffix(p, "/")
}

// jobID is what the id of a job looks like (see job.ID).
var jobID = regexp.MustCompile(`^[a-z2-7]{26}$`)

package server

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// cors are the origins whose pages may read outputs.
type cors struct {
	any     bool
	origins []string
}

// parseOrigins reads Config.AllowedOrigins.
func parseOrigins(list []string) (cors, error) {
	c := cors{any: list == nil}
	for _, o := range list {
		if o == "*" {
			c.any = true
			continue
		}
		u, err := url.Parse(o)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || o != u.Scheme+"://"+u.Host || strings.ToLower(o) != o {
			return cors{}, fmt.Errorf("%q is no origin: write it as a browser does, such as https://app.example", o)
		}
		c.origins = append(c.origins, o)
	}
	return c, nil
}

// named reports whether an origin is allowed by its name.
func (c cors) named(origin string) bool { return slices.Contains(c.origins, origin) }

// set lets a browser hand the answer to the page that asked for it (the CORS
// protocol of the Fetch standard, §3.3).
func (c cors) set(h http.Header, r *http.Request) {
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	if c.any {
		h.Set("Access-Control-Allow-Origin", "*")
	} else {
		h.Add("Vary", "Origin")
		origin := r.Header.Get("Origin")
		if !c.named(origin) {
			return
		}
		h.Set("Access-Control-Allow-Origin", origin)
	}
	h.Set("Access-Control-Expose-Headers", "Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag, X-Request-Id")
}

// preflight answers what a browser asks before a request with a token.
func (c cors) preflight(h http.Header) {
	if h.Get("Access-Control-Allow-Origin") == "" {
		return
	}
	h.Set("Access-Control-Allow-Methods", "GET, HEAD")
	h.Set("Access-Control-Allow-Headers", "Authorization, If-Match, If-Modified-Since, If-None-Match, If-Range, Range, X-Request-Id")
	h.Set("Access-Control-Max-Age", "3600")
}

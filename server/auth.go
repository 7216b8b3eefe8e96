package server

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// CheckListen reports whether a server may listen on an address ("host:port",
// as for [net.Listen]) with this token. Without a token only loopback is
// allowed: "localhost", 127.0.0.0/8 and ::1. The error is one sentence that
// says what to do. A name other than localhost is taken to lead anywhere; it
// is not looked up.
func CheckListen(addr, token string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("cannot listen on %q: write the address as host:port, such as 127.0.0.1:8080", addr)
	}
	if err := checkToken(token); err != nil {
		return err
	}
	if token != "" || isLoopback(host) {
		return nil
	}
	return fmt.Errorf("refusing to listen on %s without a token, since everybody who reaches it could use it: set DUOSUB_TOKEN, or listen on 127.0.0.1", addr)
}

// checkToken refuses a token that no caller could send in a header. Its text
// is not part of the error.
func checkToken(token string) error {
	for _, c := range []byte(token) {
		if c <= ' ' || c > '~' {
			return errors.New("the token (DUOSUB_TOKEN) must be visible ASCII characters without spaces")
		}
	}
	return nil
}

// isLoopback reports whether a host, without port and brackets, is this
// machine and cannot be any other.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// guard decides who may call.
type guard struct {
	secret  string
	digest  [sha256.Size]byte
	origins cors
}

func newGuard(token string, origins cors) guard {
	return guard{secret: token, digest: sha256.Sum256([]byte(token)), origins: origins}
}

func (g guard) token() string { return g.secret }

// check answers nil for a caller who may call, else an error with
// codeUnauthorized, codeHostNotAllowed or codeOriginNotAllowed.
func (g guard) check(r *http.Request, a access) error {
	switch {
	case a == open:
		return nil
	case g.secret == "":
		return g.checkLocal(r)
	case a == preflight:
		return nil
	}
	return g.checkToken(r)
}

// checkToken looks for the bearer token (RFC 6750 §2.1) in the header, and
// nowhere else: queries end up in logs.
func (g guard) checkToken(r *http.Request) error {
	values := r.Header.Values("Authorization")
	if len(values) == 0 {
		return &unauthorized{message: "send the server's token in the header Authorization: Bearer …"}
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	if len(values) > 1 || !strings.EqualFold(scheme, "Bearer") {
		return &unauthorized{message: "send the server's token once, in the header Authorization: Bearer …", code: "invalid_request"}
	}
	// Digests have one length, so that the time tells nothing about the
	// token's own.
	digest := sha256.Sum256([]byte(strings.TrimSpace(token)))
	if subtle.ConstantTimeCompare(digest[:], g.digest[:]) != 1 {
		return &unauthorized{message: "this is not the server's token", code: "invalid_token"}
	}
	return nil
}

// checkLocal is for a server without a token. Only programs on this machine
// reach it, but a web page that its user looks at is such a program's guest:
// its host name may have been pointed at loopback (DNS rebinding), which Host
// tells, and it may send forms across origins, which Origin tells.
func (g guard) checkLocal(r *http.Request) error {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	} else {
		host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	}
	if !isLoopback(host) {
		return failure(codeHostNotAllowed, "a server without a token answers to localhost and loopback addresses only: set DUOSUB_TOKEN to reach it under another name")
	}
	for _, origin := range r.Header.Values("Origin") {
		if !sameOrigin(origin, r) && !g.origins.named(origin) {
			return failure(codeOriginNotAllowed, "a server without a token answers to its own pages only: set DUOSUB_TOKEN, or allow the page's origin in the configuration")
		}
	}
	return nil
}

// sameOrigin reports whether an Origin header names the very address that the
// request came to.
func sameOrigin(origin string, r *http.Request) bool {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	u, err := url.Parse(origin)
	return err == nil && u.Scheme == scheme && strings.EqualFold(u.Host, r.Host) && origin == u.Scheme+"://"+u.Host
}

// unauthorized is a missing or wrong token.
type unauthorized struct {
	message string
	code    string // of RFC 6750 §3.1; empty where no token was sent
}

func (e *unauthorized) Error() string { return e.message }
func (e *unauthorized) Unwrap() error { return failure(codeUnauthorized, e.message) }

// challenge is the WWW-Authenticate header that goes with it.
func (e *unauthorized) challenge() string {
	c := `Bearer realm="duosub"`
	if e.code != "" {
		c += `, error="` + e.code + `"`
	}
	return c
}

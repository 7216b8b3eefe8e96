package translate

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// A Spec is a parsed --backend value, NAME?key=value&key=value.
type Spec struct {
	Name    string
	Options map[string]string
}

// An Env looks up an environment variable, as os.Getenv does. Credentials
// come from it and from nowhere else.
type Env func(name string) string

// ParseSpec reads NAME?key=value. A key given twice, an empty name and
// anything that looks like a credential in the options is an [*Error] of kind
// KindInvalid. Values may be percent-encoded; a plus sign is a plus sign.
func ParseSpec(s string) (Spec, error) {
	name, query, _ := strings.Cut(strings.TrimSpace(s), "?")
	if !isSpecWord(name, '-') {
		return Spec{}, specError("", "a backend is written NAME?key=value&key=value, for example openai?model=gpt-5-mini")
	}
	spec := Spec{Name: name, Options: map[string]string{}}
	if query == "" {
		return spec, nil
	}
	for pair := range strings.SplitSeq(query, "&") {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || !isSpecWord(key, '_') {
			return Spec{}, specError(name, "an option is written key=value with a lower-case key")
		}
		value, err := url.PathUnescape(value)
		if err != nil {
			return Spec{}, specError(name, "the value of option %s holds a broken percent sign: write %%25 for one", key)
		}
		if namesCredential(key) || holdsCredential(value) {
			return Spec{}, specError(name, "option %s looks like a credential: credentials are taken from the environment only", key)
		}
		if _, twice := spec.Options[key]; twice {
			return Spec{}, specError(name, "option %s is given twice", key)
		}
		spec.Options[key] = value
	}
	return spec, nil
}

// String is the canonical form: options sorted by key, values encoded.
func (s Spec) String() string { return s.policy(func(string) bool { return true }) }

// Policy is the canonical form of the name and those of the given options
// that are set: what a driver puts into [Caps.Policy].
func (s Spec) Policy(textual ...string) string {
	return s.policy(func(key string) bool { return slices.Contains(textual, key) })
}

func (s Spec) policy(include func(key string) bool) string {
	var pairs []string
	for key, value := range s.Options {
		if include(key) {
			pairs = append(pairs, key+"="+strings.ReplaceAll(url.QueryEscape(value), "+", "%20"))
		}
	}
	if len(pairs) == 0 {
		return s.Name
	}
	slices.Sort(pairs)
	return s.Name + "?" + strings.Join(pairs, "&")
}

// isSpecWord reports whether s is a lower-case word of letters, digits and
// the given joint.
func isSpecWord(s string, joint byte) bool {
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || i > 0 && c == joint) {
			return false
		}
	}
	return s != ""
}

// namesCredential reports whether an option's key asks for a secret.
// "max_tokens" is none.
func namesCredential(key string) bool {
	for word := range strings.SplitSeq(key, "_") {
		switch word {
		case "key", "apikey", "token", "secret", "password", "passwd", "auth", "authorization", "bearer", "credential", "credentials":
			return true
		}
	}
	return false
}

// holdsCredential reports whether an option's value is one that providers
// hand out as a secret, or an address with a user's name in it.
func holdsCredential(value string) bool {
	for _, prefix := range []string{"sk-", "Bearer ", "AIza", "DeepL-Auth-Key"} {
		if strings.HasPrefix(value, prefix) {
			return true
		}
	}
	u, err := url.Parse(value)
	return err == nil && u.User != nil
}

func specError(backend, format string, args ...any) *Error {
	return &Error{Kind: KindInvalid, Backend: backend, Message: fmt.Sprintf(format, args...)}
}

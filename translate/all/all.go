// Package all is the one explicit list of backends.
package all

import (
	"slices"
	"strings"

	"github.com/duosub/duosub/translate"
	"github.com/duosub/duosub/translate/openai"
)

// backends is the list: a new backend adds a line.
var backends = []struct {
	name string
	open func(translate.Spec, translate.Env) (translate.Driver, error)
}{
	{"openai", openai.Open},
	{"none", translate.OpenNone},
}

// Names are the names that Open knows, sorted.
func Names() []string {
	var names []string
	for _, b := range backends {
		names = append(names, b.name)
	}
	slices.Sort(names)
	return names
}

// Open makes the backend that a --backend value names. It sends nothing. An
// unknown name or option is an [*translate.Error] of kind KindInvalid, a
// missing credential one of kind KindAuth.
func Open(spec string, env translate.Env) (*translate.Backend, error) {
	s, err := translate.ParseSpec(spec)
	if err != nil {
		return nil, err
	}
	for _, b := range backends {
		if b.name == s.Name {
			d, err := b.open(s, env)
			if err != nil {
				return nil, err
			}
			return translate.NewBackend(d, 0), nil
		}
	}
	return nil, &translate.Error{Kind: translate.KindInvalid, Message: "unknown backend " + s.Name + ": use " + strings.Join(Names(), ", ")}
}

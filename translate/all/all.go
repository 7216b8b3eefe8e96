// Package all is the one explicit list of backends.
package all

import "github.com/duosub/duosub/translate"

// Open makes the backend that a --backend value names.
func Open(spec string, env translate.Env) (*translate.Backend, error) { panic("unimplemented") }

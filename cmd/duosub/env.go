package main

import "strings"

// env is the environment that the program was started with.
type env map[string]string

func newEnv(environ []string) env {
	e := make(env, len(environ))
	for _, kv := range environ {
		if k, v, ok := strings.Cut(kv, "="); ok {
			e[k] = v
		}
	}
	return e
}

// get is os.Getenv for this environment.
func (e env) get(name string) string { return e[name] }

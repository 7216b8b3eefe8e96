// Package archtest holds the code to the import directions of
// ARCHITECTURE.md: cmd → server → worker → translate → subtitles.
package archtest

import (
	"fmt"
	"slices"
	"strings"
)

// Module is the path of this module.
const Module = "github.com/duosub/duosub"

// A Package is a package of this module and what its files import; test files
// do not count.
type Package struct {
	ImportPath string
	Imports    []string
}

// layers are the top folders, each importing only those that stand behind it.
var layers = []string{"cmd", "server", "worker", "translate", "subtitles"}

// notBackends are the folders of translate that are no backend.
var notBackends = []string{"translate/all", "translate/redisstore", "translate/translatetest"}

// forTests are packages that help tests and may import what those need; no
// other code imports them.
var forTests = []string{"internal/archtest", "internal/redistest"}

// restricted lists what only some folders may import.
var restricted = []struct {
	what    string
	imports []string // import paths, with all below them
	only    []string // folders, with all below them
}{
	{"Asynq", []string{"github.com/hibiken/asynq"}, []string{"worker", "cmd"}},
	{"a Redis client", []string{"github.com/redis/go-redis", "github.com/alicebob/miniredis"}, []string{"worker", "translate/redisstore", "cmd"}},
	{"a cloud blob driver", []string{
		"gocloud.dev/blob/s3blob", "gocloud.dev/blob/gcsblob", "gocloud.dev/blob/azureblob",
		"github.com/aws", "cloud.google.com/go", "github.com/Azure",
	}, []string{"cmd"}},
}

// pure lists what subtitles may not import.
var pure = []string{"net", "net/http", "net/rpc", "net/smtp", "crypto/tls"}

// Violations answers one sentence for each import that goes the wrong way, in
// the order of the packages.
func Violations(packages []Package) []string {
	var out []string
	for _, p := range packages {
		from, ok := inModule(p.ImportPath)
		if !ok {
			continue
		}
		for _, imported := range p.Imports {
			if reason := violation(from, imported); reason != "" {
				out = append(out, fmt.Sprintf("%s imports %s: %s", p.ImportPath, imported, reason))
			}
		}
		for _, name := range []string{"util", "utils", "common", "pkg", "types", "helpers"} {
			if slices.Contains(strings.Split(from, "/"), name) {
				out = append(out, fmt.Sprintf("%s: a package is named after what is in it, not %q", p.ImportPath, name))
			}
		}
	}
	return out
}

// violation says why a folder may not import a package, or nothing.
func violation(from, imported string) string {
	if to, ok := inModule(imported); ok {
		if within(to, forTests) && !within(from, forTests) {
			return "it is for tests alone"
		}
		return direction(from, to)
	}
	if within(from, forTests) {
		return ""
	}
	for _, r := range restricted {
		if within(imported, r.imports) && !within(from, r.only) {
			return r.what + " is known to " + strings.Join(r.only, ", ") + " alone"
		}
	}
	if top(from) == "subtitles" && slices.Contains(pure, imported) {
		return "subtitles knows no network"
	}
	return ""
}

// direction judges an import inside the module.
func direction(from, to string) string {
	a, b := slices.Index(layers, top(from)), slices.Index(layers, top(to))
	switch {
	case a < 0: // internal/…, the module's root
		return ""
	case b < 0 && top(to) == "internal":
		return ""
	case b < 0:
		return "it is in no layer"
	case isBackend(from) && to != "translate":
		return "a backend imports translate and nothing beside it"
	case b < a:
		return top(to) + " stands above " + top(from)
	case a == b && from == top(from) && isBelow(to, from) && top(from) == "translate":
		return "translate knows none of its backends and stores"
	case from == "subtitles/hanzi":
		return "it knows nothing but text"
	case a == b && from == "subtitles" && to != "subtitles/hanzi":
		return "subtitles knows nothing of where tracks come from"
	}
	return ""
}

// isBackend reports whether a folder is a backend's.
func isBackend(folder string) bool {
	return isBelow(folder, "translate") && !within(folder, notBackends)
}

func inModule(importPath string) (folder string, ok bool) {
	if importPath == Module {
		return "", true
	}
	return strings.CutPrefix(importPath, Module+"/")
}

func top(folder string) string {
	t, _, _ := strings.Cut(folder, "/")
	return t
}

func isBelow(folder, parent string) bool { return strings.HasPrefix(folder, parent+"/") }

func within(path string, parents []string) bool {
	return slices.ContainsFunc(parents, func(p string) bool { return path == p || isBelow(path, p) })
}

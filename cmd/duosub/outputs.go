package main

// The rules for outputs, as pure functions:
//
//   - Outputs lie beside their input, or in --out. What they are called is
//     [worker.BaseName]'s and [worker.Opened.OutputNames]'s matter.
//   - An output never replaces an input: it is left out, and that is said.
//   - A file that is there already and that no .dual.json lists is not replaced
//     without --overwrite: a person may have made it.
//   - A walk through a folder skips what a .dual.json lists as its outputs.
//   - Two inputs with one base in one folder are refused before anything is
//     sent.

import (
	"path/filepath"
	"slices"
	"strings"
)

// dualSuffix ends the name of the JSON output.
const dualSuffix = ".dual.json"

// subtitleExtensions and videoExtensions are what a walk through a folder
// picks up. A file that is named is read whatever it is called.
var (
	subtitleExtensions = []string{".srt", ".vtt", ".ass", ".ssa", ".ttml", ".dfxp"}
	videoExtensions    = []string{".mp4", ".m4v", ".mov", ".mkv", ".webm"}
)

func isSubtitleName(name string) bool {
	return slices.Contains(subtitleExtensions, strings.ToLower(filepath.Ext(name)))
}

func isVideoName(name string) bool {
	return slices.Contains(videoExtensions, strings.ToLower(filepath.Ext(name)))
}

// A planned output set: an input and where its outputs go.
type planned struct {
	input string // as it was given or found
	dir   string // where the outputs go, absolute
	base  string
}

// collision finds two inputs whose outputs would have the same names.
func collision(plans []planned) error {
	first := map[string]string{}
	for _, p := range plans {
		key := filepath.Join(p.dir, p.base)
		if other, ok := first[key]; ok {
			return usagef("the outputs of %s and %s would have the same names (%s.…): give them one at a time, or different --out folders", other, p.input, p.base)
		}
		first[key] = p.input
	}
	return nil
}

// leaveOut divides the names of outputs in a folder into those to write and
// those that would replace an input. same reports whether two paths are one
// file.
func leaveOut(dir string, names, inputs []string, same func(a, b string) bool) (write, left []string) {
	for _, name := range names {
		path := filepath.Join(dir, name)
		if slices.ContainsFunc(inputs, func(in string) bool { return same(path, in) }) {
			left = append(left, name)
			continue
		}
		write = append(write, name)
	}
	return write, left
}

// walkable answers those names of a folder that a walk takes as inputs:
// subtitles and videos, but nothing that begins with a dot and nothing that a
// .dual.json of the folder lists as its own output.
func walkable(names []string, ownOutputs map[string]bool) []string {
	var inputs []string
	for _, name := range names {
		if strings.HasPrefix(name, ".") || ownOutputs[name] || !isSubtitleName(name) && !isVideoName(name) {
			continue
		}
		inputs = append(inputs, name)
	}
	return inputs
}

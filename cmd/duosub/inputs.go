package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/duosub/duosub/subtitles"
)

// maxDocument bounds a .dual.json that is looked into: a subtitle file's bound
// with room for two languages and the JSON around them.
const maxDocument = 8 * subtitles.MaxBytes

// collectInputs answers the files that arguments mean: files as they are,
// folders by a walk, each file once, in the order of the arguments and of
// names.
func collectInputs(args []string) ([]string, error) {
	var inputs []string
	seen := map[string]bool{}
	add := func(path string) {
		key := realPath(path)
		if !seen[key] {
			seen[key] = true
			inputs = append(inputs, path)
		}
	}
	for _, arg := range args {
		fi, err := os.Stat(arg)
		if err != nil {
			return nil, failf("%s", sentence(err))
		}
		if !fi.IsDir() {
			add(arg)
			continue
		}
		found := 0
		err = filepath.WalkDir(arg, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if !d.IsDir() {
				return nil
			}
			if path != arg && len(d.Name()) > 0 && d.Name()[0] == '.' {
				return fs.SkipDir
			}
			names, err := folderInputs(path)
			for _, name := range names {
				add(filepath.Join(path, name))
				found++
			}
			return err
		})
		if err != nil {
			return nil, failf("%s", sentence(err))
		}
		if found == 0 {
			return nil, failf("%s: the folder holds no subtitles and no videos that are still to be done", arg)
		}
	}
	return inputs, nil
}

// folderInputs answers the inputs of one folder.
func folderInputs(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return walkable(names, ownOutputs(dir, names)), nil
}

// ownOutputs are the files of a folder that duosub wrote: what the .dual.json
// files among names list, and those themselves.
func ownOutputs(dir string, names []string) map[string]bool {
	own := map[string]bool{}
	for _, name := range names {
		if !strings.HasSuffix(name, dualSuffix) {
			continue
		}
		outputs, ok := listedOutputs(filepath.Join(dir, name))
		own[name] = ok
		for _, output := range outputs {
			own[output] = true
		}
	}
	return own
}

// listedOutputs answers what a .dual.json lists as its outputs; false where it
// cannot be read, since then it is no file of ours.
func listedOutputs(path string) ([]string, bool) {
	data, err := readBounded(path, maxDocument)
	if err != nil {
		return nil, false
	}
	doc, err := subtitles.ReadJSON(data)
	if err != nil {
		return nil, false
	}
	return doc.Outputs, true
}

// readBounded reads a file of at most limit bytes.
func readBounded(path string, limit int64) ([]byte, error) {
	fi, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if fi.IsDir() {
		return nil, failf("%s: is a folder", path)
	}
	if fi.Size() > limit {
		return nil, failf("%s: has %d MiB, and %d are the limit", path, fi.Size()>>20, limit>>20)
	}
	return os.ReadFile(path)
}

// realPath is the path by which two names of one file are recognised.
func realPath(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real
	}
	return abs
}

// sameFile reports whether two paths are one file, by links and by the rules
// of the file system for upper and lower case.
func sameFile(a, b string) bool {
	fa, err := os.Stat(a)
	if err != nil {
		return false
	}
	fb, err := os.Stat(b)
	return err == nil && os.SameFile(fa, fb)
}

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// systems are what the program is built for: each may link modules of its own.
var systems = []string{"linux", "darwin", "windows"}

// maxLicence bounds a licence's file (1 MiB).
const maxLicence = 1 << 20

// A module is one that packages are linked from.
type module struct {
	path, version, dir string
	packages           []string // their folders
}

// A verdict is what is known of one module's licences.
type verdict struct {
	module   string
	version  string
	licences []string // sorted
	// wrong says what forbids to link it, one sentence each.
	wrong []string
}

// linked lists the modules that are linked into a package of the module in the
// working folder, sorted by path, without that module itself and the standard
// library.
func linked(pkg string) ([]module, error) {
	byPath := map[string]*module{}
	for _, system := range systems {
		cmd := exec.Command("go", "list", "-deps", "-json=Dir,Module", pkg)
		cmd.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("go list for %s: %w", system, err)
		}
		if err := collect(byPath, strings.NewReader(string(out))); err != nil {
			return nil, err
		}
	}
	var modules []module
	for _, m := range byPath {
		slices.Sort(m.packages)
		m.packages = slices.Compact(m.packages)
		modules = append(modules, *m)
	}
	slices.SortFunc(modules, func(a, b module) int { return strings.Compare(a.path, b.path) })
	return modules, nil
}

// collect adds what go list -json prints to the modules known already.
func collect(byPath map[string]*module, r io.Reader) error {
	type listed struct {
		Path, Version, Dir string
		Main               bool
		Replace            *struct{ Path, Version, Dir string }
	}
	for dec := json.NewDecoder(r); ; {
		var p struct {
			Dir    string
			Module *listed
		}
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("go list prints no JSON: %w", err)
		}
		if p.Module == nil || p.Module.Main {
			continue
		}
		m := byPath[p.Module.Path]
		if m == nil {
			m = &module{path: p.Module.Path, version: p.Module.Version, dir: p.Module.Dir}
			if r := p.Module.Replace; r != nil {
				m.version, m.dir = r.Version, r.Dir
			}
			byPath[p.Module.Path] = m
		}
		m.packages = append(m.packages, p.Dir)
	}
}

// judge reads the licences of a module: the files in its root and in the
// folders from there down to each linked package.
func judge(m module) (verdict, error) {
	v := verdict{module: m.path, version: m.version}
	folders := []string{m.dir}
	for _, p := range m.packages {
		for dir := p; isBelow(dir, m.dir); dir = filepath.Dir(dir) {
			folders = append(folders, dir)
		}
	}
	slices.Sort(folders)
	inRoot := false
	for _, dir := range slices.Compact(folders) {
		files, err := licenceFiles(dir)
		if err != nil {
			return v, err
		}
		inRoot = inRoot || dir == m.dir && len(files) > 0
		for _, file := range files {
			if err := v.add(m.dir, file); err != nil {
				return v, err
			}
		}
	}
	if !inRoot {
		v.wrong = append(v.wrong, "no licence file was found")
	}
	slices.Sort(v.licences)
	v.licences = slices.Compact(v.licences)
	return v, nil
}

// add reads one file.
func (v *verdict) add(root, file string) error {
	name, err := filepath.Rel(root, file)
	if err != nil {
		return err
	}
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxLicence))
	if err != nil {
		return err
	}
	names := classify(string(text))
	if len(names) == 0 {
		v.licences = append(v.licences, "unknown")
		v.wrong = append(v.wrong, name+" holds no licence that is known here")
	}
	for _, n := range names {
		v.licences = append(v.licences, n)
		if !slices.Contains(allowed, n) {
			v.wrong = append(v.wrong, name+" is under "+n+", which must not be linked")
		}
	}
	return nil
}

// licenceFiles lists the files of a folder that are named like licences.
func licenceFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var files []string
	for _, e := range entries {
		if !e.IsDir() && namedLikeLicence(e.Name()) {
			files = append(files, filepath.Join(dir, e.Name()))
		}
	}
	return files, nil
}

// namedLikeLicence knows LICENSE, License.txt, COPYING.LESSER, LICENSE-MIT and
// MIT-LICENSE, but no source file that deals with licences.
func namedLikeLicence(name string) bool {
	name = strings.ToLower(name)
	stem, ext := name, filepath.Ext(name)
	switch ext {
	case ".go", ".s", ".c", ".h", ".json", ".yml", ".yaml", ".sh", ".py", ".proto", ".tmpl":
		return false
	case ".txt", ".md", ".rst", ".html":
		stem = strings.TrimSuffix(name, ext)
	}
	for _, word := range []string{"license", "licence", "copying", "unlicense"} {
		if rest, ok := strings.CutPrefix(stem, word); ok && (rest == "" || rest == "s" || strings.ContainsRune("-_.", rune(rest[0]))) {
			return true
		}
		if strings.HasSuffix(stem, "-"+word) || strings.HasSuffix(stem, "_"+word) || strings.HasSuffix(stem, "."+word) {
			return true
		}
	}
	return false
}

func isBelow(dir, root string) bool {
	return strings.HasPrefix(dir, root+string(filepath.Separator))
}

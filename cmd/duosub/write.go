package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/worker"
)

// A file to be written.
type file struct {
	name string
	data []byte
}

// canWrite finds out whether files can be written into a folder, which is
// made where it is missing.
func canWrite(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return failf("the folder for the outputs cannot be made: %s", sentence(err))
	}
	f, err := os.CreateTemp(dir, ".duosub-*")
	if err != nil {
		var pe *fs.PathError
		reason := err
		if errors.As(err, &pe) {
			reason = pe.Err
		}
		return failf("the folder %s cannot be written: %v", dir, reason)
	}
	_ = f.Close()
	return os.Remove(f.Name())
}

// writable answers which of the files of a document to write, and the names of
// those left out, since they would replace an input. dual.json lists what is
// written: a walk through the folder passes over what is listed, and must
// neither pass over an input nor take in an output. With a gap, when dual.json
// is written alone, what an earlier run wrote stays listed.
func writable(doc *subtitles.Document, all []worker.File, dir, base string, inputs []string) (files []file, left []string, err error) {
	var names []string
	for _, f := range all {
		names = append(names, f.Name)
	}
	keep, left := leaveOut(dir, names, inputs, sameFile)
	listed := slices.DeleteFunc(slices.Clone(doc.Outputs), func(name string) bool { return !slices.Contains(keep, name) })
	if len(names) == 1 && names[0] == base+dualSuffix && len(listed) == 0 {
		earlier, _ := listedOutputs(filepath.Join(dir, base+dualSuffix))
		listed = slices.DeleteFunc(earlier, func(name string) bool {
			_, err := os.Stat(filepath.Join(dir, filepath.Base(name)))
			return err != nil
		})
	}
	relisted := !slices.Equal(listed, doc.Outputs)
	doc.Outputs = listed
	for _, f := range all {
		if !slices.Contains(keep, f.Name) {
			continue
		}
		data := f.Data
		if relisted && f.Name == base+dualSuffix {
			var b bytes.Buffer
			if err := subtitles.WriteJSON(&b, doc); err != nil {
				return nil, nil, err
			}
			data = b.Bytes()
		}
		files = append(files, file{f.Name, data})
	}
	return files, left, nil
}

// protect refuses to replace what duosub did not write: a file that is there,
// differs, and is listed by no dual.json of its folder may be a person's work.
func protect(dir string, files []file) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return failf("the folder %s cannot be read: %s", dir, sentence(err))
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	own := ownOutputs(dir, names)
	for _, f := range files {
		present, err := os.ReadFile(filepath.Join(dir, f.name))
		if errors.Is(err, fs.ErrNotExist) || err == nil && bytes.Equal(present, f.data) {
			continue
		}
		if !own[f.name] {
			return failf("%s is there already and was not written by duosub: move it away, choose another --out, or replace it with --overwrite (what was translated is kept)", filepath.Join(dir, f.name))
		}
	}
	return nil
}

// writeFiles writes files into a folder, so that each of them is there as a
// whole or not at all: all are written under other names first, then renamed.
func writeFiles(dir string, files []file) (err error) {
	var temporary []string
	defer func() {
		for _, t := range temporary {
			_ = os.Remove(t)
		}
	}()
	for _, f := range files {
		t, err := writeTemporary(dir, f.data)
		if err != nil {
			return failf("%s could not be written: %s", filepath.Join(dir, f.name), sentence(err))
		}
		temporary = append(temporary, t)
	}
	for i, f := range files {
		if err := os.Rename(temporary[i], filepath.Join(dir, f.name)); err != nil {
			return failf("%s could not be written: %s", filepath.Join(dir, f.name), sentence(err))
		}
	}
	return nil
}

func writeTemporary(dir string, data []byte) (path string, err error) {
	f, err := os.CreateTemp(dir, ".duosub-*")
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	_, err = f.Write(data)
	if err == nil {
		err = f.Chmod(0o666 &^ umask)
	}
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return f.Name(), err
}

package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
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

//go:build unix

package main

import (
	"io/fs"
	"syscall"
)

// umask is what the user takes away from the mode of new files.
var umask = func() fs.FileMode {
	m := syscall.Umask(0)
	syscall.Umask(m)
	return fs.FileMode(m)
}()

//go:build !unix

package main

import "io/fs"

// umask is what the user takes away from the mode of new files.
const umask fs.FileMode = 0

//go:build !unix

package redischild

import (
	"io/fs"
	"os"
	"syscall"

	"github.com/gofrs/flock"
)

// canHandOver says that a child cannot be given a lock to hold here; the Redis
// inside this process is all there is.
const canHandOver = false

// lockAlive takes the lock that a Redis holds for as long as it lives, nil
// where one does.
func lockAlive(path string) (*os.File, error) {
	l := flock.New(path)
	ok, err := l.TryLock()
	if err != nil || !ok {
		return nil, err
	}
	// Every Redis is inside a process here and keeps no file, so there is
	// nothing that a second one could destroy.
	defer l.Close()
	return os.OpenFile(path, os.O_RDWR, 0o600)
}

func holds(int, string) bool { return false }

func ownGroup() *syscall.SysProcAttr { return nil }

func ownedByUs(fs.FileInfo) bool { return true }

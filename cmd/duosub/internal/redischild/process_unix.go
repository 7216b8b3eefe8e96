//go:build unix

package redischild

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// canHandOver says that a child can be given a lock to hold.
const canHandOver = true

// lockAlive takes the lock that a Redis holds for as long as it lives, nil
// where one does.
func lockAlive(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err != nil {
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, nil
		}
		return nil, &fs.PathError{Op: "lock", Path: path, Err: err}
	}
	return f, nil
}

// holds reports whether a process is the one that a lock was handed to. Where
// the system does not tell (it has no /proc), the answer is no.
func holds(pid int, path string) bool {
	theirs, err := os.Stat(fmt.Sprintf("/proc/%d/fd/%d", pid, handedOver))
	if err != nil {
		return false
	}
	ours, err := os.Stat(path)
	return err == nil && os.SameFile(theirs, ours)
}

// handedOver is the descriptor under which a child has its lock: the first one
// after standard input, output and error.
const handedOver = 3

func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func ownedByUs(fi fs.FileInfo) bool {
	st, ok := fi.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) == os.Getuid()
}

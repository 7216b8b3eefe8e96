//go:build unix

package media

import (
	"os/exec"
	"syscall"
)

// ownGroup lets the program run in a process group of its own, and kills the
// whole group when its context ends.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

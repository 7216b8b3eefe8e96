//go:build !unix

package media

import "os/exec"

// ownGroup does nothing here: the program alone is killed when its context
// ends.
func ownGroup(*exec.Cmd) {}

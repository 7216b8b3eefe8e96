package main

import (
	"os"
	"path/filepath"
)

// dataFolder is the folder where the program keeps what it must not lose:
// --data (or DUOSUB_DATA, or the configuration file), else
// $XDG_STATE_HOME/duosub, else ~/.local/state/duosub. It is made, for this
// user alone, where it is missing.
func (a *app) dataFolder(flag string) (string, error) {
	dir := flag
	if dir == "" {
		if state := a.env.get("XDG_STATE_HOME"); filepath.IsAbs(state) {
			dir = filepath.Join(state, "duosub")
		} else if home := a.env.get("HOME"); home != "" {
			dir = filepath.Join(home, ".local", "state", "duosub")
		} else {
			return "", usagef("there is no home folder to keep data in: give --data")
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", failf("the data folder cannot be made: %s", sentence(err))
	}
	return filepath.Abs(dir)
}

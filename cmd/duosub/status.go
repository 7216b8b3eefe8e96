package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/duosub/duosub/subtitles"
	"github.com/spf13/cobra"
)

// The exit statuses.
const (
	statusDone       = 0
	statusFailed     = 1 // also: check --strict has findings
	statusUsage      = 2 // wrong usage, an unknown pair among it
	statusIncomplete = 3 // finished but not published, or with gaps
)

// An exit is an error with the exit status that it leads to.
type exit struct {
	status int
	// message is one sentence; empty where everything has been said.
	message string
	err     error
}

func (e *exit) Error() string { return e.message }
func (e *exit) Unwrap() error { return e.err }

// usagef says that the command was used wrongly.
func usagef(format string, args ...any) error {
	return &exit{status: statusUsage, message: fmt.Sprintf(format, args...)}
}

// failf says that the command could not do its work.
func failf(format string, args ...any) error {
	return &exit{status: statusFailed, message: fmt.Sprintf(format, args...)}
}

// said is an exit about which everything has been said already.
func said(status int) error {
	if status == statusDone {
		return nil
	}
	return &exit{status: status}
}

// worse is the exit status of two inputs together: 1 over 3 over 0, and 2 over
// all.
func worse(a, b int) int {
	rank := map[int]int{statusDone: 0, statusIncomplete: 1, statusFailed: 2, statusUsage: 3}
	if rank[b] > rank[a] {
		return b
	}
	return a
}

// statusOf is the exit status that an error leads to.
func statusOf(err error) int {
	if err == nil {
		return statusDone
	}
	var e *exit
	if errors.As(err, &e) {
		return e.status
	}
	var se *subtitles.Error
	if errors.As(err, &se) && se.Kind == subtitles.ErrUnknownPair {
		return statusUsage
	}
	return statusFailed
}

// sentence is what an error says to a person: one line, a file's name before
// what is wrong with it.
func sentence(err error) string {
	s := err.Error()
	var pe *fs.PathError
	var le *os.LinkError
	switch {
	case errors.As(err, &le):
		s = le.New + ": " + le.Err.Error()
	case errors.As(err, &pe) && s == pe.Error():
		s = pe.Path + ": " + pe.Err.Error()
	}
	return strings.Join(strings.Fields(s), " ")
}

// noSuchCommand explains an unknown command.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return usagef("there is no command %q; did you mean %q?", args[0], near[0])
	}
	return usagef("there is no command %q", args[0])
}

// arguments bounds the number of arguments; most 0 means that there is no
// bound. what names them in the message.
func arguments(least, most int, what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch {
		case len(args) < least && least == 1:
			return usagef("%s is missing", what)
		case len(args) < least:
			return usagef("%s are needed, %d given", what, len(args))
		case most > 0 && len(args) > most:
			return usagef("%q is one argument too many", args[most])
		}
		return nil
	}
}

// noArguments refuses all.
func noArguments(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%q is an argument, and there is none to give", args[0])
	}
	return nil
}

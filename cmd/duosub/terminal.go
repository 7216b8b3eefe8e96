package main

// What a user sees, all rules in one place:
//
//   - Results go to standard output, everything else to standard error.
//   - A message is one line: "duosub: " and one sentence. A message about an
//     input names it first: "duosub: vlog.srt: …". A warning begins with
//     "duosub: warning: ". Wrong usage ends with where the help is.
//   - Nothing is printed twice, and no usage text follows an error.
//   - Progress is a bar where standard error is a terminal, and else a plain
//     line at each quarter of the way.
//   - With --json, standard output holds one JSON object a result and nothing
//     else; messages stay on standard error.
//   - Text from files and services is shown without control characters, so
//     that no subtitle can write on somebody's terminal as it likes.
//   - A warning that nobody may miss stands in a box.

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"unicode"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// terminal is where the program says what it has to say. Its methods are safe
// for concurrent use.
type terminal struct {
	out, err io.Writer
	// bars says that progress is shown as bars.
	bars bool

	mu  sync.Mutex
	bar *progressBar // drawn on the last line of err, or nil
}

func newTerminal(out, err io.Writer) *terminal {
	return &terminal{out: out, err: err, bars: isTerminal(err)}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// printf writes one line of a result.
func (t *terminal) printf(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.clearBar()
	fmt.Fprintf(t.out, format+"\n", args...)
	t.drawBar()
}

// json writes one JSON object on a line.
func (t *terminal) json(v any) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.clearBar()
	defer t.drawBar()
	enc := json.NewEncoder(t.out)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// say writes a message for a person.
func (t *terminal) say(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.clearBar()
	fmt.Fprintln(t.err, "duosub: "+clean(fmt.Sprintf(format, args...)))
	t.drawBar()
}

func (t *terminal) warn(format string, args ...any) {
	t.say("warning: "+format, args...)
}

// box writes a warning that nobody may miss.
func (t *terminal) box(lines ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.clearBar()
	width := 0
	for _, l := range lines {
		width = max(width, len([]rune(l)))
	}
	edge := "+" + strings.Repeat("-", width+2) + "+"
	fmt.Fprintln(t.err, edge)
	for _, l := range lines {
		fmt.Fprintf(t.err, "| %-*s |\n", width, l)
	}
	fmt.Fprintln(t.err, edge)
	t.drawBar()
}

// finish says what went wrong, if anything did, and answers the exit status.
func (t *terminal) finish(cmd *cobra.Command, err error) int {
	if err == nil {
		return statusDone
	}
	var e *exit
	if errors.As(err, &e) && e.message == "" {
		return e.status
	}
	status := statusOf(err)
	if status == statusUsage {
		t.say("%s; see \"%s --help\"", sentence(err), cmd.CommandPath())
		return status
	}
	t.say("%s", sentence(err))
	return status
}

// clean replaces what could act on a terminal.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return '\uFFFD'
		}
		return r
	}, s)
}

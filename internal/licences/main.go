// Command licences lists the licence of every module that is linked into a
// package, by the text of the modules' licence files, and fails where one is
// copyleft of the GNU kind or not known.
//
//	go run ./internal/licences ./cmd/duosub
package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: licences package")
		os.Exit(2)
	}
	ok, err := run(os.Stdout, os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}

// run prints the table, and false where a module must not be linked.
func run(w io.Writer, pkg string) (bool, error) {
	modules, err := linked(pkg)
	if err != nil {
		return false, err
	}
	if len(modules) == 0 {
		return false, fmt.Errorf("%s links no modules: is it the right package?", pkg)
	}
	var verdicts []verdict
	for _, m := range modules {
		v, err := judge(m)
		if err != nil {
			return false, err
		}
		verdicts = append(verdicts, v)
	}
	return printTable(w, verdicts)
}

// printTable writes one line for each module, then what is wrong.
func printTable(w io.Writer, verdicts []verdict) (bool, error) {
	table := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	ok := true
	for _, v := range verdicts {
		fmt.Fprintf(table, "%s\t%s\t%s\n", strings.Join(v.licences, ", "), v.module, v.version)
	}
	if err := table.Flush(); err != nil {
		return false, err
	}
	for _, v := range verdicts {
		for _, wrong := range v.wrong {
			ok = false
			if _, err := fmt.Fprintf(w, "%s %s: %s\n", v.module, v.version, wrong); err != nil {
				return false, err
			}
		}
	}
	return ok, nil
}

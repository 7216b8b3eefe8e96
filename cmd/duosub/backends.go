package main

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/translate"
	"github.com/duosub/duosub/translate/all"
	"github.com/duosub/duosub/worker"
	"github.com/spf13/cobra"
)

// maxGlossary bounds a glossary file in bytes.
const maxGlossary = 64 << 20

// translationFlags are what every command that translates takes.
type translationFlags struct {
	backends   []string
	glossaries []string
	memory     []string
}

func (f *translationFlags) add(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.StringArrayVar(&f.backends, "backend", nil, "translation backend, `NAME?key=value`, such as openai?model=…; repeated ones are fallbacks")
	fs.StringArrayVar(&f.glossaries, "glossary", nil, "CSV or TSV `file` of terms; NAME=FILE for one that jobs choose by name")
	fs.StringArrayVar(&f.memory, "memory", nil, "TMX `file` with translations to use, or the URL of a Redis that keeps them")
	complete(cmd, "backend", func() []string { return all.Names() })
}

// complete offers the values of a flag to the shell.
func complete(cmd *cobra.Command, flag string, values func() []string) {
	// It fails only for a flag that is not there, which a test would show.
	_ = cmd.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return values(), cobra.ShellCompDirectiveNoFileComp
	})
}

// completeFormats offers lists of formats: what stands before the last comma
// is kept.
func completeFormats(cmd *cobra.Command) {
	_ = cmd.RegisterFlagCompletionFunc("formats", func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		before := typed[:strings.LastIndexByte(typed, ',')+1]
		var values []string
		for _, f := range formatNames() {
			if !slices.Contains(strings.Split(before, ","), f) {
				values = append(values, before+f)
			}
		}
		return values, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	})
}

// pairs are the language pairs offered to the shell.
func pairs() []string {
	return []string{"zh-Hans,en", "zh-Hant,en", "zh-Hant-HK,en", "zh-Hant-TW,en", "en,zh-Hans", "en,zh-Hant", "en,zh-Hant-HK", "en,zh-Hant-TW"}
}

// openBackends opens what --backend names. Credentials come from the
// environment.
func (a *app) openBackends(specs []string) ([]*translate.Backend, error) {
	if len(specs) == 0 {
		return nil, usagef("no backend is named: give --backend, for example --backend 'openai?model=…' with OPENAI_API_KEY set, or --backend none to use nothing but the memory and the glossary")
	}
	var backends []*translate.Backend
	for _, spec := range specs {
		b, err := all.Open(spec, a.env.get)
		if err != nil {
			var te *translate.Error
			if errors.As(err, &te) && te.Kind == translate.KindInvalid {
				return nil, usagef("--backend: %s", sentence(err))
			}
			return nil, err
		}
		backends = append(backends, b)
	}
	return backends, nil
}

// openGlossaries reads glossaries by name; those without a name, and the one
// called "default", are for those who name none. Several files of one name are
// one glossary.
func openGlossaries(values []string) (map[string]*translate.Glossary, error) {
	glossaries := map[string]*translate.Glossary{}
	for _, v := range values {
		name, path, named := strings.Cut(v, "=")
		if !named || fileExists(v) {
			name, path = worker.DefaultGlossary, v
		}
		data, err := readBounded(path, maxGlossary)
		if err != nil {
			return nil, failf("the glossary %s", sentence(err))
		}
		g, err := translate.ReadGlossary(bytes.NewReader(data))
		if err != nil {
			return nil, failf("the glossary %s: %s", path, sentence(err))
		}
		glossaries[name] = translate.Merge(glossaries[name], g)
	}
	return glossaries, nil
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// checkProfile checks --profile.
func checkProfile(name string) error {
	if _, ok := subtitles.ProfileByName(name); !ok {
		return usagef("unknown profile %q: use %s", name, strings.Join(subtitles.ProfileNames(), " or "))
	}
	return nil
}

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"
)

// A setting can stand in duosub.yaml, in the environment and among the flags,
// each overriding the one before. The flag's name is the key with hyphens, the
// variable's the key in capitals after DUOSUB_.
type setting struct {
	key string
	// list settings take several values: a list in the file, values divided
	// by spaces in the environment, a repeated flag.
	list bool
	// path settings are relative to the file's folder where they stand in it.
	path bool
	// named settings take a mapping in the file, its entries becoming
	// KEY=VALUE.
	named bool
}

// settings lists them all.
var settings = []setting{
	{key: "pair"},
	{key: "source"},
	{key: "backend", list: true},
	{key: "glossary", list: true, path: true, named: true},
	{key: "memory", path: true},
	{key: "formats"},
	{key: "profile"},
	{key: "partial"},
	{key: "out", path: true},
	{key: "data", path: true},
	{key: "redis"},
	{key: "store"},
	{key: "listen"},
	{key: "allow_source", list: true},
	{key: "concurrency"},
	{key: "backfill_concurrency"},
	{key: "log_level"},
}

// otherVariables begin with DUOSUB_ and are no settings: credentials, which
// stand nowhere but in the environment, and what steers the tests.
var otherVariables = []string{"DUOSUB_CONFIG", "DUOSUB_TOKEN", "DUOSUB_SIGNING_KEY", "DUOSUB_REQUIRE", "DUOSUB_CORPUS"}

func (s setting) flag() string     { return strings.ReplaceAll(s.key, "_", "-") }
func (s setting) variable() string { return "DUOSUB_" + strings.ToUpper(s.key) }

// ownMeaning annotates a flag that has a setting's name and means something
// else.
const ownMeaning = "duosub_own_meaning"

// credentialKey recognises keys that no file may hold.
var credentialKey = regexp.MustCompile(`(?i)(^|_)(key|token|secret|password|passwd|credentials?)$`)

// A value is what one place says about a setting.
type value struct {
	values []string
	origin string // "duosub.yaml line 3", "DUOSUB_PAIR"
}

// configure gives the command's flags the values of the environment and the
// configuration file where they were not given themselves.
func (a *app) configure(cmd *cobra.Command, _ []string) error {
	if cmd.Name() == "help" || cmd.Parent() != nil && cmd.Parent().Name() == "completion" ||
		cmd.Name() == cobra.ShellCompRequestCmd || cmd.Name() == cobra.ShellCompNoDescRequestCmd {
		return nil
	}
	a.warnOfUnknownVariables()
	file, err := a.readConfig()
	if err != nil {
		return err
	}
	for _, s := range settings {
		f := cmd.Flags().Lookup(s.flag())
		if f == nil || f.Annotations[ownMeaning] != nil {
			continue
		}
		if f.Changed {
			if s.key == "redis" && carriesPassword(f.Value.String()) {
				return usagef("--redis carries a password, which every user of this machine can read there: put the address into DUOSUB_REDIS")
			}
			continue
		}
		v, ok := file[s.key]
		if text := a.env.get(s.variable()); text != "" {
			v, ok = value{values: []string{text}, origin: s.variable()}, true
			if s.list {
				v.values = strings.Fields(text)
			}
		}
		if !ok {
			continue
		}
		if err := set(f, v.values); err != nil {
			return usagef("%s: %v", v.origin, err)
		}
	}
	return nil
}

func set(f *pflag.Flag, values []string) error {
	if list, ok := f.Value.(pflag.SliceValue); ok {
		return list.Replace(values)
	}
	if len(values) != 1 {
		return fmt.Errorf("%s takes one value, not %d", f.Name, len(values))
	}
	if err := f.Value.Set(values[0]); err != nil {
		return fmt.Errorf("%q is no %s", values[0], f.Value.Type())
	}
	return nil
}

func (a *app) warnOfUnknownVariables() {
	known := slices.Clone(otherVariables)
	for _, s := range settings {
		known = append(known, s.variable())
	}
	var unknown []string
	for name, text := range a.env {
		if text != "" && strings.HasPrefix(name, "DUOSUB_") && !slices.Contains(known, name) {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	for _, name := range unknown {
		a.term.warn("the environment variable %s is none that duosub knows", name)
	}
}

// readConfig reads the configuration file: the one that --config or
// DUOSUB_CONFIG names, which then must be there, else duosub.yaml here, else
// the user's.
func (a *app) readConfig() (map[string]value, error) {
	path := a.configFile
	if path == "" {
		path = a.env.get("DUOSUB_CONFIG")
	}
	if path != "" {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, usagef("the configuration cannot be read: %s", sentence(err))
		}
		return parseConfig(path, data)
	}
	candidates := []string{"duosub.yaml"}
	if dir := a.env.get("XDG_CONFIG_HOME"); filepath.IsAbs(dir) {
		candidates = append(candidates, filepath.Join(dir, "duosub", "duosub.yaml"))
	} else if home := a.env.get("HOME"); home != "" {
		candidates = append(candidates, filepath.Join(home, ".config", "duosub", "duosub.yaml"))
	}
	for _, path := range candidates {
		data, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, usagef("the configuration cannot be read: %s", sentence(err))
		}
		return parseConfig(path, data)
	}
	return nil, nil
}

// parseConfig reads a configuration file. Errors name the line.
func parseConfig(path string, data []byte) (map[string]value, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, usagef("%s: %s", path, strings.TrimPrefix(sentence(err), "yaml: "))
	}
	if len(doc.Content) == 0 {
		return nil, nil // nothing but comments
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		return nil, usagef("%s line %d: a list of “key: value” is expected", path, root.Line)
	}
	config := map[string]value{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, node := root.Content[i], root.Content[i+1]
		at := fmt.Sprintf("%s line %d", path, key.Line)
		s, err := settingOf(key.Value, at)
		if err != nil {
			return nil, err
		}
		if _, twice := config[s.key]; twice {
			return nil, usagef("%s: %s stands there twice", at, s.key)
		}
		values, err := s.read(node, at)
		if err != nil {
			return nil, err
		}
		for j, v := range values {
			if carriesPassword(v) {
				return nil, usagef("%s: %s carries a password, and credentials do not belong into this file: put the address into %s", at, s.key, s.variable())
			}
			if s.path {
				values[j] = relativeTo(filepath.Dir(path), v, s.named)
			}
		}
		config[s.key] = value{values: values, origin: at + ": " + s.key}
	}
	return config, nil
}

func settingOf(key, at string) (setting, error) {
	for _, s := range settings {
		if s.key == key {
			return s, nil
		}
	}
	if credentialKey.MatchString(key) {
		return setting{}, usagef("%s: %s looks like a credential, and credentials do not belong into this file: they come from the environment alone", at, key)
	}
	var keys []string
	for _, s := range settings {
		keys = append(keys, s.key)
	}
	return setting{}, usagef("%s: unknown key %s; known are %s", at, key, strings.Join(keys, ", "))
}

// read answers the values of a setting in the file.
func (s setting) read(node *yaml.Node, at string) ([]string, error) {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	switch {
	case node.Kind == yaml.ScalarNode && node.Tag != "!!null":
		return []string{node.Value}, nil
	case node.Kind == yaml.SequenceNode && (s.list || s.key == "formats"):
		var values []string
		for _, item := range node.Content {
			if item.Kind != yaml.ScalarNode || item.Tag == "!!null" {
				return nil, usagef("%s: %s holds something other than plain values", at, s.key)
			}
			values = append(values, item.Value)
		}
		if !s.list {
			values = []string{strings.Join(values, ",")}
		}
		return values, nil
	case node.Kind == yaml.MappingNode && s.named:
		var values []string
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i+1].Kind != yaml.ScalarNode {
				return nil, usagef("%s: %s holds something other than “name: file”", at, s.key)
			}
			values = append(values, node.Content[i].Value+"="+node.Content[i+1].Value)
		}
		return values, nil
	}
	if s.list {
		return nil, usagef("%s: %s must be a value or a list of values", at, s.key)
	}
	return nil, usagef("%s: %s must be one value", at, s.key)
}

// relativeTo makes a path of the file one that holds from here.
func relativeTo(dir, v string, named bool) string {
	name := ""
	if named {
		if n, path, ok := strings.Cut(v, "="); ok {
			name, v = n+"=", path
		}
	}
	if v == "" || filepath.IsAbs(v) || strings.Contains(v, "://") {
		return name + v
	}
	return name + filepath.Join(dir, v)
}

func carriesPassword(address string) bool {
	if !strings.Contains(address, "://") {
		return false
	}
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	_, has := u.User.Password()
	return has
}

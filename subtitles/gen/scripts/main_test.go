package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// dictionaries writes OpenCC's files, reduced to a few entries, to a folder.
func dictionaries(t *testing.T, files map[string]string) string {
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestRunKeepsOnlyWhatOneScriptHas(t *testing.T) {
	dir := dictionaries(t, map[string]string{
		"STCharacters.txt": "# a comment\n们\t們\n后\t後 后\n群\t羣\n雇\t僱\n并\t並 併\n",
		"TSCharacters.txt": "們\t们\n後\t后\n羣\t群\n着\t着\n",
		"TWVariants.txt":   "羣\t群\n",
		"HKVariants.txt":   "衛\t衞\n",
	})
	var out strings.Builder
	if err := run(dir, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"hansOnly are the 2 ", `"们并"`, "hantOnly are the 3 ", `"們後羣"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s is missing in\n%s", want, out.String())
		}
	}
}

func TestRunRefusesAFolderWithoutDictionaries(t *testing.T) {
	if err := run(t.TempDir(), &strings.Builder{}); err == nil {
		t.Error("an empty folder is accepted")
	}
	dir := dictionaries(t, map[string]string{"STCharacters.txt": "# nothing\n", "TSCharacters.txt": "們\t们\n"})
	if err := run(dir, &strings.Builder{}); err == nil {
		t.Error("an empty dictionary is accepted")
	}
}

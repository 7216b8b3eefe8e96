package server

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/worker"
)

func TestEveryCodeIsExplained(t *testing.T) {
	page, err := os.ReadFile("../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	for code, k := range kinds {
		if k.status < 400 || k.status > 599 || k.title == "" {
			t.Errorf("%s: %+v", code, k)
		}
		// Problem.Type leads there.
		if !strings.Contains(string(page), `<a id="`+string(code)+`"></a>`) {
			t.Errorf("docs/api.md does not explain %s", code)
		}
	}
}

func TestDetailIsOneLineAndBounded(t *testing.T) {
	_, err := subtitles.ParsePair(strings.Repeat("长\n\x00\xff", 5000))
	p := problemOf(err)
	if p.Code != string(worker.CodeUnknownPair) || utf8.RuneCountInString(p.Detail) != maxDetail+1 || strings.ContainsAny(p.Detail, "\n\x00") || !utf8.ValidString(p.Detail) {
		t.Errorf("%q", p.Detail)
	}
	if got := clamp("short “text”"); got != "short “text”" {
		t.Errorf("%q", got)
	}
}

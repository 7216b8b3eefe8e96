package all_test

import (
	"strings"
	"testing"

	"github.com/duosub/duosub/translate"
	"github.com/duosub/duosub/translate/all"
)

func TestOpen(t *testing.T) {
	env := func(name string) string {
		if name == "OPENAI_API_KEY" {
			return "k"
		}
		return ""
	}
	for spec, id := range map[string]string{"none": "none/", "openai?model=m": "openai/m"} {
		b, err := all.Open(spec, env)
		if err != nil || b.ID() != id {
			t.Errorf("%s: %v", spec, err)
		}
	}
	for _, spec := range []string{"babelfish", "none?model=m", "", "openai"} {
		if _, err := all.Open(spec, env); translate.KindOf(err) != translate.KindInvalid {
			t.Errorf("%q: %v", spec, err)
		}
	}
	_, err := all.Open("babelfish", env)
	for _, name := range all.Names() {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("the error does not name %s: %v", name, err)
		}
	}
}

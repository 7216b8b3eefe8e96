package translate

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestParseSpec(t *testing.T) {
	for s, want := range map[string]Spec{
		"none":                    {"none", map[string]string{}},
		"openai?model=gpt-5-mini": {"openai", map[string]string{"model": "gpt-5-mini"}},
		"qwen-mt?model=a%26b&x=":  {"qwen-mt", map[string]string{"model": "a&b", "x": ""}},
		"openai?base_url=http://localhost:11434/v1&model=qwen3:8b+q4": {"openai", map[string]string{"base_url": "http://localhost:11434/v1", "model": "qwen3:8b+q4"}},
		"openai?max_tokens=100": {"openai", map[string]string{"max_tokens": "100"}},
	} {
		got, err := ParseSpec(s)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", s, got, err)
			continue
		}
		again, err := ParseSpec(got.String())
		if err != nil || !reflect.DeepEqual(again, got) {
			t.Errorf("%s is written %s, which is read as %+v, %v", s, got, again, err)
		}
	}
}

func TestParseSpecRefuses(t *testing.T) {
	for _, s := range []string{"", "?model=m", "OpenAI", "openai?model", "openai?=m", "openai?model=m&model=m", "openai?model=%zz", "openai?Model=m", "openai?a=b&&c=d",
		"openai?api_key=sk-geheim", "openai?key=geheim", "openai?token=geheim", "openai?x=sk-geheim", "openai?base_url=https://u:geheim@example.com", "deepl?auth_key=geheim"} {
		_, err := ParseSpec(s)
		var e *Error
		if !errors.As(err, &e) || e.Kind != KindInvalid || e.Message == "" {
			t.Errorf("%q: %v", s, err)
			continue
		}
		if strings.Contains(err.Error(), "geheim") {
			t.Errorf("%q: the error shows the credential: %v", s, err)
		}
	}
}

func FuzzParseSpec(f *testing.F) {
	for _, s := range []string{"openai?model=m&x=%20", "none", "a?b=c&d=e", "?", "a?b=%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		spec, err := ParseSpec(s)
		if err != nil {
			if KindOf(err) != KindInvalid {
				t.Fatal(err)
			}
			return
		}
		again, err := ParseSpec(spec.String())
		if err != nil || !reflect.DeepEqual(again, spec) {
			t.Fatalf("%q is written %q and read as %+v, %v", s, spec.String(), again, err)
		}
	})
}

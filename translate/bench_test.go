package translate_test

import (
	"testing"

	"github.com/duosub/duosub/translate"
)

// BenchmarkTranslate is what the layer itself costs for a track of 2,000
// sentences: cutting, encoding, checking and the lag test, with a backend that
// answers at once.
func BenchmarkTranslate(b *testing.B) {
	w := sentences(2000)
	backend := translate.NewBackend(&fake{caps: translate.Caps{LLM: true}}, 0)
	for b.Loop() {
		tr, err := translate.New(translate.Config{Backends: []*translate.Backend{backend}})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := tr.Translate(b.Context(), w); err != nil {
			b.Fatal(err)
		}
	}
}

package translate

import (
	"io"

	"golang.org/x/text/language"
)

// A Term is a word or name and how it is to be translated.
type Term struct{ Source, Target string }

// A Glossary holds terms for one or more language pairs. The zero value and
// nil are empty glossaries.
type Glossary struct{}

// ReadGlossary reads a CSV or TSV file.
func ReadGlossary(r io.Reader) (*Glossary, error) { panic("unimplemented") }

// Match answers the terms that occur in text, longest first where they
// overlap, without duplicates.
func (g *Glossary) Match(source, target language.Tag, text string) []Term { panic("unimplemented") }

// Missing answers those of terms whose target does not occur in translation.
func Missing(terms []Term, target language.Tag, translation string) []Term { panic("unimplemented") }

// HashTerms is the hash that a memory entry carries: of the terms that match
// its unit, "" for none.
func HashTerms(terms []Term) string { panic("unimplemented") }

// Hash is a hash of the whole glossary, "" for an empty one.
func (g *Glossary) Hash() string { panic("unimplemented") }

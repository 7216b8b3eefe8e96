package translate

import "context"

// OpenNone makes the backend "none": memory and glossary answer, whatever
// model an entry comes from, and nothing is sent anywhere. It has no options.
func OpenNone(spec Spec, _ Env) (Driver, error) {
	if err := spec.Reader().Err(); err != nil {
		return nil, err
	}
	return none{}, nil
}

type none struct{}

func (none) Caps() Caps { return Caps{Name: "none", Policy: "none", MemoryOnly: true} }

// Translate is never called by a [Translator].
func (none) Translate(context.Context, *Request) (*Reply, error) {
	return nil, &Error{Kind: KindUnsupported, Backend: "none", Message: "this backend translates nothing: give another one with --backend"}
}

package translate

// A Spec is a parsed --backend value, NAME?key=value&key=value.
type Spec struct {
	Name    string
	Options map[string]string
}

// An Env looks up an environment variable, as os.Getenv does. Credentials
// come from it and from nowhere else.
type Env func(name string) string

// ParseSpec reads NAME?key=value. A key given twice, an empty name and
// anything that looks like a credential in the options is an [*Error] of kind
// KindInvalid.
func ParseSpec(s string) (Spec, error) { panic("unimplemented") }

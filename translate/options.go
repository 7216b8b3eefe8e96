package translate

import (
	"math/big"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An OptionReader reads the options of a Spec for a driver and remembers what
// is wrong with them. Its methods answer the default (or the zero value) for
// an option that is not set or cannot be read; [OptionReader.Err] tells.
type OptionReader struct {
	spec Spec
	used []string
	err  error
}

// Reader starts reading the spec's options.
func (s Spec) Reader() *OptionReader { return &OptionReader{spec: s} }

func (r *OptionReader) take(key string) (string, bool) {
	r.used = append(r.used, key)
	v, ok := r.spec.Options[key]
	return v, ok && v != ""
}

func (r *OptionReader) fail(key, want string) {
	if r.err == nil {
		r.err = specError(r.spec.Name, "option %s must be %s", key, want)
	}
}

// String reads a text.
func (r *OptionReader) String(key, otherwise string) string {
	if v, ok := r.take(key); ok {
		return v
	}
	return otherwise
}

// Choice reads one of a few words.
func (r *OptionReader) Choice(key, otherwise string, words ...string) string {
	v, ok := r.take(key)
	if !ok {
		return otherwise
	}
	if !slices.Contains(words, v) {
		r.fail(key, "one of "+strings.Join(words, ", "))
		return otherwise
	}
	return v
}

// Int reads a whole number from 1 to most.
func (r *OptionReader) Int(key string, otherwise, most int) int {
	v, ok := r.take(key)
	if !ok {
		return otherwise
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 || n > most {
		r.fail(key, "a whole number from 1 to "+strconv.Itoa(most))
		return otherwise
	}
	return n
}

// Duration reads a duration such as 90s, above zero.
func (r *OptionReader) Duration(key string, otherwise time.Duration) time.Duration {
	v, ok := r.take(key)
	if !ok {
		return otherwise
	}
	d, err := time.ParseDuration(v)
	if err != nil || d <= 0 {
		r.fail(key, "a duration such as 90s or 2m")
		return otherwise
	}
	return d
}

// Float reads a number between two bounds; nil when it is not set.
func (r *OptionReader) Float(key string, least, most float64) *float64 {
	v, ok := r.take(key)
	if !ok {
		return nil
	}
	f, err := strconv.ParseFloat(v, 64)
	if err != nil || !(f >= least && f <= most) {
		r.fail(key, "a number from "+strconv.FormatFloat(least, 'g', -1, 64)+" to "+strconv.FormatFloat(most, 'g', -1, 64))
		return nil
	}
	return &f
}

// Int64 reads any whole number; nil when it is not set.
func (r *OptionReader) Int64(key string) *int64 {
	v, ok := r.take(key)
	if !ok {
		return nil
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil {
		r.fail(key, "a whole number")
		return nil
	}
	return &n
}

// Money reads a decimal number, such as 0.15, in millionths.
func (r *OptionReader) Money(key string) int64 {
	v, ok := r.take(key)
	if !ok {
		return 0
	}
	rat, valid := new(big.Rat).SetString(v)
	if !valid || len(v) > 20 || strings.ContainsAny(v, "eE/xX_pP") || rat.Sign() < 0 {
		r.fail(key, "a decimal number such as 0.15")
		return 0
	}
	rat.Mul(rat, big.NewRat(1_000_000, 1))
	if !rat.IsInt() || !rat.Num().IsInt64() {
		r.fail(key, "a decimal number with at most six decimals")
		return 0
	}
	return rat.Num().Int64()
}

// Price reads price_in and price_out (per million tokens) or price_chars (per
// million characters), and currency (ISO 4217, USD where a price is given
// without one).
func (r *OptionReader) Price() Price {
	p := Price{InputPerMillion: r.Money("price_in"), OutputPerMillion: r.Money("price_out"), CharactersPerMillion: r.Money("price_chars")}
	p.Currency = r.String("currency", "")
	if p.Currency != "" && (len(p.Currency) != 3 || strings.ToUpper(p.Currency) != p.Currency) {
		r.fail("currency", "an ISO 4217 code such as USD")
		p.Currency = ""
	}
	// A free backend is priced too: price_in=0.
	_, in := r.spec.Options["price_in"]
	_, out := r.spec.Options["price_out"]
	_, chars := r.spec.Options["price_chars"]
	if p.Currency == "" && (in || out || chars) {
		p.Currency = "USD"
	}
	if !in && !out && !chars {
		p = Price{}
	}
	return p
}

// BaseURL reads the address of an endpoint: http or https, without user,
// query and fragment; a slash at its end is dropped.
func (r *OptionReader) BaseURL(key, otherwise string) *url.URL {
	v := r.String(key, otherwise)
	u, err := url.Parse(v)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		r.fail(key, "an http or https address without user, query and fragment")
		return &url.URL{}
	}
	u.Path = strings.TrimRight(u.Path, "/")
	return u
}

// Err is the first thing that was wrong, an unknown option included: call it
// when every option has been read.
func (r *OptionReader) Err() error {
	if r.err != nil {
		return r.err
	}
	var unknown []string
	for key := range r.spec.Options {
		if !slices.Contains(r.used, key) {
			unknown = append(unknown, key)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	slices.Sort(unknown)
	known := slices.Compact(slices.Sorted(slices.Values(r.used)))
	if len(known) == 0 {
		return specError(r.spec.Name, "unknown option %s: this backend has no options", unknown[0])
	}
	return specError(r.spec.Name, "unknown option %s: use %s", unknown[0], strings.Join(known, ", "))
}

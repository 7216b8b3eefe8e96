package openai

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/duosub/duosub/translate"
)

// kinds maps the codes and types of errors that OpenAI and compatible
// endpoints send. Codes come before the HTTP status, since a 429 can mean
// "wait" or "pay".
var kinds = map[string]translate.Kind{
	"rate_limit_exceeded":                  translate.KindRateLimited,
	"rate_limit_error":                     translate.KindRateLimited,
	"rate_limit_reached":                   translate.KindRateLimited,
	"slow_down":                            translate.KindRateLimited,
	"requests":                             translate.KindRateLimited,
	"tokens":                               translate.KindRateLimited,
	"throttling":                           translate.KindRateLimited,
	"throttling.ratequota":                 translate.KindRateLimited,
	"limit_requests":                       translate.KindRateLimited,
	"limit_burst_rate":                     translate.KindRateLimited,
	"engine_overloaded":                    translate.KindTransient,
	"server_error":                         translate.KindTransient,
	"internal_server_error":                translate.KindTransient,
	"insufficient_quota":                   translate.KindQuota,
	"quota_exceeded":                       translate.KindQuota,
	"insufficient_balance":                 translate.KindQuota,
	"billing_not_active":                   translate.KindQuota,
	"billing_hard_limit_reached":           translate.KindQuota,
	"credit_balance_exhausted":             translate.KindQuota,
	"organization_usage_limit_exceeded":    translate.KindQuota,
	"arrearage":                            translate.KindQuota,
	"throttling.allocationquota":           translate.KindRateLimited,
	"allocationquota.freetieronly":         translate.KindQuota,
	"invalid_api_key":                      translate.KindAuth,
	"invalidapikey":                        translate.KindAuth,
	"account_deactivated":                  translate.KindAuth,
	"invalid_organization":                 translate.KindAuth,
	"authentication_error":                 translate.KindAuth,
	"permission_error":                     translate.KindAuth,
	"unsupported_country_region_territory": translate.KindAuth,
	"model_not_found":                      translate.KindInvalid,
	"unsupported_value":                    translate.KindInvalid,
	"context_length_exceeded":              translate.KindTooLong,
	"exceed_context_size_error":            translate.KindTooLong,
	"string_above_max_length":              translate.KindTooLong,
	"request_too_large":                    translate.KindTooLong,
	"content_policy_violation":             translate.KindRefused,
	"content_filter":                       translate.KindRefused,
	"data_inspection_failed":               translate.KindRefused,
	"datainspectionfailed":                 translate.KindRefused,
}

// messages say what to do, by kind.
var messages = map[translate.Kind]string{
	translate.KindTransient:   "the endpoint failed for the moment",
	translate.KindRateLimited: "the endpoint asks to wait",
	translate.KindQuota:       "the account has no credit or quota left: top it up or raise its limit",
	translate.KindAuth:        "the endpoint rejects the credentials: check OPENAI_API_KEY and what the key may use",
	translate.KindTooLong:     "the request is longer than the model takes",
	translate.KindRefused:     "the endpoint's filter refuses this text",
	translate.KindInvalid:     "the endpoint rejects the request: check the options of the backend",
}

// kindOfCode is the kind that a provider's code stands for, "" when unknown.
func kindOfCode(code string) translate.Kind {
	code = strings.ToLower(code)
	if strings.HasSuffix(code, "_spend_limit_exceeded") || strings.HasSuffix(code, "_spend_limit_reached") {
		return translate.KindQuota
	}
	return kinds[code]
}

func knownCode(code string) bool { return kindOfCode(code) != "" }

// kindOfStatus is what a status means where the body does not say more.
func kindOfStatus(status int) translate.Kind {
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return translate.KindAuth
	case status == http.StatusPaymentRequired:
		return translate.KindQuota
	case status == http.StatusRequestEntityTooLarge:
		return translate.KindTooLong
	case status == http.StatusTooManyRequests:
		return translate.KindRateLimited
	case status == http.StatusRequestTimeout || status == http.StatusConflict || status == http.StatusTooEarly || status >= 500 || status == http.StatusOK:
		return translate.KindTransient
	}
	return translate.KindInvalid
}

// classify turns an error answer into an Error. The body's message is not
// passed on: it may repeat what was sent.
func classify(status int, header http.Header, body []byte) *translate.Error {
	e := &translate.Error{Backend: name}
	// The more special field is looked at first.
	for _, code := range errorCodes(body) {
		if kind := kindOfCode(code); kind != "" {
			e.Code, e.Kind = code, kind
			break
		}
		if e.Code == "" {
			e.Code = code
		}
	}
	if e.Kind == "" {
		e.Kind = kindOfStatus(status)
	}
	if e.Code == "" {
		e.Code = "http_" + strconv.Itoa(status)
	}
	e.Message = messages[e.Kind]
	switch {
	case status == http.StatusNotFound && e.Kind == translate.KindInvalid:
		e.Message = "the endpoint does not know this model or address: check model and base_url"
	case status >= 300 && status < 400:
		e.Message = "the endpoint redirects elsewhere: give its final address as base_url"
	}
	if e.Kind == translate.KindRateLimited || e.Kind == translate.KindTransient {
		e.RetryAfter = retryAfter(header, time.Now())
	}
	return e
}

// errorCodes are the code and type of an error body, in the shapes that
// endpoints use: {"error":{"code","type"}}, {"code","type"}, {"error":"…"}.
func errorCodes(body []byte) []string {
	type fields struct {
		Code json.RawMessage `json:"code"`
		Type json.RawMessage `json:"type"`
	}
	var outer struct {
		fields
		Error json.RawMessage `json:"error"`
	}
	if json.Unmarshal(body, &outer) != nil {
		return nil
	}
	inner := outer.fields
	if len(outer.Error) > 0 {
		var f fields
		if json.Unmarshal(outer.Error, &f) == nil {
			inner = f
		}
	}
	var codes []string
	for _, raw := range []json.RawMessage{inner.Code, inner.Type} {
		var s string
		if json.Unmarshal(raw, &s) == nil && isCode(s) {
			codes = append(codes, s)
		}
	}
	return codes
}

// isCode keeps anything but a code (a sentence, a text, a key) out of errors.
func isCode(s string) bool {
	if s == "" || len(s) > 64 || strings.HasPrefix(s, "sk-") {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '.' || c == '-') {
			return false
		}
	}
	return true
}

// retryAfter is how long the headers ask to wait: Retry-After in seconds or
// as a date (RFC 9110 §10.2.3), its milliseconds form, or the resets that
// OpenAI sends, of the limit that is used up.
func retryAfter(h http.Header, now time.Time) time.Duration {
	if ms, err := strconv.ParseFloat(h.Get("Retry-After-Ms"), 64); err == nil && ms > 0 {
		return bounded(ms / 1000)
	}
	if v := h.Get("Retry-After"); v != "" {
		if s, err := strconv.ParseFloat(v, 64); err == nil {
			return bounded(s)
		}
		if t, err := http.ParseTime(v); err == nil {
			return bounded(t.Sub(now).Seconds())
		}
	}
	var wait time.Duration
	for _, limit := range []string{"Requests", "Tokens"} {
		d, err := time.ParseDuration(h.Get("X-Ratelimit-Reset-" + limit))
		if err != nil || d <= 0 {
			continue
		}
		if h.Get("X-Ratelimit-Remaining-"+limit) == "0" {
			return bounded(d.Seconds())
		}
		wait = max(wait, d)
	}
	return bounded(wait.Seconds())
}

// bounded keeps a wait between nothing and a day.
func bounded(seconds float64) time.Duration {
	return time.Duration(min(max(seconds, 0), 86400) * float64(time.Second))
}

// transportError is a call that got no answer. ctx is the caller's, call the
// one with this call's own time limit.
func transportError(ctx, call context.Context, err error) error {
	if ctx.Err() != nil {
		return &translate.Error{Kind: translate.KindCanceled, Backend: name, Message: "the call was given up", Err: ctx.Err()}
	}
	e := &translate.Error{Kind: translate.KindTransient, Backend: name, Message: "the endpoint cannot be reached: check base_url and the network", Err: err}
	if errors.Is(call.Err(), context.DeadlineExceeded) {
		e.Code, e.Message = "timeout", "the endpoint did not answer in time: option timeout says how long to wait"
	}
	return e
}

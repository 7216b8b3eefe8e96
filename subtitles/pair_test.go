package subtitles

import (
	"encoding/json"
	"errors"
	"testing"

	"golang.org/x/text/language"
)

func TestParsePair(t *testing.T) {
	for in, want := range map[string]string{
		"zh-Hans,en": "zh-Hans,en", "en,zh-Hans": "en,zh-Hans", " zh-Hans , en ": "zh-Hans,en", "zh-CN,en-US": "zh-Hans,en", "zh_CN,en_GB": "zh-Hans,en",
		"zh,en": "zh-Hans,en", "zh-SG,en": "zh-Hans,en", "cmn,en": "zh-Hans,en", "cmn-Hans-CN,en": "zh-Hans,en", "zh-Hans-HK,en": "zh-Hans,en",
		"zh-TW,en": "zh-Hant-TW,en", "zh-Hant-TW,en": "zh-Hant-TW,en", "zh-HK,en": "zh-Hant-HK,en", "zh-MO,en": "zh-Hant-HK,en", "zh-Hant,en": "zh-Hant,en",
		"zh-Hant-SG,en": "zh-Hant,en", "cmn-TW,en": "zh-Hant-TW,en", "ZH-hant-hk,EN": "zh-Hant-HK,en", "en,zh-TW": "en,zh-Hant-TW",
		"yue-Hant-HK,en": "zh-Hant-HK,en", "yue-HK,en": "zh-Hant-HK,en", "yue-Hans-CN,en": "zh-Hans,en", "zh-Hant-CN,en": "zh-Hant,en", "zh_HK,en_US": "zh-Hant-HK,en", "zh-CHT,en": "zh-Hant,en", "zh-CHS,en": "zh-Hans,en", "zh-SG,en-GB": "zh-Hans,en",
	} {
		p, err := ParsePair(in)
		if err != nil {
			t.Errorf("ParsePair(%q): %v", in, err)
			continue
		}
		if p.String() != want {
			t.Errorf("ParsePair(%q) = %v, want %s", in, p, want)
		}
		if again, err := ParsePair(p.String()); err != nil || again != p {
			t.Errorf("ParsePair(%q) does not read its own form: %v %v", p.String(), again, err)
		}
		data, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var back Pair
		if err := json.Unmarshal(data, &back); err != nil || back != p {
			t.Errorf("%s from JSON: %v %v", data, back, err)
		}
		if !p.Has(English) || !p.Has(p.Chinese()) || p.Has(language.French) {
			t.Errorf("%v has the wrong languages", p)
		}
	}
	for _, in := range []string{"", "en", "zh-Hans", "en,en", "zh-Hans,zh-Hant", "zh-Hans,fr", "fr,en", "zh-Hans,en,fr", "xx-yy-zz,en", "zh-Hans;en", "yue,en", "ja,en", ",", "und,en"} {
		_, err := ParsePair(in)
		var e *Error
		if !errors.As(err, &e) || e.Kind != ErrUnknownPair {
			t.Errorf("ParsePair(%q): %v", in, err)
		}
	}
	for _, in := range []string{`["zh-Hans"]`, `"zh-Hans,en"`, `["en","en"]`, `["a","b","c"]`} {
		var p Pair
		if err := json.Unmarshal([]byte(in), &p); err == nil {
			t.Errorf("%s was read as %v", in, p)
		}
	}
}

func TestCanonicalLeavesOtherLanguagesAlone(t *testing.T) {
	for in, want := range map[string]string{
		"yue": "yue", "yue-Hant-HK": "yue", "yue-Hans-CN": "yue", "zh-yue": "yue", "zh-yue-HK": "yue", "zh-cmn-Hant": "zh-Hant", "ja": "ja", "ko-KR": "ko-KR", "fr-CA": "fr-CA", "und": "und", "en-AU": "en", "zh-Latn": "zh-Hans",
	} {
		if got := Canonical(language.MustParse(in)).String(); got != want {
			t.Errorf("Canonical(%s) = %s, want %s", in, got, want)
		}
	}
	if !IsChinese(language.MustParse("yue-Hant-HK")) || !IsChinese(TraditionalChinese) || IsChinese(language.Japanese) {
		t.Error("IsChinese is wrong")
	}
}

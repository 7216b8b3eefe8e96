package translate

import (
	"encoding/hex"
	"testing"

	"golang.org/x/text/language"
)

func TestMakeKeyTellsDifferentUnitsApart(t *testing.T) {
	en, zh := language.English, language.MustParse("zh-Hans")
	const long = "A sentence of more than twelve characters."
	base := MakeKey("t", en, zh, long, "p", "n")
	short := MakeKey("t", en, zh, "Right.", "p", "n")
	tests := []struct {
		name string
		key  Key
		same Key
		want bool
	}{
		{"equal input", MakeKey("t", en, zh, long, "p", "n"), base, true},
		{"neighbours of a long text", MakeKey("t", en, zh, long, "", "other"), base, true},
		{"white space", MakeKey("t", en, zh, "A sentence of\nmore  than twelve characters. ", "p", "n"), base, true},
		{"a region's English", MakeKey("t", language.AmericanEnglish, language.MustParse("zh-CN"), long, "p", "n"), base, true},
		{"tenant", MakeKey("u", en, zh, long, "p", "n"), base, false},
		{"source language", MakeKey("t", language.German, zh, long, "p", "n"), base, false},
		{"target script", MakeKey("t", en, language.MustParse("zh-Hant"), long, "p", "n"), base, false},
		{"target region", MakeKey("t", en, language.MustParse("zh-Hant-HK"), long, "p", "n"), MakeKey("t", en, language.MustParse("zh-Hant-TW"), long, "p", "n"), false},
		{"text", MakeKey("t", en, zh, long+"!", "p", "n"), base, false},
		{"case", MakeKey("t", en, zh, "a"+long[1:], "p", "n"), base, false},
		{"neighbour before a short text", MakeKey("t", en, zh, "Right.", "q", "n"), short, false},
		{"neighbour after a short text", MakeKey("t", en, zh, "Right.", "p", ""), short, false},
		{"white space in a neighbour", MakeKey("t", en, zh, "Right.", " p", "n\n"), short, true},
		{"a border moved between fields", MakeKey("t", en, zh, "Right.", "pn", ""), short, false},
		{"a border moved out of the tenant", MakeKey("te", en, zh, "Right.", "p", "n"), short, false},
		{"11 Chinese characters", MakeKey("", zh, en, "一二三四五六七八九十一", "a", ""), MakeKey("", zh, en, "一二三四五六七八九十一", "b", ""), false},
		{"12 Chinese characters", MakeKey("", zh, en, "一二三四五六七八九十一二", "a", ""), MakeKey("", zh, en, "一二三四五六七八九十一二", "b", ""), true},
	}
	for _, tt := range tests {
		if got := tt.key == tt.same; got != tt.want {
			t.Errorf("%s: equal keys: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// A key that changes makes every stored translation unreachable.
func TestMakeKeyStaysTheSame(t *testing.T) {
	k := MakeKey("tenant", language.English, language.MustParse("zh-Hans"), "Right.", "Turn where?", "")
	if got, want := hex.EncodeToString(k[:]), "9758de7e5969c3619e9cb665c506ab68"; got != want {
		t.Errorf("key %s, want %s", got, want)
	}
}

func BenchmarkMakeKey(b *testing.B) {
	zh := language.MustParse("zh-Hans")
	for b.Loop() {
		MakeKey("tenant", language.English, zh, "When I first moved to Shanghai, I knew nobody.", "", "")
	}
}

package media

import (
	"strings"
	"testing"

	"golang.org/x/text/language"
)

func TestChoose(t *testing.T) {
	s := func(index int, tag string, flags ...string) Stream {
		out := Stream{Index: index, Codec: "subrip", Text: true, Language: language.Make(tag)}
		for _, f := range flags {
			switch f {
			case "forced":
				out.Forced = true
			case "sdh":
				out.HearingImpaired = true
			case "default":
				out.Default = true
			case "picture":
				out.Text, out.Codec = false, "hdmv_pgs_subtitle"
			default:
				t.Fatal(f)
			}
		}
		return out
	}
	en, zhHans, zhHant := language.English, language.SimplifiedChinese, language.TraditionalChinese
	for _, c := range []struct {
		name    string
		streams []Stream
		track   string
		prefer  []language.Tag
		want    int // the index, or -1 for no text, -2 for no such track
	}{
		{"the first one", []Stream{s(2, "fr"), s(3, "en")}, "", nil, 2},
		{"the file's default", []Stream{s(2, "fr"), s(3, "en", "default")}, "", nil, 3},
		{"a full track before a forced default", []Stream{s(2, "en", "forced", "default"), s(3, "en")}, "", nil, 3},
		{"a full track of another language before a forced one", []Stream{s(2, "en", "forced"), s(3, "fr")}, "", []language.Tag{en}, 3},
		{"a forced one where there is nothing else", []Stream{s(2, "en", "forced")}, "", nil, 2},
		{"text before pictures", []Stream{s(2, "en", "picture", "default"), s(3, "fr")}, "", []language.Tag{en}, 3},
		{"the preferred language before the default", []Stream{s(2, "fr", "default"), s(3, "en")}, "", []language.Tag{en}, 3},
		{"the first preference first", []Stream{s(2, "en"), s(3, "zh-Hans")}, "", []language.Tag{zhHans, en}, 3},
		{"no language before a foreign one", []Stream{s(2, "fr"), s(3, "und")}, "", []language.Tag{en}, 3},
		{"unknown preference changes nothing", []Stream{s(2, "fr"), s(3, "und")}, "", []language.Tag{language.Und}, 3},
		{"without sounds before with sounds", []Stream{s(2, "en", "sdh", "default"), s(3, "en")}, "", nil, 3},
		{"a dialect is its language", []Stream{s(2, "fr"), s(3, "en-GB")}, "", []language.Tag{en}, 3},
		{"the same script first", []Stream{s(2, "zh"), s(3, "zh-Hant"), s(4, "zh-Hans")}, "", []language.Tag{zhHans}, 4},
		{"Taiwan is Traditional", []Stream{s(2, "zh-CN"), s(3, "zh-TW")}, "", []language.Tag{zhHant}, 3},
		{"a plain Chinese before the other script", []Stream{s(2, "zh-Hant"), s(3, "zh")}, "", []language.Tag{zhHans}, 3},

		{"by number", []Stream{s(2, "fr"), s(3, "en", "forced")}, "3", nil, 3},
		{"by number, pictures", []Stream{s(2, "fr"), s(3, "en", "picture")}, "3", nil, -1},
		{"by a number that is not there", []Stream{s(2, "fr")}, "4", nil, -2},
		{"by language", []Stream{s(2, "fr", "default"), s(3, "zh-Hans")}, "zh", nil, 3},
		{"by language, full before forced", []Stream{s(2, "en", "forced"), s(3, "en-US")}, "en", nil, 3},
		{"by language, the nearest", []Stream{s(2, "zh-Hant"), s(3, "zh-Hans")}, "zh-Hans", nil, 3},
		{"by language, never the other script", []Stream{s(2, "zh-Hant")}, "zh-Hans", nil, -2},
		{"by language, not there", []Stream{s(2, "fr")}, "en", nil, -2},
		{"by nonsense", []Stream{s(2, "fr")}, "the best", nil, -2},
		{"only pictures", []Stream{s(2, "en", "picture"), s(3, "fr", "picture")}, "", nil, -1},
		{"only pictures, by language", []Stream{s(2, "en", "picture")}, "en", nil, -1},
		{"nothing", nil, "", nil, -1},
		{"nothing, by number", nil, "2", nil, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Choose(c.streams, c.track, c.prefer...)
			switch {
			case c.want >= 0:
				if err != nil || got.Index != c.want {
					t.Errorf("track %d, %v; want %d", got.Index, err, c.want)
				}
			case c.want == -1:
				if kindOf(err) != KindNoTextTrack || !strings.Contains(err.Error(), "speech recognition") {
					t.Errorf("%v; want no_text_track", err)
				}
			default:
				if kindOf(err) != KindNoSuchTrack || !strings.Contains(err.Error(), "choose one of 2") {
					t.Errorf("%v; want no_such_track", err)
				}
			}
		})
	}
}

func TestTrackLanguage(t *testing.T) {
	for _, c := range []struct{ tag, title, want string }{
		{"eng", "", "en"}, {"chi", "", "zh"}, {"zho", "", "zh"}, {"fre", "", "fr"},
		{"chi", "简体中文", "zh-Hans"}, {"chi", "繁體中文", "zh-Hant"}, {"zho", "Chinese (Traditional)", "zh-Hant"}, {"chi", "CHS&ENG", "zh-Hans"},
		{"zh-TW", "Simplified", "zh-TW"}, {"zh-Hant", "简", "zh-Hant"},
		{"und", "English", "und"}, {"", "", "und"}, {"???", "", "und"},
	} {
		if got := trackLanguage(c.tag, c.title).String(); got != c.want {
			t.Errorf("%q, %q: %s, want %s", c.tag, c.title, got, c.want)
		}
	}
}

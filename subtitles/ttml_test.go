package subtitles

import (
	"strings"
	"testing"

	"golang.org/x/text/language"
)

// ttml is a document with this body.
func ttml(body string) string {
	return `<?xml version="1.0" encoding="UTF-16"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xmlns:tts="http://www.w3.org/ns/ttml#styling" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" xml:lang="zh-CN" ttp:frameRate="24" ttp:frameRateMultiplier="1000 1001" ttp:tickRate="10000000">
<head><metadata><ttm:title>A  day
out</ttm:title></metadata><layout><region xml:id="top" tts:origin="10% 5%" tts:extent="80% 20%"/><region xml:id="bottom" tts:origin="10% 80%" tts:extent="80% 20%"/></layout></head>
` + body + "\n</tt>"
}

func TestReadTTML(t *testing.T) {
	const p = `<p begin="1s" end="2s">`
	tests := []struct{ name, in, want string }{
		{"text", ttml("<body><div>" + p + "Hello &amp; you</p></div></body>"), "|1000-2000|Hello & you\n"},
		{"breaks", ttml("<body><div>" + p + "one<br/>two<br />three</p></div></body>"), "|1000-2000|one/two/three\n"},
		{"indented lines keep their words apart", ttml("<body><div>" + p + "\n    one\n    two<br/>\n  three\n</p></div></body>"), "|1000-2000|one two/three\n"},
		{"nested spans", ttml("<body><div>" + p + "a<span>b<span tts:color='red'>c</span>d</span>e</p></div></body>"), "|1000-2000|abcde\n"},
		{"preserved space", ttml("<body xml:space='preserve'><div>" + p + "  a\n b</p></div></body>"), "|1000-2000|  a/ b\n"},
		{"several and nested divs", ttml("<body><div>" + p + "a</p></div><div><div><p begin='3s' end='4s'>b</p></div></div></body>"), "|1000-2000|a\n|3000-4000|b\n"},
		{"order of time", ttml("<body><div><p begin='3s' end='4s'>b</p>" + p + "a</p></div></body>"), "|1000-2000|a\n|3000-4000|b\n"},
		{"dur", ttml("<body><div><p begin='1s' dur='500ms'>a</p></div></body>"), "|1000-1500|a\n"},
		{"relative times", ttml("<body begin='10s'><div begin='5s' end='7s'><p begin='1s'>a</p><p begin='0s' end='1s'>b</p></div></body>"), "|15000-16000|b\n|16000-17000|a\n"},
		{"clock times", ttml("<body><div><p begin='00:00:01.5' end='00:00:02:06'>a</p><p begin='01:02:03' end='100:00:00.001'>b</p></div></body>"), "|1500-2250|a\n|3723000-360000001|b\n"},
		{"frames and ticks", ttml("<body><div><p begin='24f' end='20000000t'>a</p></div></body>"), "|1001-2000|a\n"},
		{"hours and minutes", ttml("<body><div><p begin='0.5m' end='0.01h'>a</p></div></body>"), "|30000-36000|a\n"},
		{"no begin and no end", ttml("<body><div>" + p + "a</p><p>b</p></div></body>"), "|1000-2000|a\n-5:no-times\n"},
		{"no end", ttml("<body><div><p begin='3s'>b</p>" + p + "a</p><p begin='4s'>c</p></div></body>"), "|1000-2000|a\n|3000-4000|b\n|4000-6000|c\n5:no-end-time\n5:no-end-time\n"},
		{"no begin", ttml("<body><div><p end='2s'>a</p></div></body>"), "|0-2000|a\n"},
		{"end before begin", ttml("<body><div>" + p + "a</p><p begin='3s' end='2s'>b</p></div></body>"), "|1000-2000|a\n-5:end-not-after-start\n"},
		{"timed spans", ttml("<body><div><p><span begin='1s' end='2s'>a</span><span begin='2s' end='3s'>b</span></p></div></body>"), "|1000-2000|a\n|2000-3000|b\n"},
		{"words timed inside a paragraph", ttml("<body><div>" + p + "<span begin='0s'>a </span><span begin='0.5s'>b</span></p></div></body>"), "|1000-2000|a b\n"},
		{"metadata in a paragraph", ttml("<body><div>" + p + "<metadata><ttm:desc>no</ttm:desc></metadata><ttm:agent>no</ttm:agent>a</p></div></body>"), "|1000-2000|a\n"},
		{"region at the top", ttml("<body><div>" + strings.Replace(p, ">", " region='top'>", 1) + "a</p><p begin='3s' end='4s' region='bottom'>b</p><p begin='5s' end='6s' region='none'>c</p></div></body>"), "|1000-2000|a|line:0\n|3000-4000|b\n|5000-6000|c\n"},
		{"empty paragraphs", ttml("<body><div><p/>" + p + "</p>" + p + "a</p></div></body>"), "|1000-2000|a\n"},
		{"HTML entity", ttml("<body><div>" + p + "a&nbsp;b</p></div></body>"), "|1000-2000|a\u00a0b\n"},
		{"prefix", strings.NewReplacer("<tt ", "<tt:tt ", "</tt>", "</tt:tt>").Replace("<tt xmlns:tt='http://www.w3.org/ns/ttml'><tt:body><tt:div><tt:p begin='1s' end='2s'>a<tt:br/>b</tt:p></tt:div></tt:body></tt>"), "|1000-2000|a/b\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			track, rep, err := Read([]byte(test.in))
			if err != nil {
				t.Fatal(err)
			}
			if got := show(track, rep); got != test.want {
				t.Errorf("got\n%swant\n%s", got, test.want)
			}
			if rep.Format != TTML {
				t.Errorf("format %q", rep.Format)
			}
		})
	}
	track, _, err := Read([]byte(tests[0].in))
	if err != nil || track.Language != SimplifiedChinese || track.Title != "A day out" {
		t.Errorf("language %v, title %q, %v", track.Language, track.Title, err)
	}
	if track, _, _ := Read([]byte("<tt><body><div>" + p + "a</p></div></body></tt>")); track.Language != language.Und {
		t.Errorf("language %v", track.Language)
	}
}

func TestReadTTMLSequences(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"durations", "<body timeContainer='seq'><div timeContainer='seq'><p dur='1s'>a</p><p dur='2s'>b</p></div><div><p begin='1s' dur='1s'>c</p></div></body>",
			"|0-1000|a\n|1000-3000|b\n|4000-5000|c\n"},
		{"beginnings count from the end of the one before", "<body><div timeContainer='seq' begin='10s'><p begin='1s' end='3s'>a</p><p begin='500ms' dur='1s'>b</p></div></body>",
			"|11000-13000|a\n|13500-14500|b\n"},
		{"spans", "<body><div><p begin='5s' timeContainer='seq'><span dur='1s'>a</span><span dur='1s'>b</span></p></div></body>",
			"|5000-6000|a\n|6000-7000|b\n"},
		{"a parallel one inside", "<body><div timeContainer='seq'><p timeContainer='par'><span begin='1s' dur='1s'>a</span><span begin='3s' dur='1s'>b</span></p><p dur='1s'>c</p></div></body>",
			"|1000-2000|a\n|3000-4000|b\n|4000-5000|c\n"},
		{"the parent ends first", "<body><div timeContainer='seq' dur='3s'><p dur='2s'>a</p><p dur='2s'>b</p><p dur='2s'>c</p></div></body>",
			"|0-2000|a\n|2000-3000|b\n-5:end-not-after-start\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			track, rep, err := Read([]byte(ttml(test.in)))
			if err != nil {
				t.Fatal(err)
			}
			checkTrack(t, track, rep, err)
			if got := show(track, rep); got != test.want {
				t.Errorf("got\n%swant\n%s", got, test.want)
			}
		})
	}
}

func TestReadTTMLRefusesWhatIsBroken(t *testing.T) {
	for name, in := range map[string]string{
		"cut":    ttml("<body><div><p begin='1s' end='2s'>a</p>")[:560],
		"nested": "<tt>" + strings.Repeat("<div>", 1000) + strings.Repeat("</div>", 1000) + "</tt>",
	} {
		if _, _, err := Read([]byte(in)); KindOf(err) != ErrMalformed {
			t.Errorf("%s: %v", name, err)
		}
	}
}

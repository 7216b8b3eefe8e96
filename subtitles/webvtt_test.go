package subtitles

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/language"
)

func TestReadWebVTT(t *testing.T) {
	const at = "00:01.000 --> 00:02.500"
	tests := []struct{ name, in, want string }{
		{"plain", "WEBVTT\n\n" + at + "\nHello\nthere\n", "|1000-2500|Hello/there\n"},
		{"identifier", "WEBVTT\n\nintro\n" + at + "\nHello", "intro|1000-2500|Hello\n"},
		{"comment", "WEBVTT\n\nNOTE a\nb\n\n" + at + "\nHello\n\nNOTE\nc\n\n00:03.000 --> 00:04.000\nBye", "|1000-2500|Hello\n|3000-4000|Bye\n"},
		{"voice", "WEBVTT\n\n" + at + "\n<v.loud Mary Ann>Hello</v>", "|1000-2500|Hello|Mary Ann\n"},
		{"two voices", "WEBVTT\n\n" + at + "\n<v Ann>Hi\n<v Bob>Ho", "|1000-2500|Hi/Ho\n"},
		{"ruby in order", "WEBVTT\n\n" + at + "\n<ruby>漢<rt>kan</rt>字<rt>ji</rt></ruby>", "|1000-2500|漢kan字ji\n"},
		{"karaoke", "WEBVTT\n\n" + at + "\n<00:01.200>Hel<00:01.400>lo <c.x.y z>you</c>", "|1000-2500|Hello you\n"},
		{"entities", "WEBVTT\n\n" + at + "\nR&amp;D &lt;b&gt; &nbsp;x &lrm;", "|1000-2500|R&D <b> \u00a0x \u200e\n"},
		{"line break by reference", "WEBVTT\n\n" + at + "\na&#10;&#10;b&#13;c", "|1000-2500|a/b/c\n"},
		{"no text", "WEBVTT\n\n" + at + "\n<c></c>\n\n00:03.000 --> 00:04.000\nBye", "|3000-4000|Bye\n-3:no-text\n"},
		{"bad times", "WEBVTT\n\n1\n00:00:01,000 --> 00:00:02,000\nHello\n\n" + at + "\nBye", "|1000-2500|Bye\n-4:bad-times\n"},
		{"no end", "WEBVTT\n\n00:01.000 -->\nHello\n\n" + at + "\nBye", "|1000-2500|Bye\n-3:bad-times\n"},
		{"text of no cue", "WEBVTT\n\n" + at + "\nHello\n\nlost\nlines\n\n00:03.000 --> 00:04.000\nBye", "|1000-2500|Hello\n|3000-4000|Bye\n-6:no-times\n"},
		{"late style", "WEBVTT\n\n" + at + "\nHello\n\nSTYLE\n::cue{}\n", "|1000-2500|Hello\n-6:late-block\n"},
		{"end before start is kept", "WEBVTT\n\n00:03.000 --> 00:02.000\nHello", "|3000-2000|Hello\n3:end-not-after-start\n"},
		{"arrow ends a cue", "WEBVTT\n\n" + at + "\nHello\n00:03.000 --> 00:04.000\nBye", "|1000-2500|Hello\n|3000-4000|Bye\n"},
		{"CRLF", strings.ReplaceAll("WEBVTT\n\na\n"+at+"\nHello\nthere\n", "\n", "\r\n"), "a|1000-2500|Hello/there\n"},
		{"converted twice", strings.ReplaceAll("WEBVTT\n\na\n"+at+"\nHello\nthere\n", "\n", "\r\r\n"), "a|1000-2500|Hello/there\n0:doubled-line-breaks\n"},
		{"NUL", "WEBVTT\n\n" + at + "\nHe\x00llo", "|1000-2500|He\uFFFDllo\n4:nul\n"},
		{"huge hours", "WEBVTT\n\n00:01.000 --> 99999999999999999999999:00:00.000\nHello", "|1000-3599996400000|Hello\n3:odd-time\n"},
		{"top", "WEBVTT\n\n" + at + " line:0\nHello", "|1000-2500|Hello|line:0\n"},
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
			if rep.Format != VTT {
				t.Errorf("format %q", rep.Format)
			}
		})
	}
}

func TestReadWebVTTKeepsBlocksAndLanguage(t *testing.T) {
	in := "WEBVTT - a file\nKind: captions\nLanguage: zh-TW\n\nSTYLE\n::cue(b) {\n  color: red;\n}\n\nREGION\nid:fred\nwidth:40%\n\n" +
		"00:01.000 --> 00:02.000 region:fred align:center\na\n\n00:01.000 --> 00:02.000 region:fred line:3\nb\n\n00:01.000 --> 00:02.000 region:nobody size:100%\nc\n"
	track, rep, err := Read([]byte(in))
	if err != nil || len(rep.Notes) > 0 {
		t.Fatal(err, rep.Notes)
	}
	if track.Language != TraditionalChineseTW || fmt.Sprintf("%q", track.Styles) != `["::cue(b) {\n  color: red;\n}"]` || fmt.Sprintf("%q", track.Regions) != `["id:fred\nwidth:40%"]` {
		t.Errorf("%v %q %q", track.Language, track.Styles, track.Regions)
	}
	if s := track.Cues[0].Settings; s == nil || *s != (Settings{Region: "fred"}) {
		t.Errorf("settings %+v", s)
	}
	if s := track.Cues[1].Settings; s == nil || s.Region != "" || *s.Line != 3 {
		t.Errorf("settings %+v", s)
	}
	if s := track.Cues[2].Settings; s != nil {
		t.Errorf("settings %+v", s)
	}
	if track, _, _ := Read([]byte("WEBVTT\n\n00:01.000 --> 00:02.000\na")); track.Language != language.Und {
		t.Errorf("language %v", track.Language)
	}
}

func TestWebVTTInAnotherEncodingIsReadAndNoted(t *testing.T) {
	in := "WEBVTT\n\n00:01.000 --> 00:02.000\nx\n\n" + strings.Repeat("00:01.000 --> 00:02.000\ny\n\n", 3)
	track, rep, err := Read([]byte("\xFF\xFE" + utf16Bytes(in, false)))
	if err != nil || len(track.Cues) != 4 || len(rep.Notes) != 1 || rep.Notes[0].Rule != "not-utf-8" {
		t.Error(track, rep, err)
	}
}

func TestReadVTTTellsOfSegmentsOfStreams(t *testing.T) {
	const cue = "\n\n00:10.000 --> 00:11.000\nHello\n"
	for header, want := range map[string]int{
		"X-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000":               0,
		"X-TIMESTAMP-MAP=LOCAL:00:00:10.000,MPEGTS:900000":               1,
		"Kind: captions\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:10.0": 1,
	} {
		track, rep, err := Read([]byte("WEBVTT\n" + header + cue))
		checkTrack(t, track, rep, err)
		if err != nil || len(rep.Notes) != want || track.Cues[0].Start != 10*time.Second {
			t.Errorf("%s: %v, %v", header, rep.Notes, err)
		}
		for _, n := range rep.Notes {
			if n.Rule != "timestamp-map" || n.Line != 2+strings.Count(header, "\n") {
				t.Errorf("%s: %+v", header, n)
			}
		}
	}
}

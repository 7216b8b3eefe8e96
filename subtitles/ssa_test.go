package subtitles

import (
	"fmt"
	"strings"
	"testing"
)

const assHead = `[Script Info]
; made by hand
Title: A day out
ScriptType: v4.00+
[V4+ Styles]
Format: Name, Fontname, Alignment
Style: Default,Arial,2
Style: Sign,Arial,8
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
`

// ass is an ASS file with these Dialogue lines: "start,end,style,name|text".
func ass(lines ...string) string {
	var b strings.Builder
	b.WriteString(assHead)
	for _, l := range lines {
		head, text, _ := strings.Cut(l, "|")
		fmt.Fprintf(&b, "Dialogue: 0,%s,0,0,0,,%s\n", head, text)
	}
	return b.String()
}

func TestReadSSA(t *testing.T) {
	const at = "0:00:01.00,0:00:02.50,Default,"
	tests := []struct{ name, in, want string }{
		{"text", ass(at + "Ann|Hello, there, all"), "|1000-2500|Hello, there, all|Ann\n"},
		{"order of time", ass("0:00:05.00,0:00:06.00,Default,|b", at+"|a"), "|1000-2500|a\n|5000-6000|b\n"},
		{"override tags", ass(at + `|{\b1}Hello{\b0} {\i1\c&H0000FF&}there{\i0}`), "|1000-2500|Hello there\n"},
		{"karaoke", ass(at + `|{\k20}Hel{\k30}lo {\kf10}you`), "|1000-2500|Hello you\n"},
		{"line breaks", ass(at + `|one\Ntwo\nthree\hfour`), "|1000-2500|one/two three\u00a0four\n"},
		{"drawing", ass(at+`|{\p1}m 0 0 l 100 0 100 100{\p0}`, at+`|{\an7\p4}m 0 0{\p0}Hello{\p1}m 1 1`), "|1000-2500|Hello|line:0\n-11:no-text\n"},
		{"position is no drawing", ass(at + `|{\pos(10,20)}Hello{\pbo5}`), "|1000-2500|Hello\n"},
		{"top by tag", ass(at + `|{\an8}Hello`), "|1000-2500|Hello|line:0\n"},
		{"top by style", ass("0:00:01.00,0:00:02.50,Sign,|Hello"), "|1000-2500|Hello|line:0\n"},
		{"braces as text", ass(at+`|a } b`, at+`|a { b`, at+`|{\i1}x{\i0} (y} z`, at+`|p\{q\}`, at+`|{a{b}c{}d`),
			"|1000-2500|a } b\n|1000-2500|a { b\n|1000-2500|x (y} z\n|1000-2500|p{q}\n|1000-2500|cd\n"},
		{"comment", assHead + "Comment: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,not shown\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,shown", "|1000-2000|shown\n"},
		{"layers of one line", ass(at+"|glow", at+"|glow"), "|1000-2500|glow\n-12:duplicate\n"},
		{"bad lines do not spoil the file", ass("x,0:00:02.00,Default,|a", at+"|b", "0:00:03.00|", "0:00:04.00,0:00:04.00,Default,|c", at+"|"), "|1000-2500|b\n-11:bad-times\n-13:bad-event\n-14:end-not-after-start\n-15:no-text\n"},
		{"milliseconds", ass("0:00:01.005,0:00:02.5,Default,|a"), "|1005-2500|a\n"},
		{"a picture", assHead + "Picture: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,a.png\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,shown", "|1000-2000|shown\n-11:no-dialogue\n"},
		{"SSA", "[Script Info]\nScriptType: v4.00\n[V4 Styles]\nFormat: Name, Alignment\nStyle: *Default,6\n[Events]\nFormat: Marked, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\nDialogue: Marked=0,0:00:01.00,0:00:02.00,*Default,,0000,0000,0000,,Hello", "|1000-2000|Hello|line:0\n"},
		{"no Format line", "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,Default,Ann,0,0,0,,Hello, you", "|1000-2000|Hello, you|Ann\n"},
		{"CRLF", strings.ReplaceAll(ass(at+"|a", at+"|b"), "\n", "\r\n"), "|1000-2500|a\n|1000-2500|b\n"},
		{"long line", ass(at+"|"+strings.Repeat("x", 70_000), at+"|b"), "|1000-2500|b\n-11:line-too-long\n"},
		{"markup without end", ass(at+"|"+strings.Repeat("{x}", 3000), at+"|b"), "|1000-2500|b\n-11:line-too-long\n"},
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
			if rep.Format != SSA {
				t.Errorf("format %q", rep.Format)
			}
		})
	}
}

func TestReadSSAKeepsEveryEventOfLongFiles(t *testing.T) {
	var lines []string
	for i := range 3000 {
		lines = append(lines, fmt.Sprintf("0:%02d:%02d.00,1:00:00.00,Default,|{\\b1}line{\\b0} %d%s", i/60, i%60, i, strings.Repeat("{x}", i%40)))
	}
	track, rep, err := Read([]byte(strings.ReplaceAll(ass(lines...), "\n", "\r\n")))
	if err != nil || len(rep.Notes) > 0 {
		t.Fatal(err, rep.Notes)
	}
	for i, c := range track.Cues {
		if want := fmt.Sprintf("line %d", i); c.Text != want || c.N != i+1 || c.Line != 11+i {
			t.Fatalf("cue %d is %+v, want %q", i, c, want)
		}
	}
	if len(track.Cues) != len(lines) || track.Title != "A day out" {
		t.Errorf("%d cues, title %q", len(track.Cues), track.Title)
	}
}

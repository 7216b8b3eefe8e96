package subtitles

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// show is a track in one line a cue, and the rules of the notes: lines that
// were dropped have a minus in front.
func show(t *Track, rep *Report) string {
	var b strings.Builder
	if t != nil {
		for _, c := range t.Cues {
			fmt.Fprintf(&b, "%s|%v-%v|%s", c.ID, ms(c.Start), ms(c.End), strings.ReplaceAll(c.Text, "\n", "/"))
			if c.Voice != "" {
				b.WriteString("|" + c.Voice)
			}
			if c.Settings != nil && c.Settings.Line != nil {
				fmt.Fprintf(&b, "|line:%v", *c.Settings.Line)
			}
			b.WriteByte('\n')
		}
	}
	for _, n := range rep.Notes {
		if n.Dropped {
			b.WriteByte('-')
		}
		fmt.Fprintf(&b, "%d:%s\n", n.Line, n.Rule)
	}
	return b.String()
}

func ms(d time.Duration) int64 { return d.Milliseconds() }

func TestReadSRTTakesFilesAsTheyAre(t *testing.T) {
	const first = "1\n00:00:01,000 --> 00:00:02,000\n"
	tests := []struct{ name, in, want string }{
		{"as it should be", first + "Hello\nthere\n\n2\n00:00:03,000 --> 00:00:04,000\nBye\n", "1|1000-2000|Hello/there\n2|3000-4000|Bye\n"},
		{"no final newline", first + "Hello", "1|1000-2000|Hello\n"},
		{"CRLF", strings.ReplaceAll(first+"Hello\nthere\n\n2\n00:00:03,000 --> 00:00:04,000\nBye\n", "\n", "\r\n"), "1|1000-2000|Hello/there\n2|3000-4000|Bye\n"},
		{"CRCRLF", strings.ReplaceAll(first+"Hello\nthere\n\n2\n00:00:03,000 --> 00:00:04,000\nBye\n", "\n", "\r\r\n"), "1|1000-2000|Hello/there\n2|3000-4000|Bye\n0:doubled-line-breaks\n"},
		{"CR", strings.ReplaceAll(first+"Hello\n\n2\n00:00:03,000 --> 00:00:04,000\nBye\n", "\n", "\r"), "1|1000-2000|Hello\n2|3000-4000|Bye\n"},
		{"mixed breaks", "1\r\n00:00:01,000 --> 00:00:02,000\nHello\rthere\r\n\n2\r00:00:03,000 --> 00:00:04,000\r\nBye", "1|1000-2000|Hello/there\n2|3000-4000|Bye\n"},
		{"byte order mark", "\uFEFF" + first + "Hello\n", "1|1000-2000|Hello\n"},
		{"no counters", "00:00:01,000 --> 00:00:02,000\nHello\n\n00:00:03,000 --> 00:00:04,000\nBye\n", "|1000-2000|Hello\n|3000-4000|Bye\n"},
		{"no counters, text is a number", "00:00:01,000 --> 00:00:02,000\n42\n\n00:00:03,000 --> 00:00:04,000\n43\n", "|1000-2000|42\n|3000-4000|43\n"},
		{"no counters, no blank lines, text is a number", "00:00:01,000 --> 00:00:02,000\n42\n00:00:03,000 --> 00:00:04,000\n43\n", "|1000-2000|42\n|3000-4000|43\n"},
		{"text is a number", first + "2024\n\n2\n00:00:03,000 --> 00:00:04,000\n3\n\n3\n00:00:05,000 --> 00:00:06,000\n4", "1|1000-2000|2024\n2|3000-4000|3\n3|5000-6000|4\n"},
		{"text is a number, counter missing", first + "42\n00:00:03,000 --> 00:00:04,000\nBye\n", "1|1000-2000|42\n|3000-4000|Bye\n"},
		{"last line of text is a number", first + "The answer:\n42\n\n2\n00:00:03,000 --> 00:00:04,000\nBye", "1|1000-2000|The answer:/42\n2|3000-4000|Bye\n"},
		{"text is a number behind a blank line", first + "\n42\n\n2\n00:00:03,000 --> 00:00:04,000\nBye", "1|1000-2000|42\n2|3000-4000|Bye\n3:blank-line\n"},
		{"no blank line between cues", first + "Hello\n2\n00:00:03,000 --> 00:00:04,000\nBye\n3\n00:00:05,000 --> 00:00:06,000\nAgain", "1|1000-2000|Hello\n2|3000-4000|Bye\n3|5000-6000|Again\n"},
		{"repeated counters", first + "a\n\n1\n00:00:03,000 --> 00:00:04,000\nb\n\n1\n00:00:05,000 --> 00:00:06,000\nc", "1|1000-2000|a\n1|3000-4000|b\n1|5000-6000|c\n"},
		{"repeated counters, no blank lines", first + "a\n1\n00:00:03,000 --> 00:00:04,000\nb", "1|1000-2000|a\n1|3000-4000|b\n"},
		{"every line doubled", "1\n\n00:00:01,000 --> 00:00:02,000\n\nHello\n\nthere\n\n\n\n2\n\n00:00:03,000 --> 00:00:04,000\n\nBye\n", "1|1000-2000|Hello/there\n2|3000-4000|Bye\n4:blank-line\n14:blank-line\n"},
		{"blank line inside a cue", first + "Hello\n\nthere\n\n2\n00:00:03,000 --> 00:00:04,000\nBye", "1|1000-2000|Hello/there\n2|3000-4000|Bye\n3:blank-line\n"},
		{"lines of blanks between cues", first + "Hello\n  \n2\n00:00:03,000 --> 00:00:04,000\nBye\n \t\n", "1|1000-2000|Hello\n2|3000-4000|Bye\n"},
		{"empty cue", first + "\n2\n00:00:03,000 --> 00:00:04,000\nBye", "2|3000-4000|Bye\n-2:no-text\n"},
		{"empty cue, no blank lines", first + "2\n00:00:03,000 --> 00:00:04,000\nBye", "2|3000-4000|Bye\n-2:no-text\n"},
		{"text in front", "Subtitles by me\n\n" + first + "Hello", "1|1000-2000|Hello\n-1:text-before-first-cue\n"},
		{"counter with blanks", " 1 \n 00:00:01,000 --> 00:00:02,000 \nHello", "1|1000-2000|Hello\n"},

		{"dots", "00:00:01.000 --> 00:00:02.500\nHello", "|1000-2500|Hello\n"},
		{"no milliseconds", "0:0:1 --> 0:0:2\nHello", "|1000-2000|Hello\n"},
		{"narrow fields", "0:0:1,5 --> 0:0:2,25\nHello", "|1500-2250|Hello\n"},
		{"wide fraction", "00:00:01,123456 --> 00:00:02,999999\nHello", "|1123-2999|Hello\n"},
		{"colon for the comma", "00:00:01:500 --> 00:00:02:500\nHello", "|1500-2500|Hello\n"},
		{"no hours", "00:01.500 --> 00:02,500\nHello", "|1500-2500|Hello\n"},
		{"seconds only", "1.5 --> 2.5\nHello", "|1500-2500|Hello\n"},
		{"many hours", "100:00:00,000 --> 1234:00:00,001\nHello", "|360000000-4442400001|Hello\n"},
		{"absurd hours", "00:00:01,000 --> 99999999999999999999:00:00,000\nHello", "|1000-3599996400000|Hello\n1:odd-time\n"},
		{"minute of 75 seconds", "00:00:75,000 --> 00:01:20,000\nHello", "|75000-80000|Hello\n1:odd-time\n"},
		{"thin arrow", "00:00:01,000 -> 00:00:02,000\nHello", "|1000-2000|Hello\n"},
		{"real arrow", "00:00:01,000 → 00:00:02,000\nHello", "|1000-2000|Hello\n"},
		{"broken arrow", "00:00:01,000 -- > 00:00:02,000\nHello", "|1000-2000|Hello\n"},
		{"dash and arrow", "00:00:01,000 —> 00:00:02,000\nHello", "|1000-2000|Hello\n"},
		{"no blanks", "00:00:01,000-->00:00:02,000\nHello", "|1000-2000|Hello\n"},
		{"blanks in times", "00: 00: 01, 000 --> 00 : 00 : 02 , 000\nHello", "|1000-2000|Hello\n"},
		{"full-width punctuation", "００：００：０１，０００　——＞　00：00：02，000\n你好", "|1000-2000|你好\n"},
		{"tabs", "\t00:00:01,000\t-->\t00:00:02,000\t\nHello", "|1000-2000|Hello\n"},
		{"coordinates", "1\n00:00:01,000 --> 00:00:02,000  X1:201 X2:516 Y1:397 Y2:423\nHello", "1|1000-2000|Hello\n"},
		{"WebVTT settings", "00:01.000 --> 00:02.000 line:0 align:start\nHello", "|1000-2000|Hello|line:0\n"},
		{"text behind times", "00:00:01,000 --> 00:00:02,000 Hello\nthere", "|1000-2000|Hello/there\n1:text-behind-times\n"},

		{"negative start", "-00:00:01,000 --> 00:00:02,000\nHello", "|0-2000|Hello\n1:negative-time\n"},
		{"negative cue", "00:00:-1,000 --> 00:00:00,000\nHello\n\n00:00:01,000 --> 00:00:02,000\nBye", "|1000-2000|Bye\n-1:bad-times\n"},
		{"wholly negative", "-00:00:02,000 --> -00:00:01,000\nHello\n\n00:00:01,000 --> 00:00:02,000\nBye", "|1000-2000|Bye\n1:negative-time\n-1:negative-time\n"},
		{"reversed", "00:00:04,000 --> 00:00:02,000\nHello\n\n00:00:06,000 --> 00:00:07,000\nBye", "|4000-6000|Hello\n|6000-7000|Bye\n1:end-not-after-start\n"},
		{"no length, at the end", "00:00:04,000 --> 00:00:04,000\nHello", "|4000-6000|Hello\n1:end-not-after-start\n"},
		{"no end", "1\n00:00:01,000 -->\nHello\n\n2\n00:00:09,000 --> 00:00:10,000\nBye", "1|1000-6000|Hello\n2|9000-10000|Bye\n2:no-end-time\n"},
		{"no end, within a counted file", first + "a\n\n2\n00:00:03,000 --> \nb\n\n3\n00:00:04,000 --> 00:00:05,000\nc", "1|1000-2000|a\n2|3000-4000|b\n3|4000-5000|c\n6:no-end-time\n"},
		{"unreadable end", "1\n00:00:01,000 --> xx:yy\nHello", "1|1000-3000|xx:yy/Hello\n2:text-behind-times\n2:no-end-time\n"},
		{"no start", first + "a\n\n2\n--> 00:00:04,000\nb\n\n3\n00:00:04,000 --> 00:00:05,000\nc", "1|1000-2000|a\n3|4000-5000|c\n-6:bad-times\n"},
		{"unreadable times", first + "a\n\n2\nxx:00:03,000 --> yy:00:04,000\nb\n\n3\n00:00:04,000 --> 00:00:05,000\nc", "1|1000-2000|a\n3|4000-5000|c\n-6:bad-times\n"},

		{"cut behind a counter", first + "Hello\n\n2\n", "1|1000-2000|Hello\n-5:cut\n"},
		{"cut inside of times", first + "Hello\n\n2\n00:00:0", "1|1000-2000|Hello\n-5:cut\n"},
		{"no cut", first + "Hello\n\n2\nthere", "1|1000-2000|Hello/2/there\n3:blank-line\n"},

		{"arrow in text", first + "A --> B\nfoo -> bar\n\n2\n00:00:03,000 --> 00:00:04,000\nBye", "1|1000-2000|A --> B/foo -> bar\n2|3000-4000|Bye\n"},
		{"times in text", first + "From\n2:30 -> 3:00\n5:00 --> home\n\n2\n00:00:03,000 --> 00:00:04,000\nBye", "1|1000-2000|From/2:30 -> 3:00/5:00 --> home\n2|3000-4000|Bye\n"},
		{"tags", first + `<i>Hello</i> <b>bold</b> <font color="#ff0000" size=3>red</font> <U>u</U><br/>x<c.yellow>y</c>`, "1|1000-2000|Hello bold red u/xy\n"},
		{"tag over two lines", first + "<i>Hello\nthere</i>", "1|1000-2000|Hello/there\n"},
		{"voice", first + "<v Roger Bingham>We are in New York", "1|1000-2000|We are in New York|Roger Bingham\n"},
		{"no tags", first + "1 < 2 & 3 > 2 <3 <laughs> < i < <b and c> AT&T R&D; &nosuch;", "1|1000-2000|1 < 2 & 3 > 2 <3 <laughs> < i < <b and c> AT&T R&D; &nosuch;\n"},
		{"entities", first + "R&amp;D &lt;i&gt; &#39;x&#39;&nbsp;y &quot;z&quot;", "1|1000-2000|R&D <i> 'x'\u00a0y \"z\"\n"},
		{"top", first + `{\an8}Sign`, "1|1000-2000|Sign|line:0\n"},
		{"override blocks", first + `{\an2\i1}Hello{\i0} {y:i} {brace}`, "1|1000-2000|Hello {y:i} {brace}\n"},
		{"only tags", first + "<i></i>\n\n2\n00:00:03,000 --> 00:00:04,000\nBye", "2|3000-4000|Bye\n-2:no-text\n"},
		{"NUL", first + "He\x00llo\n", "1|1000-2000|Hello\n3:nul\n"},
		{"NULs at the end", first + "Hello\n\x00\x00\x00\x00", "1|1000-2000|Hello\n4:nul\n"},
		{"blanks at line ends", first + "Hello  \n there \t\n", "1|1000-2000|Hello/ there\n"},
		{"long line", first + strings.Repeat("a", 100_000), "1|1000-2000|" + strings.Repeat("a", 100_000) + "\n"},
		{"WebVTT without signature", "\n\nWEBVT\n\nNOTE x\n\n00:01.000 --> 00:02.000\nHello", "|1000-2000|Hello\n-3:text-before-first-cue\n"},
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
			if rep.Format != SRT || track.Format != SRT {
				t.Errorf("format %q", rep.Format)
			}
		})
	}
}

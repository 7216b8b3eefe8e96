package subtitles

import (
	"strings"
	"testing"
)

// TestHostileInputIsReadInLinearTime reads files that are built to be slow: a
// reader that goes over the rest of the file again at each of their bytes does
// not come to an end within a test run.
func TestHostileInputIsReadInLinearTime(t *testing.T) {
	const srt = "1\n00:00:01,000 --> 00:00:02,000\n"
	const vtt = "WEBVTT\n\n00:01.000 --> 00:02.000\n"
	const size = 2 << 20
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	regions := strings.Repeat("REGION\nid:a\n\n", size/20)
	tests := map[string]string{
		"unclosed tags":             srt + fill("<i "),
		"nested tags":               srt + fill("<b>x"),
		"unclosed blocks":           srt + fill(`{\`),
		"ampersands":                srt + fill("&a"),
		"blank lines, weak arrows":  srt + fill("\n") + fill("1 -> 2\n"),
		"counters":                  srt + fill("7\n"),
		"arrows":                    srt + fill("-->\n"),
		"times without text":        "00:00:01,000 --> 00:00:02,000\nx\n" + strings.Repeat("1:0:1 -->\n", 150_000),
		"digits":                    fill("9") + " --> " + fill("9") + "\n" + srt + "x",
		"tags in WebVTT":            vtt + fill("<b>x"),
		"unclosed tags in WebVTT":   vtt + "x" + fill("<c."),
		"references in WebVTT":      vtt + fill("&am"),
		"arrows in WebVTT":          vtt + "x\n\n" + fill("-->\n"),
		"regions":                   "WEBVTT\n\n" + regions + strings.Repeat("00:01.000 --> 00:02.000 region:b\nx\n\n", size/40),
		"settings":                  "WEBVTT\n\n00:01.000 --> 00:02.000" + fill(" line:1") + "\nx\n",
		"blocks in SSA":             assHead + fill("Dialogue: 0,0:00:01.00,0:00:02.00,x,,0,0,0,,"+strings.Repeat("{a}", 1900)+"x\n"),
		"braces in SSA":             assHead + fill("Dialogue: 0,0:00:01.00,0:00:02.00,x,,0,0,0,,"+strings.Repeat("{", 50_000)+"x\n"),
		"one line of SSA":           assHead + "Dialogue: 0,0:00:01.00,0:00:02.00,x,,0,0,0,,a\nDialogue: 0,0:00:01.00,0:00:02.00,x,,0,0,0,," + fill("{"),
		"spans in TTML":             ttml("<body><div><p begin='1s' end='2s'>" + strings.Repeat("<span>x ", 200) + fill("<br/>x ") + strings.Repeat("</span>", 200) + "</p><p begin='1s' end='2s'>y</p></div></body>"),
		"white space in TTML":       ttml("<body><div><p begin='1s' end='2s'>x" + fill(" \n") + "</p></div></body>"),
		"lone CRs":                  srt + "x" + fill("\r"),
		"double CRs":                srt + "x" + fill("\r\r\n"),
		"NULs":                      srt + "x" + fill("a\x00b"),
		"bad bytes":                 srt + "我我我我" + fill("我\xff\n"),
		"zero-width spaces at ends": srt + "x\n" + fill("\u200b\n"),
		"elements of XML":           ttml("<body><div><p begin='1s' end='2s'>x</p>" + fill("<a/>") + "</div></body>"),
		"attributes of XML":         ttml("<body><div><p begin='1s' end='2s'" + fill(" a='b'") + ">x</p></div></body>"),
		"an endless comment":        "<!--" + fill("<!--"),
		"times of no text at all":   fill("00:00:01,000 --> 00:00:02,000\n"),
		"commas in an SSA event":    assHead + "Dialogue: " + fill(",") + "\nDialogue: 0,0:00:01.00,0:00:02.00,x,,0,0,0,,a",
	}
	for name, in := range tests {
		t.Run(name, func(t *testing.T) {
			track, rep, err := Read([]byte(in))
			checkTrack(t, track, rep, err)
		})
	}
}

package media

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/duosub/duosub/subtitles"
)

func TestAssembleMendsPayloads(t *testing.T) {
	sample := func(text, boxes string) []byte {
		return append([]byte{byte(len(text) >> 8), byte(len(text))}, text+boxes...)
	}
	for _, c := range []struct {
		name, codec string
		packets     []packet
		want        string
	}{
		{"srt", "subrip", []packet{{1000, 2500, true, []byte("<i>Hello</i>")}, {3000, 4000, true, []byte("two\r\nlines")}},
			"1\n00:00:01,000 --> 00:00:02,500\n<i>Hello</i>\n\n2\n00:00:03,000 --> 00:00:04,000\ntwo\nlines\n\n"},
		{"garbage after NUL", "subrip", []packet{{0, 1000, true, []byte("Hello\x00\xFE\n\n9\n")}},
			"1\n00:00:00,000 --> 00:00:01,000\nHello\n\n"},
		{"blank lines inside", "text", []packet{{0, 1000, true, []byte("\none\n \n\ntwo\n")}},
			"1\n00:00:00,000 --> 00:00:01,000\none\ntwo\n\n"},
		{"empty packets are gaps", "mov_text", []packet{{0, 500, true, sample("", "")}, {500, 900, true, sample("Hi", "")}, {900, 1000, true, nil}, {1000, 1100, true, []byte{0}}},
			"WEBVTT\n\n00:00:00.500 --> 00:00:00.900\nHi\n\n"},
		{"mov_text is plain text", "mov_text", []packet{{0, 1000, true, sample("R&D <3 --> <i>", "\x00\x00\x00\x16styl")}},
			"WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nR&amp;D &lt;3 --&gt; &lt;i&gt;\n\n"},
		{"mov_text in UTF-16", "mov_text", []packet{{0, 1000, true, sample("\xFE\xFF\x4F\x60\x59\x7D", "")}, {1000, 2000, true, sample("\xFF\xFE\x60\x4F\x7D\x59", "")}},
			"WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n你好\n\n00:00:01.000 --> 00:00:02.000\n你好\n\n"},
		{"mov_text whose length lies", "mov_text", []packet{{0, 1000, true, []byte("\xFF\xFFHi")}},
			"WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nHi\n\n"},
		{"webvtt markup stays", "webvtt", []packet{{0, 1000, true, []byte("<v Mei>R&amp;D")}},
			"WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n<v Mei>R&amp;D\n\n"},
		{"no durations", "subrip", []packet{{0, 0, false, []byte("until the next")}, {1500, 1500, false, []byte("for a while")}, {99000, 99000, false, []byte("the last")}},
			"1\n00:00:00,000 --> 00:00:01,500\nuntil the next\n\n2\n00:00:01,500 --> 00:00:05,500\nfor a while\n\n3\n00:01:39,000 --> 00:01:43,000\nthe last\n\n"},
		{"before the beginning", "subrip", []packet{{-2000, -1000, true, []byte("never seen")}, {-500, 500, true, []byte("half seen")}},
			"1\n00:00:00,000 --> 00:00:00,500\nhalf seen\n\n"},
		{"hours", "subrip", []packet{{3600000, 3723004, true, []byte("late")}},
			"1\n01:00:00,000 --> 01:02:03,004\nlate\n\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := assemble(c.codec, c.packets)
			if err != nil || string(got) != c.want {
				t.Errorf("%v\n%q, want\n%q", err, got, c.want)
			}
		})
	}
}

func TestAssembleRefusesTooMuch(t *testing.T) {
	line := []byte(strings.Repeat("&", 1<<20))
	var many []packet
	for i := range int64(8) {
		many = append(many, packet{i, i + 1, true, append([]byte{0xFF, 0xFF}, line...)})
	}
	for i := range many { // 65535 of & in each, five times as long when escaped
		many[i].data = many[i].data[:2+0xFFFF]
	}
	for len(many) < 120 {
		many = append(many, many...)
	}
	if _, err := assemble("mov_text", many); kindOf(err) != KindTooLarge {
		t.Errorf("%v, want too_large", err)
	}
}

// dump is a hex dump as ffprobe 5.1 prints it.
func dump(data []byte) string {
	var b strings.Builder
	b.WriteByte('\n')
	for at := 0; at < len(data); at += 16 {
		row := data[at:min(at+16, len(data))]
		fmt.Fprintf(&b, "%08x: ", at)
		digits := hex.EncodeToString(row)
		for i := 0; i < 32; i += 4 {
			part := ""
			if i < len(digits) {
				part = digits[i:min(i+4, len(digits))]
			}
			fmt.Fprintf(&b, "%-4s ", part)
		}
		b.WriteByte(' ')
		for _, c := range row {
			if c < 32 || c > 126 {
				c = '.'
			}
			b.WriteByte(c)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestHexDumpGivesTheBytesBack(t *testing.T) {
	for n := range 70 {
		want := make([]byte, n)
		for i := range want {
			want[i] = byte(i*37 + n)
		}
		if n > 20 {
			copy(want[3:], "ab: cd  ef")
		}
		got, err := parseHexDump(dump(want))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d bytes: %x, %v; want %x", n, got, err, want)
		}
	}
	for _, bad := range []string{"no dump", "00000000: zz", "00000000: 123"} {
		if _, err := parseHexDump(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestMillisecondsAreRoundedExactly(t *testing.T) {
	for _, c := range []struct {
		n    int64
		base string
		want int64
	}{
		{840, "1/1000", 840}, {840000, "1/1000000", 840}, {75600, "1/90000", 840},
		{503, "1/600", 838}, {1, "1/600", 2}, {-503, "1/600", -838}, {-840, "1/1000", -840},
		{1 << 62, "1/1", maxMilliseconds}, {1 << 62, "2147483647/1", maxMilliseconds}, {-1 << 63, "1/1", -maxMilliseconds},
	} {
		base, ok := parseTimeBase(c.base)
		if !ok {
			t.Fatal(c.base)
		}
		if got := milliseconds(c.n, base); got != c.want {
			t.Errorf("%d of %s: %d ms, want %d", c.n, c.base, got, c.want)
		}
	}
	for _, bad := range []string{"", "1", "0/1", "1/0", "-1/1000", "1/99999999999", "a/b"} {
		if _, ok := parseTimeBase(bad); ok {
			t.Errorf("time base %q was read", bad)
		}
	}
}

// FuzzPackets feeds the reader of ffprobe's output and what it makes of the
// samples: no panic, and what comes out is a subtitle file or nothing.
func FuzzPackets(f *testing.F) {
	f.Add(`{"packets":[{"pts":840,"duration":1305,"data":"\n00000000: 0002 4869                                ..Hi\n"}]}`, 0)
	f.Add(`{"packets":[{"pts":null,"data":""},{"pts":-9223372036854775808,"duration":-1,"data":"00000000: 00"}]}`, 1)
	f.Add(`{}`, 2)
	f.Add(`{"packets":[`, 0)
	f.Fuzz(func(t *testing.T, output string, which int) {
		packets, err := decodePackets(strings.NewReader(output), timeBase{1, 1000})
		if err != nil {
			return
		}
		codec := []string{"mov_text", "subrip", "webvtt", codecWVTT, codecSTPP}[uint(which)%5]
		data, err := assemble(codec, packets)
		if err != nil {
			return
		}
		arrows := bytes.Count(data, []byte(" --> "))
		if codec != "mov_text" || arrows == 0 {
			return
		}
		track, _, err := subtitles.Read(data)
		if err != nil && bytes.ContainsAny(data, "\x80\xFF") {
			return
		}
		if err == nil && len(track.Cues) > arrows {
			t.Errorf("%d cues from %d samples", len(track.Cues), arrows)
		}
	})
}

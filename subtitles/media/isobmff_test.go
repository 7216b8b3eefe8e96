package media

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/duosub/duosub/subtitles"
)

func box(kind string, content ...string) string {
	body := strings.Join(content, "")
	return string(binary.BigEndian.AppendUint32(nil, uint32(8+len(body)))) + kind + body
}

func TestWVTTSamplesBecomeCues(t *testing.T) {
	hello := box("vttc", box("iden", "a"), box("sttg", "line:0 align:start"), box("payl", "<v Mei>R&amp;D\n\nis fun"))
	bye := box("vttc", box("payl", "Bye!"))
	got, err := assemble(codecWVTT, []packet{
		{0, 1000, true, []byte(box("vtte"))},
		{1000, 2000, true, []byte(hello)},
		{2000, 2500, true, []byte(hello + bye)}, // a second speaker begins
		{2500, 4000, true, []byte(bye + box("vtta", "NOTE nothing"))},
		{4000, 5000, true, []byte(box("vttc", box("iden", "x --> y"), box("payl", "Bye!"))[:12])},
		{5000, 6000, true, []byte(bye)}, // said again
	})
	const want = "WEBVTT\n\na\n00:00:01.000 --> 00:00:02.500 line:0 align:start\n<v Mei>R&amp;D\nis fun\n\n" +
		"00:00:02.000 --> 00:00:04.000\nBye!\n\n00:00:05.000 --> 00:00:06.000\nBye!\n\n"
	if err != nil || string(got) != want {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
	}
}

func TestTTMLSegmentsBecomeOneTrack(t *testing.T) {
	document := func(paragraphs string) []byte {
		return []byte(`<?xml version="1.0" encoding="UTF-8"?><tt xmlns="http://www.w3.org/ns/ttml" xml:lang="en"><body><div>` + paragraphs + `</div></body></tt>`)
	}
	first := document(`<p begin="00:00:01.000" end="00:00:02.000">one</p><p begin="00:00:03.000" end="00:00:04.000">cut in two</p>`)
	got, err := assemble(codecSTPP, []packet{
		{0, 4000, true, first}, {0, 4000, true, first},
		{4000, 8000, true, document(`<p begin="00:00:04.000" end="00:00:05.500">cut in two</p>`)},
		{8000, 12000, true, document("")},
		{12000, 16000, true, document(`<p begin="00:00:13.000" end="00:00:14.000">one</p>`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	track, _, err := subtitles.Read(got)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, c := range track.Cues {
		fmt.Fprintf(&b, "%v-%v %s; ", c.Start, c.End, c.Text)
	}
	if b.String() != "1s-2s one; 3s-5.5s cut in two; 13s-14s one; " {
		t.Error(b.String())
	}
}

func TestTTMLInMP4(t *testing.T) {
	need(t, "ffprobe", "ffmpeg")
	video := filepath.Join(t.TempDir(), "ttml.mp4")
	tool(t, "ffmpeg", "-v", "error", "-nostdin", "-i", videos+"silent.mp4", "-i", "../../testdata/vlog.en.srt",
		"-map", "0:v", "-map", "1", "-c:v", "copy", "-c:s", "ttml", "-metadata:s:s:0", "language=eng", video)
	got, _, stream, err := Read(t.Context(), video, "en")
	if err != nil {
		t.Fatal(err)
	}
	if stream.Codec != codecSTPP || !stream.Text {
		t.Errorf("%+v", stream)
	}
	want := readFile(t, "../../testdata/vlog.en.srt")
	if len(got.Cues) != len(want.Cues) || got.Cues[101].Start != want.Cues[101].Start || got.Cues[90].Text != want.Cues[90].Text {
		t.Errorf("%d cues, the 91st %+v", len(got.Cues), got.Cues[90])
	}
}

// TestWVTTInMP4 turns a mov_text track into a wvtt one: the sample entry gets
// the other name, and a sample of text and padding becomes a box of its size.
func TestWVTTInMP4(t *testing.T) {
	need(t, "ffprobe", "ffmpeg")
	dir := t.TempDir()
	text := strings.Repeat("x", 40)
	srt, video := filepath.Join(dir, "a.srt"), filepath.Join(dir, "a.mp4")
	if err := os.WriteFile(srt, []byte("1\n00:00:01,234 --> 00:00:02,500\n"+text+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tool(t, "ffmpeg", "-v", "error", "-nostdin", "-i", videos+"silent.mp4", "-i", srt, "-map", "0:v", "-map", "1", "-c:v", "copy", "-c:s", "mov_text", video)
	data, err := os.ReadFile(video)
	if err != nil {
		t.Fatal(err)
	}
	sample := box("vttc", box("payl", "R&amp;D &lt;3 and no more."))
	if len(sample) != 2+len(text) {
		t.Fatalf("the box has %d bytes, the sample %d", len(sample), 2+len(text))
	}
	changed := bytes.Replace(data, []byte("\x00\x28"+text), []byte(sample), 1)
	changed = bytes.ReplaceAll(changed, []byte("tx3g"), []byte("wvtt"))
	if bytes.Contains(changed, []byte(text)) {
		t.Fatal("the sample was not found")
	}
	if err := os.WriteFile(video, changed, 0o600); err != nil {
		t.Fatal(err)
	}
	got, _, stream, err := Read(t.Context(), video, "")
	if err != nil {
		t.Fatalf("%+v: %v", stream, err)
	}
	if len(got.Cues) != 1 || got.Cues[0].Text != "R&D <3 and no more." || got.Cues[0].Start.Milliseconds() != 1234 || got.Cues[0].End.Milliseconds() != 2500 {
		t.Errorf("%+v", got.Cues)
	}
}

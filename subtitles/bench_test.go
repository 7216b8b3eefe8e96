package subtitles

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/asticode/go-astisub"
)

// benchTrack is a lecture of 2,000 cues, mostly plain, in both scripts.
func benchTrack() *Track {
	texts := []string{
		"When I first moved to Shanghai,\nI knew nobody at all.",
		"So I went out every evening",
		"刚搬到上海的时候，\n我谁也不认识。",
		"and talked to whoever would talk to me.",
		"Fish & chips for 3 > 2 people",
		"- Really?\n- Really.",
	}
	t := &Track{}
	for i := range 2000 {
		start := time.Duration(i) * 2500 * time.Millisecond
		t.Cues = append(t.Cues, Cue{N: i + 1, Start: start, End: start + 2400*time.Millisecond, Text: texts[i%len(texts)]})
	}
	return t
}

// benchRead measures Read beside go-astisub on the same file.
func benchRead(b *testing.B, data []byte, astisubRead func(io.Reader) (*astisub.Subtitles, error)) {
	b.Run("duosub", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			if t, _, err := Read(data); err != nil || len(t.Cues) != 2000 {
				b.Fatal(err)
			}
		}
	})
	b.Run("astisub", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			if s, err := astisubRead(bytes.NewReader(data)); err != nil || len(s.Items) != 2000 {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkReadSRT(b *testing.B) {
	benchRead(b, writeSRT(b, benchTrack()), func(r io.Reader) (*astisub.Subtitles, error) { return astisub.ReadFromSRT(r) })
}

func BenchmarkReadSRTWithCRLF(b *testing.B) {
	data := bytes.ReplaceAll(writeSRT(b, benchTrack()), []byte("\n"), []byte("\r\n"))
	benchRead(b, data, func(r io.Reader) (*astisub.Subtitles, error) { return astisub.ReadFromSRT(r) })
}

func BenchmarkReadWebVTT(b *testing.B) {
	benchRead(b, writeVTT(b, benchTrack()), func(r io.Reader) (*astisub.Subtitles, error) { return astisub.ReadFromWebVTT(r) })
}

func BenchmarkReadWebVTTWithMarkup(b *testing.B) {
	track := benchTrack()
	data := writeVTT(b, track)
	for _, tag := range []string{"When", "talked", "Really", "谁"} {
		data = bytes.ReplaceAll(data, []byte(tag), fmt.Appendf(nil, "<v Ann><c.yellow>%s</c>", tag))
	}
	benchRead(b, data, func(r io.Reader) (*astisub.Subtitles, error) { return astisub.ReadFromWebVTT(r) })
}

func BenchmarkReadASS(b *testing.B) {
	var lines []string
	for _, c := range benchTrack().Cues {
		lines = append(lines, string(appendTime(nil, c.Start, '.'))+","+string(appendTime(nil, c.End, '.'))+`,Default,|{\i1}`+string(bytes.ReplaceAll([]byte(c.Text), []byte("\n"), []byte(`\N`))))
	}
	benchRead(b, []byte(ass(lines...)), astisub.ReadFromSSA)
}

// BenchmarkSRTToWebVTT reads an SRT file and writes it as WebVTT, beside
// go-astisub, and beside a scanner that counts cues and understands nothing.
func BenchmarkSRTToWebVTT(b *testing.B) {
	data := writeSRT(b, benchTrack())
	for _, way := range []struct {
		name string
		run  func() error
	}{
		{"duosub", func() error {
			t, _, err := Read(data)
			if err != nil {
				return err
			}
			return WriteVTT(io.Discard, t)
		}},
		{"astisub", func() error {
			s, err := astisub.ReadFromSRT(bytes.NewReader(data))
			if err != nil {
				return err
			}
			return s.WriteToWebVTT(io.Discard)
		}},
		{"scanner", func() error {
			cues := 0
			for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
				if bytes.Contains(s.Bytes(), []byte(" --> ")) {
					cues++
				}
			}
			if cues != 2000 {
				return fmt.Errorf("%d cues", cues)
			}
			return nil
		}},
	} {
		b.Run(way.name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if err := way.run(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkReadIsLinear reads files of 1 MB up to nearly the limit: the speed
// must not fall, and memory must not rise beyond a multiple of the input,
// which "held/input" gives.
func BenchmarkReadIsLinear(b *testing.B) {
	short := benchTrack()
	for _, mb := range []int{1, 4, 16, 31} {
		long := &Track{}
		for n := 0; n < mb<<20; {
			c := short.Cues[len(long.Cues)%len(short.Cues)]
			c.N = len(long.Cues) + 1
			c.Start, c.End = time.Duration(c.N)*2*time.Second, time.Duration(c.N)*2*time.Second+1900*time.Millisecond
			// Texts of 200 characters, so that the limit on cues is not met.
			c.Text = strings.Repeat(c.Text+" ", 200/len(c.Text)+1)
			long.Cues = append(long.Cues, c)
			n += len(c.Text) + 40
		}
		for _, format := range []Format{SRT, VTT} {
			data := writeSRT(b, long)
			if format == VTT {
				data = writeVTT(b, long)
			}
			b.Run(fmt.Sprintf("%s/%dMB", format, mb), func(b *testing.B) {
				b.SetBytes(int64(len(data)))
				var peak uint64
				for b.Loop() {
					if _, _, err := Read(data); err != nil {
						b.Fatal(err)
					}
				}
				b.StopTimer()
				peak = held(b, func() { _, _, _ = Read(data) })
				b.ReportMetric(float64(peak)/float64(len(data)), "held/input")
			})
		}
	}
}

// BenchmarkReadSpeech reads the JSON of a recognition of an hour.
func BenchmarkReadSpeech(b *testing.B) {
	data := longSpeech(b)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := Read(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWriteSRT(b *testing.B) { benchWrite(b, WriteSRT) }

func BenchmarkWriteWebVTT(b *testing.B) { benchWrite(b, WriteVTT) }

func benchWrite(b *testing.B, write func(io.Writer, *Track) error) {
	track := benchTrack()
	var size bytes.Buffer
	if err := write(&size, track); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(size.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if err := write(io.Discard, track); err != nil {
			b.Fatal(err)
		}
	}
}

package subtitles

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// memoryBound is what reading may take: 64 times the input and 8 MiB.
func memoryBound(input int) uint64 { return 64*uint64(input) + 8<<20 }

// allocated is how many bytes f allocates, one call after another. What is
// freed meanwhile counts too, so it is at least what f ever holds.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// held is the most that the heap holds while f runs, beyond what it held
// before, with a collector that is in a hurry. It is looked at every 200 µs.
func held(t testing.TB, f func()) uint64 {
	t.Helper()
	defer debug.SetGCPercent(debug.SetGCPercent(10))
	runtime.GC()
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	heap := func() uint64 {
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	before := heap()
	peak := before
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		ticker := time.NewTicker(200 * time.Microsecond)
		defer ticker.Stop()
		for {
			select {
			case <-stop:
				return
			case <-ticker.C:
				peak = max(peak, heap())
			}
		}
	}()
	f()
	close(stop)
	<-stopped
	peak = max(peak, heap())
	return peak - min(before, peak)
}

// TestReadingHoldsLittleMemory reads files that are built to need much: each
// format's smallest cues, and what its readers keep books about.
func TestReadingHoldsLittleMemory(t *testing.T) {
	const size = 512 << 10
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	const event = "Dialogue: 0,0:00:01.00,0:00:02.00,x,,0,0,0,,"
	const srt, vtt = "0:0:1,0 --> 0:0:2,0\n", "WEBVTT\n\n00:01.000 --> 00:02.000"
	var rolling strings.Builder
	for i := 0; rolling.Len() < size; i++ {
		fmt.Fprintf(&rolling, "0:0:%d,0 --> 0:0:%d,0\n%d\n%d\n\n", i, i+1, i, i+1)
	}
	tests := map[string]string{
		"small SRT cues":             fill(srt + "a\n"),
		"SRT cues with markup":       fill(srt + "<i>a</i>\n"),
		"SRT cues with CRLF":         fill(strings.ReplaceAll(srt+"a\n", "\n", "\r\n")),
		"SRT cues without ends":      fill("0:0:2,0 -->\na\n"),
		"SRT cues in UTF-16":         utf16Bytes(strings.Repeat(srt+"a\n", size/50), false),
		"SRT cues with bad bytes":    fill(srt + "我我我我我\xff\n"),
		"SRT in GBK":                 encoded(t, fill(simplifiedSRT), simplifiedchinese.GBK),
		"references":                 srt + fill("&lt;"),
		"captions that roll":         rolling.String(),
		"small WebVTT cues":          "WEBVTT\n\n" + fill("00:01.000 --> 00:02.000\na\n\n"),
		"WebVTT cues with settings":  "WEBVTT\n\n" + fill("00:01.000 --> 00:02.000 line:1 size:1% position:1%\na\n\n"),
		"tags":                       vtt + "\n" + fill("<a>x"),
		"classes":                    vtt + "\n<c" + fill(".a") + ">x",
		"small SSA events":           "[Events]\nFormat: Start, End, Text\n" + fill("Dialogue: 0:00:1,0:00:2,a\n"),
		"blocks in SSA":              assHead + fill(event+strings.Repeat("{a}x", 1900)+"\n"),
		"lines in SSA":               assHead + fill(event+strings.Repeat(`x\N`, 1900)+"x\n"),
		"too many lines in SSA":      assHead + event + "a\n" + fill(event+strings.Repeat(`x\N`, 19000)+"x\n"),
		"small TTML paragraphs":      ttml("<body><div>" + fill("<p end='1s'>a</p>") + "</div></body>"),
		"lines in TTML":              ttml("<body><div>" + fill("<p end='1s'>"+strings.Repeat("<br/>a", 1900)+"</p>") + "</div></body>"),
		"too many lines in TTML":     ttml("<body><div><p end='1s'>a</p>" + fill("<p end='1s'>"+strings.Repeat("<br/>a", 9000)+"</p>") + "</div></body>"),
		"elements in TTML":           ttml("<body><div>" + fill("<a/>") + "<p end='1s'>x</p></div></body>"),
		"attributes in TTML":         ttml("<body><div><p end='1s'" + fill(" a='b'") + ">x</p></div></body>"),
		"small SBV cues":             fill("0:00:01.0,0:00:02.0\na\n"),
		"small segments":             "[" + fill(`{"start":1,"text":"a"},`) + `{"start":1,"text":"a"}]`,
		"small words":                `{"segments":[{"start":1,"text":"` + strings.Repeat("a ", size/64) + `","words":[` + strings.Repeat(`{"word":"a","start":1},`, size/64) + `{}]}]}`,
		"words of no segment":        `{"words":[` + fill(`{"word":"a","start":1},`) + `{}]}`,
		"one segment of small words": `{"segments":[{"start":1,"end":9,"text":"` + fill("a ") + `"}]}`,
		"one segment of Chinese":     `{"segments":[{"start":1,"end":9,"text":"` + fill("我") + `"}]}`,
		"one run of Chinese words":   `{"segments":[` + fill(`{"start":1,"text":"我","words":[{"word":"我","start":1}]},`) + `{}]}`,
	}
	for name, in := range tests {
		t.Run(name, func(t *testing.T) {
			data := []byte(in)
			var track *Track
			var rep *Report
			var err error
			got := held(t, func() { track, rep, err = Read(data) })
			checkTrack(t, track, rep, err)
			if err != nil {
				t.Error(err)
			}
			if most := memoryBound(len(data)); got > most {
				t.Errorf("%d bytes held for %d of input (%.0f times), %d allowed", got, len(data), float64(got)/float64(len(data)), most)
			}
		})
	}
}

// FuzzMemory reads an input that is repeated until it is long enough to tell
// multiples of it from fixed costs.
func FuzzMemory(f *testing.F) {
	addAll(f, "")
	f.Add([]byte("0:00:01.0,0:00:02.0\na\n"))
	f.Add([]byte("Dialogue: 0,0:00:01.00,0:00:02.00,x,,0,0,0,,a\\Nb{c}d\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 {
			return
		}
		data = bytes.Repeat(data, 1+(256<<10)/len(data))
		bound := memoryBound(len(data))
		if allocated(func() { _, _, _ = Read(data) }) <= bound {
			return
		}
		if got := held(t, func() { _, _, _ = Read(data) }); got > bound {
			t.Errorf("%d bytes held for %d of input, %d allowed", got, len(data), bound)
		}
	})
}

// TestReadingAndWritingAllocateLittle bounds the allocations for each cue of
// an SRT file that is read and written as WebVTT.
func TestReadingAndWritingAllocateLittle(t *testing.T) {
	plain := benchTrack()
	marked := writeSRT(t, plain)
	for _, word := range []string{"When", "and", "So", "刚搬", "Fish", "Really?\n"} {
		marked = bytes.ReplaceAll(marked, []byte(word), []byte("<i>"+word))
	}
	for name, test := range map[string]struct {
		data []byte
		most float64
	}{"plain": {writeSRT(t, plain), 1}, "markup": {marked, 6}} {
		cues := float64(len(plain.Cues))
		got := testing.AllocsPerRun(3, func() {
			track, _, err := Read(test.data)
			if err != nil || float64(len(track.Cues)) != cues {
				t.Fatal(err)
			}
			if err := WriteVTT(io.Discard, track); err != nil {
				t.Fatal(err)
			}
		}) / cues
		if got > test.most {
			t.Errorf("%s: %.2f allocations a cue, want at most %v", name, got, test.most)
		}
	}
}

// TestHundredThousandCuesTakeLittle reads and writes a hundred thousand cues
// within ten times the file.
func TestHundredThousandCuesTakeLittle(t *testing.T) {
	short := benchTrack().Cues
	long := &Track{}
	for i := range 100_000 {
		c := short[i%len(short)]
		c.N, c.Start = i+1, time.Duration(i)*time.Second
		c.End = c.Start + 900*time.Millisecond
		long.Cues = append(long.Cues, c)
	}
	data := writeSRT(t, long)
	got := allocated(func() {
		track, _, err := Read(data)
		if err != nil || len(track.Cues) != len(long.Cues) {
			t.Fatal(err)
		}
		if err := WriteVTT(io.Discard, track); err != nil {
			t.Fatal(err)
		}
	})
	if got > 10*uint64(len(data)) {
		t.Errorf("%.1f times the input", float64(got)/float64(len(data)))
	}
}

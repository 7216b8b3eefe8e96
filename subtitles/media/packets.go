package media

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/duosub/duosub/subtitles"
)

// Text tracks other than ASS are read packet by packet rather than through
// one of ffmpeg's subtitle writers: those put the text of a mov_text track
// into WebVTT unescaped (a viewer then loses what follows "<3"), keep blank
// lines inside a cue (which then ends there) and what follows a NUL, and move
// all times when the file does not start at zero.

// A packet is one sample of a track, its times in milliseconds.
type packet struct {
	start, end int64
	hasEnd     bool
	data       []byte
}

// packets reads all samples of a stream.
func packets(ctx context.Context, abs string, index int, base string) ([]packet, error) {
	unit, ok := parseTimeBase(base)
	if !ok {
		return nil, &Error{Kind: KindBadVideo, Message: "the video's subtitle track has no usable time base"}
	}
	args := append(inputArgs(abs), "-select_streams", strconv.Itoa(index), "-show_packets", "-show_data",
		"-show_entries", "packet=pts,duration,data", "-of", "json")
	var out []packet
	err := run(ctx, "ffprobe", args, func(r io.Reader) error {
		var err error
		out, err = decodePackets(r, unit)
		return err
	})
	if err != nil {
		return nil, err
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].start < out[j].start })
	return out, nil
}

// decodePackets reads {"packets":[{"pts":…,"duration":…,"data":"hex dump"},…]}
// one packet at a time, so that memory is bounded by the track and not by its
// hex dump.
func decodePackets(r io.Reader, base timeBase) ([]packet, error) {
	dec := json.NewDecoder(r)
	for _, want := range []json.Token{json.Delim('{'), "packets", json.Delim('[')} {
		token, err := dec.Token()
		if err != nil {
			return nil, err
		}
		if token == json.Delim('}') { // {}: no packets at all
			return nil, nil
		}
		if token != want {
			return nil, fmt.Errorf("unexpected %v in the output of ffprobe", token)
		}
	}
	var out []packet
	total := 0
	for dec.More() {
		var p struct {
			PTS      *int64 `json:"pts"`
			Duration int64  `json:"duration"`
			Data     string `json:"data"`
		}
		if err := dec.Decode(&p); err != nil {
			return nil, err
		}
		if p.PTS == nil {
			continue // a sample without a time cannot be shown
		}
		data, err := parseHexDump(p.Data)
		if err != nil {
			return nil, err
		}
		total += len(data)
		if total > subtitles.MaxBytes || len(out) >= 2*subtitles.MaxCues {
			return nil, tooLarge() // twice: MP4 has an empty sample for each gap
		}
		out = append(out, packet{start: milliseconds(*p.PTS, base), end: milliseconds(*p.PTS+p.Duration, base), hasEnd: p.Duration > 0, data: data})
	}
	_, err := dec.Token()
	return out, err
}

// A timeBase is the unit of a stream's times, as a fraction of a second.
type timeBase struct{ num, den int64 }

// parseTimeBase reads "1/90000".
func parseTimeBase(s string) (timeBase, bool) {
	num, den, _ := strings.Cut(s, "/")
	n, errN := strconv.ParseInt(num, 10, 32)
	d, errD := strconv.ParseInt(den, 10, 32)
	return timeBase{n, d}, errN == nil && errD == nil && n > 0 && d > 0
}

// milliseconds converts a count of time base units, rounded to the nearest;
// what is beyond maxMilliseconds becomes that.
func milliseconds(n int64, base timeBase) int64 {
	if n < 0 {
		return -milliseconds(-max(n, -math.MaxInt64), base)
	}
	hi, lo := bits.Mul64(uint64(n), uint64(base.num)*1000)
	lo, carry := bits.Add64(lo, uint64(base.den)/2, 0)
	hi += carry
	if hi >= uint64(base.den) {
		return maxMilliseconds
	}
	q, _ := bits.Div64(hi, lo, uint64(base.den))
	return int64(min(q, maxMilliseconds))
}

// maxMilliseconds is the latest time that a subtitle file can tell here: 1000
// hours. No video lasts that long.
const maxMilliseconds = 1000*3600*1000 - 1

var errHexDump = errors.New("unexpected hex dump in the output of ffprobe")

// parseHexDump reads lines of "00000010: 204a 6573 …  ascii", 16 bytes each.
func parseHexDump(s string) ([]byte, error) {
	out := make([]byte, 0, len(s)/4)
	var digits [32]byte
	for line := range strings.SplitSeq(s, "\n") {
		if line == "" {
			continue
		}
		_, rest, ok := strings.Cut(line, ": ")
		if !ok {
			return nil, errHexDump
		}
		n := 0
		for i := 0; i < len(rest) && i < 40 && !strings.HasPrefix(rest[i:], "  "); i++ {
			if rest[i] != ' ' && n < len(digits) {
				digits[n] = rest[i]
				n++
			}
		}
		var raw [16]byte
		k, err := hex.Decode(raw[:], digits[:n])
		if err != nil {
			return nil, errHexDump
		}
		out = append(out, raw[:k]...)
	}
	return out, nil
}

// assumedDuration is how long a cue is shown at most where the file tells no
// duration: until the next one, but no longer than this.
const assumedDuration = 4 * time.Second

// assemble makes a subtitle file of the packets: WebVTT where the payload is
// WebVTT or has to be escaped (mov_text), else SRT, whose markup subrip
// packets carry. Timed text by ISO/IEC 14496-30 has ways of its own.
func assemble(codec string, all []packet) ([]byte, error) {
	switch codec {
	case codecSTPP:
		return assembleTTML(all)
	case codecWVTT:
		return assembleWVTT(all)
	}
	var b bytes.Buffer
	asVTT := codec == "webvtt" || codec == "mov_text"
	if asVTT {
		b.WriteString("WEBVTT\n\n")
	}
	n := 0
	for i, p := range all {
		data := p.data
		if codec == "mov_text" {
			data = movText(data)
		}
		text := cueText(data)
		if text == "" {
			continue
		}
		if codec == "mov_text" {
			text = vttEscaper.Replace(text)
		}
		if !p.hasEnd {
			p.end = p.start + assumedDuration.Milliseconds()
			if i+1 < len(all) && all[i+1].start > p.start {
				p.end = min(p.end, all[i+1].start)
			}
		}
		p.start = max(p.start, 0)
		if p.end <= p.start {
			continue // before the video begins
		}
		n++
		if asVTT {
			fmt.Fprintf(&b, "%s --> %s\n%s\n\n", stamp(p.start, '.'), stamp(p.end, '.'), text)
		} else {
			fmt.Fprintf(&b, "%d\n%s --> %s\n%s\n\n", n, stamp(p.start, ','), stamp(p.end, ','), text)
		}
		if b.Len() > subtitles.MaxBytes {
			return nil, tooLarge()
		}
	}
	return b.Bytes(), nil
}

var vttEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// movText is the text of a 3GPP timed text sample (3GPP TS 26.245 §5.17): two
// bytes of length, the text in UTF-8, or in UTF-16 with a byte order mark,
// then boxes of style.
func movText(sample []byte) []byte {
	if len(sample) < 2 {
		return nil
	}
	n := int(sample[0])<<8 | int(sample[1])
	text := sample[2:min(2+n, len(sample))]
	if len(text) < 2 {
		return text
	}
	little := text[0] == 0xFF && text[1] == 0xFE
	if !little && (text[0] != 0xFE || text[1] != 0xFF) {
		return text
	}
	units := make([]uint16, 0, len(text)/2)
	for i := 2; i+1 < len(text); i += 2 {
		if little {
			units = append(units, uint16(text[i+1])<<8|uint16(text[i]))
		} else {
			units = append(units, uint16(text[i])<<8|uint16(text[i+1]))
		}
	}
	return []byte(string(utf16.Decode(units)))
}

// cueText is the text of a payload up to a NUL, with lines that end in LF and
// none of them blank.
func cueText(data []byte) string {
	if i := bytes.IndexByte(data, 0); i >= 0 {
		data = data[:i]
	}
	var lines []string
	for line := range strings.SplitSeq(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(data)), "\n") {
		if strings.TrimSpace(line) != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// stamp writes a time as hh:mm:ss.mmm.
func stamp(ms int64, separator byte) string {
	return fmt.Sprintf("%02d:%02d:%02d%c%03d", ms/3600000, ms/60000%60, ms/1000%60, separator, ms%1000)
}

package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"strings"

	"github.com/duosub/duosub/subtitles"
)

// The sample entries of timed text in MP4 by ISO/IEC 14496-30, as streaming
// packagers write it. ffmpeg 5 hands their samples out but knows neither.
const (
	codecWVTT = "wvtt" // WebVTT, each sample a list of boxes
	codecSTPP = "stpp" // TTML, each sample a document
)

// assembleTTML makes a file of a track's TTML documents. One document is
// handed on as it is. Several, one for each segment of the video, become one
// WebVTT file; their times are the track's, not the sample's.
func assembleTTML(all []packet) ([]byte, error) {
	var documents [][]byte
	for _, p := range all {
		if len(bytes.TrimSpace(p.data)) > 0 && !slices.ContainsFunc(documents, func(d []byte) bool { return bytes.Equal(d, p.data) }) {
			documents = append(documents, p.data)
		}
	}
	if len(documents) == 1 {
		return documents[0], nil
	}
	var cues []subtitles.Cue
	for _, d := range documents {
		t, _, err := subtitles.Read(d)
		var bad *subtitles.Error
		if errors.As(err, &bad) && bad.Kind == subtitles.ErrNoCues {
			continue // a segment in which nobody speaks
		}
		if err != nil {
			return nil, &Error{Kind: KindBadVideo, Message: "a part of the video's TTML track cannot be read: " + err.Error(), Err: err}
		}
		cues = append(cues, t.Cues...)
	}
	var b bytes.Buffer
	if err := subtitles.WriteVTT(&b, &subtitles.Track{Format: subtitles.VTT, Cues: mergeSegments(cues)}); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// mergeSegments sorts cues and makes one of those that segment borders cut in
// two: the same text with no time between.
func mergeSegments(cues []subtitles.Cue) []subtitles.Cue {
	slices.SortStableFunc(cues, func(a, b subtitles.Cue) int { return int(max(-1, min(1, a.Start-b.Start))) })
	var out []subtitles.Cue
	for _, c := range cues {
		c.N = len(out) + 1
		if i := lastWithText(out, c.Text); i >= 0 && c.Start <= out[i].End {
			out[i].End = max(out[i].End, c.End)
			continue
		}
		out = append(out, c)
	}
	return out
}

// lastWithText is the index of the last cue with this text among the latest
// few, or -1.
func lastWithText(cues []subtitles.Cue, text string) int {
	for i := len(cues) - 1; i >= 0 && i >= len(cues)-8; i-- {
		if cues[i].Text == text {
			return i
		}
	}
	return -1
}

// A boxedCue is a WebVTT cue as a wvtt sample holds it.
type boxedCue struct {
	id, settings, payload string
	start, end            int64
}

// assembleWVTT makes a WebVTT file of wvtt samples (ISO/IEC 14496-30 §7). A
// cue stands in every sample during which it is shown.
func assembleWVTT(all []packet) ([]byte, error) {
	var cues []boxedCue
	for _, p := range all {
		for _, c := range sampleCues(p.data) {
			c.start, c.end = max(p.start, 0), p.end
			if c.end <= c.start || c.payload == "" {
				continue
			}
			i := slices.IndexFunc(cues[max(0, len(cues)-8):], func(o boxedCue) bool {
				return o.id == c.id && o.settings == c.settings && o.payload == c.payload && o.end == c.start
			})
			if i >= 0 {
				cues[max(0, len(cues)-8)+i].end = c.end
				continue
			}
			cues = append(cues, c)
		}
	}
	var b bytes.Buffer
	b.WriteString("WEBVTT\n\n")
	for _, c := range cues {
		if c.id != "" {
			b.WriteString(c.id + "\n")
		}
		b.WriteString(strings.TrimRight(stamp(c.start, '.')+" --> "+stamp(c.end, '.')+" "+c.settings, " ") + "\n" + c.payload + "\n\n")
		if b.Len() > subtitles.MaxBytes {
			return nil, tooLarge()
		}
	}
	return b.Bytes(), nil
}

// sampleCues reads the vttc boxes of a sample; vtte (nothing is shown) and
// vtta (a comment) hold no cue.
func sampleCues(sample []byte) (cues []boxedCue) {
	for kind, content := range boxes(sample) {
		if kind != "vttc" {
			continue
		}
		var c boxedCue
		for kind, content := range boxes(content) {
			switch kind {
			case "iden":
				c.id = oneLine(content)
			case "sttg":
				c.settings = oneLine(content)
			case "payl":
				c.payload = cueText(content)
			}
		}
		cues = append(cues, c)
	}
	return cues
}

// oneLine keeps an identifier or settings from becoming anything else.
func oneLine(b []byte) string {
	s := strings.Join(strings.Fields(cueText(b)), " ")
	if strings.Contains(s, "-->") {
		return ""
	}
	return s
}

// boxes goes over the boxes that data is made of; it ends at the first one
// that does not fit.
func boxes(data []byte) func(yield func(kind string, content []byte) bool) {
	return func(yield func(string, []byte) bool) {
		for len(data) >= 8 {
			size := binary.BigEndian.Uint32(data)
			if size < 8 || uint64(size) > uint64(len(data)) {
				return
			}
			if !yield(string(data[4:8]), data[8:size]) {
				return
			}
			data = data[size:]
		}
	}
}

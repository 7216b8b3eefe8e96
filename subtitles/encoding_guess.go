package subtitles

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// mostlyUTF8 reports whether invalid data is UTF-8 with damage rather than
// another encoding. In GB18030 and Big5 text about one character in eight
// happens to be a valid UTF-8 sequence, in damaged UTF-8 nearly all are.
func mostlyUTF8(data []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(data); {
		if data[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			bad++
		} else {
			good++
		}
		i += size
	}
	return good > bad
}

// guessUTF16 recognises UTF-16 without a byte order mark: the digits, spaces
// and line breaks of a subtitle file make at least a twentieth of the bytes
// NUL, nearly all of them on the same side.
func guessUTF16(data []byte) (bigEndian, ok bool) {
	sample := data[:min(len(data), 64<<10)]
	if bytes.IndexByte(sample, 0) < 0 {
		return false, false
	}
	var nul [2]int
	for i, c := range sample {
		if c == 0 {
			nul[i&1]++
		}
	}
	total := nul[0] + nul[1]
	if total < 2 || total*20 < len(sample) {
		return false, false
	}
	bigEndian = nul[0] > nul[1]
	return bigEndian, min(nul[0], nul[1])*10 <= total
}

// commonEnough is the share of common characters that a right guess exceeds
// by far (real text has six in ten) and a wrong one stays far below.
const commonEnough = 0.25

// legacySample bounds how much of a file guessLegacy looks at.
const legacySample = 1 << 20

// guessLegacy names the encoding of text that is not Unicode, or "".
func guessLegacy(data []byte) string {
	sample := data
	if len(sample) > legacySample {
		sample = sample[:legacySample]
		if i := bytes.LastIndexByte(sample, '\n'); i > 0 {
			sample = sample[:i]
		}
	}
	gb, big5 := commonShare(sample, encodingGB18030), commonShare(sample, encodingBig5)
	switch {
	case gb >= commonEnough && gb >= big5:
		return encodingGB18030
	case big5 >= commonEnough:
		return encodingBig5
	case mostlyAlone(sample):
		return encodingLatin
	}
	return ""
}

// commonShare decodes data and measures which share of what is not ASCII are
// common Chinese characters. Punctuation counts for nothing, errors count
// against.
func commonShare(data []byte, name string) float64 {
	text, _ := legacyEncodings[name].NewDecoder().Bytes(data)
	common, other := 0, 0
	for _, r := range string(text) {
		switch {
		case r < 0x80, r >= 0x2000 && r < 0x2070, r >= 0x3000 && r < 0x3020, r >= 0xFF00 && r < 0xFFF0:
		case r == utf8.RuneError:
			other += 3
		default:
			if _, ok := commonHanzi[r]; ok {
				common++
			} else {
				other++
			}
		}
	}
	if common == 0 {
		return 0
	}
	return float64(common) / float64(common+other)
}

// mostlyAlone reports whether nearly all bytes beyond ASCII stand alone among
// ASCII, as accented letters and curly quotes of Western text do.
func mostlyAlone(data []byte) bool {
	alone, total := 0, 0
	for i, c := range data {
		if c < 0x80 {
			continue
		}
		total++
		if (i == 0 || data[i-1] < 0x80) && (i+1 == len(data) || data[i+1] < 0x80) {
			alone++
		}
	}
	return alone*5 >= total*4
}

// repairMojibake undoes GBK that was read as Latin-1 and saved as UTF-8
// ("ÎÒ¾Í" for "我就"). It wants strong evidence: no character beyond Latin-1,
// at least ten Chinese characters, and nearly all of them sensible ones.
func repairMojibake(text string) (string, bool) {
	letters := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c < utf8.RuneSelf:
		case c == 0xC2 || c == 0xC3: // U+0080 to U+00FF
			letters++
			i++
		default:
			return "", false
		}
	}
	if letters < 20 {
		return "", false
	}
	latin := make([]byte, 0, len(text))
	for _, r := range text {
		latin = append(latin, byte(r))
	}
	if mostlyAlone(latin) || commonShare(latin, encodingGB18030) < 2*commonEnough {
		return "", false
	}
	fixed, err := simplifiedchinese.GB18030.NewDecoder().String(string(latin))
	if err != nil || strings.ContainsRune(fixed, utf8.RuneError) {
		return "", false
	}
	return fixed, true
}

package subtitles

import (
	"bytes"
	"strings"
)

// signatures are the first bytes of files that people give by mistake.
var signatures = []struct {
	offset      int
	magic, what string
}{
	{0, "\xFF\xD8\xFF", "a JPEG picture"},
	{0, "\x89PNG\r\n", "a PNG picture"},
	{0, "GIF8", "a GIF picture"},
	{8, "WEBP", "a WebP picture"},
	{0, "%PDF-", "a PDF document"},
	{0, "PK\x03\x04", "a ZIP archive or an office document (unpack it first)"},
	{0, "\x1F\x8B", "a gzip archive (unpack it first)"},
	{0, "BZh", "a bzip2 archive (unpack it first)"},
	{0, "\xFD7zXZ", "an xz archive (unpack it first)"},
	{0, "7z\xBC\xAF\x27\x1C", "a 7z archive (unpack it first)"},
	{0, "Rar!\x1A", "a RAR archive (unpack it first)"},
	{0, "\x28\xB5\x2F\xFD", "a Zstandard archive (unpack it first)"},
	{4, "ftyp", "an MP4 video"},
	{0, "\x1A\x45\xDF\xA3", "a Matroska or WebM video"},
	{0, "FLV\x01", "a Flash video"},
	{8, "AVI ", "an AVI video"},
	{8, "WAVE", "a WAV recording"},
	{0, "ID3", "an MP3 recording"},
	{0, "OggS", "an Ogg recording"},
	{0, "fLaC", "a FLAC recording"},
	{0, "\x00\x00\x01\xBA", "MPEG video or VobSub pictures"},
	{0, "PG\x00", "PGS picture subtitles (run text recognition on them first)"},
	{3, "STL25.01", "EBU STL subtitles (convert them to SRT first)"},
	{3, "STL30.01", "EBU STL subtitles (convert them to SRT first)"},
	{0, "{\\rtf", "an RTF document (save it as plain text)"},
	{0, "SQLite format 3", "a database"},
	{0, "\x7FELF", "a program"},
	{0, "MZ\x90", "a program"},
}

// binaryKind says what data is by its first bytes, or "".
func binaryKind(data []byte) string {
	for _, s := range signatures {
		if len(data) >= s.offset && bytes.HasPrefix(data[s.offset:], []byte(s.magic)) {
			return s.what
		}
	}
	return ""
}

// sniff tells the format of text by what it starts with; SRT is what has no
// other sign. It is empty where the text is certainly something else.
func sniff(text string) Format {
	if hasVTTSignature(text) {
		return VTT
	}
	head := strings.TrimLeftFunc(text, isInvisible)
	if len(head) > sniffBytes {
		head = head[:sniffBytes]
	}
	switch {
	case strings.HasPrefix(head, "<"):
		switch root := rootElement(head); {
		case root == "tt":
			return TTML
		case strings.Contains(text, "-->") && hasTimes(text) && root != "html":
			return SRT
		default:
			return ""
		}
	case strings.HasPrefix(head, "["), strings.HasPrefix(head, ";"), strings.HasPrefix(head, "!"):
		if isSSA(head) {
			return SSA
		}
	case startsWithFold(head, "Dialogue:"):
		return SSA
	}
	switch {
	case startsJSON(head):
		return JSON
	case startsSBV(head), !strings.Contains(text, "-->") && hasLine(text, isSBVTiming) && !hasTimes(text):
		return SBV
	}
	return SRT
}

// startsJSON reports whether a text begins as a JSON object, or a list of them,
// does. Braces with a number are MicroDVD's, brackets with a word are SSA's.
func startsJSON(head string) bool {
	for _, open := range []string{"[", "{"} {
		if rest, ok := strings.CutPrefix(head, open); ok {
			head = strings.TrimLeft(rest, " \t\r\n")
			if open == "{" {
				return strings.HasPrefix(head, `"`) || strings.HasPrefix(head, "}")
			}
		}
	}
	return false
}

// startsSBV reports whether a text begins with a line of SBV's times, or with
// the header of SubViewer.
func startsSBV(head string) bool {
	first, _, _ := strings.Cut(strings.ReplaceAll(head, "\r", "\n"), "\n")
	return isSBVTiming(first) || startsWithFold(first, "[INFORMATION]")
}

func isSBVTiming(line string) bool {
	_, _, ok := parseSBVTiming(line)
	return ok
}

// sniffBytes bounds how far sniff looks for a root element or a section.
const sniffBytes = 64 << 10

// isSSA reports whether a line is one of the section names of SSA and ASS.
func isSSA(head string) bool {
	for line := range strings.SplitSeq(strings.ReplaceAll(head, "\r", "\n"), "\n") {
		switch strings.ToLower(strings.TrimSpace(line)) {
		case "[script info]", "[v4 styles]", "[v4+ styles]", "[events]":
			return true
		}
	}
	return false
}

// hasTimes reports whether a line of text is one of times.
func hasTimes(text string) bool {
	return hasLine(text, func(line string) bool {
		t, ok := parseSRTTiming(line)
		return ok && t.hasStart && t.hasEnd
	})
}

// hasLine reports whether is holds for a line of text, whose line breaks need
// not be normalized.
func hasLine(text string, is func(string) bool) bool {
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r", "\n"), "\n") {
		if is(line) {
			return true
		}
	}
	return false
}

// rootElement is the name of the first element of an XML or HTML text, in
// lower case and without its prefix.
func rootElement(s string) string {
	for {
		s = strings.TrimLeftFunc(s, isInvisible)
		var end string
		switch {
		case strings.HasPrefix(s, "<!--"):
			end = "-->"
		case strings.HasPrefix(s, "<?"):
			end = "?>"
		case startsWithFold(s, "<!doctype html"):
			return "html"
		case strings.HasPrefix(s, "<!"):
			end = ">"
		case strings.HasPrefix(s, "<"):
			name := s[1:]
			if i := strings.IndexAny(name, " \t\r\n/>"); i >= 0 {
				name = name[:i]
			}
			if i := strings.IndexByte(name, ':'); i >= 0 {
				name = name[i+1:]
			}
			return strings.ToLower(name)
		default:
			return ""
		}
		i := strings.Index(s, end)
		if i < 0 {
			return ""
		}
		s = s[i+len(end):]
	}
}

func startsWithFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// plainText is what textKind calls text without any sign.
const plainText = "plain text without times"

// textKind says what a text without readable cues looks like.
func textKind(text string) string {
	head := strings.TrimLeftFunc(text, isInvisible)
	if len(head) > sniffBytes {
		head = head[:sniffBytes]
	}
	switch {
	case head == "":
	case head[0] == '<':
		switch root := rootElement(head); root {
		case "html", "head", "body":
			return "a web page (HTML)"
		case "sami":
			return "SAMI subtitles (convert them to SRT first)"
		case "":
		default:
			return "XML of the kind <" + cutRunes(root, 40) + ">"
		}
	case head[0] == '{' && len(head) > 1 && (isDigit(head[1])):
		return "MicroDVD subtitles, timed in frames (convert them to SRT first)"
	case head[0] == '{', strings.HasPrefix(head, "[{"), strings.HasPrefix(head, "[\""):
		return "JSON"
	case strings.HasPrefix(head, "#EXTM3U"):
		return "an HLS playlist (give the subtitle files that it lists)"
	case strings.HasPrefix(head, "# VobSub"):
		return "a VobSub index, whose subtitles are pictures (run text recognition on them first)"
	case len(head) > 6 && head[0] == '[' && isDigit(head[1]) && isDigit(head[2]) && head[3] == ':':
		return "LRC lyrics (convert them to SRT first)"
	}
	return plainText
}

// cutRunes is at most n characters of s.
func cutRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

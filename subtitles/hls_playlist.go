package subtitles

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"
)

const (
	// MaxPlaylistBytes bounds an HLS playlist (16 MiB).
	MaxPlaylistBytes = 16 << 20
	// MaxSegments bounds the segments of a playlist, read or written: four
	// days of six seconds each.
	MaxSegments = 57_600
	// maxRenditions bounds the renditions of a multivariant playlist.
	maxRenditions = 10_000
)

// A Playlist is an HLS playlist (RFC 8216), as far as subtitles need it. It is
// a multivariant ("master") playlist where it has Renditions or Variants, else
// a media playlist.
type Playlist struct {
	// Renditions are the EXT-X-MEDIA tags, Variants counts the streams of a
	// multivariant playlist.
	Renditions []Rendition
	Variants   int
	// Segments are those of a media playlist, in order.
	Segments []Segment
	// Sequence is the number of the first segment.
	Sequence int64
	// Ended says that no segment will follow: EXT-X-ENDLIST is there, or the
	// playlist is declared to be of the type VOD.
	Ended bool
}

// IsMaster reports whether the playlist lists other playlists.
func (p *Playlist) IsMaster() bool { return p.Variants > 0 || len(p.Renditions) > 0 }

// Duration is the sum of the segments' durations.
func (p *Playlist) Duration() (sum time.Duration) {
	for i := range p.Segments {
		sum += p.Segments[i].Duration
	}
	return sum
}

// A Rendition is an EXT-X-MEDIA tag.
type Rendition struct {
	Type            string // "SUBTITLES", "AUDIO", "VIDEO" or "CLOSED-CAPTIONS"
	Group           string
	Name            string
	Language        language.Tag // [language.Und] where none is stated
	URI             string       // empty where it has none
	Default, Forced bool
	// Characteristics are Uniform Type Identifiers, such as
	// "public.accessibility.describes-music-and-sound".
	Characteristics []string
}

// A Segment is one segment of a media playlist.
type Segment struct {
	URI      string
	Duration time.Duration
	// Offset and Length are a range of bytes of the resource; a Length of zero
	// means all of it.
	Offset, Length int64
	// Discontinuity says that timestamps begin anew with this segment.
	Discontinuity bool
	// Encrypted says that the segment needs a key, Map that it needs an
	// initialization section (it is MP4 then, not text).
	Encrypted, Map bool
}

// IsPlaylist reports whether a file that begins with head is an HLS playlist.
func IsPlaylist(head []byte) bool {
	rest, ok := bytes.CutPrefix(bytes.TrimPrefix(head, []byte("\uFEFF")), []byte("#EXTM3U"))
	return ok && (len(rest) == 0 || rest[0] <= ' ')
}

// ParsePlaylist reads an HLS playlist. Tags that it does not know are ignored,
// as RFC 8216 §6.3.1 asks. It fails with an [*Error] of kind ErrMalformed, or
// of ErrTooLarge beyond MaxPlaylistBytes or MaxSegments.
func ParsePlaylist(data []byte) (*Playlist, error) {
	if len(data) > MaxPlaylistBytes {
		return nil, &Error{Kind: ErrTooLarge, Message: "the playlist is larger than 16 MiB: split the video"}
	}
	if !IsPlaylist(data) {
		return nil, &Error{Kind: ErrMalformed, Message: "this is no HLS playlist: it does not begin with #EXTM3U"}
	}
	if !utf8.Valid(data) {
		return nil, &Error{Kind: ErrMalformed, Message: "the playlist is no UTF-8 text, which HLS asks for: make it anew"}
	}
	p := playlistParser{list: &Playlist{}}
	for line := range strings.SplitSeq(strings.TrimPrefix(string(data), "\uFEFF"), "\n") {
		p.line++
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if err := p.read(line); err != nil {
			return nil, err
		}
	}
	if p.list.IsMaster() && len(p.list.Segments) > 0 {
		return nil, p.bad("the playlist lists both segments and other playlists")
	}
	return p.list, nil
}

type playlistParser struct {
	list *Playlist
	line int

	next      Segment // what the tags say of the segment to come
	timed     bool    // EXTINF was there
	ranged    bool    // EXT-X-BYTERANGE was there
	offset    bool    // ... with an offset
	variant   bool    // the line to come is a variant's address
	encrypted bool
	mapped    bool
	total     time.Duration
}

func (p *playlistParser) bad(message string) error {
	return &Error{Kind: ErrMalformed, Line: p.line, Message: message + ": make the playlist anew"}
}

func (p *playlistParser) read(line string) error {
	if line[0] != '#' {
		return p.address(line)
	}
	tag, value, _ := strings.Cut(line, ":")
	switch tag {
	case "#EXTINF":
		return p.duration(value)
	case "#EXT-X-BYTERANGE":
		return p.byteRange(value)
	case "#EXT-X-DISCONTINUITY":
		p.next.Discontinuity = true
	case "#EXT-X-KEY":
		method := parseAttributes(value)["METHOD"]
		p.encrypted = method != "" && method != "NONE"
	case "#EXT-X-MAP":
		p.mapped = true
	case "#EXT-X-MEDIA-SEQUENCE":
		n, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
		if err != nil || n < 0 {
			return p.bad("the number of the first segment is none")
		}
		p.list.Sequence = n
	case "#EXT-X-ENDLIST":
		p.list.Ended = true
	case "#EXT-X-PLAYLIST-TYPE":
		p.list.Ended = p.list.Ended || strings.TrimSpace(value) == "VOD"
	case "#EXT-X-STREAM-INF":
		p.variant = true
		p.list.Variants++
	case "#EXT-X-I-FRAME-STREAM-INF":
		p.list.Variants++
	case "#EXT-X-MEDIA":
		return p.rendition(parseAttributes(value))
	}
	return nil
}

// duration reads the "6.006,title" of an EXTINF.
func (p *playlistParser) duration(value string) error {
	number, _, _ := strings.Cut(value, ",")
	seconds, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil || !(seconds >= 0) || seconds > (24*time.Hour).Seconds() {
		return p.bad("a segment's duration is none")
	}
	p.next.Duration = time.Duration(math.Round(seconds * 1e9))
	p.timed = true
	return nil
}

// byteRange reads "length@offset"; without an offset the range follows that of
// the segment before.
func (p *playlistParser) byteRange(value string) error {
	length, offset, hasOffset := strings.Cut(strings.TrimSpace(value), "@")
	n, err := strconv.ParseInt(length, 10, 64)
	if err != nil || n <= 0 {
		return p.bad("a segment's range of bytes is none")
	}
	at := int64(0)
	if hasOffset {
		if at, err = strconv.ParseInt(offset, 10, 64); err != nil || at < 0 || at > math.MaxInt64-n {
			return p.bad("a segment's range of bytes is none")
		}
	}
	p.next.Offset, p.next.Length = at, n
	p.ranged, p.offset = true, hasOffset
	return nil
}

// address takes a line that is no tag: the address of a variant, or of the
// segment that the tags before it tell of.
func (p *playlistParser) address(uri string) error {
	if p.variant {
		p.variant = false
		return nil
	}
	if !p.timed {
		return p.bad("a segment has no duration (EXTINF)")
	}
	s := p.next
	s.URI, s.Encrypted, s.Map = uri, p.encrypted, p.mapped
	if p.ranged && !p.offset {
		n := len(p.list.Segments)
		if n == 0 || p.list.Segments[n-1].URI != uri || p.list.Segments[n-1].Length == 0 {
			return p.bad("a range of bytes has no offset and follows none of the same file")
		}
		if s.Offset = p.list.Segments[n-1].Offset + p.list.Segments[n-1].Length; s.Offset > math.MaxInt64-s.Length {
			return p.bad("a segment's range of bytes is none")
		}
	}
	if p.total += s.Duration; p.total > maxTime {
		return p.bad("the segments last longer than a hundred years")
	}
	if len(p.list.Segments) >= MaxSegments {
		return tooManySegments()
	}
	p.list.Segments = append(p.list.Segments, s)
	p.next, p.timed, p.ranged = Segment{}, false, false
	return nil
}

func tooManySegments() error {
	return &Error{Kind: ErrTooLarge, Message: "the playlist has more than " + strconv.Itoa(MaxSegments) + " segments: take longer ones, or split the video"}
}

func (p *playlistParser) rendition(attr map[string]string) error {
	if len(p.list.Renditions) >= maxRenditions {
		return &Error{Kind: ErrTooLarge, Line: p.line, Message: "the playlist has more renditions than a video can have: make it anew"}
	}
	r := Rendition{Type: attr["TYPE"], Group: attr["GROUP-ID"], Name: attr["NAME"], URI: attr["URI"],
		Default: attr["DEFAULT"] == "YES", Forced: attr["FORCED"] == "YES"}
	if tag, err := language.Parse(attr["LANGUAGE"]); err == nil {
		r.Language = tag
	}
	if c := attr["CHARACTERISTICS"]; c != "" {
		r.Characteristics = strings.Split(c, ",")
	}
	p.list.Renditions = append(p.list.Renditions, r)
	return nil
}

// parseAttributes reads an attribute list (RFC 8216 §4.2), leniently: quoted
// values without their quotes, the first of two equal names, and nothing
// behind what cannot be read.
func parseAttributes(s string) map[string]string {
	attr := map[string]string{}
	for s != "" {
		name, rest, ok := strings.Cut(s, "=")
		if !ok {
			break
		}
		name = strings.TrimSpace(name)
		var value string
		if quoted, isQuoted := strings.CutPrefix(strings.TrimLeft(rest, " "), `"`); isQuoted {
			if value, rest, ok = strings.Cut(quoted, `"`); !ok {
				break
			}
			_, s, _ = strings.Cut(rest, ",")
		} else {
			value, s, _ = strings.Cut(rest, ",")
			value = strings.TrimSpace(value)
		}
		if _, twice := attr[name]; !twice {
			attr[name] = value
		}
	}
	return attr
}

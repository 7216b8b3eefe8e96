package subtitles

import (
	"fmt"
	"math"
	"net/url"
	"sort"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
)

// HLSOptions say how tracks are cut into segments for HTTP Live Streaming.
type HLSOptions struct {
	// Name is what the files are named after: "vlog" gives vlog.dual.m3u8,
	// vlog.dual.00001.vtt and so on. Empty means "subtitles".
	Name string
	// Target is how long a segment is; zero means six seconds, the duration
	// that Apple's authoring specification recommends. It counts for nothing
	// where Video is given.
	Target time.Duration
	// Video is the media playlist of the video: the subtitles' segments then
	// are as long as its segments, one for one, and numbered as they are.
	Video *Playlist
	// MPEGTS is the presentation time stamp of the video's first picture, in
	// 90 kHz, below 2^33: what cue time zero is. Zero is right for fragmented
	// MP4; MPEG-2 transport streams usually begin at 126000 (ffmpeg) or 900000
	// (Apple).
	MPEGTS uint64
	// Duration is the video's; zero means that of Video, else the last cue's
	// end.
	Duration time.Duration
	// Default has players show the first track to viewers who chose nothing.
	Default bool
}

// An HLSFile is one file of the output.
type HLSFile struct {
	Name string
	// Type is its media type.
	Type string
	Data []byte
}

// The media types of what WriteHLS makes.
const (
	hlsPlaylistType = "application/vnd.apple.mpegurl"
	hlsSegmentType  = "text/vtt; charset=utf-8"
)

const (
	hlsTarget = 6 * time.Second
	// hlsBytes bounds the segments of a track together: cues that stand over
	// many borders are repeated in many segments.
	hlsBytes = 256 << 20
)

// WriteHLS cuts tracks into WebVTT segments and makes a media playlist for
// each, as RFC 8216 has them. A cue that reaches over a border is in every
// segment that it touches, identical in number, times and text, by which
// players know it as one; a cue behind the end of the video is in the last
// segment. Every segment maps cue time zero to MPEGTS.
//
// The first file, NAME.media.m3u8, holds the EXT-X-MEDIA lines of all tracks,
// in their order, to be put into the video's multivariant playlist, whose
// EXT-X-STREAM-INF lines then want the attribute SUBTITLES="subs". Then come,
// for each track, its playlist and its segments. Files are named after the
// track's language, or "dual" for a track of two.
//
// It fails with an [*Error]: of kind ErrTooLarge where there would be more
// than MaxSegments, ErrUnsupported where the video's timestamps begin anew
// half way (EXT-X-DISCONTINUITY), which one MPEGTS cannot tell, and
// ErrMalformed where an option makes no sense or two tracks have one name.
func WriteHLS(tracks []*Track, o HLSOptions) ([]HLSFile, error) {
	if o.Name == "" {
		o.Name = "subtitles"
	}
	if o.MPEGTS >= 1<<33 || o.Target < 0 || o.Duration < 0 {
		return nil, &Error{Kind: ErrMalformed, Message: "a time stamp of HLS must be below 2^33, and durations must not be negative"}
	}
	durations, err := o.durations(tracks)
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	files := []HLSFile{{Name: o.Name + ".media.m3u8", Type: hlsPlaylistType}}
	media := []byte("#EXTM3U\n")
	for i, t := range tracks {
		name := o.Name + "." + hlsSuffix(t)
		if names[name] {
			return nil, &Error{Kind: ErrMalformed, Message: "two tracks for HLS are in the same language: give one of each"}
		}
		names[name] = true
		media = appendHLSMedia(media, t, name+".m3u8", o.Default && i == 0)
		segments, err := o.segments(t, name, durations)
		if err != nil {
			return nil, err
		}
		files = append(files, HLSFile{Name: name + ".m3u8", Type: hlsPlaylistType, Data: o.playlist(segments, durations)})
		files = append(files, segments...)
	}
	files[0].Data = media
	return files, nil
}

// hlsSuffix is what a track's files are called.
func hlsSuffix(t *Track) string {
	if t.Pair != (Pair{}) {
		return "dual"
	}
	return t.Language.String()
}

// durations are those of the segments.
func (o *HLSOptions) durations(tracks []*Track) ([]time.Duration, error) {
	if o.Video != nil {
		var out []time.Duration
		for i, s := range o.Video.Segments {
			if s.Discontinuity && i > 0 {
				return nil, &Error{Kind: ErrUnsupported, Message: "the video's timestamps begin anew half way (EXT-X-DISCONTINUITY): package it without, or make one output for each part"}
			}
			out = append(out, s.Duration)
		}
		if len(out) == 0 {
			return nil, &Error{Kind: ErrMalformed, Message: "the video's playlist has no segments: give a media playlist, not the one that lists the others"}
		}
		return out, nil
	}
	target, end := o.Target, o.Duration
	if target == 0 {
		target = hlsTarget
	}
	if end == 0 {
		for _, t := range tracks {
			for i := range t.Cues {
				end = max(end, t.Cues[i].End)
			}
		}
	}
	n := max(1, int64((end+target-1)/target))
	if n > MaxSegments {
		return nil, tooManySegments()
	}
	out := make([]time.Duration, n)
	for i := range out {
		out[i] = target
	}
	if last := end - time.Duration(n-1)*target; last > 0 {
		out[n-1] = last
	}
	return out, nil
}

// segments are a track's WebVTT files.
func (o *HLSOptions) segments(t *Track, name string, durations []time.Duration) ([]HLSFile, error) {
	ends := make([]time.Duration, len(durations))
	var sum time.Duration
	for i, d := range durations {
		sum += d
		ends[i] = sum
	}
	header := "X-TIMESTAMP-MAP=MPEGTS:" + strconv.FormatUint(o.MPEGTS, 10) + ",LOCAL:00:00:00.000"
	files := make([]HLSFile, len(ends))
	for i := range files {
		files[i] = HLSFile{Name: fmt.Sprintf("%s.%05d.vtt", name, i+1), Type: hlsSegmentType, Data: appendVTT(nil, &Track{}, VTTOptions{}, header)}
	}
	var options VTTOptions
	var cue []byte
	total := 0
	for i := range t.Cues {
		c := &t.Cues[i]
		first := sort.Search(len(ends)-1, func(k int) bool { return ends[k] > c.Start })
		last := sort.Search(len(ends)-1, func(k int) bool { return ends[k] >= c.End })
		last = max(first, last)
		cue = options.appendCue(cue[:0], t, c)
		if total += len(cue) * (last - first + 1); total > hlsBytes {
			return nil, &Error{Kind: ErrTooLarge, Message: "cues that last very long would make the HLS segments larger than 256 MiB: mend their times, or take longer segments"}
		}
		for k := first; k <= last; k++ {
			files[k].Data = append(files[k].Data, cue...)
		}
	}
	for k := range files {
		// ffmpeg reads segments as one stream: without a blank line it takes
		// the next signature for a line of the last cue.
		files[k].Data = append(files[k].Data, '\n')
	}
	return files, nil
}

// playlist is a track's media playlist.
func (o *HLSOptions) playlist(segments []HLSFile, durations []time.Duration) []byte {
	target, sequence := 1.0, int64(0)
	for _, d := range durations {
		// RFC 8216 §4.3.3.1: each duration, rounded to the nearest integer,
		// must be at most the target duration.
		target = max(target, math.Round(d.Seconds()))
	}
	if o.Video != nil {
		sequence = o.Video.Sequence
	}
	b := fmt.Appendf(nil, "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:%.0f\n#EXT-X-MEDIA-SEQUENCE:%d\n#EXT-X-PLAYLIST-TYPE:VOD\n", target, sequence)
	for i, s := range segments {
		b = append(b, "#EXTINF:"...)
		b = append(b, decimalSeconds(durations[i])...)
		b = append(b, ",\n"...)
		b = append(append(b, hlsAddress(s.Name)...), '\n')
	}
	return append(b, "#EXT-X-ENDLIST\n"...)
}

// decimalSeconds writes a duration in seconds with three decimals, or more where it needs them.
func decimalSeconds(d time.Duration) string {
	s := strconv.FormatFloat(d.Seconds(), 'f', 9, 64)
	for strings.HasSuffix(s, "0") && len(s)-strings.IndexByte(s, '.') > 4 {
		s = s[:len(s)-1]
	}
	return s
}

// hlsAddress is a file name as a relative URI.
func hlsAddress(name string) string {
	// The first element of a relative reference may hold no colon (RFC 3986
	// §4.2), which PathEscape leaves as it is.
	return strings.ReplaceAll(url.PathEscape(name), ":", "%3A")
}

// appendHLSMedia writes a track's EXT-X-MEDIA line. A track of two languages
// states the Chinese one and names English as its companion: so its attributes
// differ from those of the Chinese track beside it, as RFC 8216 §4.3.4.1.1 asks
// of renditions that players may select by themselves.
func appendHLSMedia(b []byte, t *Track, address string, isDefault bool) []byte {
	name, lang, companion := LanguageName(t.Language), t.Language, language.Und
	if t.Pair != (Pair{}) {
		name = shortName(t.Pair.Top) + " + " + shortName(t.Pair.Bottom)
		lang, companion = t.Pair.Chinese(), English
	}
	b = append(b, `#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subs",NAME="`...)
	b = append(append(b, name...), '"')
	if lang != language.Und {
		b = append(append(append(b, `,LANGUAGE="`...), lang.String()...), '"')
	}
	if companion != language.Und {
		b = append(append(append(b, `,ASSOC-LANGUAGE="`...), companion.String()...), '"')
	}
	if isDefault {
		b = append(b, ",DEFAULT=YES"...)
	}
	b = append(b, `,AUTOSELECT=YES,URI="`...)
	b = append(b, hlsAddress(address)...)
	return append(b, "\"\n"...)
}

// languageNames are languages as their speakers write them.
var languageNames = map[string]string{"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文", "zh-Hant-HK": "繁體中文（香港）", "zh-Hant-TW": "繁體中文（台灣）", "yue": "粵語",
	"ja": "日本語", "ko": "한국어", "es": "Español", "fr": "Français", "de": "Deutsch", "it": "Italiano", "pt": "Português", "ru": "Русский", "vi": "Tiếng Việt",
	"th": "ไทย", "id": "Bahasa Indonesia", "ms": "Bahasa Melayu", "ar": "العربية", "hi": "हिन्दी", "tr": "Türkçe", "nl": "Nederlands", "pl": "Polski", "uk": "Українська"}

// LanguageName is a language's name as its speakers write it, for menus; the
// tag itself where the name is not known.
func LanguageName(t language.Tag) string {
	if name, ok := languageNames[t.String()]; ok {
		return name
	}
	if name, ok := languageNames[baseOf(t)]; ok {
		return name
	}
	return t.String()
}

// shortName leaves out which Chinese it is, where the other language stands
// beside it.
func shortName(t language.Tag) string {
	if IsChinese(t) {
		return "中文"
	}
	return LanguageName(t)
}

package media

import (
	"context"
	"encoding/json"
	"io"
	"strings"

	"golang.org/x/text/language"
)

// A Stream is a subtitle track inside a video.
type Stream struct {
	// Index is the number of the stream in the file, from 0, video and audio
	// counted too: what ffprobe shows and what --track takes.
	Index int
	// Codec is ffmpeg's name ("subrip", "mov_text", "ass", "webvtt",
	// "hdmv_pgs_subtitle"); the container's own name where ffmpeg knows none.
	Codec string
	// Language is [language.Und] where the file states none.
	Language language.Tag
	// Title is the track's name, or empty.
	Title string
	// Default, Forced and HearingImpaired are the file's flags. A forced
	// track holds only what the viewer of the spoken language needs: signs
	// and foreign lines.
	Default, Forced, HearingImpaired bool
	// Text says that the track holds text that Extract can take out; the
	// others hold pictures or captions inside the video's own frames.
	Text bool
}

// codecWebVTTInMatroska is the Matroska codec ID that ffmpeg 5 has no name
// for.
const codecWebVTTInMatroska = "S_TEXT/WEBVTT"

// textCodecs are the codecs that Extract takes out.
var textCodecs = map[string]bool{
	"subrip": true, "srt": true, "text": true, "mov_text": true, "ass": true, "ssa": true,
	"webvtt": true, codecWebVTTInMatroska: true, codecWVTT: true, codecSTPP: true,
}

// List answers the subtitle tracks of a video, in the file's order; none is
// no error. It fails with an [*Error].
func List(ctx context.Context, path string) ([]Stream, error) {
	streams, _, err := list(ctx, path)
	return streams, err
}

// list is List, and the language of the first audio stream.
func list(ctx context.Context, path string) (streams []Stream, spoken language.Tag, err error) {
	abs, matroska, err := open(path)
	if err != nil {
		return nil, spoken, err
	}
	all, err := probe(ctx, abs)
	if err != nil {
		return nil, spoken, err
	}
	if len(all) == 0 { // ffprobe does not call that an error
		return nil, spoken, &Error{Kind: KindBadVideo, Message: badVideo("", "", nil)}
	}
	for _, s := range all {
		switch s.Type {
		case "audio":
			if spoken == language.Und {
				spoken = trackLanguage(s.Tags.Language, "")
			}
		case "subtitle":
			streams = append(streams, s.stream())
		case "data": // what ffmpeg 5 takes timed text for
			if s.Tag == codecWVTT || s.Tag == codecSTPP {
				streams = append(streams, s.stream())
			}
		}
	}
	if !matroska || len(streams) == 0 {
		return streams, spoken, nil
	}
	if !installed("mkvmerge") && allNamed(streams) {
		return streams, spoken, nil
	}
	// mkvmerge knows the codecs that ffmpeg has no name for, and languages
	// as BCP 47 tags, where ffmpeg tells "chi" for every Chinese.
	tracks, err := identify(ctx, abs)
	if err != nil {
		return nil, spoken, err
	}
	if len(tracks) == len(streams) {
		for i := range streams {
			tracks[i].complete(&streams[i])
		}
	}
	return streams, spoken, nil
}

func allNamed(streams []Stream) bool {
	for _, s := range streams {
		if s.Codec == "" {
			return false
		}
	}
	return true
}

// probed is a stream as ffprobe tells it.
type probed struct {
	Index       int    `json:"index"`
	Codec       string `json:"codec_name"`
	Type        string `json:"codec_type"`
	Tag         string `json:"codec_tag_string"`
	TimeBase    string `json:"time_base"`
	Disposition struct {
		Default, Forced int
		HearingImpaired int `json:"hearing_impaired"`
	} `json:"disposition"`
	Tags struct {
		Language string `json:"language"`
		Title    string `json:"title"`
		// Handler is where MP4 files have the name of a track.
		Handler string `json:"handler_name"`
	} `json:"tags"`
}

func (p probed) stream() Stream {
	s := Stream{Index: p.Index, Codec: p.Codec, Title: strings.TrimSpace(p.Tags.Title),
		Default: p.Disposition.Default == 1, Forced: p.Disposition.Forced == 1, HearingImpaired: p.Disposition.HearingImpaired == 1}
	if s.Title == "" && !strings.HasSuffix(p.Tags.Handler, "Handler") && !strings.HasPrefix(p.Tags.Handler, "Core Media") {
		s.Title = strings.TrimSpace(p.Tags.Handler)
	}
	if p.Tag == codecWVTT || p.Tag == codecSTPP {
		s.Codec = p.Tag
	}
	s.Language = trackLanguage(p.Tags.Language, s.Title)
	s.Text = textCodecs[s.Codec]
	return s
}

// inputArgs are the arguments by which ffprobe and ffmpeg open the file and
// nothing else.
func inputArgs(abs string) []string {
	return []string{"-v", "error", "-protocol_whitelist", "file", "-format_whitelist", demuxers, "-i", "file:" + abs}
}

// probe answers all streams of a file.
func probe(ctx context.Context, abs string) ([]probed, error) {
	args := append(inputArgs(abs), "-of", "json", "-show_entries",
		"stream=index,codec_name,codec_type,codec_tag_string,time_base:stream_disposition=default,forced,hearing_impaired:stream_tags=language,title,handler_name")
	var out struct {
		Streams []probed `json:"streams"`
	}
	err := run(ctx, "ffprobe", args, func(r io.Reader) error { return decode(r, &out) })
	return out.Streams, err
}

// track is a subtitle track as mkvmerge tells it.
type track struct {
	ID         int    `json:"id"`
	Type       string `json:"type"`
	Properties struct {
		CodecID         string `json:"codec_id"`
		Language        string `json:"language"`
		IETF            string `json:"language_ietf"`
		Name            string `json:"track_name"`
		Forced          bool   `json:"forced_track"`
		HearingImpaired bool   `json:"flag_hearing_impaired"`
	} `json:"properties"`
}

// complete adds to s what mkvmerge knows better.
func (t track) complete(s *Stream) {
	p := t.Properties
	if s.Codec == "" {
		s.Codec = p.CodecID
		s.Text = textCodecs[s.Codec]
	}
	for _, tag := range []string{p.IETF, p.Language} {
		if l := trackLanguage(tag, s.Title); l != language.Und {
			s.Language = l
			break
		}
	}
	s.Forced = s.Forced || p.Forced
	s.HearingImpaired = s.HearingImpaired || p.HearingImpaired
}

// identify answers the subtitle tracks of a Matroska file.
func identify(ctx context.Context, abs string) ([]track, error) {
	var out struct {
		Tracks []track `json:"tracks"`
	}
	err := run(ctx, "mkvmerge", []string{"-J", abs}, func(r io.Reader) error { return decode(r, &out) })
	if err != nil {
		return nil, err
	}
	var subs []track
	for _, t := range out.Tracks {
		if t.Type == "subtitles" {
			subs = append(subs, t)
		}
	}
	return subs, nil
}

// decode reads one JSON object of at most 16 MiB; attachments and chapters can
// make it long.
func decode(r io.Reader, into any) error {
	data, err := readAll(r, 16<<20)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}

// trackLanguage is the language of a tag as containers write it (BCP 47, or
// ISO 639-2 with "chi" and "fre"). A title that names the script completes a
// Chinese that does not.
func trackLanguage(tag, title string) language.Tag {
	t, err := language.Parse(strings.TrimSpace(tag))
	if err != nil {
		return language.Und
	}
	if base, _ := t.Base(); base.String() != "zh" || tagSaysScript(t) {
		return t
	}
	title = strings.ToLower(title)
	for _, hint := range scriptHints {
		if strings.Contains(title, hint.word) {
			return hint.tag
		}
	}
	return t
}

// tagSaysScript reports whether a Chinese tag tells which script it means,
// itself or by its region.
func tagSaysScript(t language.Tag) bool {
	_, script := t.Script()
	_, region := t.Region()
	return script == language.Exact || region == language.Exact
}

var scriptHints = []struct {
	word string
	tag  language.Tag
}{
	{"简", language.SimplifiedChinese}, {"simplified", language.SimplifiedChinese}, {"chs", language.SimplifiedChinese},
	{"繁", language.TraditionalChinese}, {"traditional", language.TraditionalChinese}, {"cht", language.TraditionalChinese},
}

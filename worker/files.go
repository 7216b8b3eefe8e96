package worker

import (
	"bytes"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/duosub/duosub/subtitles"
	"golang.org/x/text/language"
)

// A File is one output, in memory.
type File struct {
	Name string
	// Type is the media type, without a charset: all outputs are UTF-8.
	Type string
	Data []byte
}

// mediaTypes are the types of outputs by the ends of their names.
var mediaTypes = map[string]string{
	".vtt":  "text/vtt",
	".srt":  "application/x-subrip",
	".ass":  "text/x-ssa",
	".m3u8": "application/vnd.apple.mpegurl",
	".json": "application/json",
}

func newFile(name string, data []byte) File {
	return File{Name: name, Type: mediaTypes[path.Ext(name)], Data: data}
}

// RenderOptions say which files are made of a document, and how.
type RenderOptions struct {
	// Base is what the files are named after.
	Base string
	// Formats are those wanted, of job.Formats.
	Formats []string
	Profile subtitles.Profile
	// BurnedIn is a language that the picture shows already; the dual track
	// then holds the other one alone, at the top. [language.Und] means none.
	BurnedIn language.Tag
	// HLS says how the format hls is cut; its Name is Base.
	HLS subtitles.HLSOptions
}

// Render makes the files of a document and lists them in it, dual.json last:
// for each format the source's language, the others of the pair, and both
// together.
func Render(doc *subtitles.Document, o RenderOptions) ([]File, error) {
	var tracks []*subtitles.Track
	var suffixes []string
	for _, tag := range outputLanguages(doc) {
		tracks = append(tracks, doc.Single(tag, o.Profile))
		suffixes = append(suffixes, tag.String())
	}
	tracks = append(tracks, dualTrack(doc, o))
	suffixes = append(suffixes, "dual")
	writers := map[string]func(io.Writer, *subtitles.Track) error{
		"vtt": subtitles.WriteVTT,
		"srt": subtitles.WriteSRT,
		"ass": func(w io.Writer, t *subtitles.Track) error { return subtitles.WriteASS(w, t, o.Profile) },
	}
	var files []File
	for _, format := range []string{"vtt", "srt", "ass"} {
		if !slices.Contains(o.Formats, format) {
			continue
		}
		for i, t := range tracks {
			var b bytes.Buffer
			if err := writers[format](&b, t); err != nil {
				return nil, err
			}
			files = append(files, newFile(o.Base+"."+suffixes[i]+"."+format, b.Bytes()))
		}
	}
	if slices.Contains(o.Formats, "hls") {
		o.HLS.Name = o.Base
		segments, err := subtitles.WriteHLS(tracks, o.HLS)
		if err != nil {
			return nil, err
		}
		for _, s := range segments {
			files = append(files, newFile(s.Name, s.Data))
		}
	}
	doc.Outputs = nil
	for _, f := range files {
		doc.Outputs = append(doc.Outputs, f.Name)
	}
	if slices.Contains(o.Formats, "json") {
		return appendJSON(files, doc, o.Base)
	}
	return files, nil
}

// appendJSON appends the document itself.
func appendJSON(files []File, doc *subtitles.Document, base string) ([]File, error) {
	var b bytes.Buffer
	if err := subtitles.WriteJSON(&b, doc); err != nil {
		return nil, err
	}
	return append(files, newFile(base+".dual.json", b.Bytes())), nil
}

// outputLanguages are the source's language, then the others of the pair, top
// first.
func outputLanguages(doc *subtitles.Document) []language.Tag {
	tags := []language.Tag{doc.Source}
	for _, t := range []language.Tag{doc.Pair.Top, doc.Pair.Bottom} {
		if t != doc.Source {
			tags = append(tags, t)
		}
	}
	return tags
}

// dualTrack is the track that shows both languages together. Where the picture
// shows one of them already, it is the other one alone, at the top, out of the
// burned-in text's way.
func dualTrack(doc *subtitles.Document, o RenderOptions) *subtitles.Track {
	if o.BurnedIn == language.Und {
		return doc.Dual(o.Profile)
	}
	other := subtitles.English
	if subtitles.Canonical(o.BurnedIn) == subtitles.English {
		other = doc.Pair.Chinese()
	}
	t := doc.Single(other, o.Profile)
	t.Pair = doc.Pair
	top := 0.0
	for i := range t.Cues {
		t.Cues[i].Settings = &subtitles.Settings{Line: &top}
		if other == doc.Pair.Top {
			t.Cues[i].TopLines = 1 + strings.Count(t.Cues[i].Text, "\n")
		}
	}
	return t
}

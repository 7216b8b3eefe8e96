package worker

import (
	"bytes"
	"slices"

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

// mediaTypes are the types of outputs; all of them are UTF-8.
var mediaTypes = map[string]string{
	"vtt":  "text/vtt",
	"srt":  "application/x-subrip",
	"json": "application/json",
}

// OutputNames are the names of all files that Run writes when the gate is
// open, dual.json last.
func (o *Opened) OutputNames() []string {
	var names []string
	for _, format := range []string{"vtt", "srt"} {
		if !slices.Contains(o.req.Formats, format) {
			continue
		}
		for _, tag := range o.outputLanguages() {
			names = append(names, o.Base+"."+tag.String()+"."+format)
		}
		names = append(names, o.Base+".dual."+format)
	}
	if slices.Contains(o.req.Formats, "json") {
		names = append(names, o.Base+".dual.json")
	}
	return names
}

// outputLanguages are the source's language, then the others of the pair, top
// first.
func (o *Opened) outputLanguages() []language.Tag {
	return append([]language.Tag{o.Source}, o.targets()...)
}

// files renders the outputs: all of them when open, else dual.json alone.
func (o *Opened) files(doc *subtitles.Document, open bool) ([]File, error) {
	var files []File
	if open {
		tracks := make([]*subtitles.Track, 0, 4)
		suffixes := make([]string, 0, 4)
		for _, tag := range o.outputLanguages() {
			tracks = append(tracks, doc.Single(tag, o.profile))
			suffixes = append(suffixes, tag.String())
		}
		tracks = append(tracks, doc.Dual(o.profile))
		suffixes = append(suffixes, "dual")
		for _, format := range []string{"vtt", "srt"} {
			if !slices.Contains(o.req.Formats, format) {
				continue
			}
			for i, t := range tracks {
				var b bytes.Buffer
				var err error
				if format == "vtt" {
					err = subtitles.WriteVTT(&b, t)
				} else {
					err = subtitles.WriteSRT(&b, t)
				}
				if err != nil {
					return nil, err
				}
				f := File{Name: o.Base + "." + suffixes[i] + "." + format, Type: mediaTypes[format], Data: b.Bytes()}
				files = append(files, f)
				doc.Outputs = append(doc.Outputs, f.Name)
			}
		}
	}
	if !open || slices.Contains(o.req.Formats, "json") {
		var b bytes.Buffer
		if err := subtitles.WriteJSON(&b, doc); err != nil {
			return nil, err
		}
		files = append(files, File{Name: o.Base + ".dual.json", Type: mediaTypes["json"], Data: b.Bytes()})
	}
	return files, nil
}

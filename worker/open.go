package worker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/subtitles/media"
	"github.com/duosub/duosub/translate"
	"golang.org/x/text/language"
)

// Opened is a source that was read and understood; nothing has been sent yet.
type Opened struct {
	p        *Processor
	req      Request
	profile  subtitles.Profile
	backends []*translate.Backend
	glossary *translate.Glossary

	Track  *subtitles.Track
	Report *subtitles.Report
	// Source is the language of the track, as asked for or found out.
	Source language.Tag
	// Base is what the outputs are named after.
	Base string
	// Units are the sentences of a track in one language; nil where the
	// upload holds both.
	Units []subtitles.Unit

	// base is the document before anything is bought, purchases what is.
	base      *subtitles.Document
	purchases []purchase
}

// Open reads the request's source, finds its language and joins its cues into
// units. A request or a source that cannot be used is an [*Error], a
// [*subtitles.Error] or a [*media.Error].
func (p *Processor) Open(ctx context.Context, req Request) (*Opened, error) {
	profile, backends, glossary, err := p.checkRequest(&req)
	if err != nil {
		return nil, err
	}
	o := &Opened{p: p, req: req, profile: profile, backends: backends, glossary: glossary}
	var second *subtitles.Track
	if o.Track, second, o.Report, err = readSource(ctx, req); err != nil {
		return nil, err
	}
	if err := o.plan(second); err != nil {
		return nil, err
	}
	o.keepTerms()
	o.Base = req.Name
	if o.Base == "" {
		o.Base = BaseName(req.InputName, o.Source)
	}
	return o, nil
}

// readSource reads a subtitle file, or the tracks of a video or a playlist: one,
// and a second one in the pair's other language where there is one.
func readSource(ctx context.Context, req Request) (track, second *subtitles.Track, report *subtitles.Report, err error) {
	if req.Path == "" {
		track, report, err = subtitles.Read(req.Data)
		return track, nil, report, err
	}
	f, err := os.Open(req.Path)
	if err != nil {
		return nil, nil, nil, fileError(req.Path, err)
	}
	defer f.Close()
	if st, err := f.Stat(); err != nil || !st.Mode().IsRegular() {
		return nil, nil, nil, &Error{Code: CodeBadRequest, Permanent: true, Message: req.Path + " is no regular file"}
	}
	head := make([]byte, media.HeadBytes)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, nil, nil, fileError(req.Path, err)
	}
	if media.IsVideo(head[:n]) {
		return readVideo(ctx, req)
	}
	if media.IsPlaylist(head[:n]) {
		return readPlaylist(ctx, req)
	}
	track, report, err = subtitles.ReadFrom(io.MultiReader(bytes.NewReader(head[:n]), f))
	return track, nil, report, err
}

func fileError(name string, err error) error {
	e := &Error{Code: CodeSourceNotFound, Permanent: true, Err: err}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.Message = "there is no file " + name
	case errors.Is(err, fs.ErrPermission):
		e.Message = "the file " + name + " may not be read: check its permissions"
	default:
		e.Message = fmt.Sprintf("the file %s cannot be read: %v", name, err)
	}
	return e
}

// sourceLanguage is the language asked for, else the one that the text is
// written in, else the one that the file states.
func sourceLanguage(req Request, t *subtitles.Track) (language.Tag, error) {
	tag := req.Source
	if tag == language.Und {
		tag = subtitles.DetectLanguage(t)
	}
	if tag == language.Und {
		tag = t.Language
	}
	if tag == language.Und {
		return tag, &subtitles.Error{Kind: subtitles.ErrUnknownLanguage,
			Message: "the language of the track could not be told from its text: say which it is (--source, or source_lang of a job)"}
	}
	tag = subtitles.Canonical(tag)
	// Traditional Chinese of no or another region is the pair's own
	// Traditional: the script is the same.
	if chinese := req.Pair.Chinese(); tag != chinese && sameScript(tag, chinese) {
		tag = chinese
	}
	return tag, nil
}

// sameScript reports whether both are Standard Chinese in the same script.
func sameScript(a, b language.Tag) bool {
	baseA, _ := a.Base()
	baseB, _ := b.Base()
	scriptA, _ := a.Script()
	scriptB, _ := b.Script()
	return baseA.String() == "zh" && baseA == baseB && scriptA == scriptB
}

// BaseName is what the outputs of an input are named after: its name without
// folder, without extension, and without a trailing tag equal to the source
// language (vlog.en.srt and vlog.srt both give vlog).
func BaseName(inputName string, source language.Tag) string {
	name := path.Base(strings.ReplaceAll(inputName, `\`, "/"))
	if ext := path.Ext(name); ext != "" && ext != name {
		name = strings.TrimSuffix(name, ext)
	}
	if tag := path.Ext(name); len(tag) > 1 && tag != name {
		if t, err := language.Parse(tag[1:]); err == nil && source != language.Und && subtitles.Canonical(t) == subtitles.Canonical(source) {
			name = strings.TrimSuffix(name, tag)
		}
	}
	return SafeName(name)
}

// SafeName makes a name that is one plain element of a path everywhere:
// separators, control and other awkward characters become "_". It is never
// empty and at most 150 bytes long, so that tags and extensions fit behind it.
func SafeName(name string) string {
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(name, "_") {
		if r < ' ' || r == 0x7f || r == '/' || r == '\\' {
			r = '_'
		}
		if b.Len()+len(string(r)) > 150 {
			break
		}
		b.WriteRune(r)
	}
	s := strings.TrimRight(strings.TrimLeft(b.String(), "."), ". ")
	if s == "" {
		return "video"
	}
	return s
}

// translator makes the translation layer for this request.
func (o *Opened) translator() (*translate.Translator, error) {
	memory := o.req.Memory
	if memory == nil {
		memory = o.p.cfg.Memory
	}
	return o.p.translator(o.backends, memory, o.glossary, o.req.Tenant)
}

// Estimate foretells the work, summed over the languages to be bought; nothing
// is sent.
func (o *Opened) Estimate(ctx context.Context) (*translate.Estimate, error) {
	tr, err := o.translator()
	if err != nil {
		return nil, err
	}
	sum := new(translate.Estimate)
	for i, b := range o.purchases {
		e, err := tr.Estimate(ctx, o.work(b))
		if err != nil {
			return nil, err
		}
		if i == 0 {
			sum = e
		} else {
			sum = addEstimates(sum, e)
		}
	}
	return sum, nil
}

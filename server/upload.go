package server

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"strings"
	"unicode/utf8"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/worker"
	"github.com/duosub/duosub/worker/job"
)

// maxParts bounds the parts of a form.
const maxParts = 64

// A form reads a job from multipart/form-data (RFC 7578), part by part in the
// order in which they come: the file is handed on while it arrives and is
// never held here.
type form struct {
	upload  func(context.Context, io.Reader) (source string, err error)
	maxFile int64

	spec     job.Spec
	seen     map[string]bool
	fields   int64 // bytes of fields so far
	job      bool  // the field "job" has come
	single   string
	source   string // of the uploaded file
	filename string
}

// read reads the parts and answers the job that they make.
func (f *form) read(ctx context.Context, parts *multipart.Reader) (job.Spec, error) {
	f.seen = map[string]bool{}
	for n := 0; ; n++ {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			return f.finish()
		}
		if err != nil {
			return job.Spec{}, &worker.Error{Code: worker.CodeBadRequest, Message: "the body is no complete multipart/form-data", Permanent: true, Err: err}
		}
		if n == maxParts {
			return job.Spec{}, failure(worker.CodeBadRequest, fmt.Sprintf("the form has more than %d parts", maxParts))
		}
		if err := f.part(ctx, part); err != nil {
			return job.Spec{}, err
		}
	}
}

func (f *form) part(ctx context.Context, part *multipart.Part) error {
	name := part.FormName()
	set := formFields[name]
	if name == "file" || name == "job" || set != nil {
		if f.seen[name] {
			return &job.Error{Field: name, Message: "stands in the form twice"}
		}
		f.seen[name] = true
	}
	if name == "file" {
		return f.file(ctx, part)
	}
	value, err := f.field(part)
	if err != nil {
		return err
	}
	switch {
	case name == "job":
		f.job = true
		if f.spec, err = decodeJob(value); err != nil {
			return err
		}
	case set != nil:
		f.single = name
		if err := set(&f.spec, string(value)); err != nil {
			return err
		}
	}
	if f.job && f.single != "" {
		return &job.Error{Field: f.single, Message: "belongs into the field job, since the form has one"}
	}
	return nil
}

// field reads a part that is no file. All of them together are bounded.
func (f *form) field(part *multipart.Part) ([]byte, error) {
	value, err := io.ReadAll(io.LimitReader(part, MaxJobBody-f.fields+1))
	if err != nil {
		return nil, &worker.Error{Code: worker.CodeBadRequest, Message: "the body is no complete multipart/form-data", Permanent: true, Err: err}
	}
	if f.fields += int64(len(value)); f.fields > MaxJobBody {
		return nil, failure(worker.CodeTooLarge, "the fields of the form may have "+size(MaxJobBody)+" together; a file belongs into the field file")
	}
	if !utf8.Valid(value) {
		return nil, failure(worker.CodeBadRequest, "the form's fields are not UTF-8")
	}
	return value, nil
}

// file hands the file on. What the fields before it say wrong is said before
// gigabytes are taken.
func (f *form) file(ctx context.Context, part *multipart.Part) error {
	early := f.spec
	early.Source = job.UploadSource(strings.Repeat("0", 64))
	if err := early.Validate(); err != nil {
		return err
	}
	if f.spec.Source != "" {
		return errBothSources
	}
	f.filename = cleanFilename(part.FileName())
	r := &fileReader{r: part, left: f.maxFile}
	head := bufio.NewReaderSize(r, 64<<10)
	if _, err := head.Peek(1); err == io.EOF {
		return &subtitles.Error{Kind: subtitles.ErrEmpty, Message: "the uploaded file is empty"}
	}
	source, err := f.upload(ctx, head)
	switch {
	case r.err == errFileTooLarge:
		return failure(worker.CodeTooLarge, "a file may have "+size(f.maxFile)+" at most")
	case r.err != nil:
		return &worker.Error{Code: worker.CodeBadRequest, Message: "the file ended before it was complete", Permanent: true, Err: r.err}
	case err != nil:
		return err
	}
	f.source = source
	return nil
}

var errBothSources = &job.Error{Field: "source", Message: "cannot be given together with a file"}

// finish makes the job once all parts are there.
func (f *form) finish() (job.Spec, error) {
	spec := f.spec
	if f.source != "" {
		if spec.Source != "" {
			return job.Spec{}, errBothSources
		}
		spec.Source = f.source
		if spec.Filename == "" {
			spec.Filename = f.filename
		}
	}
	return spec, nil
}

var errFileTooLarge = errors.New("the file is too large")

// fileReader bounds a file and remembers why reading it failed, so that the
// client's failure is not taken for the store's.
type fileReader struct {
	r    io.Reader
	left int64
	err  error
}

func (f *fileReader) Read(p []byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	if int64(len(p)) > f.left+1 {
		p = p[:f.left+1]
	}
	n, err := f.r.Read(p)
	if int64(n) > f.left {
		n, err = int(f.left), errFileTooLarge
	}
	f.left -= int64(n)
	if err != nil && err != io.EOF {
		f.err = err
	}
	return n, err
}

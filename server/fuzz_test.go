package server

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"reflect"
	"strings"
	"testing"

	"github.com/duosub/duosub/worker"
	"github.com/duosub/duosub/worker/job"
)

// FuzzDecodeJob feeds both ways in which a job comes with whatever there is.
func FuzzDecodeJob(f *testing.F) {
	f.Add(true, []byte(wholeJob))
	f.Add(true, []byte(`{"source":"s3://b/a.srt","pair":["en","zh-Hant-TW"],"meta":null}`))
	f.Add(true, []byte(`{"SOURCE":7,"pair":{},"formats":[null]}`))
	form := "--b\r\nContent-Disposition: form-data; name=\"video\"\r\n\r\n42\r\n" +
		"--b\r\nContent-Disposition: form-data; name=\"pair\"\r\n\r\nzh-Hans,en\r\n" +
		"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.srt\"\r\n\r\n" + someSRT + "\r\n--b--\r\n"
	f.Add(false, []byte(form))
	f.Add(false, []byte(strings.ReplaceAll(form, "\r\n", "\n")))
	f.Add(false, []byte("--b\r\nContent-Disposition: form-data; name=\"job\"\r\n\r\n{\"title\":\"a\"}\r\n--b--"))
	f.Fuzz(func(t *testing.T, isJSON bool, data []byte) {
		const limit = 1000
		var spec job.Spec
		var err error
		if isJSON {
			spec, err = decodeJob(data)
		} else {
			fm := form0(func(r io.Reader) error {
				n, err := io.Copy(io.Discard, r)
				if n > limit {
					t.Errorf("%d bytes came through", n)
				}
				return err
			}, limit)
			spec, err = fm.read(context.Background(), multipart.NewReader(strings.NewReader(string(data)), "b"))
		}
		if err == nil {
			err = spec.Validate()
		}
		if err != nil {
			if p := problemOf(err); p.Status >= 500 || p.Code == "" || p.Detail == "" {
				t.Errorf("%v is told as %+v", err, p)
			}
			return
		}
		if spec.V != 0 || spec.Tenant != "" {
			t.Errorf("version %d, tenant %q came from a caller", spec.V, spec.Tenant)
		}
		again, err := json.Marshal(spec)
		if err != nil {
			t.Fatalf("a job that was accepted cannot be written: %v", err)
		}
		twin, err := decodeJob(again)
		if err != nil || twin.RequestHash() != spec.RequestHash() || twin.ID() != spec.ID() || !reflect.DeepEqual(twin.Pair, spec.Pair) {
			t.Errorf("%+v\nbecomes %+v (%v)", spec, twin, err)
		}
		var je *job.Error
		if _, err := spec.Encode(); err != nil && !errors.As(err, &je) {
			t.Errorf("a job that was accepted has no payload: %v", err)
		}
	})
}

// form0 is a form whose files go to take.
func form0(take func(io.Reader) error, limit int64) *form {
	return &form{maxFile: limit, upload: func(_ context.Context, r io.Reader) (string, error) {
		return job.UploadSource(strings.Repeat("0", 64)), take(r)
	}}
}

// FuzzDecodeText feeds the reader of short texts.
func FuzzDecodeText(f *testing.F) {
	f.Add([]byte(`{"target":"en","source":"zh-Hans","kind":"comment","items":[{"id":"a","text":"绝绝子 🤣"}],"glossary":"travel"}`))
	f.Add([]byte(`{"target":"x-y","items":{}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		req, err := decodeText(data)
		if err != nil {
			if p := problemOf(err); p.Status >= 500 || p.Detail == "" {
				t.Errorf("%v is told as %+v", err, p)
			}
			return
		}
		if len(req.Items) == 0 || len(req.Items) > worker.MaxTextItems || req.Kind == "" || req.Target.IsRoot() {
			t.Errorf("accepted %+v", req)
		}
	})
}

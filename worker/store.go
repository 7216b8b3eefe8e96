package worker

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"
)

// store lays files out in the blob store: sources/{sha256},
// jobs/{id}/{version}/{name}, and jobs/{id}/current.json, written last.
type store struct {
	bucket *blob.Bucket
	// temp is the folder for temporary files; empty means the system's.
	temp string
}

func sourceBlob(sha string) string { return "sources/" + sha }
func outputBlob(id string, version int, name string) string {
	return fmt.Sprintf("jobs/%s/%d/%s", id, version, name)
}
func currentBlob(id string) string { return "jobs/" + id + "/current.json" }

// current is what current.json holds: the record of a finished job.
type current struct {
	V      int    `json:"v"`
	Record Record `json:"record"`
}

const currentVersion = 1

// current answers the finished record that the store holds, nil when there is
// none.
func (s store) current(ctx context.Context, id string) (*Record, error) {
	data, err := s.bucket.ReadAll(ctx, currentBlob(id))
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, unavailable("read "+currentBlob(id), err)
	}
	var c current
	if err := json.Unmarshal(data, &c); err != nil || c.V > currentVersion {
		return nil, fmt.Errorf("%s is of another version of duosub or damaged", currentBlob(id))
	}
	return &c.Record, nil
}

// setCurrent writes current.json, the switch: what it names is published.
func (s store) setCurrent(ctx context.Context, r *Record) error {
	data, err := json.Marshal(current{V: currentVersion, Record: *r})
	if err != nil {
		return err
	}
	return s.write(ctx, currentBlob(r.ID), "application/json", data)
}

// putOutputs writes a version's files and answers what was written.
func (s store) putOutputs(ctx context.Context, id string, version int, files []File) ([]Output, error) {
	outputs := make([]Output, 0, len(files))
	for _, f := range files {
		if err := s.write(ctx, outputBlob(id, version, f.Name), f.Type, f.Data); err != nil {
			return nil, err
		}
		sum := sha256.Sum256(f.Data)
		outputs = append(outputs, Output{Name: f.Name, Type: f.Type, Size: int64(len(f.Data)),
			SHA256: hex.EncodeToString(sum[:]), Version: version})
	}
	return outputs, nil
}

func (s store) write(ctx context.Context, key, contentType string, data []byte) error {
	if err := s.bucket.WriteAll(ctx, key, data, &blob.WriterOptions{ContentType: contentType}); err != nil {
		return unavailable("write "+key+" to the store", err)
	}
	return nil
}

// open opens a file of the store; nil when there is none.
func (s store) open(ctx context.Context, key string) (*blob.Reader, error) {
	r, err := s.bucket.NewReader(ctx, key, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, unavailable("read "+key+" from the store", err)
	}
	return r, nil
}

// putSource keeps an upload under its SHA-256. It goes through a temporary
// file, because its name is known only at its end.
func (s store) putSource(ctx context.Context, r io.Reader, maxBytes int64) (sha string, err error) {
	tmp, err := os.CreateTemp(s.temp, "duosub-upload-*")
	if err != nil {
		return "", err
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(tmp, h), io.LimitReader(r, maxBytes+1))
	if err != nil {
		return "", fmt.Errorf("read the upload: %w", err)
	}
	if n > maxBytes {
		return "", &Error{Code: CodeTooLarge, Permanent: true, Message: fmt.Sprintf("the file is larger than %d bytes: upload the subtitles alone", maxBytes)}
	}
	if n == 0 {
		return "", &Error{Code: "empty_file", Permanent: true, Message: "the file is empty: upload a subtitle file or a video with subtitles"}
	}
	sha = hex.EncodeToString(h.Sum(nil))
	if ok, err := s.bucket.Exists(ctx, sourceBlob(sha)); err == nil && ok {
		return sha, nil
	}
	if _, err := tmp.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	if err := s.bucket.Upload(ctx, sourceBlob(sha), tmp, &blob.WriterOptions{ContentType: "application/octet-stream"}); err != nil {
		return "", unavailable("keep the upload", err)
	}
	return sha, nil
}

// removeJob removes every file of a job and counts them.
func (s store) removeJob(ctx context.Context, id string) (int, error) {
	n := 0
	it := s.bucket.List(&blob.ListOptions{Prefix: "jobs/" + id + "/"})
	for {
		obj, err := it.Next(ctx)
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, unavailable("list the files of a job", err)
		}
		if err := s.bucket.Delete(ctx, obj.Key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
			return n, unavailable("remove "+obj.Key, err)
		}
		n++
	}
}

// removeSource removes an upload; a missing one is no error.
func (s store) removeSource(ctx context.Context, sha string) error {
	err := s.bucket.Delete(ctx, sourceBlob(sha))
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil
	}
	return err
}

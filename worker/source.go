package worker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/subtitles/media"
	"github.com/duosub/duosub/worker/job"
	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"
)

// MaxVideo bounds a video that subtitles are taken from (8 GiB).
const MaxVideo = 8 << 30

// fetchTimeout bounds fetching one source.
const fetchTimeout = 30 * time.Minute

// Sources fetches what jobs name: uploads, files of the store, and what the
// operator allows.
type Sources struct {
	store store
	allow []*url.URL
	http  *http.Client
	// maxVideo bounds a video; MaxVideo unless only subtitles are wanted.
	maxVideo int64
	// openBucket opens the bucket of an s3://, gs:// or azblob:// source.
	openBucket func(ctx context.Context, bucketURL string) (*blob.Bucket, error)
}

// newSources checks the prefixes of --allow-source: URLs with a host (or
// file:/// with a path) and no query.
func newSources(s store, storeURL string, allow []string) (*Sources, error) {
	src := &Sources{store: s, openBucket: blob.OpenBucket, maxVideo: MaxVideo}
	for _, a := range allow {
		u, err := url.Parse(a)
		if err != nil || u.Scheme == "" || u.Opaque != "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			return nil, badRequest("the allowed source %q is no plain URL prefix such as https://host/path or s3://bucket/path", a)
		}
		if u.Host == "" && (u.Scheme != "file" || u.Path == "") {
			return nil, badRequest("the allowed source %q names no host", a)
		}
		src.allow = append(src.allow, u)
	}
	// Files of the store may be named by the store's own URL.
	if u, err := url.Parse(storeURL); err == nil && u.Scheme != "" && u.Scheme != "mem" && (u.Host != "" || u.Path != "") {
		src.allow = append(src.allow, &url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path})
	}
	src.http = &http.Client{CheckRedirect: func(req *http.Request, via []*http.Request) error {
		if len(via) >= 5 {
			return errors.New("too many redirects")
		}
		if !src.allowed(req.URL) {
			return errRedirect
		}
		return nil
	}}
	return src, nil
}

var errRedirect = errors.New("redirected to an address that is not allowed")

// Check reports whether a source may be fetched, without fetching it.
func (s *Sources) Check(source string) error {
	if job.Uploaded(source) != "" {
		return nil
	}
	u, err := url.Parse(source)
	if err != nil || !s.allowed(u) {
		return notAllowed()
	}
	return nil
}

func notAllowed() *Error {
	return &Error{Code: CodeSourceNotAllowed, Permanent: true,
		Message: "the source is not allowed: upload the file, put it into the store, or start the service with --allow-source and a prefix of its address"}
}

// allowed compares scheme, host and whole elements of the path, after dots
// are resolved: a prefix …/videos covers …/videos/a but not …/videos2.
func (s *Sources) allowed(u *url.URL) bool {
	if u.User != nil || u.RawQuery != "" || u.Opaque != "" || strings.ContainsAny(u.Path, "\\\x00") {
		return false
	}
	p := path.Clean("/" + u.Path)
	for _, a := range s.allow {
		if !strings.EqualFold(a.Scheme, u.Scheme) || !strings.EqualFold(a.Host, u.Host) {
			continue
		}
		prefix := path.Clean("/" + a.Path)
		if prefix == "/" || p == prefix || strings.HasPrefix(p, prefix+"/") {
			return true
		}
	}
	return false
}

// A fetched source is a local file. Close removes it if it was a copy.
type fetched struct {
	path string
	copy bool
	// address is where it was in the end, after redirects.
	address string
}

func (f *fetched) Close() {
	if f.copy {
		os.Remove(f.path)
	}
}

// Fetch brings a source to a local file. Subtitles may have
// [subtitles.MaxBytes], videos [MaxVideo].
func (s *Sources) Fetch(ctx context.Context, source string) (*fetched, error) {
	f, err := s.fetch(ctx, source)
	if err == nil && f.address == "" {
		f.address = source
	}
	return f, err
}

func (s *Sources) fetch(ctx context.Context, source string) (*fetched, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	if sha := job.Uploaded(source); sha != "" {
		return s.fromBucket(ctx, s.store.bucket, sourceBlob(sha))
	}
	u, err := url.Parse(source)
	if err != nil || !s.allowed(u) {
		return nil, notAllowed()
	}
	switch u.Scheme {
	case "file":
		return s.fromFile(u)
	case "http", "https":
		return s.fromHTTP(ctx, u)
	default:
		b, err := s.openBucket(ctx, u.Scheme+"://"+u.Host)
		if err != nil {
			return nil, &Error{Code: CodeSourceFailed, Message: "the bucket " + u.Scheme + "://" + u.Host + " cannot be opened: check the workers' credentials", Err: err}
		}
		defer b.Close()
		return s.fromBucket(ctx, b, strings.TrimPrefix(u.Path, "/"))
	}
}

// fromFile checks the address again after links are followed: a link inside
// an allowed folder must not lead out of it.
func (s *Sources) fromFile(u *url.URL) (*fetched, error) {
	name := filepath.FromSlash(path.Clean("/" + u.Path))
	real, err := filepath.EvalSymlinks(name)
	if err != nil {
		return nil, fileError(u.String(), err)
	}
	ok := false
	for _, a := range s.allow {
		root, err := filepath.EvalSymlinks(filepath.FromSlash(path.Clean("/" + a.Path)))
		if a.Scheme == "file" && err == nil && (root == "/" || real == root || strings.HasPrefix(real, root+string(filepath.Separator))) {
			ok = true
		}
	}
	if !ok {
		return nil, notAllowed()
	}
	return &fetched{path: real}, nil
}

func (s *Sources) fromBucket(ctx context.Context, b *blob.Bucket, key string) (*fetched, error) {
	r, err := b.NewReader(ctx, key, nil)
	switch gcerrors.Code(err) {
	case gcerrors.OK:
	case gcerrors.NotFound:
		return nil, &Error{Code: CodeSourceNotFound, Permanent: true, Message: "the source is not there (any more): submit it again"}
	case gcerrors.PermissionDenied:
		return nil, &Error{Code: CodeSourceFailed, Permanent: true, Message: "the workers may not read the source: check their credentials", Err: err}
	default:
		return nil, &Error{Code: CodeSourceFailed, Message: "the source could not be read: the store did not answer", Err: err}
	}
	defer r.Close()
	return s.toFile(r)
}

func (s *Sources) fromHTTP(ctx context.Context, u *url.URL) (*fetched, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, notAllowed()
	}
	req.Header.Set("User-Agent", "duosub")
	resp, err := s.http.Do(req)
	if errors.Is(err, errRedirect) {
		return nil, notAllowed()
	}
	if err != nil {
		return nil, &Error{Code: CodeSourceFailed, Message: "the source's server did not answer: check its address", Err: err}
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusOK:
		f, err := s.toFile(resp.Body)
		if err != nil {
			return nil, err
		}
		f.address = resp.Request.URL.String()
		return f, nil
	case resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusGone:
		return nil, &Error{Code: CodeSourceNotFound, Permanent: true, Message: fmt.Sprintf("the source's server says that it is not there (HTTP %d)", resp.StatusCode)}
	case resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests:
		return nil, &Error{Code: CodeSourceFailed, Message: fmt.Sprintf("the source's server cannot give it now (HTTP %d)", resp.StatusCode)}
	default:
		return nil, &Error{Code: CodeSourceFailed, Permanent: true, Message: fmt.Sprintf("the source's server does not give it (HTTP %d)", resp.StatusCode)}
	}
}

// toFile copies a source to a temporary file within the limit of its kind.
func (s *Sources) toFile(r io.Reader) (_ *fetched, err error) {
	tmp, err := os.CreateTemp(s.store.temp, "duosub-source-*")
	if err != nil {
		return nil, err
	}
	f := &fetched{path: tmp.Name(), copy: true}
	defer func() {
		tmp.Close()
		if err != nil {
			f.Close()
		}
	}()
	head := make([]byte, media.HeadBytes)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, &Error{Code: CodeSourceFailed, Message: "the source broke off while it was read", Err: err}
	}
	limit := int64(subtitles.MaxBytes)
	if media.IsVideo(head[:n]) {
		limit = s.maxVideo
	}
	if _, err = tmp.Write(head[:n]); err != nil {
		return nil, err
	}
	m, err := io.Copy(tmp, io.LimitReader(r, limit-int64(n)+1))
	if err != nil {
		return nil, &Error{Code: CodeSourceFailed, Message: "the source broke off while it was read", Err: err}
	}
	if int64(n)+m > limit {
		return nil, &Error{Code: CodeTooLarge, Permanent: true, Message: fmt.Sprintf("the source has more than %d MiB, the limit for its kind", limit>>20)}
	}
	return f, tmp.Close()
}

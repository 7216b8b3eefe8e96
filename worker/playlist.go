package worker

import (
	"context"
	"errors"
	"io"
	"net/url"
	"os"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/subtitles/media"
	"github.com/duosub/duosub/worker/job"
	"golang.org/x/text/language"
)

// readPlaylist reads the subtitles of an HLS playlist, and those in the pair's
// other language as [readVideo] does.
func readPlaylist(ctx context.Context, req Request) (track, second *subtitles.Track, report *subtitles.Report, err error) {
	open, address := req.Opener, req.Address
	if open == nil {
		if open, address, err = media.Beside(req.Path); err != nil {
			return nil, nil, nil, fileError(req.Path, err)
		}
	}
	limited, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	track, second, report, err = readTracks(limited, req, func(ctx context.Context, track string, prefer ...language.Tag) (*subtitles.Track, *subtitles.Report, media.Stream, error) {
		return media.ReadPlaylist(ctx, open, address, track, prefer...)
	}, func(ctx context.Context) ([]media.Stream, error) {
		return media.ListPlaylist(ctx, open, address)
	})
	if err != nil && ctx.Err() == nil && limited.Err() != nil {
		err = &Error{Code: CodeSourceFailed, Message: "the playlist's segments did not all come within half an hour: check their server", Err: err}
	}
	return track, second, report, err
}

// playlist answers how the segments are opened if a fetched source is a
// playlist, and its address. Every address is held to what is allowed, as the
// source itself was, and a segment to the limit of a subtitle file. Uploads
// are no places that a playlist may lead to, and one that was uploaded has
// nothing beside it.
func (s *Sources) playlist(f *fetched) (media.Opener, string) {
	segments := *s
	segments.maxVideo = subtitles.MaxBytes
	own := f.address
	if u, err := url.Parse(own); err == nil {
		own = u.String() // as the opener will be asked for it
	}
	return func(ctx context.Context, address string) (io.ReadCloser, error) {
		if address == own {
			return os.Open(f.path)
		}
		u, err := url.Parse(address)
		if job.Uploaded(f.address) != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https") {
			return nil, &Error{Code: CodeSourceNotAllowed, Permanent: true,
				Message: "an uploaded playlist has no segments beside it: submit the address that it is published at"}
		}
		part, err := segments.Fetch(ctx, address)
		var e *Error
		if errors.As(err, &e) && e.Code == CodeSourceNotAllowed {
			return nil, &Error{Code: CodeSourceNotAllowed, Permanent: true,
				Message: "the playlist leads to an address that is not allowed: start the service with --allow-source and a prefix of the segments' addresses"}
		}
		if err != nil {
			return nil, err
		}
		return openPart(part)
	}, f.address
}

// openPart opens a fetched file; closing removes it if it was a copy.
func openPart(f *fetched) (io.ReadCloser, error) {
	// Opening a pipe would wait for a writer.
	if st, err := os.Stat(f.path); err != nil || !st.Mode().IsRegular() {
		f.Close()
		return nil, &Error{Code: CodeSourceNotFound, Permanent: true, Message: "a segment of the playlist is no regular file", Err: err}
	}
	file, err := os.Open(f.path)
	if err != nil {
		f.Close()
		return nil, &Error{Code: CodeSourceFailed, Permanent: true, Message: "a segment of the playlist may not be read: check its permissions", Err: err}
	}
	return &openedPart{file, f}, nil
}

type openedPart struct {
	*os.File
	source *fetched
}

func (p *openedPart) Close() error {
	err := p.File.Close()
	p.source.Close()
	return err
}

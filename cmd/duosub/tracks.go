package main

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/subtitles/media"
)

// readTrack reads a subtitle file, or a track of a video or of an HLS
// playlist whose files lie beside it.
func readTrack(ctx context.Context, path, track string) (*subtitles.Track, *subtitles.Report, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	fi, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	if !fi.Mode().IsRegular() {
		return nil, nil, failf("is no regular file")
	}
	head := make([]byte, 64)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, nil, err
	}
	if media.IsVideo(head[:n]) {
		t, report, _, err := media.Read(ctx, path, track)
		return t, report, err
	}
	if media.IsPlaylist(head[:n]) {
		open, address, err := media.Beside(path)
		if err != nil {
			return nil, nil, err
		}
		t, report, _, err := media.ReadPlaylist(ctx, open, address, track)
		return t, report, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, nil, err
	}
	return subtitles.ReadFrom(f)
}

// aboutInput puts the name of an input before what is wrong with it.
func aboutInput(path string, err error) error {
	return &exit{status: statusOf(err), err: err, message: path + ": " + strings.TrimPrefix(sentence(err), path+": ")}
}

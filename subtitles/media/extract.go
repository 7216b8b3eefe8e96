package media

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/duosub/duosub/subtitles"
	"golang.org/x/text/language"
)

// Read chooses a track as [Choose] does, the language that is spoken before
// others unless prefer says otherwise, extracts it and reads it. The track's
// language and title are the video's where its own text states none. It fails
// with an [*Error], or with a [*subtitles.Error] where the track is there but
// cannot be read.
func Read(ctx context.Context, path, track string, prefer ...language.Tag) (*subtitles.Track, *subtitles.Report, Stream, error) {
	streams, spoken, err := list(ctx, path)
	if err != nil {
		return nil, nil, Stream{}, err
	}
	s, err := Choose(streams, track, append(prefer, spoken)...)
	if err != nil {
		return nil, nil, Stream{}, err
	}
	data, err := Extract(ctx, path, s)
	if err != nil {
		return nil, nil, s, err
	}
	t, report, err := subtitles.Read(data)
	if err != nil {
		return nil, report, s, err
	}
	if t.Language == language.Und && tellsScript(s.Language) {
		t.Language = s.Language
	}
	if t.Title == "" {
		t.Title = s.Title
	}
	return t, report, s, nil
}

// tellsScript reports whether a track's language may stand for its text's: a
// plain "chi" is written on Simplified and Traditional tracks alike.
func tellsScript(t language.Tag) bool {
	base, _ := t.Base()
	return t != language.Und && (base.String() != "zh" || tagSaysScript(t))
}

// Extract takes one of List's tracks out of a video, as a subtitle file that
// [subtitles.Read] reads (SRT, WebVTT, ASS or TTML, as the track is). Cue times are
// those in the video's own timeline, to the millisecond (ASS: to a hundredth
// of a second, all that it has). It fails with an [*Error].
func Extract(ctx context.Context, path string, s Stream) ([]byte, error) {
	abs, _, err := open(path)
	if err != nil {
		return nil, err
	}
	switch s.Codec {
	case "ass", "ssa":
		return extractASS(ctx, abs, s.Index)
	case codecWebVTTInMatroska:
		return extractMatroska(ctx, abs, s.Index)
	}
	if !textCodecs[s.Codec] {
		return nil, noText(fmt.Sprintf("track %d holds no text (%s)", s.Index, codecName(s.Codec)))
	}
	streams, err := probe(ctx, abs)
	if err != nil {
		return nil, err
	}
	for _, p := range streams {
		if p.Index == s.Index {
			all, err := packets(ctx, abs, s.Index, p.TimeBase)
			if err != nil {
				return nil, err
			}
			return assemble(s.Codec, all)
		}
	}
	return nil, &Error{Kind: KindNoSuchTrack, Message: fmt.Sprintf("the video has no track %d", s.Index)}
}

// extractASS copies an ASS track with its styles.
func extractASS(ctx context.Context, abs string, index int) ([]byte, error) {
	args := append([]string{"-nostdin", "-copyts"}, inputArgs(abs)...)
	args = append(args, "-map", "0:"+strconv.Itoa(index), "-c:s", "copy", "-avoid_negative_ts", "disabled", "-f", "ass", "pipe:1")
	var data []byte
	err := run(ctx, "ffmpeg", args, func(r io.Reader) error {
		var err error
		data, err = readAll(r, subtitles.MaxBytes)
		return err
	})
	if err != nil {
		return nil, err
	}
	return cutAtNUL(data), nil
}

// cutAtNUL drops, from each line, a NUL and what follows it: the padding of a
// packet.
func cutAtNUL(data []byte) []byte {
	if bytes.IndexByte(data, 0) < 0 {
		return data
	}
	lines := bytes.Split(data, []byte("\n"))
	for i, line := range lines {
		if nul := bytes.IndexByte(line, 0); nul >= 0 {
			lines[i] = line[:nul]
		}
	}
	return bytes.Join(lines, []byte("\n"))
}

// extractMatroska takes a track out with mkvextract, which writes files only.
func extractMatroska(ctx context.Context, abs string, index int) ([]byte, error) {
	id, err := matroskaTrack(ctx, abs, index)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "duosub-track-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the track: %w", err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "track")

	watched, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go watchSize(watched, stop, file)
	err = run(watched, "mkvextract", []string{abs, "tracks", strconv.Itoa(id) + ":" + file}, func(r io.Reader) error {
		_, err := io.Copy(io.Discard, r) // a progress display
		return err
	})
	if cause, ok := context.Cause(watched).(*Error); ok {
		return nil, cause
	}
	if err != nil {
		return nil, err
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, &Error{Kind: KindBadVideo, Message: "mkvextract wrote no track", Err: err}
	}
	defer f.Close()
	data, err := readAll(f, subtitles.MaxBytes)
	if err != nil {
		return nil, err
	}
	return cutAtNUL(data), nil
}

// watchSize stops an extraction whose file outgrows what is read.
func watchSize(ctx context.Context, stop context.CancelCauseFunc, file string) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if info, err := os.Stat(file); err == nil && info.Size() > subtitles.MaxBytes {
				stop(tooLarge())
				return
			}
		}
	}
}

// matroskaTrack is mkvextract's number of a stream that ffprobe numbers
// otherwise: both list subtitle tracks in the file's order.
func matroskaTrack(ctx context.Context, abs string, index int) (int, error) {
	all, err := probe(ctx, abs)
	if err != nil {
		return 0, err
	}
	tracks, err := identify(ctx, abs)
	if err != nil {
		return 0, err
	}
	position := 0
	for _, p := range all {
		if p.Type != "subtitle" {
			continue
		}
		if p.Index == index && position < len(tracks) {
			return tracks[position].ID, nil
		}
		position++
	}
	return 0, &Error{Kind: KindNoSuchTrack, Message: fmt.Sprintf("the video has no track %d", index)}
}

// Package media finds and extracts the subtitle tracks inside video files
// (MP4, QuickTime, Matroska, WebM). The reading is done by the programs of two
// Debian packages, ffmpeg (ffprobe, ffmpeg) and mkvtoolnix (mkvmerge,
// mkvextract). They run on files from strangers, so they get no network, no
// environment, no shell, a time limit and a bound on what they may write.
//
// The times that come out are those in the file: neither the start time of
// the container nor that of another track moves them.
package media

import (
	"fmt"
	"time"

	"github.com/duosub/duosub/subtitles"
)

const (
	// MaxVideoBytes bounds a video (8 GiB). What is taken out of it is bounded
	// by [subtitles.MaxBytes] and [subtitles.MaxCues].
	MaxVideoBytes = 8 << 30
	// Timeout bounds each program that is run; the context may end it sooner.
	Timeout = 10 * time.Minute
)

// Kind says what is wrong, for programs.
type Kind string

const (
	// KindNoTextTrack: the video has no subtitles, or only pictures of them.
	KindNoTextTrack Kind = "no_text_track"
	// KindNoSuchTrack: the video has text tracks, but not the one asked for.
	KindNoSuchTrack Kind = "no_such_track"
	// KindProgramMissing: a program that is needed is not installed.
	KindProgramMissing Kind = "program_missing"
	// KindTooLarge: the video or the track exceeds a limit.
	KindTooLarge Kind = "too_large"
	// KindTimeout: a program took longer than Timeout.
	KindTimeout Kind = "timeout"
	// KindBadVideo: the file cannot be read as a video.
	KindBadVideo Kind = "bad_video"
)

// An Error is a video that subtitles cannot be taken from. Message is one
// sentence for a person and says what to do.
type Error struct {
	Kind    Kind
	Message string
	Err     error // the cause, or nil
}

func (e *Error) Error() string { return e.Message }

func (e *Error) Unwrap() error { return e.Err }

func tooLarge() *Error {
	return &Error{Kind: KindTooLarge, Message: fmt.Sprintf("the subtitle track is larger than %d MiB or has more than %d cues: it is damaged, or no subtitles", subtitles.MaxBytes>>20, subtitles.MaxCues)}
}

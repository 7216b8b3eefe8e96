package media

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// debianPackage tells where a program comes from.
var debianPackage = map[string]string{
	"ffprobe": "ffmpeg", "ffmpeg": "ffmpeg",
	"mkvmerge": "mkvtoolnix", "mkvextract": "mkvtoolnix",
}

// open checks the file before any program sees it, and answers its absolute
// path and whether it is Matroska. Absolute, because no program then takes a
// file called "-y", "@list" or "http://…" for anything but a file.
func open(path string) (abs string, matroska bool, err error) {
	abs, err = filepath.Abs(path)
	if err != nil {
		return "", false, &Error{Kind: KindBadVideo, Message: "the path of the video cannot be resolved", Err: err}
	}
	f, err := os.Open(abs)
	if err != nil {
		return "", false, unreadable(err)
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return "", false, unreadable(err)
	case !info.Mode().IsRegular():
		return "", false, &Error{Kind: KindBadVideo, Message: "this is no regular file: give the video itself"}
	case info.Size() > MaxVideoBytes:
		return "", false, &Error{Kind: KindTooLarge, Message: "the video is larger than 8 GiB: extract its subtitle track first and give that"}
	}
	head := make([]byte, HeadBytes)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", false, unreadable(err)
	}
	if !IsVideo(head[:n]) {
		return "", false, &Error{Kind: KindBadVideo, Message: "this is no video that can be read: give an MP4, MOV, MKV or WebM file"}
	}
	if !whole(f, info.Size()) {
		return "", false, &Error{Kind: KindBadVideo, Message: "the video is damaged, its end is missing: upload the whole file again"}
	}
	return abs, isMatroska(head[:n]), nil
}

func unreadable(err error) *Error {
	reason := err
	var pe *fs.PathError
	if errors.As(err, &pe) {
		reason = pe.Err
	}
	return &Error{Kind: KindBadVideo, Message: "the video cannot be opened: " + reason.Error(), Err: err}
}

// installed reports whether a program can be run.
func installed(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}

// run runs a program and hands its standard output to consume, whose error
// stops it. The program and all that it started are killed when the context
// ends or time is up.
func run(ctx context.Context, program string, args []string, consume func(io.Reader) error) error {
	file, err := exec.LookPath(program)
	if err != nil {
		return &Error{Kind: KindProgramMissing, Err: err,
			Message: "reading this video needs " + program + ": install it (on Debian and Ubuntu: apt-get install " + debianPackage[program] + ")"}
	}
	limited, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	cmd := exec.CommandContext(limited, file, args...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "AV_LOG_FORCE_NOCOLOR=1", "TMPDIR=" + os.TempDir()}
	cmd.WaitDelay = 5 * time.Second
	ownGroup(cmd)
	var complaints head
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return &Error{Kind: KindProgramMissing, Message: program + " cannot be started: reinstall the package " + debianPackage[program], Err: err}
	}
	consumed := consume(out)
	if consumed != nil {
		cancel()
	}
	ended := cmd.Wait()
	var known *Error
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(limited.Err(), context.DeadlineExceeded):
		return &Error{Kind: KindTimeout, Message: program + " did not finish within " + Timeout.String() + ": the video is damaged, or the machine is overloaded", Err: limited.Err()}
	case errors.As(consumed, &known):
		return known
	case ended != nil && consumed == nil:
		return &Error{Kind: KindBadVideo, Message: badVideo(program, complaints.String(), args), Err: ended}
	case consumed != nil:
		// A program that fails leaves its output unfinished; its own words
		// say more than the decoder's.
		return &Error{Kind: KindBadVideo, Message: badVideo(program, complaints.String(), args), Err: consumed}
	}
	return nil
}

// badVideo makes one sentence of what a program complained about, without the
// path that it begins with.
func badVideo(program, complaints string, args []string) string {
	s := "the video cannot be read; it may be damaged or cut off"
	lines := strings.Split(strings.TrimSpace(complaints), "\n")
	last := strings.TrimSpace(lines[len(lines)-1])
	for _, a := range args {
		last = strings.TrimPrefix(last, a+": ")
		last = strings.TrimPrefix(last, strings.TrimPrefix(a, "file:")+": ")
	}
	if last != "" {
		s += " (" + program + ": " + last + ")"
	}
	return s
}

// head keeps the first 4 KiB of what is written to it.
type head struct{ bytes.Buffer }

func (h *head) Write(p []byte) (int, error) {
	if room := 4096 - h.Len(); room > 0 {
		h.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// readAll reads what a program writes, up to limit bytes.
func readAll(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, tooLarge()
	}
	return data, nil
}

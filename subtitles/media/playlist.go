package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/duosub/duosub/subtitles"
	"golang.org/x/text/language"
)

// An Opener opens what an address of a playlist leads to. It decides which
// addresses it takes, and is called by several goroutines at once. This
// package hands it the address that it was given itself and those that follow
// from it; it never follows a playlist to another scheme than http and https.
type Opener func(ctx context.Context, url string) (io.ReadCloser, error)

// The kinds of errors that only playlists give.
const (
	// KindBadPlaylist: the playlist or one of its segments cannot be read, or
	// is of a kind that is not read.
	KindBadPlaylist Kind = "bad_playlist"
	// KindNotFetched: the opener failed; its error is wrapped. An [*Error] of
	// the opener is passed on as it is.
	KindNotFetched Kind = "not_fetched"
)

// IsPlaylist reports whether a file that begins with head is an HLS playlist.
func IsPlaylist(head []byte) bool { return subtitles.IsPlaylist(head) }

// soundDescriptions is the characteristic of renditions for people who do not
// hear well (RFC 8216 §4.3.4.1).
const soundDescriptions = "public.accessibility.describes-music-and-sound"

// ReadPlaylist reads the subtitles of an HLS playlist. Of a multivariant
// playlist it takes the rendition that [Choose] chooses, track and prefer
// meaning what they mean there; a track's Index counts the subtitle renditions
// from zero. A media playlist is taken as it is, with an empty Stream.
//
// WebVTT segments are read, byte ranges of one file too, and put onto the
// playlist's own time by their X-TIMESTAMP-MAP; cues that stand in several
// segments become one. The whole playlist must be there: one that is still
// growing is refused.
//
// What is fetched is bounded: playlists by [subtitles.MaxPlaylistBytes] and
// [subtitles.MaxSegments], segments together by [subtitles.MaxBytes] and
// [subtitles.MaxCues]. It fails with an [*Error] or a [*subtitles.Error]; no
// message holds an address, which may hold a key.
func ReadPlaylist(ctx context.Context, open Opener, address, track string, prefer ...language.Tag) (*subtitles.Track, *subtitles.Report, Stream, error) {
	var s Stream
	base, err := url.Parse(address)
	if err != nil {
		return nil, nil, s, &Error{Kind: KindBadPlaylist, Message: "the playlist's address is none"}
	}
	list, err := fetchPlaylist(ctx, open, base)
	if err != nil {
		return nil, nil, s, err
	}
	if list.IsMaster() {
		if base, s, err = chooseRendition(base, list, track, prefer); err != nil {
			return nil, nil, s, err
		}
		if list, err = fetchPlaylist(ctx, open, base); err != nil {
			return nil, nil, s, err
		}
	}
	if err := readable(list); err != nil {
		return nil, nil, s, err
	}
	parts, report, err := readSegments(ctx, open, base, list)
	if err != nil {
		return nil, report, s, err
	}
	t, err := assembleSegments(parts, report)
	if err != nil {
		return nil, report, s, err
	}
	if t.Language == language.Und && tellsScript(s.Language) {
		t.Language = s.Language
	}
	t.Title = s.Title
	return t, report, s, nil
}

// ListPlaylist answers the subtitle renditions of a multivariant playlist, in
// its order; none is no error, and a media playlist has none.
func ListPlaylist(ctx context.Context, open Opener, address string) ([]Stream, error) {
	base, err := url.Parse(address)
	if err != nil {
		return nil, &Error{Kind: KindBadPlaylist, Message: "the playlist's address is none"}
	}
	list, err := fetchPlaylist(ctx, open, base)
	if err != nil {
		return nil, err
	}
	streams, _ := renditions(list)
	return streams, nil
}

// renditions are the subtitles that a multivariant playlist offers, and their
// addresses. Renditions that several groups share are listed once.
func renditions(list *subtitles.Playlist) (streams []Stream, addresses []string) {
	for _, r := range list.Renditions {
		if r.Type != "SUBTITLES" || r.URI == "" || slices.Contains(addresses, r.URI) {
			continue
		}
		streams = append(streams, Stream{Index: len(streams), Codec: "webvtt", Language: r.Language, Title: r.Name,
			Default: r.Default, Forced: r.Forced, HearingImpaired: slices.Contains(r.Characteristics, soundDescriptions), Text: true})
		addresses = append(addresses, r.URI)
	}
	return streams, addresses
}

// chooseRendition is the address of the subtitles to read.
func chooseRendition(base *url.URL, list *subtitles.Playlist, track string, prefer []language.Tag) (*url.URL, Stream, error) {
	streams, addresses := renditions(list)
	s, err := Choose(streams, track, prefer...)
	if err != nil {
		return nil, s, err
	}
	to, err := resolve(base, addresses[s.Index])
	return to, s, err
}

// resolve makes an address of one that stands in a playlist.
func resolve(base *url.URL, reference string) (*url.URL, error) {
	ref, err := url.Parse(reference)
	if err != nil {
		return nil, &Error{Kind: KindBadPlaylist, Message: "an address in the playlist is none: make the playlist anew"}
	}
	to := base.ResolveReference(ref)
	if base.Scheme == "" && !strings.HasPrefix(base.Path, "/") && ref.Scheme == "" && !strings.HasPrefix(ref.Path, "/") {
		// A path that begins where the program stands, as an address never
		// does, keeps to that.
		to.Path = strings.TrimPrefix(to.Path, "/")
	}
	// A playlist from afar must not point at files here.
	if to.Scheme != base.Scheme && to.Scheme != "http" && to.Scheme != "https" {
		return nil, &Error{Kind: KindBadPlaylist, Message: "an address in the playlist leads to another kind of place than the web: make the playlist anew"}
	}
	return to, nil
}

func fetchPlaylist(ctx context.Context, open Opener, at *url.URL) (*subtitles.Playlist, error) {
	data, err := fetch(ctx, open, at, subtitles.MaxPlaylistBytes, "the playlist")
	if err != nil {
		return nil, err
	}
	return subtitles.ParsePlaylist(data)
}

// fetch reads what is at an address, up to limit bytes.
func fetch(ctx context.Context, open Opener, at *url.URL, limit int64, what string) ([]byte, error) {
	r, err := open(ctx, at.String())
	if err == nil {
		var data []byte
		data, err = io.ReadAll(io.LimitReader(r, limit+1))
		r.Close()
		if err == nil && int64(len(data)) > limit {
			return nil, &Error{Kind: KindTooLarge, Message: fmt.Sprintf("%s is larger than %d MiB: these are no subtitles", what, limit>>20)}
		}
		if err == nil {
			return data, nil
		}
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if own := (*Error)(nil); errors.As(err, &own) {
		return nil, own
	}
	return nil, &Error{Kind: KindNotFetched, Message: what + " cannot be fetched: check that its address is right and may be read", Err: err}
}

// readable reports why a media playlist is none of WebVTT segments, as far as
// it tells.
func readable(list *subtitles.Playlist) error {
	bad := func(message string) error { return &Error{Kind: KindBadPlaylist, Message: message} }
	switch {
	case list.IsMaster():
		return bad("the playlist leads to one that leads to others: make it anew")
	case len(list.Segments) == 0:
		return bad("the playlist has no segments")
	case !list.Ended:
		return bad("the playlist has no end (EXT-X-ENDLIST): wait until the live stream is over")
	}
	for _, s := range list.Segments {
		switch {
		case s.Map:
			return bad("the playlist's segments are MP4 (EXT-X-MAP), not WebVTT: package the subtitles as WebVTT, or give the subtitle file itself")
		case s.Encrypted:
			return bad("the playlist's segments are encrypted (EXT-X-KEY): give the subtitle file itself")
		}
	}
	return nil
}

// checkSegment reports why a segment is no WebVTT.
func checkSegment(data []byte, n int) error {
	if IsVideo(data[:min(len(data), HeadBytes)]) {
		return noText("the playlist is one of pictures or sound, not of subtitles (give the multivariant playlist, if that lists some)")
	}
	if bytes.HasPrefix(bytes.TrimPrefix(data, []byte("\uFEFF")), []byte("WEBVTT")) || len(bytes.TrimSpace(data)) == 0 {
		return nil
	}
	return &Error{Kind: KindBadPlaylist, Message: fmt.Sprintf("segment %d of the playlist is no WebVTT file: package the subtitles anew", n)}
}

// asEmpty reports whether reading failed for want of cues alone.
func asEmpty(err error) bool {
	var e *subtitles.Error
	return errors.As(err, &e) && (e.Kind == subtitles.ErrNoCues || e.Kind == subtitles.ErrEmpty)
}

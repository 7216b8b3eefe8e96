package worker

import (
	"context"
	"strconv"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/subtitles/media"
	"golang.org/x/text/language"
)

// readVideo reads the track of a video that is asked for, or the best one, and
// then, unless a track was asked for, one in the pair's other language.
func readVideo(ctx context.Context, req Request) (track, second *subtitles.Track, report *subtitles.Report, err error) {
	return readTracks(ctx, req, func(ctx context.Context, track string, prefer ...language.Tag) (*subtitles.Track, *subtitles.Report, media.Stream, error) {
		return media.Read(ctx, req.Path, track, prefer...)
	}, func(ctx context.Context) ([]media.Stream, error) {
		return media.List(ctx, req.Path)
	})
}

// readTracks is readVideo for whatever read and list read and list.
func readTracks(ctx context.Context, req Request,
	read func(ctx context.Context, track string, prefer ...language.Tag) (*subtitles.Track, *subtitles.Report, media.Stream, error),
	list func(ctx context.Context) ([]media.Stream, error),
) (track, second *subtitles.Track, report *subtitles.Report, err error) {
	var prefer []language.Tag
	if req.Source != language.Und {
		prefer = append(prefer, req.Source)
	}
	track, report, chosen, err := read(ctx, req.Track, prefer...)
	if err != nil || req.Track != "" {
		return track, nil, report, err
	}
	have, err := sourceLanguage(req, track)
	if err != nil {
		return track, nil, report, nil // Open says so
	}
	streams, err := list(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	for _, s := range streams {
		if s.Index == chosen.Index || !s.Text || s.Forced || !completes(have, s.Language) {
			continue
		}
		other, _, _, err := read(ctx, strconv.Itoa(s.Index))
		if ctx.Err() != nil {
			return nil, nil, nil, ctx.Err()
		}
		// A second track is a gift: one that cannot be read is left alone, and
		// so is one that holds something else than its tag says, or hardly
		// anything.
		if err != nil || len(other.Cues)*2 < len(track.Cues) || !completes(have, subtitles.DetectLanguage(other)) {
			continue
		}
		return track, other, report, nil
	}
	return track, nil, report, nil
}

// completes reports whether a second language makes a pair with the first:
// one English, one Standard Chinese.
func completes(have, other language.Tag) bool {
	if other == language.Und {
		return false
	}
	other = subtitles.Canonical(other)
	base, _ := other.Base()
	if have == subtitles.English {
		return base.String() == "zh"
	}
	return subtitles.IsChinese(have) && other == subtitles.English
}

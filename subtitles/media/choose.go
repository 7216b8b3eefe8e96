package media

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/text/language"
)

// Choose answers the track to work on. An empty track lets it choose: text
// before everything; a full track before a forced one; then by prefer, the
// first language first, tracks of no stated language before those of another
// one; then without descriptions of sounds; then the file's default; then the
// file's order. Otherwise track is a Stream.Index in decimal, or a BCP 47 tag
// that narrows the choice to that language ("zh" takes every Chinese).
//
// It fails with an [*Error] of KindNoTextTrack where there is no text, and of
// KindNoSuchTrack where there is, but not the one asked for.
func Choose(streams []Stream, track string, prefer ...language.Tag) (Stream, error) {
	text := make([]Stream, 0, len(streams))
	for _, s := range streams {
		if s.Text {
			text = append(text, s)
		}
	}
	track = strings.TrimSpace(track)
	if index, err := strconv.Atoi(track); err == nil {
		for _, s := range streams {
			if s.Index == index && !s.Text {
				return Stream{}, noText(fmt.Sprintf("track %d holds no text (%s)", index, codecName(s.Codec)))
			} else if s.Index == index {
				return s, nil
			}
		}
		return Stream{}, noSuchTrack(track, text)
	}
	if len(text) == 0 {
		return Stream{}, noText(describe(streams))
	}
	if track != "" {
		want, err := language.Parse(track)
		if err != nil {
			return Stream{}, noSuchTrack(track, text)
		}
		var kept []Stream
		for _, s := range text {
			if closeness(want, s.Language) > 0 {
				kept = append(kept, s)
			}
		}
		if len(kept) == 0 {
			return Stream{}, noSuchTrack(track, text)
		}
		text, prefer = kept, append([]language.Tag{want}, prefer...)
	}
	sort.SliceStable(text, func(i, j int) bool { return before(text[i], text[j], prefer) })
	return text[0], nil
}

// before reports whether a is the better choice of the two.
func before(a, b Stream, prefer []language.Tag) bool {
	if a.Forced != b.Forced {
		return b.Forced
	}
	if x, y := rank(a.Language, prefer), rank(b.Language, prefer); x != y {
		return x < y
	}
	if a.HearingImpaired != b.HearingImpaired {
		return b.HearingImpaired
	}
	if a.Default != b.Default {
		return a.Default
	}
	return a.Index < b.Index
}

// rank orders languages: the preferred ones (each by closeness), then no
// language, then others.
func rank(t language.Tag, prefer []language.Tag) int {
	for i, p := range prefer {
		if c := closeness(p, t); c > 0 {
			return 4*i + 3 - c
		}
	}
	if t == language.Und {
		return 4 * len(prefer)
	}
	return 4*len(prefer) + 1
}

// closeness is 3 for the same tag, 2 for the same language and script, 1 for
// the same language where one of them tells no script, else 0.
func closeness(want, have language.Tag) int {
	if want == language.Und || have == language.Und {
		return 0
	}
	if want == have {
		return 3
	}
	wantBase, _ := want.Base()
	haveBase, _ := have.Base()
	if wantBase != haveBase {
		return 0
	}
	wantScript, _ := want.Script()
	haveScript, _ := have.Script()
	switch {
	case wantScript == haveScript && (wantBase.String() != "zh" || tagSaysScript(want) == tagSaysScript(have)):
		return 2
	case wantBase.String() == "zh" && tagSaysScript(want) && tagSaysScript(have) && wantScript != haveScript:
		return 0
	}
	return 1
}

func noText(what string) *Error {
	return &Error{Kind: KindNoTextTrack, Message: what + ": run speech recognition on the video and submit its output"}
}

func noSuchTrack(track string, text []Stream) *Error {
	if len(text) == 0 {
		return noText("the video has no text subtitles")
	}
	names := make([]string, len(text))
	for i, s := range text {
		names[i] = strconv.Itoa(s.Index)
		if s.Language != language.Und {
			names[i] += " (" + s.Language.String() + ")"
		}
	}
	return &Error{Kind: KindNoSuchTrack, Message: fmt.Sprintf("the video has no subtitle track %q: choose one of %s", track, strings.Join(names, ", "))}
}

// describe says why a video without text tracks has none.
func describe(streams []Stream) string {
	if len(streams) == 0 {
		return "the video has no subtitles"
	}
	var codecs []string
	seen := map[string]bool{}
	for _, s := range streams {
		if name := codecName(s.Codec); !seen[name] {
			seen[name] = true
			codecs = append(codecs, name)
		}
	}
	return "the video's subtitles are no text (" + strings.Join(codecs, ", ") + ")"
}

func codecName(codec string) string {
	if codec == "" {
		return "unknown kind"
	}
	return codec
}

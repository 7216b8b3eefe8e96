package subtitles

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A speech is the output of a speech recognition, whichever program wrote it.
type speech struct {
	segments []speechSegment
	words    []speechWord // of the segments
	loose    []speechWord // of the whole file
	text     string       // of the whole file
	language string
	inMS     bool // offsets in milliseconds were read
	whole    bool // no time in seconds has a fraction
	chunked  bool // the segments are chunks, which may be single words
}

// A speechSegment is what the recognition takes for a phrase. Times are in
// seconds, unknownTime where they are missing.
type speechSegment struct {
	start, end  float64
	text, voice string
	words       span // of speech.words
	line        int
}

// A speechWord is a word, a token or a character with its times.
type speechWord struct {
	start, end float64
	text       string
}

// span is a range of indexes, the second one excluded.
type span struct{ from, to int }

const unknownTime = -1

// speechKeys are the keys of the segments: Whisper, WhisperX and the API that
// OpenAI runs say "segments", whisper.cpp "transcription", the pipelines of
// Hugging Face "chunks".
var speechKeys = []string{"segments", "transcription", "chunks"}

// readSpeech reads what speech recognition writes as JSON: Whisper,
// faster-whisper, WhisperX, whisper.cpp and OpenAI's API. Where words have
// times, cues are cut from them at pauses and phrase ends; else the segments
// are the cues, and those that are too long are cut by share of length.
//
// Each segment gives cues or a dropped note, and every character of the
// segments stands in a cue. Times in milliseconds are recognised as such.
func readSpeech(text string, rep *Report) (*Track, error) {
	z := &jsonScanner{s: text}
	sp := &speech{whole: true}
	switch z.peek() {
	case '[':
		z.array(func() { sp.segment(z) })
	default:
		z.object(func(key string) { sp.member(z, key) })
	}
	if z.err == nil && z.peek() != 0 {
		z.fail()
	}
	if z.err != nil {
		return nil, z.err
	}
	if len(sp.segments) == 0 && strings.TrimSpace(sp.text) == "" && len(sp.loose) == 0 {
		for _, key := range speechKeys {
			if strings.Contains(text, `"`+key+`"`) {
				return &Track{Format: JSON}, nil
			}
		}
		return nil, &Error{Kind: ErrNotSubtitles, Message: "the file is JSON, but not a speech recognition's (of Whisper, WhisperX or whisper.cpp, with segments): give an SRT, WebVTT, ASS or TTML file"}
	}
	if len(sp.segments) > MaxCues {
		return nil, tooManyCues(sp.segments[MaxCues].line)
	}
	sp.settle(rep)
	return sp.track(rep)
}

// member reads a member of the outermost object.
func (sp *speech) member(z *jsonScanner, key string) {
	switch key {
	case "segments", "transcription", "chunks":
		sp.chunked = key == "chunks"
		z.array(func() { sp.segment(z) })
	case "words", "word_segments":
		z.array(func() {
			if w, ok := sp.word(z); ok {
				sp.loose = append(sp.loose, w)
			}
		})
	case "text":
		sp.text, _ = z.text()
	case "language":
		sp.language, _ = z.text()
	case "result", "params":
		// whisper.cpp: what was asked for stands in params ("auto"), what was
		// heard in result.
		z.object(func(inner string) {
			if inner != "language" {
				z.skip()
			} else if s, ok := z.text(); ok && s != "auto" && (key == "result" || sp.language == "") {
				sp.language = s
			}
		})
	default:
		z.skip()
	}
}

// segment reads a segment.
func (sp *speech) segment(z *jsonScanner) {
	if z.peek() != '{' {
		z.skip()
		return
	}
	s := speechSegment{start: unknownTime, end: unknownTime, line: z.line()}
	s.words.from = len(sp.words)
	z.object(func(key string) {
		switch key {
		case "text":
			s.text, _ = z.text()
		case "speaker":
			s.voice, _ = z.text()
		case "words", "tokens":
			z.array(func() {
				if w, ok := sp.word(z); ok {
					sp.words = append(sp.words, w)
				}
			})
		default:
			sp.times(z, key, &s.start, &s.end)
		}
	})
	s.words.to = len(sp.words)
	s.text = spoken(s.text)
	if s.text == "" {
		s.text = joinSpeechWords(sp.words[s.words.from:s.words.to])
	}
	sp.segments = append(sp.segments, s)
}

// word reads a word or token; ok is false where it has no text.
func (sp *speech) word(z *jsonScanner) (w speechWord, ok bool) {
	if z.peek() != '{' {
		z.skip() // Whisper's tokens are mere numbers
		return w, false
	}
	w.start, w.end = unknownTime, unknownTime
	z.object(func(key string) {
		switch key {
		case "word", "text":
			w.text, _ = z.text()
		default:
			sp.times(z, key, &w.start, &w.end)
		}
	})
	return w, strings.TrimSpace(w.text) != "" && !isSpeechToken(strings.TrimSpace(w.text))
}

// times reads a member that may be one of times.
func (sp *speech) times(z *jsonScanner, key string, start, end *float64) {
	switch key {
	case "start":
		sp.seconds(z, start)
	case "end":
		sp.seconds(z, end)
	case "timestamp":
		at := [2]*float64{start, end}
		n := 0
		z.array(func() {
			if n < len(at) {
				sp.seconds(z, at[n])
			} else {
				z.skip()
			}
			n++
		})
	case "offsets":
		z.object(func(key string) {
			v, _, ok := z.number()
			if !ok || v < 0 {
				return
			}
			sp.inMS = true
			switch key {
			case "from":
				*start = v / 1000
			case "to":
				*end = v / 1000
			}
		})
	default:
		z.skip()
	}
}

// seconds reads a time: a number, or a string with one or with a clock time.
func (sp *speech) seconds(z *jsonScanner, t *float64) {
	if z.peek() != '"' {
		v, whole, ok := z.number()
		if ok && v >= 0 {
			*t = v
			sp.whole = sp.whole && whole
		}
		return
	}
	s, ok := z.text()
	if s = strings.TrimSpace(s); !ok || s == "" {
		return
	}
	if v, plain := ttmlNumber(s); plain {
		*t = v
		sp.whole = sp.whole && strings.IndexByte(s, '.') < 0
	} else if v, n := parseLooseTime(s); n == len(s) && v.d >= 0 {
		*t = v.d.Seconds()
		sp.whole = false
	}
}

// settle brings what was read to one form: words lie in their segments, times
// are in seconds and in order.
func (sp *speech) settle(rep *Report) {
	if sp.chunked && sp.wordByWord() {
		for _, s := range sp.segments {
			if s.text != "" {
				sp.loose = append(sp.loose, speechWord{start: s.start, end: s.end, text: s.text})
			}
		}
		sp.segments, sp.words = nil, nil
	}
	if len(sp.segments) == 0 {
		// OpenAI's API gives words and a text when asked for words alone.
		s := speechSegment{start: unknownTime, end: unknownTime, text: spoken(sp.text), line: 1}
		if s.text == "" {
			s.text = joinSpeechWords(sp.loose)
		}
		sp.segments = append(sp.segments, s)
	}
	if sp.whole && !sp.inMS && sp.typicalLength() >= 100 {
		rep.add(Note{Rule: "milliseconds", Message: "the times are whole numbers that would be minutes for a phrase, so they were taken as milliseconds"})
		sp.scale(0.001)
	}
	if len(sp.words) == 0 && len(sp.loose) > 0 {
		sp.handOut()
	}
	sp.loose = nil
	mended := 0
	last := 0.0
	for i := range sp.segments {
		s := &sp.segments[i]
		words := sp.words[s.words.from:s.words.to]
		for k := range words {
			mended += settleTimes(&words[k].start, &words[k].end)
		}
		mended += settleTimes(&s.start, &s.end)
		for _, w := range words {
			if w.start != unknownTime && (s.start == unknownTime || w.start < s.start && s.end == unknownTime) {
				s.start = w.start
			}
			if w.end != unknownTime && (s.end == unknownTime || w.end > s.end) {
				s.end = max(w.end, s.start)
			}
		}
		if s.start != unknownTime && s.start < last {
			// Segments overlap where the recognition looked twice, or where
			// two people speak.
			mended++
		}
		last = max(last, s.start)
	}
	if mended > 0 {
		rep.add(Note{Rule: "speech-times", Message: "some times of the recognition run backwards or overlap; the words were kept in their order"})
	}
}

// settleTimes cuts times to what can be, and counts those that run backwards.
func settleTimes(start, end *float64) (mended int) {
	most := maxTime.Seconds()
	*start, *end = min(*start, most), min(*end, most)
	if *end != unknownTime && *start != unknownTime && *end < *start {
		*end = *start
		return 1
	}
	return 0
}

// wordByWord reports whether the segments are words: nearly all of them are
// one Latin word or a few Chinese characters.
func (sp *speech) wordByWord() bool {
	short := 0
	for i := range sp.segments {
		if text := sp.segments[i].text; strings.IndexByte(text, ' ') < 0 && (HanShare(text) == 0 || utf8.RuneCountInString(text) <= 4) {
			short++
		}
	}
	return short >= 5 && short*10 >= len(sp.segments)*9
}

// typicalLength is the median length of the segments, or of the words where
// there is but one segment.
func (sp *speech) typicalLength() float64 {
	var lengths []float64
	for _, s := range sp.segments {
		if s.start >= 0 && s.end > s.start {
			lengths = append(lengths, s.end-s.start)
		}
	}
	if len(lengths) < 2 {
		for _, w := range append(sp.words, sp.loose...) {
			if w.start >= 0 && w.end > w.start {
				lengths = append(lengths, w.end-w.start)
			}
		}
	}
	if len(lengths) == 0 {
		return 0
	}
	slices.Sort(lengths)
	return lengths[len(lengths)/2]
}

func (sp *speech) scale(f float64) {
	apply := func(t *float64) {
		if *t != unknownTime {
			*t *= f
		}
	}
	for i := range sp.segments {
		apply(&sp.segments[i].start)
		apply(&sp.segments[i].end)
	}
	for _, words := range [][]speechWord{sp.words, sp.loose} {
		for i := range words {
			apply(&words[i].start)
			apply(&words[i].end)
		}
	}
}

// handOut gives the words of the whole file to the segments in whose time they
// begin.
func (sp *speech) handOut() {
	sp.words = sp.loose
	k := 0
	for i := range sp.segments {
		s := &sp.segments[i]
		s.words.from = k
		for k < len(sp.words) && (i == len(sp.segments)-1 || sp.words[k].start < 0 || sp.words[k].start < max(s.end, s.start)) {
			k++
		}
		s.words.to = k
	}
}

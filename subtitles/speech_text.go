package subtitles

import (
	"math"
	"strings"
	"time"

	"golang.org/x/text/language"
)

// spoken is a segment's text without what recognisers put into it beside
// speech: tokens of times and of silence.
func spoken(s string) string {
	if strings.Contains(s, "<|") {
		var b strings.Builder
		for s != "" {
			head, rest, found := strings.Cut(s, "<|")
			b.WriteString(head)
			if !found {
				break
			}
			// A token is one word.
			end := strings.Index(rest[:min(len(rest), 40)], "|>")
			if end < 0 {
				b.WriteString("<|")
				s = rest
				continue
			}
			s = rest[end+2:]
		}
		s = b.String()
	}
	s = foldSpace(cleanText(s))
	if isSpeechToken(s) {
		return ""
	}
	return s
}

// isSpeechToken reports whether a text is a recogniser's sign, not speech.
func isSpeechToken(s string) bool {
	switch s {
	case "[BLANK_AUDIO]", "[ Silence ]", "[SILENCE]":
		return true
	}
	return strings.HasPrefix(s, "[_") && strings.HasSuffix(s, "]") || strings.HasPrefix(s, "<|") && strings.HasSuffix(s, "|>")
}

// joinSpeechWords makes a text of words: as they stand where they bring their
// spaces with them, as most do, else as the language joins them.
func joinSpeechWords(words []speechWord) string {
	var b strings.Builder
	spaced := false
	parts := make([]string, len(words))
	for i, w := range words {
		spaced = spaced || i > 0 && w.text[0] == ' '
		b.WriteString(w.text)
		parts[i] = strings.TrimSpace(w.text)
	}
	if spaced {
		return foldSpace(b.String())
	}
	lang := language.English
	if HanShare(b.String()) > 0.3 {
		lang = SimplifiedChinese
	}
	return foldSpace(JoinParts(parts, lang))
}

// speechLanguage is the tag of what a recogniser calls a language: a code or
// an English name. Chinese is left to the text, because "zh" says nothing
// about its script.
func speechLanguage(name string, t *Track) language.Tag {
	name = strings.ToLower(strings.TrimSpace(name))
	if code, ok := speechLanguages[name]; ok {
		name = code
	}
	tag, err := language.Parse(name)
	if err != nil || name == "" {
		return language.Und
	}
	if name == "zh" || name == "zh-cn" {
		if found := DetectLanguage(t); IsChinese(found) {
			return found
		}
	}
	return Canonical(tag)
}

// speechLanguages are the names under which Whisper and OpenAI's API know the
// larger languages; the codes are ISO 639-1.
var speechLanguages = map[string]string{
	"english": "en", "chinese": "zh", "mandarin": "zh", "cantonese": "yue", "japanese": "ja", "korean": "ko", "german": "de",
	"french": "fr", "spanish": "es", "castilian": "es", "portuguese": "pt", "italian": "it", "dutch": "nl", "flemish": "nl",
	"russian": "ru", "ukrainian": "uk", "polish": "pl", "czech": "cs", "slovak": "sk", "hungarian": "hu", "romanian": "ro",
	"bulgarian": "bg", "croatian": "hr", "serbian": "sr", "greek": "el", "turkish": "tr", "arabic": "ar", "hebrew": "he",
	"persian": "fa", "hindi": "hi", "urdu": "ur", "bengali": "bn", "tamil": "ta", "telugu": "te", "thai": "th", "vietnamese": "vi",
	"indonesian": "id", "malay": "ms", "tagalog": "tl", "burmese": "my", "khmer": "km", "lao": "lo", "mongolian": "mn",
	"tibetan": "bo", "swedish": "sv", "danish": "da", "norwegian": "no", "finnish": "fi", "catalan": "ca", "latin": "la",
}

// inTime is seconds as a time, to the millisecond.
func inTime(seconds float64) time.Duration {
	return time.Duration(math.Round(max(seconds, 0)*1000)) * time.Millisecond
}

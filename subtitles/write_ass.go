package subtitles

import (
	"io"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
)

// WriteASS writes a track as ASS (Advanced SubStation Alpha, "v4.00+"): one
// style for each language, named after it; one event a cue, so that no player
// stacks the languages in an order of its own, with the top language's lines
// first and a change of style before the others. The picture is 1920 by 1080,
// or 1080 by 1920 for a portrait profile; type is sized so that the profile's
// lines fit. Cues of the first lines of the picture are put at its top
// ({\an8}), whole italics are kept for narrow scripts, the voice becomes the
// event's name. Times are rounded to the hundredth of a second, which is all
// that the format has.
//
// ASS has no way to write a backslash in front of n, N, h or a brace: U+2060
// WORD JOINER, which shows nothing, is put between them; [Read] takes it out
// again. The file goes to w in one call of Write, whose error is returned.
func WriteASS(w io.Writer, t *Track, p Profile) error {
	width, height := assScreen(p)
	b := make([]byte, 0, 1024+sizeOf(t, 80))
	b = append(b, "[Script Info]\nScriptType: v4.00+\n"...)
	if title := foldSpace(validUTF8(t.Title)); title != "" {
		b = append(append(append(b, "Title: "...), title...), '\n')
	}
	b = append(b, "WrapStyle: 0\nScaledBorderAndShadow: yes\nPlayResX: "...)
	b = strconv.AppendInt(b, int64(width), 10)
	b = append(b, "\nPlayResY: "...)
	b = strconv.AppendInt(b, int64(height), 10)
	b = append(b, "\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, "+
		"Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding\n"...)
	for _, lang := range assLanguages(t) {
		b = appendASSStyle(b, lang, height > width)
	}
	b = append(b, "\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"...)
	for i := range t.Cues {
		b = appendASSEvent(b, t, &t.Cues[i])
	}
	_, err := w.Write(b)
	return err
}

// assScreen is the picture that positions and sizes are given in.
func assScreen(p Profile) (width, height int) {
	if p.Name == portraitProfile.Name {
		return 1080, 1920
	}
	return 1920, 1080
}

// assLanguages are the languages that get a style: those of the pair, top
// first; what belongs to neither is set in assDefault.
func assLanguages(t *Track) []language.Tag {
	if t.Pair == (Pair{}) {
		return []language.Tag{t.Language}
	}
	tags := []language.Tag{t.Pair.Top, t.Pair.Bottom}
	for i := range t.Cues {
		if t.Cues[i].TopLines < 0 {
			return append(tags, language.Und)
		}
	}
	return tags
}

// assDefault is the style of text whose language is not known. Players fall
// back on a style of this name.
const assDefault = "Default"

func assStyleName(lang language.Tag) string {
	if lang == language.Und {
		return assDefault
	}
	return lang.String()
}

// assFonts are fonts that hold a language's characters. Where one is missing,
// players take another that does.
var assFonts = map[language.Tag]string{SimplifiedChinese: "Noto Sans CJK SC", TraditionalChinese: "Noto Sans CJK TC",
	TraditionalChineseTW: "Noto Sans CJK TC", TraditionalChineseHK: "Noto Sans CJK HK"}

// appendASSStyle writes a style: white with a black outline, at the bottom, in
// the middle. A font's size in ASS is its line's height, some 1.45 em for CJK
// fonts and 1.15 em for Latin ones; so 18 Chinese characters, or 42 Latin ones
// of half an em, take at most 1000 pixels.
func appendASSStyle(b []byte, lang language.Tag, portrait bool) []byte {
	font, size := "Arial", 54
	if lang == language.Und || countsWide(lang) {
		font, size = "Noto Sans CJK SC", 76
		if f := assFonts[lang]; f != "" {
			font = f
		}
	}
	sides, bottom := 80, 54
	if portrait {
		// Applications put their buttons over the lowest sixth of a portrait
		// picture.
		sides, bottom = 40, 320
	}
	for _, word := range []string{"Style: ", assStyleName(lang), ",", font, ","} {
		b = append(b, word...)
	}
	b = strconv.AppendInt(b, int64(size), 10)
	b = append(b, ",&H00FFFFFF,&H000000FF,&H00000000,&H80000000,0,0,0,0,100,100,0,0,1,3,1,2,"...)
	for _, v := range []int{sides, sides, bottom} {
		b = strconv.AppendInt(b, int64(v), 10)
		b = append(b, ',')
	}
	return append(b, "1\n"...)
}

// appendASSEvent writes a cue; one without text shows nothing and is left out.
func appendASSEvent(b []byte, t *Track, c *Cue) []byte {
	text := cleanText(c.Text)
	if text == "" {
		return b
	}
	blocks := t.blocks(c, validUTF8(text))
	start, end := centiseconds(c.Start), centiseconds(c.End)
	b = append(b, "Dialogue: 0,"...)
	b = appendASSTime(b, start)
	b = append(b, ',')
	b = appendASSTime(b, max(end, start+1))
	b = append(append(append(b, ','), assStyleName(blocks[0].lang)...), ',')
	b = append(b, assName(c.Voice)...)
	b = append(b, ",0,0,0,,"...)
	if isAtTop(c.Settings) {
		b = append(b, `{\an8}`...)
	}
	for i, block := range blocks {
		tags := ""
		if i > 0 {
			b = append(b, `\N`...)
			tags = `\r` + assStyleName(block.lang)
		}
		if c.Italic && !block.wide() {
			tags += `\i1`
		}
		if tags != "" {
			b = append(append(append(b, '{'), tags...), '}')
		}
		b = appendASSText(b, block.text)
	}
	return append(b, '\n')
}

// assName makes a voice the content of a field, which ends at a comma.
func assName(voice string) string {
	return strings.ReplaceAll(foldSpace(validUTF8(voice)), ",", "，")
}

// appendASSText escapes braces, and keeps backslashes from becoming commands.
func appendASSText(b []byte, text string) []byte {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '\n':
			b = append(b, `\N`...)
		case '{', '}':
			b = append(b, '\\', c)
		case '\\':
			b = append(b, c)
			if rest := text[i+1:]; rest == "" || strings.IndexByte("nNh{}\n", rest[0]) >= 0 || strings.HasPrefix(rest, guard) {
				b = append(b, guard...)
			}
		default:
			b = append(b, c)
		}
	}
	return b
}

// centiseconds rounds to the nearest, so that cues that touch still do.
func centiseconds(d time.Duration) int64 {
	return max(0, (d.Milliseconds()+5)/10)
}

// appendASSTime writes h:mm:ss.cc.
func appendASSTime(b []byte, cs int64) []byte {
	b = strconv.AppendInt(b, cs/360_000, 10)
	m, s, cs := cs/6000%60, cs/100%60, cs%100
	return append(b, ':', '0'+byte(m/10), '0'+byte(m%10), ':', '0'+byte(s/10), '0'+byte(s%10), '.', '0'+byte(cs/10), '0'+byte(cs%10))
}

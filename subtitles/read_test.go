package subtitles

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

const (
	simplifiedSRT  = "1\n00:00:01,000 --> 00:00:02,000\n我刚搬到上海的时候，谁也不认识。\n\n2\n00:00:03,000 --> 00:00:04,000\n后来我在那里找到了一份工作。\n"
	traditionalSRT = "1\n00:00:01,000 --> 00:00:02,000\n我剛搬到台北的時候，誰也不認識。\n\n2\n00:00:03,000 --> 00:00:04,000\n後來我在那裡找到了一份工作。\n"
	englishSRT     = "1\n00:00:01,000 --> 00:00:02,000\nWhen I first moved to Shanghai,\n\n2\n00:00:03,000 --> 00:00:04,000\nI knew nobody.\n"
	westernSRT     = "1\n00:00:01,000 --> 00:00:02,000\nIt’s a café, “naïve” as it was –\n\n2\n00:00:03,000 --> 00:00:04,000\nà la carte.\n"
)

func encoded(t testing.TB, s string, e encoding.Encoding) string {
	t.Helper()
	out, err := e.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func utf16Bytes(s string, big bool) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return string(b)
}

func TestReadFindsTheEncoding(t *testing.T) {
	emoji := strings.Replace(englishSRT, "nobody", "nobody 😀", 1)
	tests := []struct{ name, in, encoding, text string }{
		{"UTF-8", simplifiedSRT, "utf-8", simplifiedSRT},
		{"UTF-8 with mark", "\uFEFF" + simplifiedSRT, "utf-8", simplifiedSRT},
		{"UTF-16LE with mark", "\xFF\xFE" + utf16Bytes(simplifiedSRT, false), "utf-16le", simplifiedSRT},
		{"UTF-16BE with mark", "\xFE\xFF" + utf16Bytes(simplifiedSRT, true), "utf-16be", simplifiedSRT},
		{"UTF-16LE", utf16Bytes(simplifiedSRT, false), "utf-16le", simplifiedSRT},
		{"UTF-16BE", utf16Bytes(simplifiedSRT, true), "utf-16be", simplifiedSRT},
		{"UTF-16LE, English with emoji", utf16Bytes(emoji, false), "utf-16le", emoji},
		{"UTF-16BE, CRLF", utf16Bytes(strings.ReplaceAll(emoji, "\n", "\r\n"), true), "utf-16be", emoji},
		{"GB18030, Simplified", encoded(t, simplifiedSRT, simplifiedchinese.GB18030), "gb18030", simplifiedSRT},
		{"GBK, Traditional", encoded(t, traditionalSRT, simplifiedchinese.GBK), "gb18030", traditionalSRT},
		{"GB18030 with mark", "\x84\x31\x95\x33" + encoded(t, simplifiedSRT, simplifiedchinese.GB18030), "gb18030", simplifiedSRT},
		{"Big5", encoded(t, traditionalSRT, traditionalchinese.Big5), "big5", traditionalSRT},
		{"windows-1252", encoded(t, westernSRT, charmap.Windows1252), "windows-1252", westernSRT},
		{"one Chinese word in GBK", encoded(t, strings.Replace(englishSRT, "nobody", "我们", 1), simplifiedchinese.GBK), "gb18030", strings.Replace(englishSRT, "nobody", "我们", 1)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			track, rep, err := Read([]byte(test.in))
			if err != nil {
				t.Fatal(err)
			}
			if rep.Encoding != test.encoding || len(rep.Notes) > 0 {
				t.Errorf("encoding %q, notes %v", rep.Encoding, rep.Notes)
			}
			want, _, err := Read([]byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			sameCues(t, track, want)
		})
	}
}

// latin1 is s with each byte read as a Latin-1 character.
func latin1(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(rune(s[i]))
	}
	return b.String()
}

func TestReadMendsDamagedText(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"bad bytes in UTF-8", strings.Replace(simplifiedSRT, "认识", "\xe8\xae\xe8\xaf\x86", 1),
			"1|1000-2000|我刚搬到上海的时候，谁也不\uFFFD识。\n2|3000-4000|后来我在那里找到了一份工作。\n-3:bad-bytes\n"},
		{"a lone bad byte in nearly ASCII", strings.Replace(englishSRT, "nobody", "nobody’s caf\xe9 ’ ’", 1),
			"1|1000-2000|When I first moved to Shanghai,\n2|3000-4000|I knew nobody’s caf\uFFFD ’ ’.\n-7:bad-bytes\n"},
		{"UTF-8 cut inside a character", simplifiedSRT[:len(simplifiedSRT)-6],
			"1|1000-2000|我刚搬到上海的时候，谁也不认识。\n2|3000-4000|后来我在那里找到了一份工\uFFFD\n-7:bad-bytes\n"},
		{"UTF-16, then UTF-8", "\xFF\xFE" + utf16Bytes(simplifiedSRT+"\n", false) + strings.Replace(englishSRT, "1\n", "3\n", 1),
			"1|1000-2000|我刚搬到上海的时候，谁也不认识。\n2|3000-4000|后来我在那里找到了一份工作。\n3|1000-2000|When I first moved to Shanghai,\n2|3000-4000|I knew nobody.\n9:mixed-encodings\n"},
		{"UTF-16BE, then GBK", utf16Bytes(englishSRT+"\n", true) + encoded(t, simplifiedSRT, simplifiedchinese.GBK),
			"1|1000-2000|When I first moved to Shanghai,\n2|3000-4000|I knew nobody.\n1|1000-2000|我刚搬到上海的时候，谁也不认识。\n2|3000-4000|后来我在那里找到了一份工作。\n9:mixed-encodings\n"},
		{"UTF-16 with lone surrogates", "\xFF\xFE" + strings.Replace(utf16Bytes(englishSRT, false), "n\x00o\x00b", "\x00\xD8\x00\xDCb", 1) + "\x00\xD8",
			"1|1000-2000|When I first moved to Shanghai,\n2|3000-4000|I knew 𐀀b\x00"},
		{"GBK read as Latin-1", latin1(encoded(t, simplifiedSRT, simplifiedchinese.GBK)),
			"1|1000-2000|我刚搬到上海的时候，谁也不认识。\n2|3000-4000|后来我在那里找到了一份工作。\n0:mojibake\n"},
		{"bad bytes in GB18030", strings.Replace(encoded(t, simplifiedSRT, simplifiedchinese.GB18030), "00:00:04,000\n", "00:00:04,000\n\xff", 1),
			"1|1000-2000|我刚搬到上海的时候，谁也不认识。\n2|3000-4000|\uFFFD后来我在那里找到了一份工作。\n-7:bad-bytes\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			track, rep, err := Read([]byte(test.in))
			if err != nil {
				t.Fatal(err)
			}
			got := show(track, rep)
			if part, ok := strings.CutSuffix(test.want, "\x00"); ok {
				if !strings.HasPrefix(got, part) || !strings.Contains(got, "bad-bytes") {
					t.Errorf("got\n%swant\n%s", got, part)
				}
			} else if got != test.want {
				t.Errorf("got\n%swant\n%s", got, test.want)
			}
		})
	}
}

func TestReadKeepsWesternTextAndNames(t *testing.T) {
	// Valid UTF-8 of Latin letters must not be "mended" into Chinese.
	in := "1\n00:00:01,000 --> 00:00:02,000\nÀ côté: où êtes-vous, garçon? Çà et là, déjà vu, naïveté, Ångström, être, élève, Öl, Übermut, æøå\n"
	track, rep, err := Read([]byte(in))
	if err != nil || len(rep.Notes) > 0 || !strings.HasPrefix(track.Cues[0].Text, "À côté") {
		t.Errorf("%v %v %v", track, rep, err)
	}
}

func TestReadRefuses(t *testing.T) {
	cut := utf16Bytes(simplifiedSRT, false)
	jpeg := "\xFF\xD8\xFF\xE0\x00\x10JFIF" + strings.Repeat("\x00\x01\x02\x03\xfe", 1000)
	japaneseText := encoded(t, "1\n00:00:01,000 --> 00:00:02,000\nわたしのなまえはタナカです。よろしくおねがいします。\n", japanese.ShiftJIS)
	tests := []struct {
		name, in string
		kind     ErrorKind
		says     string
	}{
		{"nothing", "", ErrEmpty, "empty"},
		{"blanks", " \r\n\t\n", ErrEmpty, "empty"},
		{"a byte order mark", "\uFEFF\n", ErrEmpty, "empty"},
		{"NULs", strings.Repeat("\x00", 100), ErrEmpty, "empty"},
		{"HTML", "<!DOCTYPE html>\n<html><body>404 --> Not Found</body></html>", ErrNotSubtitles, "HTML"},
		{"HTML behind a comment", "<?xml version='1.0'?><!-- x --><HTML><head>", ErrNotSubtitles, "HTML"},
		{"other XML", "<rss version='2.0'></rss>", ErrNotSubtitles, "<rss>"},
		{"JPEG", jpeg, ErrNotSubtitles, "JPEG"},
		{"PNG", "\x89PNG\r\n\x1a\n....", ErrNotSubtitles, "PNG"},
		{"PDF", "%PDF-1.7\n", ErrNotSubtitles, "PDF"},
		{"ZIP", "PK\x03\x04....", ErrNotSubtitles, "ZIP"},
		{"gzip", "\x1f\x8b\x08....", ErrNotSubtitles, "gzip"},
		{"MP4", "\x00\x00\x00\x20ftypisom....", ErrNotSubtitles, "MP4"},
		{"Matroska", "\x1a\x45\xdf\xa3....", ErrNotSubtitles, "Matroska"},
		{"JSON", `{"cues":[]}`, ErrNotSubtitles, "JSON"},
		{"playlist", "#EXTM3U\n#EXT-X-VERSION:3\n", ErrNotSubtitles, "playlist"},
		{"MicroDVD", "{1}{25}Hello\n{26}{50}Bye\n", ErrNotSubtitles, "MicroDVD"},
		{"SAMI", "<SAMI><BODY><SYNC Start=0>", ErrNotSubtitles, "SAMI"},
		{"lyrics", "[00:01.00]Hello\n[00:02.00]Bye\n", ErrNotSubtitles, "LRC"},
		{"plain text", "Just a few words.\nAnd more.\n", ErrNoCues, "no cue"},
		{"WebVTT without cues", "WEBVTT\n\nNOTE nothing here\n", ErrNoCues, "no cue"},
		{"SRT with empty cues", "1\n00:00:01,000 --> 00:00:02,000\n\n", ErrNoCues, "no cue"},
		{"ASS without events", "[Script Info]\nTitle: x\n", ErrNoCues, "no cue"},
		{"TTML without paragraphs", "<tt><body/></tt>", ErrNoCues, "no cue"},
		{"UTF-16, then noise", "\xFF\xFE" + utf16Bytes(englishSRT+"\n", false) + "3\n00:00:05,000 --> 00:00:06,000\n" + strings.Repeat("\xfa\x81\xfd\xf4\xf3\x9c", 50), ErrEncoding, "UTF-16"},
		{"UTF-16 cut inside a character", "\xFF\xFE" + cut[:len(cut)-5], ErrEncoding, "UTF-16"},
		{"noise", "\xff\x81\x93\xe9\x80\xf3\xf2" + strings.Repeat("\xfa\x81\xfd\xf4\xf3\x9c", 50), ErrEncoding, "UTF-8"},
		{"Shift JIS", japaneseText, ErrEncoding, "UTF-8"},
		{"UTF-32", "\xFF\xFE\x00\x00W\x00\x00\x00", ErrEncoding, "UTF-8"},
		{"too large", strings.Repeat(" ", MaxBytes+1), ErrTooLarge, "32 MiB"},
		{"too many cues", strings.Repeat("00:00:01,000 --> 00:00:02,000\nx\n", MaxCues+1), ErrTooLarge, "200,000"},
		{"too large an ASS file", assHead + strings.Repeat("\n", foreignBytes), ErrTooLarge, "16 MiB"},
		{"too much markup", assHead + strings.Repeat("Dialogue: 0,0:00:01.00,0:00:02.00,x,,0,0,0,,"+strings.Repeat("{a}", foreignBraces)+"x\n", foreignMarkup/foreignBraces+1), ErrTooLarge, "override blocks"},
		{"too many WebVTT cues", "WEBVTT\n\n" + strings.Repeat("00:01.000 --> 00:02.000\nx\n\n", MaxCues+1), ErrTooLarge, "200,000"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			track, rep, err := Read([]byte(test.in))
			var e *Error
			if !errors.As(err, &e) || e.Kind != test.kind || !strings.Contains(e.Message, test.says) {
				t.Errorf("got %v (%s), want %s that says %q", err, KindOf(err), test.kind, test.says)
			}
			if track != nil || rep == nil {
				t.Error("track must be nil and report not")
			}
		})
	}
}

func TestReadFromStopsBehindTheLimit(t *testing.T) {
	endless := &countingReader{}
	if _, _, err := ReadFrom(endless); KindOf(err) != ErrTooLarge {
		t.Error(err)
	}
	if endless.n > MaxBytes+1<<20 {
		t.Errorf("%d bytes were taken", endless.n)
	}
	track, _, err := ReadFrom(iotest.OneByteReader(strings.NewReader(englishSRT)))
	if err != nil || len(track.Cues) != 2 {
		t.Error(track, err)
	}
	broken := errors.New("connection reset")
	if _, _, err := ReadFrom(io.MultiReader(strings.NewReader(englishSRT), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Error(err)
	}
}

// countingReader is an endless file of letters.
type countingReader struct{ n int }

func (r *countingReader) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	r.n += len(p)
	return len(p), nil
}

func TestReportBoundsItsNotes(t *testing.T) {
	in := strings.Repeat("00:00:01,000 -->\nx\n\n", MaxNotes+7)
	track, rep, err := Read([]byte(in))
	if err != nil || len(track.Cues) != MaxNotes+7 || len(rep.Notes) != MaxNotes || rep.Omitted != 7 {
		t.Errorf("%v, %d notes, %d omitted", err, len(rep.Notes), rep.Omitted)
	}
}

func TestReadDoesNotKeepItsInput(t *testing.T) {
	data := []byte(englishSRT)
	track, _, err := Read(data)
	if err != nil {
		t.Fatal(err)
	}
	clear(data)
	if !strings.HasPrefix(track.Cues[0].Text, "When") || bytes.ContainsRune([]byte(track.Cues[1].Text), 0) {
		t.Errorf("%q", track.Cues[0].Text)
	}
}

// TestReadKeepsEveryCueOfRealFiles reads lectures that people subtitled.
func TestReadKeepsEveryCueOfRealFiles(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(corpus(t, "pairs"), "*.srt"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		track, rep, err := Read(data)
		if err != nil {
			t.Fatal(file, err)
		}
		for _, n := range rep.Notes {
			if n.Dropped && n.Rule != "no-text" {
				t.Errorf("%s: %v", filepath.Base(file), n)
			}
		}
		if times := bytes.Count(data, []byte(" --> ")); times != len(track.Cues)+len(rep.Notes) {
			t.Errorf("%s: %d times, %d cues, notes %v", filepath.Base(file), times, len(track.Cues), rep.Notes)
		}
		again, rep, err := Read(writeSRT(t, track))
		if err != nil || len(rep.Notes) > 0 {
			t.Fatal(err, rep.Notes)
		}
		sameCues(t, again, WithoutIndents(track))
	}
}

// TestReadBrokenFiles reads the files of testdata/broken, which are described
// there.
func TestReadBrokenFiles(t *testing.T) {
	type result struct {
		cues  int
		kind  ErrorKind
		rules string
	}
	want := map[string]result{
		"arrows.srt":          {cues: 4},
		"bare-number.srt":     {cues: 5},
		"big5.srt":            {cues: 4},
		"crlf-mixed.srt":      {cues: 4},
		"dialogue.ass":        {cues: 5, rules: "-no-text"},
		"divs.ttml":           {cues: 4},
		"empty.srt":           {kind: ErrEmpty},
		"gb18030.srt":         {cues: 4},
		"half-utf16.srt":      {kind: ErrEncoding},
		"no-end-time.srt":     {cues: 3, rules: "no-end-time"},
		"no-indices.srt":      {cues: 4},
		"nul.srt":             {cues: 3, rules: "nul nul nul nul"},
		"page.srt":            {kind: ErrNotSubtitles},
		"photo.srt":           {kind: ErrNotSubtitles},
		"sample.ttml":         {cues: 3},
		"utf16-then-utf8.srt": {cues: 4, rules: "mixed-encodings"},
		"utf16be-bom.srt":     {cues: 4},
		"utf16le-nobom.srt":   {cues: 4},
	}
	for name, want := range want {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("..", "testdata", "broken", name))
			if err != nil {
				t.Fatal(err)
			}
			track, rep, err := Read(data)
			got := result{kind: KindOf(err)}
			if track != nil {
				got.cues = len(track.Cues)
			}
			var rules []string
			for _, n := range rep.Notes {
				if n.Dropped {
					n.Rule = "-" + n.Rule
				}
				rules = append(rules, n.Rule)
			}
			got.rules = strings.Join(rules, " ")
			if got != want {
				t.Errorf("got %+v, want %+v (%v)", got, want, err)
			}
		})
	}
}

package translate

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/duosub/duosub/subtitles"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/language"
)

// Limits on a glossary file.
const (
	// MaxGlossaryBytes bounds the file (16 MiB).
	MaxGlossaryBytes = 16 << 20
	// MaxTermLength bounds a cell, in code points.
	MaxTermLength = 500
)

// ReadGlossary reads a CSV or TSV file, one term a line.
//
// The columns are separated by tabs, commas or semicolons, whichever the first
// line has, in this order. A cell can be quoted with "; a quotation mark within
// is doubled. Blank lines and lines that begin with # are left out (a term that
// begins with # is put in quotes). Text is UTF-8 or UTF-16, else GB18030 as
// Chinese spreadsheets write it. A cell can hold several words, separated by
// "|": all of them are found in a source text and accepted in a translation;
// the first is the one asked for.
//
// With a header of language tags ("en,zh-Hans,note"; "source,target" says no
// language) the file works in every direction between its languages. Other
// columns are ignored, except "case": "sensitive" there means that the case of
// letters counts; empty or "insensitive" that it does not, but for terms in
// capitals only.
//
// Without one, the first column is the source term and the second its
// translation in whatever direction is asked for; where only one of the two has
// Chinese characters it is the Chinese one, so that such a file, too, works in
// both directions.
//
// Errors are [*subtitles.Error] of the kinds ErrMalformed (with the line),
// ErrTooLarge and ErrEncoding, or the reader's own. A file without terms is an
// empty glossary.
func ReadGlossary(r io.Reader) (*Glossary, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxGlossaryBytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading the glossary: %w", err)
	}
	if len(data) > MaxGlossaryBytes {
		return nil, &subtitles.Error{Kind: subtitles.ErrTooLarge,
			Message: fmt.Sprintf("the glossary is larger than %d MiB: split it, or check that it is the right file", MaxGlossaryBytes>>20)}
	}
	text, err := decodeGlossary(data)
	if err != nil {
		return nil, err
	}
	return parseGlossary(text)
}

func parseGlossary(text []byte) (*Glossary, error) {
	cr := csv.NewReader(bytes.NewReader(text))
	cr.Comma = sniffDelimiter(text)
	cr.Comment = '#'
	cr.FieldsPerRecord = -1
	cr.ReuseRecord = true

	g := &Glossary{}
	columns := glossaryColumns{}
	for first := true; ; {
		cells, err := cr.Read()
		if errors.Is(err, io.EOF) {
			return g, nil
		}
		if err != nil {
			return nil, glossarySyntaxError(err)
		}
		line, _ := cr.FieldPos(0)
		for i, c := range cells {
			cells[i] = cleanCell(c)
			if utf8.RuneCountInString(cells[i]) > MaxTermLength {
				return nil, glossaryError(line, fmt.Sprintf("a term has more than %d characters: check the quotation marks and the separator", MaxTermLength))
			}
		}
		if strings.Join(cells, "") == "" {
			continue
		}
		if first {
			first = false
			header, err := readHeader(cells, line)
			if err != nil {
				return nil, err
			}
			if header != nil {
				columns = *header
				continue
			}
			columns.tags = []language.Tag{language.Und, language.Und}
			columns.at = []int{0, 1}
			columns.sensitive = -1
		}
		row, err := columns.row(cells, line)
		if err != nil {
			return nil, err
		}
		if row != nil {
			g.rows = append(g.rows, *row)
		}
	}
}

// glossaryColumns says what the columns of a file are.
type glossaryColumns struct {
	tags      []language.Tag
	at        []int // the column of each tag
	sensitive int   // the column "case", or -1
}

// readHeader makes columns of the first line, nil when it is no header. It is
// one when at least two of its cells are languages and one of these is English
// or Chinese: "cat" alone is the tag of Catalan, too.
func readHeader(cells []string, line int) (*glossaryColumns, error) {
	c := &glossaryColumns{sensitive: -1}
	known := false
	for i, cell := range cells {
		name := strings.ToLower(cell)
		if name == "case" {
			c.sensitive = i
			continue
		}
		tag, ok := headerLanguage(name)
		if !ok {
			continue
		}
		for _, t := range c.tags {
			if t == tag {
				return nil, glossaryError(line, "two columns are of the language "+tag.String()+": put alternatives into one cell, separated by |")
			}
		}
		known = known || tag == subtitles.English || subtitles.IsChinese(tag)
		c.tags, c.at = append(c.tags, tag), append(c.at, i)
	}
	if len(c.tags) >= 2 && known {
		return c, nil
	}
	if len(cells) >= 2 && strings.EqualFold(cells[0], "source") && strings.EqualFold(cells[1], "target") {
		c.tags, c.at = []language.Tag{language.Und, language.Und}, []int{0, 1}
		return c, nil
	}
	return nil, nil
}

// headerNames are the plain names that people give columns.
var headerNames = map[string]language.Tag{
	"english": subtitles.English, "chinese": subtitles.SimplifiedChinese,
	"simplified chinese": subtitles.SimplifiedChinese, "traditional chinese": subtitles.TraditionalChinese,
	"英文": subtitles.English, "英语": subtitles.English, "英語": subtitles.English,
	"中文": subtitles.SimplifiedChinese, "简体中文": subtitles.SimplifiedChinese, "繁體中文": subtitles.TraditionalChinese,
}

func headerLanguage(name string) (language.Tag, bool) {
	if tag, ok := headerNames[name]; ok {
		return tag, true
	}
	if name == "" || name == "und" {
		return language.Und, false
	}
	tag, err := language.Parse(name)
	if err != nil {
		return language.Und, false
	}
	return subtitles.Canonical(tag), true
}

// row makes a row of a line, nil when it has terms in fewer than two
// languages of a file with a header.
func (c *glossaryColumns) row(cells []string, line int) (*glossaryRow, error) {
	row := &glossaryRow{}
	if c.sensitive >= 0 && c.sensitive < len(cells) {
		switch strings.ToLower(cells[c.sensitive]) {
		case "", "insensitive", "no", "false", "0":
		case "sensitive", "yes", "true", "1":
			row.sensitive = true
		default:
			return nil, glossaryError(line, "the column “case” holds “"+cells[c.sensitive]+"”: write sensitive, insensitive or nothing")
		}
	}
	filled := 0
	for i, tag := range c.tags {
		text := ""
		if c.at[i] < len(cells) {
			text = cells[c.at[i]]
		}
		if len(splitAlternatives(text)) > 0 {
			filled++
			row.cells = append(row.cells, glossaryCell{tag, text})
		}
	}
	switch {
	case filled == 0:
		return nil, nil
	case filled == 1 && len(c.tags) == 2:
		return nil, glossaryError(line, "the term “"+row.cells[0].text+"” has no translation: write it into the second column, or check the separator")
	case filled == 1:
		return nil, nil
	}
	return row, nil
}

// cleanCell makes one line of a cell, without spaces around it.
func cleanCell(s string) string { return strings.Join(strings.Fields(s), " ") }

// sniffDelimiter answers the separator of the first line that counts; what
// stands in quotes separates nothing.
func sniffDelimiter(text []byte) rune {
	for line := range bytes.Lines(text) {
		if len(bytes.TrimSpace(line)) == 0 || line[0] == '#' {
			continue
		}
		var comma, semicolon, quoted bool
		for _, c := range line {
			switch {
			case c == '"':
				quoted = !quoted
			case quoted:
			case c == '\t':
				return '\t'
			case c == ',':
				comma = true
			case c == ';':
				semicolon = true
			}
		}
		if semicolon && !comma {
			return ';'
		}
		return ','
	}
	return ','
}

func glossaryError(line int, message string) error {
	return &subtitles.Error{Kind: subtitles.ErrMalformed, Line: line, Message: "glossary: " + message}
}

func glossarySyntaxError(err error) error {
	var p *csv.ParseError
	if !errors.As(err, &p) {
		return fmt.Errorf("reading the glossary: %w", err)
	}
	message := "this line cannot be read"
	switch {
	case errors.Is(err, csv.ErrBareQuote):
		message = `a quotation mark stands inside a cell: put the whole cell in "…" and double the mark`
	case errors.Is(err, csv.ErrQuote):
		message = `a quoted cell does not end: close it with " before the next separator`
	}
	return &subtitles.Error{Kind: subtitles.ErrMalformed, Line: p.StartLine, Message: "glossary: " + message, Err: err}
}

// decodeGlossary brings a file to UTF-8.
func decodeGlossary(data []byte) ([]byte, error) {
	bad := &subtitles.Error{Kind: subtitles.ErrEncoding, Message: "the glossary is no text in UTF-8, UTF-16 or GB18030: save it as UTF-8"}
	var err error
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		data, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(data)
	case len(data) >= 2 && data[0] != 0 && data[1] == 0:
		data, err = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder().Bytes(data)
	case len(data) >= 2 && data[0] == 0 && data[1] != 0:
		data, err = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder().Bytes(data)
	case !utf8.Valid(data):
		data, err = simplifiedchinese.GB18030.NewDecoder().Bytes(data)
		if err == nil && bytes.ContainsRune(data, utf8.RuneError) {
			return nil, bad
		}
	}
	if err != nil || !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return nil, bad
	}
	return data, nil
}

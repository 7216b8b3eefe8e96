package translate

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"

	"golang.org/x/text/language"
)

// tmxTime is how TMX writes an instant (ISO 8601, UTC).
const tmxTime = "20060102T150405Z"

// WriteTMX writes units as a TMX 1.4b file that [ReadTMX] and other programs
// read. Units with fewer than two variants, and variants without a text, are
// left out; characters that XML cannot hold become U+FFFD.
func WriteTMX(w io.Writer, units []TMXUnit) error {
	b := bufio.NewWriter(w)
	all := "*all*"
	if len(units) > 0 && units[0].Source != language.Und {
		all = units[0].Source.String()
	}
	b.WriteString(xml.Header)
	b.WriteString(`<!DOCTYPE tmx SYSTEM "tmx14.dtd">` + "\n" + `<tmx version="1.4">` + "\n")
	b.WriteString(` <header creationtool="duosub" creationtoolversion="1" segtype="sentence" o-tmf="duosub" adminlang="en" srclang="`)
	b.WriteString(all + `" datatype="plaintext"/>` + "\n <body>\n")
	for i := range units {
		writeTMXUnit(b, &units[i], all)
	}
	b.WriteString(" </body>\n</tmx>\n")
	// A bufio.Writer keeps the first error of all that was written.
	if err := b.Flush(); err != nil {
		return fmt.Errorf("writing the TMX file: %w", err)
	}
	return nil
}

func writeTMXUnit(b *bufio.Writer, u *TMXUnit, all string) {
	texts := make([]TMXVariant, 0, len(u.Variants))
	for _, v := range u.Variants {
		if v.Text = cleanSegment(v.Text); v.Text != "" && v.Language != language.Und {
			texts = append(texts, v)
		}
	}
	if len(texts) < 2 {
		return
	}
	b.WriteString("  <tu")
	source := "*all*"
	if u.Source != language.Und {
		source = u.Source.String()
	}
	if source != all {
		b.WriteString(` srclang="` + source + `"`)
	}
	if !u.Created.IsZero() {
		b.WriteString(` creationdate="` + u.Created.UTC().Format(tmxTime) + `"`)
	}
	b.WriteString(">\n")
	writeTMXProp(b, "x-context-pre", u.Prev)
	writeTMXProp(b, "x-context-post", u.Next)
	for _, v := range texts {
		b.WriteString(`   <tuv xml:lang="` + v.Language.String() + `"><seg>`)
		writeXMLText(b, v.Text)
		b.WriteString("</seg></tuv>\n")
	}
	b.WriteString("  </tu>\n")
}

func writeTMXProp(b *bufio.Writer, kind, text string) {
	if text == "" {
		return
	}
	b.WriteString(`   <prop type="` + kind + `">`)
	writeXMLText(b, text)
	b.WriteString("</prop>\n")
}

func writeXMLText(b *bufio.Writer, s string) {
	// The writer's error turns up again when it is flushed.
	_ = xml.EscapeText(b, []byte(s))
}

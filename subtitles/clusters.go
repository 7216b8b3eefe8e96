package subtitles

import (
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
	"github.com/rivo/uniseg"
	"golang.org/x/text/language"
)

// A clusterKind is what a grapheme cluster means for breaking text.
type clusterKind uint8

const (
	kindSpace  clusterKind = iota
	kindHan                // a Han character, kana or bopomofo: breaks on both sides
	kindLetter             // a letter of a script that writes spaces between words
	kindDigit              // a digit of any script
	kindGlue               // holds its neighbours together: the marks in 3.5, don't, R&D, a URL
	kindOpen               // opening quotes and brackets: no break after
	kindClose              // closing ones: no break before
	kindStrong             // ends a sentence: 。！？…
	kindComma              // ends a clause: ，、；：
	kindDash               // em dashes and dialogue dashes
	kindSymbol             // emoji, music signs and what else stands for itself
)

// A cluster is one grapheme cluster (UAX #29) of a text.
type cluster struct {
	at    int32 // offset in bytes
	r     rune  // its first code point
	kind  clusterKind
	width uint8 // columns: CJK 2, Latin 1
}

// clusterBuffer is room for the clusters of an ordinary subtitle, to be kept
// on the stack.
type clusterBuffer [160]cluster

// scan appends the clusters of text to cs. In wide (CJK) text the ambiguous
// characters “”…— count two columns, elsewhere one.
func scan(cs []cluster, text string, wide bool) []cluster {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		next := i + size
		if alone(r, text[next:]) {
			cs = append(cs, cluster{at: int32(i), r: r, kind: kindOf(r), width: runeWidth(r, wide)})
			i = next
			continue
		}
		g, _, _, _ := uniseg.FirstGraphemeClusterInString(text[i:], -1)
		cs = append(cs, cluster{at: int32(i), r: r, kind: kindOf(r), width: clusterWidth(g, wide)})
		i += len(g)
	}
	resolve(cs)
	return cs
}

// alone reports whether r is a cluster by itself, for the cases that make up
// nearly all text; the others are left to uniseg.
func alone(r rune, rest string) bool {
	if r >= 0x300 && !isHanLike(r) && !(r >= 0x2010 && r <= 0x2027) && !(r >= 0x3000 && r <= 0x303F) && !(r >= 0xFF01 && r <= 0xFF65) {
		return false
	}
	if r == '\r' {
		return false
	}
	if rest == "" || rest[0] < 0x80 {
		return true
	}
	n, _ := utf8.DecodeRuneInString(rest)
	return n < 0x300 || isHanLike(n) || n >= 0x2010 && n <= 0x2027 || n >= 0x3001 && n <= 0x3029 || n >= 0xFF01 && n <= 0xFF65
}

// isHanLike reports whether r is of a script that is written without spaces
// and breaks between characters: Han, kana, bopomofo.
func isHanLike(r rune) bool {
	switch {
	case r < 0x2E80:
		return false
	case r >= 0x4E00 && r <= 0x9FFF, r >= 0x3400 && r <= 0x4DBF:
		return true
	case r >= 0x3041 && r <= 0x3096, r >= 0x30A1 && r <= 0x30FA, r == 0x30FC, r >= 0x3105 && r <= 0x312F:
		return true
	case r >= 0x2E80 && r <= 0x2FDF, r >= 0x3005 && r <= 0x3007, r >= 0x31A0 && r <= 0x31BF, r >= 0x31F0 && r <= 0x31FF:
		return true
	case r >= 0xF900 && r <= 0xFAFF, r >= 0xFF66 && r <= 0xFF9D, r >= 0x20000 && r <= 0x3FFFD:
		return true
	}
	return false
}

func runeWidth(r rune, wide bool) uint8 {
	switch {
	case r < 0x20 || r >= 0x7F && r < 0xA0:
		return 0
	case r < 0x7F:
		return 1
	case isHanLike(r) && !(r >= 0xFF66 && r <= 0xFF9D), r >= 0x3000 && r <= 0x303E, r >= 0xFF01 && r <= 0xFF60:
		return 2
	}
	var b [utf8.UTFMax]byte
	n := utf8.EncodeRune(b[:], r)
	return clusterWidth(string(b[:n]), wide)
}

var (
	wideColumns   = displaywidth.Options{EastAsianWidth: true}
	narrowColumns = displaywidth.Options{}
)

func clusterWidth(g string, wide bool) uint8 {
	if g == "⋯" { // neutral in Unicode, yet set like … in Chinese fonts
		if wide {
			return 2
		}
		return 1
	}
	o := narrowColumns
	if wide {
		o = wideColumns
	}
	return uint8(min(o.String(g), 255))
}

// columns is the width of a line.
func columns(line string, wide bool) int {
	var buf clusterBuffer
	return sumWidth(scan(buf[:0], line, wide))
}

func sumWidth(cs []cluster) (w int) {
	for i := range cs {
		w += int(cs[i].width)
	}
	return w
}

// writesWide reports whether the language is set in full-width characters and
// without spaces between words.
func writesWide(tag language.Tag) bool {
	return IsChinese(tag) || tag == language.Japanese || baseOf(tag) == "ja"
}

// baseOf is the language that a tag names, "und" where it names none.
func baseOf(tag language.Tag) string {
	base, _, _ := tag.Raw()
	return base.String()
}

func kindOf(r rune) clusterKind {
	if r < 0x80 {
		return asciiKinds[r]
	}
	if isHanLike(r) {
		return kindHan
	}
	switch r {
	case '\u00A0', '\u202F', '\u2060':
		return kindGlue
	case '“', '‘', '「', '『', '《', '〈', '（', '【', '〔', '［', '｛', '«', '‹', '〖', '〝', '¿', '¡':
		return kindOpen
	case '”', '」', '』', '》', '〉', '）', '】', '〕', '］', '｝', '»', '›', '〗', '〞':
		return kindClose
	case '。', '！', '？', '…', '⋯', '‼', '⁇', '⁈', '⁉', '｡', '．', '؟', '।':
		return kindStrong
	case '，', '、', '；', '：', '､', '،':
		return kindComma
	case '—', '–', '―', '─', '－', '‐', '‑':
		return kindDash
	case '·', '・', '･', '‧', '’':
		return kindGlue
	case '～', '〜', '％', '‰', '℃', '°', '″', '′', '℉':
		return kindClose
	case '＄', '￥', '¥', '€', '£', '№', '＃', '＠':
		return kindOpen
	}
	switch {
	case unicode.IsSpace(r):
		return kindSpace
	case unicode.IsDigit(r), r >= 0xFF10 && r <= 0xFF19:
		return kindDigit
	case unicode.IsLetter(r), unicode.IsMark(r):
		return kindLetter
	}
	return kindSymbol
}

var asciiKinds = func() (t [0x80]clusterKind) {
	for i := range t {
		r := rune(i)
		switch {
		case r <= ' ' || r == 0x7F:
			t[i] = kindSpace
		case r >= '0' && r <= '9':
			t[i] = kindDigit
		case r|0x20 >= 'a' && r|0x20 <= 'z':
			t[i] = kindLetter
		default:
			t[i] = kindGlue // _ / \ & * + = ^ ~ | @ and so on: resolved below
		}
	}
	for k, s := range map[clusterKind]string{kindStrong: ".!?", kindComma: ",;:", kindOpen: "([{<$#@", kindClose: ")]}>%", kindDash: "-", kindSymbol: "*~|^=+"} {
		for _, r := range s {
			t[r] = k
		}
	}
	return t
}()

// resolve settles the marks whose kind depends on their neighbours: the point
// of 3.5, the hyphen of well-known, straight quotes.
func resolve(cs []cluster) {
	quote := false
	for i := range cs {
		r := cs[i].r
		switch r {
		case '.', ',', ':', '-', '’', '\'', '!', '?', ';', '=', '+', '*', '~', '|', '^', '#', '@', '$', '%', '(', ')', '[', ']', '{', '}', '<', '>', '‐', '‑', '–':
		case '"':
			// Straight quotes open and close in turn; a space beside one
			// tells better.
			after := i+1 < len(cs) && cs[i+1].kind != kindSpace
			before := i > 0 && cs[i-1].kind != kindSpace
			switch {
			case after && !before:
				quote = true
			case before && !after:
				quote = false
			default:
				quote = !quote
			}
			cs[i].kind = kindClose
			if quote {
				cs[i].kind = kindOpen
			}
			continue
		default:
			continue
		}
		wordBefore := i > 0 && isWordKind(cs[i-1].kind)
		wordAfter := i+1 < len(cs) && isWordKind(cs[i+1].kind)
		inside := wordBefore && wordAfter
		switch r {
		case '\'', '’':
			switch {
			case inside, wordBefore && r == '\'':
				cs[i].kind = kindGlue
			case wordAfter && r == '\'':
				cs[i].kind = kindOpen
			default:
				cs[i].kind = kindClose
			}
		case ',', ':', ';':
			// 1,000 and 3:45, but not "a,b" in prose set without spaces.
			if inside && cs[i-1].kind == kindDigit && cs[i+1].kind == kindDigit {
				cs[i].kind = kindGlue
			}
			if r == ':' && inside && i+2 < len(cs) && cs[i+1].r == '/' {
				cs[i].kind = kindGlue
			}
		case '-', '‐', '‑', '–':
			if inside || wordAfter && cs[i+1].kind == kindDigit && (i == 0 || cs[i-1].kind == kindSpace || cs[i-1].kind == kindOpen) && r == '-' && i > 0 {
				cs[i].kind = kindGlue
			}
		default:
			if inside {
				cs[i].kind = kindGlue
			}
		}
	}
}

// isWordKind reports whether a cluster of this kind is part of a word or a
// number that is never broken.
func isWordKind(k clusterKind) bool { return k == kindLetter || k == kindDigit || k == kindGlue }

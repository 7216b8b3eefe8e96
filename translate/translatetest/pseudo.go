package translatetest

import (
	"hash/fnv"
	"math"
	"strings"
	"unicode"
)

// Pseudo "translates" a text into plausible Chinese or English without a
// dictionary: always the same text for the same source, another one for
// another source, of the length that a translation has. Numbers, emoji,
// @mentions, #hashtags, URLs and names in Latin letters stay, punctuation
// becomes the target's.
func Pseudo(target, text string) string {
	if strings.HasPrefix(target, "zh") || strings.HasPrefix(target, "yue") {
		return pseudoChinese(text)
	}
	return pseudoEnglish(text)
}

// pseudoHan are characters that no check and no splitter takes for anything:
// no numbers, no particles, no everyday words.
var pseudoHan = []rune("岚峰屿澄沐楠棠榆桦枫梧柏槿蔷薇茉荷菱蕉蔗莓蓝橙紫靛碧翠绯墨砚笺帛绸缎锦绣纱棉麻羽翎鹤鹭鸢鸥雁鹂莺鹃蝉蝶蜻萤鲤鲫鲈鳟鳗贝螺珊瑚琥珀玛瑙翡璃璋琮瑜瑾玲珑琴瑟箫笛埙筝鼓锣钟磬")

var pseudoSyllables = strings.Fields("ba ke li mo nu pra sti tro vel gan dri fol hep jun kel lor mir nal pel ros sul tam vor wen zel bri cla fen gri hol kam lun mer nov pol rin sel tor var wil")

var toChinese = map[rune]string{'.': "。", ',': "，", '?': "？", '!': "！", ':': "：", ';': "；", '…': "…"}
var toEnglish = map[rune]string{'。': ".", '，': ",", '？': "?", '！': "!", '：': ":", '；': ";", '、': ",", '…': "…", '“': "\"", '”': "\""}

func seed(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}

// pseudoChinese takes every word for itself: a word of n letters becomes about
// n/3 characters.
func pseudoChinese(text string) string {
	var b strings.Builder
	carry := 0.0
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		first := true
		for word := range strings.FieldsSeq(line) {
			if word == "-" || strings.HasPrefix(word, "#") || strings.HasPrefix(word, "@") || strings.Contains(word, "://") {
				b.WriteString(" " + word + " ")
				continue
			}
			core := strings.TrimFunc(word, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
			head, tail, _ := strings.Cut(word, core)
			if core == "" {
				head, tail = "", word
			}
			for _, c := range head {
				if c > 0x7F {
					b.WriteRune(c)
				}
			}
			switch {
			case core == "":
			case strings.ContainsAny(core, "0123456789") || strings.ToUpper(core) == core && len(core) > 1,
				!first && unicode.IsUpper([]rune(core)[0]) && core != "I" && !strings.Contains(core, "'"):
				b.WriteString(core)
			default:
				carry += float64(len([]rune(core))) / 3
				n := max(1, int(math.Round(carry)))
				carry -= float64(n)
				x := seed(strings.ToLower(core) + text)
				for range n {
					b.WriteRune(pseudoHan[x%uint64(len(pseudoHan))])
					x = x/uint64(len(pseudoHan)) + x<<9
				}
			}
			for _, c := range tail {
				if p, ok := toChinese[c]; ok {
					b.WriteString(p)
				} else if c > 0x7F && !unicode.IsLetter(c) {
					b.WriteRune(c)
				}
			}
			first = strings.ContainsAny(tail, ".?!")
		}
	}
	return strings.TrimSpace(b.String())
}

// pseudoEnglish makes a word of about six letters of every two characters.
func pseudoEnglish(text string) string {
	var b strings.Builder
	han, start := 0, true
	var pending []rune
	space := func() {
		if s := b.String(); s != "" && !strings.HasSuffix(s, " ") && !strings.HasSuffix(s, "\n") {
			b.WriteByte(' ')
		}
	}
	flush := func() {
		if len(pending) == 0 {
			return
		}
		x := seed(string(pending) + text)
		word := ""
		for range len(pending) {
			word += pseudoSyllables[x%uint64(len(pseudoSyllables))]
			x = x/uint64(len(pseudoSyllables)) + x<<11
		}
		if start {
			word = strings.ToUpper(word[:1]) + word[1:]
			start = false
		}
		space()
		b.WriteString(word)
		pending = pending[:0]
	}
	inAddress := false
	for _, c := range text {
		switch {
		case c == '@' || c == '#':
			flush()
			space()
			b.WriteRune(c)
			inAddress = true
		case inAddress && !unicode.IsSpace(c):
			b.WriteRune(c)
		case unicode.Is(unicode.Han, c):
			han++
			if pending = append(pending, c); len(pending) == 2 {
				flush()
			}
		case c == '\n':
			flush()
			inAddress = false
			b.WriteByte('\n')
			start = true
		case unicode.IsSpace(c):
			flush()
			inAddress = false
			space()
		default:
			flush()
			if p, ok := toEnglish[c]; ok {
				b.WriteString(p)
				start = strings.ContainsAny(p, ".?!")
				if p != "…" {
					b.WriteByte(' ')
				}
				continue
			}
			s := b.String()
			if s != "" && isWordRune(c) {
				if last := s[len(s)-1]; last < 0x80 && !isWordRune(rune(last)) && last != '-' || isWordRune(rune(last)) && wordFromSource(text, s, c) {
				} else {
					space()
				}
			}
			b.WriteRune(c)
		}
	}
	flush()
	return strings.TrimSpace(b.String())
}

func isGraphASCII(c rune) bool { return '!' <= c && c <= '~' }

func isWordRune(c rune) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// wordFromSource reports whether c continues a Latin word that is being
// copied.
func wordFromSource(text, written string, c rune) bool {
	i := len(written)
	for i > 0 && isWordRune(rune(written[i-1])) {
		i--
	}
	return strings.Contains(text, written[i:]+string(c))
}

// cutParts cuts a text into n texts of about equal length, at punctuation or
// spaces where there are some: what a model does by itself.
func cutParts(text string, n int) []string {
	if n <= 1 {
		return []string{text}
	}
	runes := []rune(text)
	var parts []string
	from := 0
	for i := 1; i < n; i++ {
		ideal := len(runes) * i / n
		best := max(ideal, from+1)
		for _, d := range []int{0, 1, -1, 2, -2, 3, -3, 4, -4} {
			if at := ideal + d; at > from+1 && at < len(runes)-(n-i) && !(isGraphASCII(runes[at-1]) && isGraphASCII(runes[at])) && strings.ContainsRune(" ，。？！,.?!", runes[at-1]) {
				best = at
				break
			}
		}
		// Latin words, numbers and addresses are not cut.
		for best < len(runes)-(n-i) && isGraphASCII(runes[best-1]) && isGraphASCII(runes[best]) {
			best++
		}
		best = min(best, len(runes))
		parts = append(parts, strings.TrimSpace(string(runes[from:best])))
		from = best
	}
	return append(parts, strings.TrimSpace(string(runes[from:])))
}

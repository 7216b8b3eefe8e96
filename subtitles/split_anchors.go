package subtitles

import (
	"strings"
	"unicode"
)

// An anchor is a word of the translation that stands in the source too, in
// one cue only: a name, a number, a term left in Latin letters.
type anchor struct {
	at     int // the cluster at which it begins
	part   int // the source part that holds it
	weight float64
}

// findAnchors looks the Latin words and numbers of a Chinese text up in the
// source, and those of an English text in a Chinese source.
func (s *splitter) findAnchors(sources []string) {
	if len(sources) != s.n {
		return
	}
	for i := 0; i < len(s.cs); i++ {
		k := s.cs[i].kind
		if k != kindLetter && k != kindDigit {
			continue
		}
		end := i
		for end < len(s.cs) && isWordKind(s.cs[end].kind) {
			end++
		}
		to := len(s.text)
		if end < len(s.cs) {
			to = int(s.cs[end].at)
		}
		word := s.text[s.cs[i].at:to]
		if part, ok := onlyPart(sources, word); ok {
			s.anchors = append(s.anchors, anchor{at: i, part: part, weight: s.w.word})
		}
		i = end
	}
}

// onlyPart is the one part that holds the word, in any case; not ok where
// none or several do.
func onlyPart(sources []string, word string) (part int, ok bool) {
	if len(word) == 1 && !unicode.IsDigit(rune(word[0])) {
		return 0, false
	}
	for i, src := range sources {
		if !containsWord(src, word) {
			continue
		}
		if ok {
			return 0, false
		}
		part, ok = i, true
	}
	return part, ok
}

// containsWord reports whether text holds word as a word of its own, in any
// case of ASCII letters; a plural s may follow.
func containsWord(text, word string) bool {
	for from := 0; from+len(word) <= len(text); from++ {
		if !strings.EqualFold(text[from:from+len(word)], word) {
			continue
		}
		before := from == 0 || !isASCIIWord(text[from-1])
		rest := text[from+len(word):]
		after := rest == "" || !isASCIIWord(rest[0]) || rest[0] == 's' && (len(rest) == 1 || !isASCIIWord(rest[1]))
		if before && after {
			return true
		}
	}
	return false
}

func isASCIIWord(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_'
}

// findOpenings looks the words up with which source parts (of an English
// source) or the text after each place (of an English text) begin.
func (s *splitter) findOpenings() {
	if s.wide {
		s.rendered = make([][]string, len(s.sources))
		for k, src := range s.sources {
			s.rendered[k] = renderings(src)
		}
		return
	}
	s.rendered = make([][]string, len(s.places))
	for j := range s.places {
		s.rendered[j] = renderings(s.text[s.cs[s.places[j].at].at:])
	}
}

// opens reports whether the text at place j begins as source part k does:
// "but" and 但是.
func (s *splitter) opens(k, j int) bool {
	known, begins := s.rendered, s.text[s.cs[s.places[j].at].at:]
	i := k
	if !s.wide {
		i, begins = j, s.sources[k]
	}
	for _, r := range known[i] {
		if strings.HasPrefix(begins, r) {
			return true
		}
	}
	return false
}

// renderings are how Chinese renders the word that an English text begins
// with, where it is in the table.
func renderings(text string) []string {
	_, word, _ := headOf(text)
	return openings[strings.ToLower(word)]
}

// openings are the words that clauses begin with, and how Chinese clauses
// that render them begin (Simplified and Traditional).
var openings = map[string][]string{
	"and": {"并", "和", "而", "以及", "还有", "然后", "並", "還有", "然後"}, "but": {"但", "不过", "可是", "而", "只是", "不過"},
	"or": {"或", "还是", "還是"}, "so": {"所以", "因此", "那么", "这样", "于是", "那麼", "這樣", "於是"},
	"because": {"因为", "由于", "因為", "由於"}, "since": {"因为", "由于", "既然", "自从", "因為", "由於", "自從"},
	"if": {"如果", "若", "假如", "要是", "是否"}, "when": {"当", "在", "时", "當"}, "while": {"而", "虽然", "当", "同时", "雖然", "當", "同時"},
	"where": {"其中", "在", "哪"}, "which": {"这", "它", "其", "那", "哪", "這"}, "that": {"这", "它", "那", "是", "這"}, "this": {"这", "此", "该", "這", "該"},
	"these": {"这", "它们", "這", "它們"}, "those": {"那", "这", "這"}, "who": {"谁", "他", "誰"}, "what": {"什么", "甚", "什麼"}, "how": {"如何", "怎", "多"}, "why": {"为什么", "为何", "為什麼", "為何"},
	"then": {"然后", "接着", "那么", "再", "就", "然後", "接著", "那麼"}, "though": {"虽然", "尽管", "雖然", "儘管"}, "although": {"虽然", "尽管", "雖然", "儘管"}, "however": {"但", "然而", "不过", "不過"},
	"to": {"来", "以", "去", "到", "要", "给", "向", "將", "将", "用来", "來", "給", "用來"}, "for": {"为", "用于", "对", "給", "给", "来", "為", "用於", "對"}, "of": {"的", "之"},
	"in": {"在", "以", "从", "從"}, "on": {"在", "上", "关于", "關於"}, "at": {"在"}, "with": {"和", "与", "用", "使用", "带", "具有", "有", "與", "帶"}, "by": {"通过", "由", "被", "用", "通過"},
	"from": {"从", "来自", "自", "從", "來自"}, "as": {"作为", "如", "正如", "因为", "当", "像", "就", "作為", "因為"}, "like": {"像", "如", "比如", "例如", "类似", "類似"},
	"into": {"成", "到", "进", "分成", "转", "進", "轉"}, "using": {"使用", "用", "利用"}, "after": {"在", "之后", "后", "之後"}, "before": {"在", "之前"}, "without": {"无需", "没有", "不", "而不", "無需", "沒有"},
	"about": {"关于", "有关", "關於", "有關"}, "between": {"在", "之间", "之間"}, "through": {"通过", "通過"}, "until": {"直到"}, "unless": {"除非"}, "than": {"比", "而不是"},
	"we": {"我们", "我們", "咱"}, "we'll": {"我们", "我們"}, "we're": {"我们", "我們"}, "we've": {"我们", "我們"}, "let's": {"让我们", "我们", "來", "讓我們", "我們"},
	"you": {"你", "您"}, "you'll": {"你", "您"}, "you're": {"你", "您"}, "you've": {"你", "您"}, "i": {"我"}, "i'm": {"我"}, "i've": {"我"}, "i'll": {"我"},
	"it": {"它", "这", "這"}, "it's": {"它", "这", "這"}, "they": {"它们", "他们", "她们", "它們", "他們"}, "he": {"他"}, "she": {"她"}, "your": {"你", "您"}, "our": {"我们", "我們"}, "my": {"我"}, "their": {"它们", "他们", "它們", "他們"}, "its": {"它", "其"},
	"is": {"是"}, "are": {"是"}, "not": {"不", "而不"}, "can": {"可", "能"}, "will": {"将", "会", "將", "會"}, "there": {"有", "那里", "存在", "那裡"}, "here": {"这里", "这", "這裡", "這"},
	"all": {"所有", "全", "都"}, "each": {"每"}, "every": {"每"}, "some": {"一些", "有些", "某"}, "one": {"一", "其中"}, "two": {"两", "二", "兩"}, "first": {"首先", "第一", "先"}, "second": {"第二", "其次"}, "finally": {"最后", "最後"},
	"also": {"也", "还", "還"}, "even": {"甚至", "即使", "连", "連"}, "just": {"只", "就", "仅", "僅"}, "only": {"只", "仅", "僅"}, "such": {"如", "例如", "比如", "这", "這"}, "instead": {"而", "相反"}, "rather": {"而"},
	"whether": {"是否", "无论", "無論"}, "during": {"在", "期间", "期間"}, "once": {"一旦", "一次"}, "now": {"现在", "現在"}, "today": {"今天"}, "most": {"大多", "最", "大部分"}, "many": {"许多", "很多", "許多"}, "any": {"任何"}, "no": {"没有", "不", "无", "沒有", "無"},
	"make": {"使", "让", "讓"}, "use": {"使用", "用"}, "depending": {"取决", "根据", "具体", "取決", "根據"}, "based": {"基于", "根据", "基於", "根據"}, "given": {"给定", "給定"}, "called": {"称为", "叫", "名为", "稱為", "名為"}, "meaning": {"意味", "也就是", "这意味"}, "means": {"意味", "表示"},
}

package subtitles

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// Written Cantonese is told from Standard Chinese by its function words: 佢 嘅
// 咗 啲 唔係 against 他 的 了 些 不是. One of them alone says little: 唔 is a sigh in
// Standard Chinese too, 係 stands in 關係, Mandarin speakers joke with 冇, and a
// Mandarin sentence may quote 唔該. So the words of both languages are weighed
// against each other.

// A sign is a character that tells for Cantonese (weight above zero) or for
// Standard Chinese (below), with the exceptions in which it tells nothing: the
// characters before or behind it that make it part of another word.
type sign struct {
	weight        int8
	before, after string
}

// hanSigns has weight two for what the other language hardly ever writes.
var hanSigns = sync.OnceValue(func() map[rune]sign {
	m := map[rune]sign{
		'唔': {2, "", ""}, // only before another Han character, see below
		'係': {1, "關关聯联干體体維世", "數数"},
		'咁': {2, "", ""}, '冇': {2, "", ""}, '畀': {2, "", ""}, '乜': {1, "", ""}, '咩': {1, "咩", "咩"}, '嘞': {1, "", ""},
		'喇': {1, "", "叭嘛"}, '囉': {1, "囉囉", "嗦囉"}, '俾': {1, "", "使"}, '仲': {1, "", "裁介夏秋冬春尼"}, '返': {1, "往遣折重", "回航校還还程京修鄉乡"}, '嗌': {2, "", ""},
	}
	for _, r := range "佢嘅咗啲喺嚟嘢嗰哋噉攞瞓睇啱嘥孭搵諗㗎嗱啩噃冚嬲餸乸" {
		m[r] = sign{weight: 2}
	}
	for _, r := range "這这沒没" {
		m[r] = sign{weight: -2}
	}
	for _, r := range "她它怎嗎吗很們们把讓让跟誰谁挺" {
		m[r] = sign{weight: -1}
	}
	m['的'] = sign{-1, "目標标", "士確确"}
	m['是'] = sign{-1, "但於于總总凡若", "非但"}
	m['不'] = sign{-1, "絕绝", "過过如同斷断停便錯错論论少"}
	m['了'] = sign{-1, "不為为", "解"}
	m['在'] = sign{-1, "現现存實实潛潜", "乎"}
	m['他'] = sign{-1, "其吉", ""}
	m['那'] = sign{-1, "", ""}
	m['吧'] = sign{-1, "酒網网", ""}
	m['哪'] = sign{-1, "", ""}
	m['什'] = sign{-2, "", ""}
	m['甚'] = sign{-1, "", "至"}
	m['說'] = sign{-1, "小傳解據", "明法話"}
	m['说'] = sign{-1, "小传解据", "明法话"}
	return m
})

// cantoneseWords tell more than their characters do.
var cantoneseWords = map[string]int{
	"唔該": 1, "唔该": 1, "唔係": 1, "唔系": 1, "唔好": 1, "唔使": 1, "唔知": 1, "唔想": 1, "唔會": 1, "唔会": 1, "唔得": 1,
	"點解": 2, "点解": 2, "而家": 2, "依家": 2, "邊度": 2, "边度": 2, "邊個": 1, "屋企": 2, "聽日": 2, "听日": 2, "尋日": 2, "琴日": 2, "噚日": 2,
	"呢度": 2, "呢啲": 1, "呢個": 1, "呢个": 1, "呢樣": 1, "呢種": 1, "鍾意": 2, "锺意": 2, "钟意": 1, "點樣": 2, "幾多": 1, "傾偈": 2, "食飯": 1, "邊位": 2, "係咪": 2, "定係": 2, "同埋": 2, "得閒": 1, "成日": 1,
}

// cantonesePairs has cantoneseWords by their two characters.
var cantonesePairs = sync.OnceValue(func() map[uint64]int {
	m := make(map[uint64]int, len(cantoneseWords))
	for w, n := range cantoneseWords {
		a, size := utf8.DecodeRuneInString(w)
		b, _ := utf8.DecodeRuneInString(w[size:])
		m[uint64(a)<<32|uint64(b)] = n
	}
	return m
})

// weighCantonese sums up what tells for written Cantonese and what tells for
// Standard Chinese. Short quotations are left out: they are what is spoken of.
func weighCantonese(text string) (cantonese, mandarin int) {
	signs, words := hanSigns(), cantonesePairs()
	before := rune(0)
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == '“' || r == '「' || r == '『' || r == '‘' || r == '"' {
			if n := shortQuotation(text[i+size:]); n > 0 && i+size+n < len(text) {
				i += size + n
				before = 0
				continue
			}
		}
		i += size
		if r < 0x3400 {
			before = r
			continue
		}
		after, _ := utf8.DecodeRuneInString(text[i:])
		if s, ok := signs[r]; ok && s.weight != 0 && !has(s.before, before) && !has(s.after, after) && (r != '唔' || isHanLike(after) && after != '唔') {
			if s.weight > 0 {
				cantonese += int(s.weight)
			} else {
				mandarin -= int(s.weight)
			}
		}
		cantonese += words[uint64(r)<<32|uint64(after)]
		before = r
	}
	return cantonese, mandarin
}

func has(list string, r rune) bool { return r != 0 && list != "" && strings.ContainsRune(list, r) }

// shortQuotation is the length of a quotation of at most six characters with
// its closing sign, or zero; text begins behind the opening sign.
func shortQuotation(text string) int {
	n := 0
	for i, r := range text {
		if r == '”' || r == '」' || r == '』' || r == '’' || r == '"' {
			return i + utf8.RuneLen(r)
		}
		if n++; n > 6 {
			break
		}
	}
	return 0
}

// isCantonese judges what was counted in a text of so many Han characters, so
// many of them Simplified only.
func isCantonese(cantonese, mandarin, han, hans int) bool {
	if cantonese < 2 || cantonese <= mandarin || cantonese*12 < han {
		return false
	}
	// A joke with 冇 in Simplified Chinese is no Cantonese yet.
	return cantonese > 2 || hans == 0
}

package subtitles

import (
	"strconv"
	"strings"
	"unicode"
)

// Numbers are compared by their value; where one of the texts counts in
// thousands, 万 or the like, by their significant digits: "1.5 million" and
// "150万" are both "15". That is lax on purpose: a check that is wrong about
// honest translations costs more than one that misses a power of ten.

// WrittenNumbers are the numbers that a text writes with digits, in order and
// without superfluous zeros. Digits inside words and codes ("TP53") count.
func WrittenNumbers(s string) []string {
	var found []string
	var digits strings.Builder
	runes := []rune(s)
	flush := func() {
		if digits.Len() > 0 {
			found = append(found, plainNumber(digits.String()))
			digits.Reset()
		}
	}
	for i, c := range runes {
		if d, ok := digit(c); ok {
			digits.WriteByte(d)
			continue
		}
		// A comma or point between digits belongs to the number.
		if (c == ',' || c == '.' || c == '，') && digits.Len() > 0 && i+1 < len(runes) {
			if _, ok := digit(runes[i+1]); ok && c == '.' && !strings.Contains(digits.String(), ".") {
				digits.WriteByte('.')
				continue
			} else if ok && c != '.' && isThousandsGroup(runes[i+1:]) {
				continue
			}
		}
		flush()
	}
	flush()
	return found
}

// digit is an ASCII or full-width digit.
func digit(c rune) (byte, bool) {
	switch {
	case '0' <= c && c <= '9':
		return byte(c), true
	case '０' <= c && c <= '９':
		return byte(c-'０') + '0', true
	}
	return 0, false
}

// isThousandsGroup reports whether exactly three digits follow, as after a comma that
// separates thousands.
func isThousandsGroup(runes []rune) bool {
	n := 0
	for n < len(runes) && n < 4 {
		if _, ok := digit(runes[n]); !ok {
			break
		}
		n++
	}
	return n == 3
}

// plainNumber drops zeros that do not count: "007" is "7", "3.50" is "3.5".
func plainNumber(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	s = strings.TrimLeft(s, "0")
	if s == "" || s[0] == '.' {
		return "0" + s
	}
	return s
}

// significant is a number without its powers of ten; "0" stays.
func significant(number string) string {
	if s := strings.Trim(strings.ReplaceAll(number, ".", ""), "0"); s != "" {
		return s
	}
	return "0"
}

// isScaled reports whether a text counts in hundreds, thousands or the like:
// in words, as in "20k", or with a Han unit after a number (千万别 is none).
func isScaled(s string) bool {
	lower := strings.ToLower(s)
	for _, w := range []string{"hundred", "thousand", "million", "billion", "dozen", "percent"} {
		if strings.Contains(lower, w) {
			return true
		}
	}
	var last rune
	for _, c := range lower {
		_, counted := digit(last)
		_, han := hanDigits[last]
		switch {
		case counted && (c == 'k' || c == 'm' || c == 'w'), (counted || han) && strings.ContainsRune("百千万亿萬億折", c):
			return true
		}
		if c != ' ' {
			last = c
		}
	}
	return strings.Contains(s, "百分")
}

// AllNumbers are all numbers of a text, those that are written in words or
// Han characters too.
func AllNumbers(s string) map[string]bool {
	set := map[string]bool{}
	for _, n := range WrittenNumbers(s) {
		set[n] = true
	}
	hanNumbers(s, set)
	englishNumbers(s, set)
	return set
}

var hanDigits = map[rune]int{'零': 0, '〇': 0, '一': 1, '二': 2, '两': 2, '兩': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}
var hanUnits = map[rune]int{'十': 10, '百': 100, '千': 1000}

// hanNumbers adds the numbers in Han characters: "二十五" is 25, "二零一九"
// 2019. Ten thousands and beyond are left to [isScaled].
func hanNumbers(s string, set map[string]bool) {
	value, last, plain, n := 0, -1, "", 0
	flush := func() {
		if n > 0 {
			if last >= 0 {
				value += last
			}
			set[strconv.Itoa(value)] = true
			if plain != "" {
				set[plainNumber(plain)] = true
			}
		}
		value, last, plain, n = 0, -1, "", 0
	}
	for _, c := range s {
		if d, ok := hanDigits[c]; ok {
			last = d
			if n < 12 {
				plain += strconv.Itoa(d)
			}
			n++
			continue
		}
		if u, ok := hanUnits[c]; ok && n < 24 {
			value += max(1, last) * u
			last = -1
			n++
			continue
		}
		if c == '半' {
			set["0.5"], set["30"] = true, true // 七点半
		}
		flush()
	}
	flush()
}

var numberWords = map[string]int{"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
	"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
	"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
	"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
	"once": 1, "twice": 2, "both": 2, "couple": 2, "double": 2, "dozen": 12, "a": 1, "an": 1, "single": 1, "pair": 2, "hundred": 100, "thousand": 1000}

// englishNumbers adds the numbers in English words; "one hundred and five" is
// 1, 5 and 100 too.
func englishNumbers(s string, set map[string]bool) {
	value, running := 0, false
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(c rune) bool { return !unicode.IsLetter(c) && c != '\'' }) {
		n, ok := numberWords[w]
		switch {
		case w == "hundred" && running:
			value *= 100
		case (w == "thousand" || w == "million" || w == "billion") && running:
			value *= 1000
		case ok && n <= 100:
			set[strconv.Itoa(n)] = true
			if !running {
				value = 0
			}
			value, running = value+n, true
		case w == "half":
			set["0.5"] = true
			running, value = false, 0
		case w == "and":
			continue
		default:
			running, value = false, 0
			continue
		}
		if value < 1_000_000_000 {
			set[strconv.Itoa(value)] = true
		} else {
			running, value = false, 0
		}
	}
}

// MissingNumbers are the numbers that the source writes with digits and the
// translation does not have in any form.
func MissingNumbers(source, translation string) []string {
	want := WrittenNumbers(source)
	if len(want) == 0 {
		return nil
	}
	var missing []string
	have, digits := AllNumbers(translation), map[string]bool{}
	if isScaled(source) || isScaled(translation) {
		for n := range have {
			digits[significant(n)] = true
		}
	}
	for _, n := range want {
		if !have[n] && !digits[significant(n)] && !sayOtherwise(n, have, source, translation) {
			missing = append(missing, n)
		}
	}
	return missing
}

// sayOtherwise reports whether a number is there in the form of the other
// language's custom: hours of twelve for hours of twenty-four, and decades
// without their century (90年代).
func sayOtherwise(n string, have map[string]bool, source, translation string) bool {
	v, err := strconv.Atoi(n)
	if err != nil {
		return false
	}
	both := strings.ToLower(source + " " + translation)
	switch {
	case v > 12 && v < 24:
		return have[strconv.Itoa(v-12)] && afternoon(both)
	case v > 0 && v < 12:
		return have[strconv.Itoa(v+12)] && afternoon(both)
	case v >= 1000 && v < 2100 && v%10 == 0:
		return have[strconv.Itoa(v%100)] && strings.Contains(both, "年代")
	case v < 100 && v%10 == 0 && strings.Contains(both, "年代"):
		return have[strconv.Itoa(1900+v)] || have[strconv.Itoa(2000+v)]
	}
	return false
}

func afternoon(lower string) bool {
	for _, w := range []string{"p.m", "pm", "afternoon", "evening", "tonight", "下午", "晚上", "傍晚", "今晚"} {
		if strings.Contains(lower, w) {
			return true
		}
	}
	return false
}

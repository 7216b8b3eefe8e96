package subtitles

import "unicode"

// What a break before a cluster costs. Small numbers are places where a
// reader pauses anyway. Costs at or above breakBad are used only when there is
// no other place; breakNever is not used at all.
const (
	breakFree   int16 = 0
	breakComma  int16 = 6
	breakPause  int16 = 8 // a space between Chinese characters is a comma's stand-in
	breakBefore int16 = 16
	breakWord   int16 = 28
	breakPoor   int16 = 50
	breakBad    int16 = 90
	breakTitle  int16 = 140
	breakNever  int16 = 1 << 13
)

// breakCosts appends to costs what a line or part costs that begins at each
// cluster of cs; spaces and the first cluster are breakNever.
func breakCosts(costs []int16, text string, cs []cluster) []int16 {
	inTitle, inQuote := 0, 0
	spaced := false  // a space stands before cluster i
	prev := -1       // the last cluster that is no space
	word := [2]int{} // the Latin word that ends at prev, as cluster indexes
	wordFlags := uint8(0)
	for i := range cs {
		c := &cs[i]
		if c.kind == kindSpace {
			costs = append(costs, breakNever)
			spaced = true
			continue
		}
		cost := breakNever
		if prev >= 0 {
			p := &cs[prev]
			cost = breakCost(text, cs, prev, i, spaced)
			if cost < breakNever && spaced && isWordKind(c.kind) && c.kind != kindGlue {
				cost = spaceCost(text, cs, word, wordFlags, p, i, cost)
			}
			if cost < breakNever {
				switch {
				case inTitle > 0:
					cost = max(cost, breakTitle)
				case inQuote > 0:
					cost += 14
				}
			}
		}
		costs = append(costs, cost)
		if isWordKind(c.kind) {
			if prev < 0 || spaced || !isWordKind(cs[prev].kind) {
				word[0] = i
			}
			word[1] = i + 1
			wordFlags = 0
			if i+1 == len(cs) || !isWordKind(cs[i+1].kind) {
				wordFlags = englishWord(text, cs, word[0], word[1])
			}
		}
		switch c.r {
		case '《', '〈':
			inTitle++
		case '》', '〉':
			inTitle = max(0, inTitle-1)
		default:
			if c.kind == kindOpen && isQuote(c.r) {
				inQuote++
			} else if c.kind == kindClose && isQuote(c.r) {
				inQuote = max(0, inQuote-1)
			}
		}
		prev, spaced = i, false
	}
	return costs
}

func isQuote(r rune) bool {
	switch r {
	case '"', '“', '”', '「', '」', '『', '』', '‘', '’', '«', '»', '(', ')', '（', '）', '[', ']', '【', '】':
		return true
	}
	return false
}

// breakCost is the cost of a break before cluster i, whose predecessor other
// than spaces is prev. The rules about what may not begin or end a line are
// those of kinsoku shori (JIS X 4051, CLREQ §3.1.3).
func breakCost(text string, cs []cluster, prev, i int, spaced bool) int16 {
	p, c := &cs[prev], &cs[i]
	switch c.kind {
	case kindClose, kindStrong, kindComma:
		return breakNever
	case kindGlue:
		if !spaced {
			return breakNever
		}
	case kindDash:
		switch {
		case !spaced || p.kind == kindDash:
			return breakNever
		case p.kind == kindStrong:
			return breakFree // the next speaker's
		}
		return breakWord
	}
	if !spaced {
		switch {
		case p.kind == kindOpen, p.kind == kindGlue:
			return breakNever
		case isWordKind(p.kind) && isWordKind(c.kind):
			return breakNever
		case p.kind == kindDash && c.kind == kindDash:
			return breakNever
		}
	} else if p.kind == kindOpen && isQuote(p.r) {
		return breakNever
	}
	switch p.kind {
	case kindStrong:
		// A point after a number or in the middle of "..." is settled by
		// resolve; what is left ends a sentence or trails off.
		return breakFree
	case kindComma:
		if p.r == '、' {
			return breakPause + 6
		}
		return breakComma
	case kindDash:
		if prev == 0 || prev > 0 && cs[prev-1].r == '\n' {
			return breakNever // a dialogue dash stays with what is said
		}
		return breakBefore
	case kindClose:
		if p.r == '%' || p.r == '％' || p.r == '℃' || p.r == '°' {
			return breakWord
		}
		// 。” ends a sentence, 》 only a title.
		for k := prev - 1; k >= 0 && k >= prev-2; k-- {
			if cs[k].kind == kindStrong {
				return breakFree
			}
			if cs[k].kind != kindClose {
				break
			}
		}
		if p.r == '》' || p.r == '”' || p.r == '」' {
			return breakWord + chineseBefore(c.r)
		}
		return breakWord - 6
	case kindSymbol:
		if c.kind == kindSymbol {
			return breakPoor
		}
		return breakBefore
	}
	switch {
	case c.kind == kindSymbol:
		return breakPoor // an emoji belongs to what stands before it
	case p.kind == kindHan && c.kind == kindHan:
		if spaced {
			return breakPause
		}
		return hanCost(p.r, c.r, next(cs, i))
	case p.kind == kindHan:
		if c.kind == kindDigit && isNumberPrefix(p.r) {
			return breakBad
		}
		return clamp(breakWord + chineseAfter(p.r) + 6)
	case c.kind == kindHan:
		if p.kind == kindDigit && isMeasure(c.r) {
			return breakBad
		}
		return clamp(breakWord + chineseBefore(c.r))
	}
	return breakWord
}

func next(cs []cluster, i int) rune {
	if i+1 < len(cs) {
		return cs[i+1].r
	}
	return 0
}

func clamp(c int16) int16 { return max(c, breakComma+4) }

// spaceCost is the cost of a break at a space before a Latin word or number.
func spaceCost(text string, cs []cluster, word [2]int, flags uint8, p *cluster, i int, cost int16) int16 {
	if p.kind == kindStrong && p.r == '.' && word[1] > 0 {
		// "Mr. Smith", "No. 5": the point belongs to the word.
		if flags&wordTitle != 0 {
			return breakBad
		}
		return cost
	}
	if p.kind != kindLetter && p.kind != kindDigit && p.kind != kindGlue && p.kind != kindHan {
		return cost
	}
	if p.kind == kindHan {
		return cost
	}
	end := i
	for end < len(cs) && isWordKind(cs[end].kind) {
		end++
	}
	after := englishWord(text, cs, i, end)
	c := &cs[i]
	switch {
	case p.kind == kindDigit:
		if c.kind == kindLetter && after&(wordConjunction|wordPreposition) == 0 {
			return breakPoor + 8 // "3 kilometres"
		}
	case flags&wordClinging != 0:
		return breakPoor
	}
	cost = breakWord
	switch {
	case after&wordConjunction != 0:
		cost = breakBefore - 2
	case after&wordPreposition != 0:
		cost = breakBefore + 4
	case unicode.IsUpper(c.r) && unicode.IsUpper(cs[word[0]].r) && word[0] > 0:
		cost = breakPoor - 6 // "New York"
	}
	if flags&wordPreposition != 0 || flags&wordConjunction != 0 {
		cost += 16
	}
	return cost
}

// joinedCost raises the costs in a language without spaces: two Latin words
// in Chinese text are nearly always one name.
func joinedCost(cs []cluster, costs []int16) {
	for i := 2; i < len(cs); i++ {
		if costs[i] < breakNever && cs[i-1].kind == kindSpace && (cs[i].kind == kindLetter || cs[i].kind == kindDigit) {
			if k := cs[i-2].kind; k == kindLetter || k == kindDigit {
				costs[i] = max(costs[i], breakPoor+10)
			}
		}
	}
}

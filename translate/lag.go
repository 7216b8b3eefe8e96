package translate

import (
	"math"
	"slices"
	"strings"

	"github.com/duosub/duosub/subtitles"
)

// The lag test finds texts that stand under wrong keys. A reply that is
// shifted by one with all its keys there passes every check of single units;
// but over several units the lengths, the numbers, the Latin words and a few
// everyday words of source and translation fit better one place beside than
// in place. The test weighs, unit by unit, how much better a translation fits
// the source line after it (or before it) than its own, and looks for the
// stretch of units with the largest sum: the whole reply, or a window of it.

// Thresholds of that sum, in natural logarithms of likelihood.
const (
	// lagAlarm rejects a whole reply. Honest replies stay far below it.
	lagAlarm = 5.0
	// lagDoubt rejects a stretch of a reply, which is then asked for unit by
	// unit, where nothing can be confused: a false doubt costs a few calls, no
	// more. lagWary takes its place once the backend has confused units of the
	// same batch: then honest stretches have to look honest.
	lagDoubt, lagWary = 2.5, -1.0
	// lagFew is lagDoubt for replies of few units, in which honest texts seldom
	// look shifted by chance, and shifted ones show it less.
	lagFew, few = 1.0, 5
)

const (
	// lengthSpread is the standard deviation of the logarithm of the ratio of
	// lengths for long texts; lengthNoise is what is added to it for short
	// ones, as a variance at weight 1.
	lengthSpread, lengthNoise = 0.30, 3.0
	// mostLength and mostFeature bound what one unit can contribute.
	mostLength, mostFeature = 3.0, 6.0
	// medianFrom is how many units tell a translator's usual length.
	medianFrom = 8
)

// A lagText is a text as the lag test sees it.
type lagText struct {
	weight   float64
	ends     float64 // sentences
	features map[string]bool
}

func newLagText(s string) lagText {
	t := lagText{weight: weight(s), ends: sentences(s), features: map[string]bool{}}
	for _, w := range latinWords(s) {
		if w = bareWord(w); len(w) > 1 {
			t.features[w] = true
		}
	}
	for n := range subtitles.AllNumbers(s) {
		t.features["#"+n] = true
	}
	for _, c := range s {
		if isEmoji(c) {
			t.features[":"+string(c)] = true
		}
	}
	if strings.ContainsAny(s, "?？") || strings.HasSuffix(strings.TrimRight(s, "。. "), "吗") {
		t.features["?"] = true
	}
	for i, pair := range everyday {
		for _, zh := range pair.zh {
			if strings.Contains(s, zh) {
				t.features[everydayFeature(i)] = true
			}
		}
	}
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(c rune) bool { return c < 'a' || c > 'z' }) {
		if i, ok := everydayWords[w]; ok {
			t.features[everydayFeature(i)] = true
		}
	}
	return t
}

// sentences counts runs of marks that end sentences, a point between digits or
// letters not among them.
func sentences(s string) float64 {
	n, inside := 0.0, false
	runes := []rune(s)
	for i, c := range runes {
		ends := strings.ContainsRune("!?。！？…", c) || c == '.' && (i+1 == len(runes) || runes[i+1] == ' ' || runes[i+1] == '"' || runes[i+1] == '\n')
		if ends && !inside {
			n++
		}
		inside = ends
	}
	return n
}

func everydayFeature(i int) string { return string(rune(0xE000 + i)) }

// lengthFit is the logarithm of how likely two lengths are those of a text and
// its translation, up to a constant.
func lengthFit(source, target float64, middle float64) float64 {
	x := math.Log((target+2)/(source+2)) - middle
	variance := lengthSpread*lengthSpread + lengthNoise/(source+target+4)
	return max(-mostLength, -x*x/(2*variance)) - 0.5*math.Log(variance)
}

// lagTable holds what is compared: the sources of a reply's units in order
// with one line before and one after them, and their translations.
type lagTable struct {
	sources []lagText // one more at either end than targets
	targets []lagText
	rarity  map[string]float64
	middle  float64
}

// newLagTable prepares the comparison. before and after are the source lines
// around the reply, empty where there are none.
func newLagTable(before string, sources []string, after string, targets []string) *lagTable {
	t := &lagTable{rarity: map[string]float64{}}
	t.sources = append(t.sources, newLagText(before))
	for _, s := range sources {
		t.sources = append(t.sources, newLagText(s))
	}
	t.sources = append(t.sources, newLagText(after))
	var logs []float64
	for i, s := range targets {
		t.targets = append(t.targets, newLagText(s))
		if a, b := t.sources[i+1].weight, t.targets[i].weight; a > 0 && b > 0 {
			logs = append(logs, math.Log((b+2)/(a+2)))
		}
	}
	// Translators differ in how long they write. The median of a reply's own
	// ratios corrects that; it is the same whether the reply is shifted or not.
	if len(logs) >= medianFrom {
		slices.Sort(logs)
		t.middle = min(max(logs[len(logs)/2], -0.5), 0.5)
	}
	// A word that stands in every line says nothing about which line is meant.
	count := map[string]int{}
	for _, s := range t.sources {
		for f := range s.features {
			count[f]++
		}
	}
	for f, n := range count {
		t.rarity[f] = max(0.2, 1-float64(n-1)/float64(len(t.sources)))
	}
	return t
}

// featureWeight is what a feature of a translation is worth that stands in
// one source line and not in another.
func featureWeight(f string) float64 {
	switch {
	case f == "?":
		return 1.6
	case f[0] == '#':
		return 2.2
	case f[0] >= 0xE0: // an everyday word: private use characters start so
		return 1.0
	}
	return 2.2
}

// gain is how much better target i fits the source line at i+lag than its own.
func (t *lagTable) gain(i, lag int) float64 {
	target, own, other := t.targets[i], t.sources[i+1], t.sources[i+1+lag]
	if other.weight == 0 || target.weight == 0 {
		return 0
	}
	g := lengthFit(other.weight, target.weight, t.middle) - lengthFit(own.weight, target.weight, t.middle)
	g = min(max(g, -mostLength), mostLength)
	shared := 0.0
	for f := range target.features {
		if a, b := own.features[f], other.features[f]; a != b {
			w := featureWeight(f) * t.rarity[f]
			if a {
				w = -w
			}
			shared += w
		}
	}
	// Questions are seen from both sides: one translated by a statement is as
	// telling as the reverse.
	if !target.features["?"] && own.features["?"] != other.features["?"] {
		if own.features["?"] {
			shared += 0.8
		} else {
			shared -= 0.8
		}
	}
	// A text of three sentences hardly translates one: another line's may have
	// been joined to it.
	ends := math.Abs(target.ends-own.ends) - math.Abs(target.ends-other.ends)
	shared += 0.5 * min(max(ends, -2), 2)
	return g + min(max(shared, -mostFeature), mostFeature)
}

// A stretch is a run of a reply's units, the end not included, and how much
// better their texts fit the lines one place beside.
type stretch struct {
	from, to int
	gain     float64
}

// worst is the stretch of at least least units with the largest sum of gains.
func (t *lagTable) worst(lag, least int) stretch {
	n := len(t.targets)
	prefix := make([]float64, n+1)
	for i := range n {
		prefix[i+1] = prefix[i] + t.gain(i, lag)
	}
	found := stretch{gain: math.Inf(-1)}
	low := 0
	for end := least; end <= n; end++ {
		if start := end - least; prefix[start] < prefix[low] {
			low = start
		}
		if s := prefix[end] - prefix[low]; s > found.gain {
			found = stretch{low, end, s}
		}
	}
	return found
}

// findShift looks for a shift. all says that the whole reply is shifted or may
// well be; doubted are the units whose texts may be a neighbour's.
func (t *lagTable) findShift(wary bool) (all bool, doubted []int) {
	n := len(t.targets)
	doubt := lagDoubt
	switch {
	case wary:
		doubt = lagWary
	case n < few:
		doubt = lagFew
	}
	marked := make([]bool, n)
	for _, lag := range []int{1, -1} {
		// A shift strikes several units. Of two, one may be the one that shows
		// it; a unit alone can only have a context line's text.
		least := 2
		if n <= 2 {
			least = 1
		}
		w := t.worst(lag, least)
		if w.gain > lagAlarm && n > 1 {
			return true, nil
		}
		if w.gain <= doubt {
			continue
		}
		// The borders of a stretch are blurred: the unit before and after may
		// belong to it.
		for i := max(0, w.from-1); i < min(n, w.to+1); i++ {
			marked[i] = true
		}
	}
	if wary {
		// A unit whose text fits a neighbour's line about as well, and those
		// beside it, are asked for by themselves.
		for i := range n {
			if max(t.gain(i, 1), t.gain(i, -1)) > lagWary {
				for j := max(0, i-1); j <= min(n-1, i+1); j++ {
					marked[j] = true
				}
			}
		}
	}
	if i := t.merged(); i >= 0 {
		for j := i; j < n; j++ {
			marked[j] = true
		}
	}
	for i, m := range marked {
		if m || n > 1 && t.misplaced(i) {
			doubted = append(doubted, i)
		}
	}
	return false, doubted
}

// mergeLength is how much longer than usual, as a logarithm of the ratio, a
// text is that holds the next one's too; mergeFit is how badly the text after
// it may fit the line after its own for that to be believed.
const mergeLength, mergeFit = 0.3, -0.5

// merged finds the first target that looks like two: longer than usual, with
// more sentences than its source, before a text that fits the line after its
// own about as well. Everything behind it may have moved up, where a text cut
// in two fills the last key. It answers -1 where there is none.
func (t *lagTable) merged() int {
	for i := 0; i+1 < len(t.targets); i++ {
		target, own := t.targets[i], t.sources[i+1]
		if own.weight == 0 || target.ends < own.ends+1 || t.sources[i+3].weight == 0 {
			continue
		}
		if math.Log((target.weight+2)/(own.weight+2))-t.middle > mergeLength && t.gain(i+1, 1) > mergeFit {
			return i
		}
	}
	return -1
}

// misplaced reports whether target i by itself plainly belongs to the line
// before or after.
func (t *lagTable) misplaced(i int) bool { return max(t.gain(i, 1), t.gain(i, -1)) > lagAlarm }

// confused runs the lag test over a reply, texts that were found bad included:
// a shift spoils many of them. Units that may have a neighbour's text are
// marked bad; all says that the whole reply is to be rejected.
func (r *run) confused(answers []accepted, bad []string, wary bool) (all bool) {
	var sources, targets []string
	var at []int
	for i, a := range answers {
		if a.whole != "" {
			at = append(at, i)
			sources, targets = append(sources, a.item.source), append(targets, a.whole)
		}
	}
	if len(at) == 0 {
		return false
	}
	table := newLagTable(answers[at[0]].item.prev, sources, answers[at[len(at)-1]].item.next, targets)
	all, doubted := table.findShift(wary)
	for _, k := range doubted {
		bad[at[k]] = reasonShift
	}
	return all
}

package translate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestSimilarFindsWhatIsNearly(t *testing.T) {
	m := mustTMX(t, tmxFile("en",
		tu("I have 3 cats.", "我有三只猫。"),
		tu("I have 4 cats.", "我有四只猫。"),
		tu("I have 4 cats and 2 dogs at home.", "我家有四只猫和两条狗。"),
		tu("The weather is nice today.", "今天天气很好。"),
		tu("the weather is nice today!", "今天天气真好！"),
		tu("Where is the station?", "车站在哪儿？"),
		tu("Hi", "嗨"), tu("Ho", "嗬"), tu("x", "某")))
	tests := []struct {
		from string
		text string
		n    int
		want string
	}{
		{"en", "I have 5 cats.", 5, "I have 3 cats.=我有三只猫。 0.93, I have 4 cats.=我有四只猫。 0.93"},
		{"en", "I have 5 cats.", 1, "I have 3 cats.=我有三只猫。 0.93"},
		{"en", "I have 3 cats.", 5, "I have 4 cats.=我有四只猫。 0.93"},
		{"en", "THE WEATHER IS NICE TODAY.", 5, "The weather is nice today.=今天天气很好。 1.00, the weather is nice today!=今天天气真好！ 0.96"},
		{"en", "Where was the old station?", 5, "Where is the station?=车站在哪儿？ 0.77"},
		{"en", "Something else altogether.", 5, ""},
		{"en", "Where is the station?", 0, ""},
		{"en", "Hi", 5, ""},
		{"en", "", 5, ""},
		{"zh", "今天天气很好！", 5, "今天天气很好。=The weather is nice today. 0.86, 今天天气真好！=the weather is nice today! 0.86"},
		{"de", "I have 5 cats.", 5, ""},
	}
	for _, tt := range tests {
		q := Query{Source: en, Target: zhHans, Text: tt.text}
		switch tt.from {
		case "zh":
			q.Source, q.Target = zhHans, en
		case "de":
			q.Source = zhHK
		}
		var got []string
		for _, h := range m.Similar(q, tt.n) {
			got = append(got, fmt.Sprintf("%s=%s %.2f", h.Source, h.Target, h.Score))
		}
		if s := strings.Join(got, ", "); s != tt.want {
			t.Errorf("%q: %s, want %s", tt.text, s, tt.want)
		}
	}
}

// distance is the textbook form of editDistance.
func distance(a, b []rune) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
			case a[i-1] == b[j-1]:
				d[i][j] = d[i-1][j-1]
			default:
				d[i][j] = 1 + min(d[i-1][j-1], d[i-1][j], d[i][j-1])
			}
		}
	}
	return d[len(a)][len(b)]
}

func randomText(r *rand.Rand, most int) []rune {
	text := make([]rune, r.IntN(most))
	for i := range text {
		text[i] = rune('a' + r.IntN(4))
	}
	return text
}

func TestEditDistanceIsExactUpToItsLimit(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		a, b := randomText(r, 14), randomText(r, 14)
		want := distance(a, b)
		for limit := range 12 {
			if got := editDistance(a, b, limit); got != want && (want <= limit || got <= limit) {
				t.Fatalf("%s, %s, limit %d: %d, want %d", string(a), string(b), limit, got, want)
			}
		}
	}
}

// Nothing similar is overlooked: the index answers what comparing with every
// text answers.
func TestSimilarOverlooksNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		exact := map[string][]int32{}
		for range 60 {
			if s := string(randomText(r, 20)); s != "" {
				exact[s] = nil
			}
		}
		index := newSimilarIndex(exact)
		for range 20 {
			text := string(randomText(r, 20))
			if len(text) < 2 {
				continue
			}
			found := map[string]float64{}
			for _, h := range index.find(text) {
				found[h.source] = h.score
			}
			for source := range exact {
				longer := max(len(source), len(text))
				score := 1 - float64(distance([]rune(source), []rune(text)))/float64(longer)
				got, ok := found[source]
				// Texts of two or three characters have hardly a pair to share.
				if want := score >= MinSimilarity-1e-9 && source != text; ok != want || ok && math.Abs(got-score) > 1e-9 {
					t.Fatalf("%q and %q: score %v, found %v with %v", text, source, score, ok, got)
				}
			}
		}
	}
}

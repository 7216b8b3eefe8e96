package subtitles

import (
	"strings"
	"testing"
	"time"
)

func TestTermsStayTogether(t *testing.T) {
	const text = "我们昨天晚上一起去看了那个新开的大都会艺术中心博物馆展览真的很震撼"
	const term = "大都会艺术中心博物馆展览"
	lines := Wrap(text, SimplifiedChinese, Profile{Terms: []string{term}})
	if !containsWhole(lines, term) {
		t.Errorf("lines %q break the term", lines)
	}
	cues := []Cue{{N: 1, End: 2 * time.Second}, {N: 2, Start: 2 * time.Second, End: 4 * time.Second}}
	u := Unit{N: 1, Last: 1, Parts: []string{"Last night we all went to see the new show", "at the museum and it was truly amazing."}}
	parts := Split(text, u, cues, SimplifiedChinese, term)
	if !containsWhole(parts, term) || strings.Join(parts, "") != text {
		t.Errorf("parts %q break the term", parts)
	}
	// A term that is all there is has to be broken.
	if parts := Split(term, u, cues, SimplifiedChinese, term); len(parts) != 2 || parts[0]+parts[1] != term {
		t.Errorf("parts %q", parts)
	}
}

func containsWhole(lines []string, term string) bool {
	for _, l := range lines {
		if strings.Contains(l, term) {
			return true
		}
	}
	return false
}

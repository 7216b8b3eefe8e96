package subtitles

import (
	"strings"
	"testing"
)

// lessonCues is a long track of sentences over two cues and a bit.
func lessonCues(n int, texts ...string) []Cue {
	all := make([]string, n)
	for i := range all {
		all[i] = texts[i%len(texts)]
	}
	return track(all...)
}

func BenchmarkUnits(b *testing.B) {
	for name, texts := range map[string][]string{
		"en":       {"When I first moved", "to Shanghai, I knew nobody at all,", "not even Mr. Lin.", "Really?"},
		"zh":       {"刚搬到上海的时候，", "我谁也不认识，", "连林先生也不认识。", "真的吗？"},
		"zh-plain": {"刚搬到上海的时候", "我谁也不认识", "连林先生也不认识", "你知道吗"},
	} {
		cues := lessonCues(10_000, texts...)
		lang := DetectText(texts[0])
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Units(cues, lang)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(cues)), "ns/cue")
		})
	}
}

func BenchmarkSplit(b *testing.B) {
	u, cues := unitOf("When I first moved", "to Shanghai, I knew nobody at all,", "not even Mr. Lin.")
	b.Run("zh", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Split("刚搬到上海的时候，我谁也不认识，连林先生也不认识。", u, cues, SimplifiedChinese)
		}
	})
	v, zh := unitOf("刚搬到上海的时候，", "我谁也不认识，", "连林先生也不认识。")
	b.Run("en", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Split("When I first moved to Shanghai, I knew nobody at all, not even Mr. Lin.", v, zh, English)
		}
	})
	long := strings.Repeat("刚搬到上海的时候，我谁也不认识，", 400)
	b.Run("absurd", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Split(long, u, cues, SimplifiedChinese)
		}
	})
}

func BenchmarkWrap(b *testing.B) {
	for name, text := range map[string]string{
		"short":  "When I first moved to Shanghai",
		"en":     "When I first moved to Shanghai two years ago, I knew exactly nobody at all.",
		"zh":     "刚搬到上海的时候，我谁也不认识，连林先生也不认识，真的很难过。",
		"absurd": strings.Repeat("When I first moved to Shanghai ", 400),
	} {
		lang := DetectText(text)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Wrap(text, lang, Profile{})
			}
		})
	}
}

func BenchmarkPairTracks(b *testing.B) {
	zh := &Track{Language: SimplifiedChinese, Cues: lessonCues(2_000, "刚搬到上海的时候，", "我谁也不认识，", "连林先生也不认识。")}
	en := &Track{Language: English, Cues: lessonCues(2_000, "When I first moved", "to Shanghai, I knew nobody at all,", "not even Mr. Lin.")}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := PairTracks(zh, en, LeadTop); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	en := &Track{Language: English, Cues: lessonCues(2_000, "When I first moved", "to Shanghai, I knew nobody at all,", "not even Mr. Lin.")}
	b.ReportAllocs()
	for b.Loop() {
		CheckTrack(en, English, Profile{})
	}
}

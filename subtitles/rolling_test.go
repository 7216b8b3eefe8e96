package subtitles

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

func TestRollingCaptionsAreCollapsed(t *testing.T) {
	tests := []struct {
		name   string
		before int
		want   string
	}{
		{"youtube.en.vtt", 26, `|160-2530|so I finally got the apartment and the
|2530-5040|first thing I did was buy a rice cooker
|5040-7310|because honestly what else do you need
|7310-7540|no
|7540-7770|no
|7770-10240|okay a bed maybe a bed would have been
|10240-12570|smart but the rice cooker was on sale
|12570-15000|and it was pink and it plays a little
|15000-17070|song when the rice is done listen
|17070-19260|listen to that isn't that the cutest
|19260-21630|thing you have ever heard in your life
|21630-24220|my landlord came over to look at the sink
|24220-26370|and he stayed for dinner true story
0:rolling
`},
		{"live.zh-Hans.srt", 8, `1|1000-3940|今天带大家来逛一逛我们小区门口的早市
2|3940-6360|早上六点半这里就已经很热闹了
3|6360-8390|你看这个黄瓜还带着花呢
4|8390-10420|阿姨说是昨天晚上刚摘的
5|10420-11410|对对对
6|11410-13440|我买了两斤番茄一把小葱
7|13440-14820|一共才九块五
8|14820-16720|回家给你们做番茄炒蛋
0:rolling
`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			track, rep := readFixture(t, "rolling/"+test.name)
			if got := show(track, rep); got != test.want {
				t.Errorf("got\n%swant\n%s", got, test.want)
			}
			if rep.Audit.Timings != test.before || rep.Audit.Repeats != test.before-len(track.Cues) {
				t.Errorf("%+v", rep.Audit)
			}
			for _, c := range track.Cues {
				if c.Settings != nil || c.N > 1 && strings.Contains(c.Markup, "\n") {
					t.Errorf("cue %d has settings %+v and markup %q", c.N, c.Settings, c.Markup)
				}
			}
		})
	}
}

// rollSRT writes texts as cues of a second, each behind the one before it.
func rollSRT(texts ...string) string {
	var b strings.Builder
	for i, text := range texts {
		fmt.Fprintf(&b, "00:00:%02d,000 --> 00:00:%02d,000\n%s\n\n", i, i+1, strings.ReplaceAll(text, "/", "\n"))
	}
	return b.String()
}

func TestRollingForms(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"three lines", rollSRT("a", "a/b", "a/b/c", "b/c/d", "c/d/e", "d/e/f"),
			"|0-1000|a\n|1000-2000|b\n|2000-3000|c\n|3000-4000|d\n|4000-5000|e\n|5000-6000|f\n0:rolling\n"},
		{"two new lines at once", rollSRT("a", "a/b/c", "c/d/e", "e/f", "f/g"),
			"|0-1000|a\n|1000-2000|b/c\n|2000-3000|d/e\n|3000-4000|f\n|4000-5000|g\n0:rolling\n"},
		{"word by word", rollSRT("I", "I want", "I want to", "I want to go", "home", "home now", "home now please"),
			"|0-4000|I want to go\n|4000-7000|home now please\n0:rolling\n"},
		{"Chinese, character by character", rollSRT("我", "我想", "我想回", "我想回家", "好", "好的"),
			"|0-4000|我想回家\n|4000-6000|好的\n0:rolling\n"},
		{"word by word below a finished line", rollSRT("I want", "I want to go/home", "I want to go/home now", "home now/please", "home now/please sir"),
			"|0-1000|I want to go\n|1000-3000|home now\n|3000-5000|please sir\n0:rolling\n"},
		{"a silence between", rollSRT("a", "a/b", "b/c", "c/d") + "00:01:00,000 --> 00:01:01,000\nd\n\n00:01:01,000 --> 00:01:02,000\nd\ne\n",
			"|0-1000|a\n|1000-2000|b\n|2000-3000|c\n|3000-4000|d\n|60000-61000|d\n|61000-62000|e\n0:rolling\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			track, rep, err := Read([]byte(test.in))
			if err != nil {
				t.Fatal(err)
			}
			checkTrack(t, track, rep, err)
			if got := show(track, rep); got != test.want {
				t.Errorf("got\n%swant\n%s", got, test.want)
			}
		})
	}
}

// TestRepeatedLinesAreNoRollingCaptions reads what people repeat on purpose.
func TestRepeatedLinesAreNoRollingCaptions(t *testing.T) {
	tests := map[string]string{
		"No! No!":           rollSRT("No!", "No!", "No! No!", "No!/No!", "No!", "No!"),
		"a chorus":          rollSRT("Row, row, row your boat/gently down the stream", "Merrily, merrily,/merrily, merrily", "Merrily, merrily,/merrily, merrily", "Life is but a dream", "Life is but a dream", "Row, row, row your boat/gently down the stream"),
		"a song that turns": rollSRT("la la/oh oh", "oh oh/la la", "la la/oh oh", "oh oh/la la", "la la/oh oh", "oh oh/la la"),
		"music signs":       rollSRT("♪", "♪", "♪/♪", "♪", "♪", "♪"),
		"one line repeated": rollSRT("Wait.", "Wait./What is that?", "A bear.", "A bear!", "Run!", "Run!/Now!", "I told you", "so."),
		"a dialogue":        rollSRT("好", "好的", "走吧", "走", "现在", "现在就走", "等等", "什么", "没什么", "你说"),
		"frames of a sign":  rollSRT("EXIT", "EXIT", "EXIT", "EXIT", "EXIT", "EXIT", "EXIT", "EXIT"),
		"few cues":          rollSRT("a", "a/b", "b/c"),
		"with pauses":       "00:00:01,000 --> 00:00:02,000\na\n\n00:00:03,000 --> 00:00:04,000\na\nb\n\n00:00:05,000 --> 00:00:06,000\nb\nc\n\n00:00:07,000 --> 00:00:08,000\nc\nd\n\n00:00:09,000 --> 00:00:10,000\nd\ne\n",
	}
	for name, in := range tests {
		t.Run(name, func(t *testing.T) {
			track, rep, err := Read([]byte(in))
			if err != nil || len(rep.Notes) > 0 || len(track.Cues) != strings.Count(in, "-->") {
				t.Errorf("%s, %v", show(track, rep), err)
			}
		})
	}
	for _, file := range []string{"vlog.en.srt", "vlog.en.vtt", "vlog.zh-Hans.srt", "vlog.zh-Hans.vtt"} {
		if track, rep := readFixture(t, file); rep.Audit.Repeats != 0 || len(rep.Notes) > 0 {
			t.Errorf("%s: %+v, %d cues", file, rep.Audit, len(track.Cues))
		}
	}
	for _, l := range readLectures(t) {
		track := &Track{Cues: l.cues}
		if isRolling(track.Cues) {
			t.Errorf("%s is taken for rolling captions", l.name)
		}
	}
}

// FuzzRolling builds tracks of a few lines that come again and again. Whether
// they roll or not, no line may be lost, and the audit must agree.
func FuzzRolling(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6}, uint8(0))
	f.Add([]byte{1, 1, 1, 1}, uint8(3))
	texts := []string{"a", "a/b", "b/c", "c", "c d", "c d/e", "e", "x/y/z", "no/no", "no"}
	f.Fuzz(func(t *testing.T, picks []byte, gap uint8) {
		track := &Track{}
		rep := &Report{}
		had := map[string]bool{}
		for i, p := range picks {
			text := strings.ReplaceAll(texts[int(p)%len(texts)], "/", "\n")
			for l := range strings.SplitSeq(text, "\n") {
				had[l] = true
			}
			start := time.Duration(i) * (time.Second + time.Duration(gap)*time.Millisecond)
			track.Cues = append(track.Cues, Cue{N: i + 1, Start: start, End: start + time.Second, Text: text, Line: 1})
			rep.Audit.saw(text)
		}
		collapseRolling(track, rep)
		rep.Audit.close(track, rep)
		if !rep.Audit.Agrees() {
			t.Errorf("%+v", rep.Audit)
		}
		for i, c := range track.Cues {
			if c.N != i+1 || c.End <= c.Start || c.Text == "" {
				t.Errorf("%+v", c)
			}
			for l := range strings.SplitSeq(c.Text, "\n") {
				delete(had, l)
			}
		}
		for l := range had {
			grown := false
			for _, c := range track.Cues {
				grown = grown || strings.Contains(c.Text, l)
			}
			if !grown {
				t.Errorf("the line %q is lost", l)
			}
		}
	})
}

func TestMarkupOfRollingLinesIsTheirOwn(t *testing.T) {
	data, err := os.ReadFile("../testdata/rolling/youtube.en.vtt")
	if err != nil {
		t.Fatal(err)
	}
	track, _, err := Read(data)
	if err != nil {
		t.Fatal(err)
	}
	want := "smart<00:00:10.530><c> but"
	if got := track.Cues[6].Markup; !strings.HasPrefix(got, want) {
		t.Errorf("%q", got)
	}
}

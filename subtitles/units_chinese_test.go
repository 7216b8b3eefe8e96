package subtitles

import (
	"strings"
	"testing"
	"time"
)

// spokenCues makes cues as speech recognition gives them: "pause text", the pause
// before the cue in milliseconds, five characters a second.
func spokenCues(lines string) []Cue {
	var cues []Cue
	at := time.Duration(0)
	for line := range strings.SplitSeq(strings.TrimSpace(lines), "\n") {
		pause, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		d, err := time.ParseDuration(pause + "ms")
		if err != nil {
			panic(err)
		}
		at += d
		end := at + time.Duration(len([]rune(text)))*200*time.Millisecond
		cues = append(cues, Cue{N: len(cues) + 1, Start: at, End: end, Text: text})
		at = end
	}
	return cues
}

const spokenVlog = `
	0 哈喽大家好我是小鱼
	80 今天带大家来逛一下
	40 我家附近新开的超市
	900 这家超市是上周才开的
	60 然后听说里面的水果
	30 特别便宜
	750 我们先进去看一看吧
	1200 哇这个草莓也太大了
	70 一盒才十九块九
	800 我之前在别的地方买
	20 都要三十多呢
	90 所以今天肯定要拿两盒
	660 还有这个牛奶
	50 我妈妈特别喜欢喝
	40 她每次来都要我给她
	30 带两箱回去
	1500 好了我们去结账吧`

func TestUnitsOfSpeechWithoutPunctuation(t *testing.T) {
	cues := spokenCues(spokenVlog)
	units := Units(cues, SimplifiedChinese)
	checkPartition(t, cues, units)
	if got, want := groups(units), "1-3 4-6 7 8-9 10-11 12 13-16 17"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Somebody who talks without taking breath: units stay small, and end where
// the language lets them.
func TestUnitsOfSpeechWithoutPauses(t *testing.T) {
	var b strings.Builder
	for range 40 {
		b.WriteString("20 其实我一开始也不知道\n10 这个地方到底好不好玩\n20 但是我朋友一直跟我说\n30 你一定要去看一看\n")
	}
	cues := spokenCues(b.String())
	units := Units(cues, SimplifiedChinese)
	checkPartition(t, cues, units)
	for _, u := range units {
		if u.Len() > maxPlainCues || cues[u.Last].End-cues[u.First].Start > maxPlainDuration {
			t.Fatalf("unit %+v is too long", u)
		}
	}
	if len(units) > 80 {
		t.Errorf("%d units of %d cues: sentences are torn", len(units), len(cues))
	}
}

// A cue that is moved for a moment, since something is written in the picture
// there, does not end a Chinese sentence; a mark of another speaker does.
func TestUnitsJoinAcrossAMovedCueInChinese(t *testing.T) {
	line := 0.0
	for _, tt := range []struct {
		name  string
		texts []string
		moved int
		want  string
	}{
		{"punctuated", []string{"刚搬到上海的时候，", "我谁也不认识，", "每天都一个人吃饭。"}, 1, "1-3"},
		{"no comma at the border", []string{"刚搬到上海的", "那个时候我", "谁也不认识。", "真的。"}, 1, "1-3 4"},
		{"no punctuation", []string{"我们今天要去", "一个很远的", "地方"}, 1, "1-3"},
		{"the end of a sentence stays one", []string{"我走了。", "然后就", "睡了。"}, 1, "1 2-3"},
		{"another speaker stays one", []string{"我们今天要去", "- 哪里", "你说"}, 1, "1 2-3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cues := track(tt.texts...)
			cues[tt.moved].Settings = &Settings{Line: &line}
			if got := groups(Units(cues, SimplifiedChinese)); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
	cues := track("I think we", "Should go", "Home now.")
	cues[1].Settings = &Settings{Line: &line}
	if got := groups(Units(cues, English)); got != "1 2 3" {
		t.Errorf("English: %s", got)
	}
}

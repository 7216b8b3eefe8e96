package subtitles

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/language"
)

func readFixture(t *testing.T, name string) (*Track, *Report) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	track, rep, err := Read(data)
	if err != nil {
		t.Fatal(name, err)
	}
	checkTrack(t, track, rep, nil)
	return track, rep
}

func TestReadSpeechCutsCuesAtPausesAndPhraseEnds(t *testing.T) {
	tests := []struct {
		name string
		lang language.Tag
		want string
	}{
		{"whisper.en.json", English, `|400-2940|Okay, so this is day three in Suzhou
|2960-6320|and it has not stopped raining once, which is fine,
|6520-9640|because the gardens look better wet. Honestly.
|10110-14570|I bought this umbrella for fifteen yuan from a lady outside the station,
|14770-17490|and she threw in a bag of osmanthus candy.
|17960-19170|Try one! No?
|19640-20640|More for me.
|23510-27920|Anyway, the plan for today is to see the Humble Administrator's Garden
|27940-30650|before the tour groups arrive, eat noodles,
|30850-33850|and find the canal where my grandmother grew up.
0:recut
`},
		{"whisperx.zh.json", SimplifiedChinese, `|1000-3915|今天我们来试试学校门口的那家煎饼摊|SPEAKER_00
|4865-9131|老板说他在这里摆了二十年了每天早上五点就出摊|SPEAKER_00
|10081-11537|那你最喜欢加什么|SPEAKER_01
|12137-16479|我肯定要加两个鸡蛋再来一根油条少放一点辣酱|SPEAKER_00
|16829-19623|因为我昨天吃火锅到现在还没缓过来|SPEAKER_00
|20223-21704|一共12块钱可以扫码|SPEAKER_01
0:recut
`},
		{"whispercpp.zh.json", SimplifiedChinese, `|0-2050|大家好,欢迎回到我的频道
|2450-5850|今天给大家做一道酸菜鱼,这是我妈妈教我的
|6250-8750|首先把鱼切成薄片,然后加一点盐
`},
		{"openai.en.json", English, `|0-1670|Hi everyone, welcome back.
|2140-5820|Today I'm packing for two weeks in Chengdu with one carry-on,
|6020-8150|and yes, half of it is snacks.
0:recut
`},
		{"whisper-long.zh.json", SimplifiedChinese, `|0-3200|这家店我已经想来很久了。
|3200-8295|老板是台湾人，他跟我说做面的时候一定要用手揉，
|8295-12726|不能用机器，因为机器揉出来的面没有灵魂，
|12726-17600|我当时就笑了，但是吃了一口之后我真的闭嘴了。
0:recut
`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			track, rep := readFixture(t, "speech/"+test.name)
			if track.Format != JSON || track.Language != test.lang {
				t.Errorf("format %q, language %v", track.Format, track.Language)
			}
			if got := show(track, rep); got != test.want {
				t.Errorf("got\n%swant\n%s", got, test.want)
			}
		})
	}
}

func TestReadSpeechForms(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"a list of segments", `[{"start":1,"end":2.5,"text":"Hello"},{"start":3,"end":4,"text":"there."}]`, "|1000-2500|Hello\n|3000-4000|there.\n"},
		{"times as text", `{"segments":[{"start":"1.5","end":"2.5","text":"Hello"},{"start":"00:00:03,000","end":"00:00:04.000","text":"there."}]}`, "|1500-2500|Hello\n|3000-4000|there.\n"},
		{"milliseconds", `{"segments":[{"start":1000,"end":2500,"text":"Hello"},{"start":3000,"end":4000,"text":"there."}]}`, "|1000-2500|Hello\n|3000-4000|there.\n0:milliseconds\n"},
		{"whole seconds", `{"segments":[{"start":0,"end":4,"text":"Hello"},{"start":4,"end":9,"text":"there."}]}`, "|0-4000|Hello\n|4000-9000|there.\n"},
		{"chunks", `{"text":"Hello there.","chunks":[{"timestamp":[0.0,2.0],"text":" Hello there,"},{"timestamp":[2.0,null],"text":" you."}]}`, "|0-2000|Hello there,\n|2000-4000|you.\n1:no-end-time\n"},
		{"chunks of words", `{"text":" Hello there, you. Are you in?","chunks":[{"timestamp":[0.0,0.5],"text":" Hello"},{"timestamp":[0.5,1],"text":" there,"},{"timestamp":[1,1.5],"text":" you."},{"timestamp":[4,4.5],"text":" Are"},{"timestamp":[4.5,5],"text":" you"},{"timestamp":[5,6],"text":" in?"}]}`, "|0-1500|Hello there, you.\n|4000-6000|Are you in?\n0:recut\n"},
		{"words alone", `{"text":"Hello, you. Yes!","words":[{"word":"Hello","start":0.5,"end":1},{"word":"you","start":1,"end":1.5},{"word":"Yes","start":5,"end":5.4}]}`, "|500-1500|Hello, you.\n|5000-6000|Yes!\n0:recut\n"},
		{"words without a text", `{"word_segments":[{"word":"Hello","start":0.5,"end":1},{"word":"you","start":1,"end":1.7}]}`, "|500-1700|Hello you\n"},
		{"probabilities that are no JSON", `{"segments":[{"start":0.5,"end":2,"avg_logprob":NaN,"x":[-Infinity,{"a":[]},{}],"text":"Hello"}]}`, "|500-2000|Hello\n"},
		{"escapes", `{"segments":[{"start":0.5,"end":2,"text":"\u4f60\u597d \ud83d\ude00 \"R\u0026D\" \ud83d"}]}`, "|500-2000|你好 😀 \"R&D\" \uFFFD\n"},
		{"markup is text", `{"segments":[{"start":0.5,"end":2,"text":"1 < 2 & <b>"}]}`, "|500-2000|1 < 2 & <b>\n"},
		{"tokens of times and silence", `{"segments":[{"start":0.5,"end":2,"text":"<|0.50|> Hello<|2.00|>"},{"start":2,"end":4,"text":"[BLANK_AUDIO]"}]}`, "|500-2000|Hello\n-1:no-text\n"},
		{"no times", `{"segments":[{"text":"Hello"},{"start":1.5,"end":2.5,"text":"you"}]}`, "|1500-2500|you\n-1:bad-times\n"},
		{"times of words only", `{"segments":[{"text":"Hello you","words":[{"word":"Hello","start":1,"end":1.5},{"word":"you","start":1.5,"end":2.5}]}]}`, "|1000-2500|Hello you\n"},
		{"words of another text", `{"segments":[{"start":1.5,"end":2.5,"text":"Hello","words":[{"word":"Goodbye","start":1,"end":1.5}]}]}`, "|1500-2500|Hello\n0:words-unlike-text\n"},
		{"words without times", `{"segments":[{"start":1.5,"end":2.5,"text":"Hello","words":[{"word":"Hello"}]}]}`, "|1500-2500|Hello\n0:words-unlike-text\n"},
		{"end before start", `{"segments":[{"start":2.5,"end":1.5,"text":"Hello"}]}`, "|2500-3500|Hello\n0:speech-times\n"},
		{"a pause", `{"segments":[{"start":1,"end":9,"text":"Well, I said no","words":[{"word":"Well,","start":1,"end":1.4},{"word":" I","start":6,"end":6.2},{"word":" said","start":6.2,"end":6.6},{"word":" no","start":6.6,"end":9}]}]}`, "|1000-2000|Well,\n|6000-9000|I said no\n0:recut\n"},
		{"lines", "{\n\"segments\":[\n{\"start\":1.5,\"end\":2,\"text\":\"Hello\\nyou\"},\n{\"start\":2,\"end\":3,\"text\":\"\"}]}\n", "|1500-2500|Hello you\n-4:no-text\n"},
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

func TestReadSpeechRefuses(t *testing.T) {
	tests := []struct {
		name, in string
		kind     ErrorKind
		line     int
	}{
		{"other JSON", `{"version":1,"cues":[{"n":1}]}`, ErrNotSubtitles, 0},
		{"no segments", `{"text":"","segments":[],"language":"en"}`, ErrNoCues, 0},
		{"silence", `{"text":"","segments":[{"start":1.5,"end":2,"text":" "}],"language":"en"}`, ErrNoCues, 0},
		{"cut", "{\"segments\":[\n{\"start\":1.5,\"end\":2,\"text\":\"Hello", ErrMalformed, 2},
		{"a comma too many", "{\"segments\":[\n\n{\"start\":1.5,}]}", ErrMalformed, 3},
		{"something behind", `{"segments":[{"start":1.5,"end":2,"text":"Hello"}]} x`, ErrMalformed, 1},
		{"a bad escape", `{"segments":[{"start":1.5,"end":2,"text":"\u12"}]}`, ErrMalformed, 1},
		{"nested", `{"x":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + `}`, ErrMalformed, 1},
		{"brackets that do not match", `{"x":[1,2}]}`, ErrMalformed, 1},
		{"too many", `{"segments":[` + strings.Repeat(`{"text":"a"},`, MaxCues) + `{"text":"a"}]}`, ErrTooLarge, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := Read([]byte(test.in))
			e, ok := err.(*Error)
			if !ok || e.Kind != test.kind || e.Line != test.line || e.Message == "" {
				t.Errorf("%#v", err)
			}
		})
	}
}

// longSpeech is what Whisper writes for a talk of an hour, with words.
func longSpeech(t testing.TB) []byte {
	t.Helper()
	talk := strings.Fields("So the first thing you notice when you arrive is that nobody is in a hurry, and that is strange. I asked a man at the gate whether the market was open and he said it never closes.")
	var segments []map[string]any
	now := 0.0
	for i := range 600 {
		start := now
		var words []map[string]any
		for k := range 15 {
			w := " " + talk[(i*15+k)%len(talk)]
			words = append(words, map[string]any{"word": w, "start": now, "end": now + 0.35, "probability": 0.98})
			now += 0.4
		}
		text := ""
		for _, w := range words {
			text += w["word"].(string)
		}
		segments = append(segments, map[string]any{"id": i, "start": start, "end": now, "text": text, "words": words, "tokens": []int{50364, 1033, 11}})
	}
	data, err := json.Marshal(map[string]any{"language": "en", "segments": segments})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestSpeechCuesKeepToLimits recognises a long talk in both languages, with
// words of every length, and checks the cues that come of it.
func TestSpeechCuesKeepToLimits(t *testing.T) {
	for _, lang := range []struct {
		name  string
		words []string
		most  float64
	}{
		{"English", strings.Fields("So the first thing you notice when you arrive is that nobody is in a hurry, and that is strange. I asked a man at the gate whether the market was open and he said it never closes, it only rests"), 84},
		{"Chinese", strings.Split("我们|今天|要|去|一个|朋友|推荐|的|小|餐馆|她|说|那里|的|牛肉面|特别|好吃|但是|要|排队|很久", "|"), 32},
	} {
		t.Run(lang.name, func(t *testing.T) {
			var words []map[string]any
			var text strings.Builder
			now := 0.0
			for i := range 2000 {
				w := lang.words[i%len(lang.words)]
				if lang.name == "English" {
					w = " " + w
				}
				length := 0.08 * float64(len([]rune(w)))
				words = append(words, map[string]any{"word": w, "start": now, "end": now + length})
				now += length
				if i%17 == 16 {
					now += 0.4
				}
				text.WriteString(w)
			}
			data, err := json.Marshal(map[string]any{"segments": []any{map[string]any{"start": 0, "end": now, "text": text.String(), "words": words}}})
			if err != nil {
				t.Fatal(err)
			}
			track, rep, err := Read(data)
			checkTrack(t, track, rep, err)
			tag := DetectLanguage(track)
			last := time.Duration(0)
			for _, c := range track.Cues {
				if n := Length(c.Text, tag); n > lang.most || c.Duration() > 8*time.Second || c.Start < last || c.Duration() < 500*time.Millisecond {
					t.Errorf("%v-%v %.1f %s", c.Start, c.End, n, c.Text)
				}
				last = c.End
			}
			if n := len(track.Cues); n < 100 || n > 400 {
				t.Errorf("%d cues", n)
			}
		})
	}
}

func TestSpeechLanguage(t *testing.T) {
	for name, want := range map[string]string{"en": "en", "english": "en", "English": "en", "cantonese": "yue", "yue": "yue", "ja": "ja", "fr": "fr", "": "und", "auto detect": "und", "zh": "zh-Hant", "chinese": "zh-Hant", "zh-CN": "zh-Hant"} {
		track := &Track{Cues: []Cue{{Text: "剛搬到上海的時候，我誰也不認識"}}}
		if got := speechLanguage(name, track); got.String() != want {
			t.Errorf("%q is %v, want %s", name, got, want)
		}
	}
}

func TestReadSBV(t *testing.T) {
	const first = "0:00:01.000,0:00:02.500\n"
	tests := []struct{ name, in, want string }{
		{"as YouTube writes it", first + "Hello\nthere\n\n0:00:03.000,0:01:04.000\nBye\n\n", "|1000-2500|Hello/there\n|3000-64000|Bye\n"},
		{"CRLF", strings.ReplaceAll(first+"Hello\n\n0:00:03.000,0:00:04.000\nBye", "\n", "\r\n"), "|1000-2500|Hello\n|3000-4000|Bye\n"},
		{"byte order mark", "\uFEFF" + first + "你好", "|1000-2500|你好\n"},
		{"no blank lines", first + "Hello\n0:00:03.000,0:00:04.000\nBye", "|1000-2500|Hello\n|3000-4000|Bye\n"},
		{"a number is text", first + "Hello\n\n2\n\n0:00:03.000,0:00:04.000\n3", "|1000-2500|Hello/2\n|3000-4000|3\n2:blank-line\n"},
		{"no text", first + "\n0:00:03.000,0:00:04.000\nBye", "|3000-4000|Bye\n-1:no-text\n"},
		{"reversed", "0:00:04.000,0:00:02.000\nHello\n\n0:00:06.000,0:00:07.000\nBye", "|4000-6000|Hello\n|6000-7000|Bye\n1:end-not-after-start\n"},
		{"many hours", "99999999999:00:01.000,99999999999:00:01.000\nHello", "|3599996400000-3599996402000|Hello\n1:end-not-after-start\n"},
		{"text in front", "Captions\n\n" + first + "Hello", "|1000-2500|Hello\n-1:text-before-first-cue\n"},
		{"markup", first + "<i>Hello</i> R&D {\\an8}x", "|1000-2500|Hello R&D x|line:0\n"},
		{"arrows are text", first + "here --> there", "|1000-2500|here --> there\n"},
		{"SubViewer", "[INFORMATION]\n[TITLE]A day out\n[AUTHOR]me\n[END INFORMATION]\n[SUBTITLE]\n[COLF]&HFFFFFF,[STYLE]no,[SIZE]18,[FONT]Arial\n00:00:01.00,00:00:02.50\nHello[br]there [door]\n\n00:00:03.00,00:00:04.00\nBye", "|1000-2500|Hello/there [door]\n|3000-4000|Bye\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			track, rep, err := Read([]byte(test.in))
			if err != nil {
				t.Fatal(err)
			}
			checkTrack(t, track, rep, err)
			if got := show(track, rep); got != test.want || track.Format != SBV {
				t.Errorf("%s: got\n%swant\n%s", track.Format, got, test.want)
			}
		})
	}
	if track, _, err := Read([]byte("[INFORMATION]\n[TITLE]A day out\n[SUBTITLE]\n" + first + "Hello")); err != nil || track.Title != "A day out" {
		t.Errorf("%+v, %v", track, err)
	}
}

func FuzzReadSBV(f *testing.F) {
	addAll(f, "0:00:01.000,0:00:02.000\n")
	f.Add([]byte("[INFORMATION]\n0:00:01.000,0:00:02.000\na[br]b\n0:0\n0:00:03.00,0:00:02.0\n\n<i>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		text, rep := fuzzText(data, false)
		track, err := readSBV(text, rep)
		if err != nil {
			t.Fatal(err)
		}
		sorted(track, rep, t)
		accountFor(t, track, rep, "no-text")
	})
}

// FuzzReadSpeech checks that every character of the segments is in a cue or
// was noted as left out, and that cues are in order where segments are.
func FuzzReadSpeech(f *testing.F) {
	for _, name := range []string{"openai.en.json", "whisper-long.zh.json", "whispercpp.zh.json", "whisperx.zh.json"} {
		data, err := os.ReadFile("../testdata/speech/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, s := range hostile {
		text, _ := json.Marshal(s)
		f.Add(fmt.Appendf(nil, `{"segments":[{"start":1,"end":20,"text":%s,"words":[{"word":%[1]s,"start":1.5,"end":2},{"word":"a"}]}]}`, text))
		f.Add(fmt.Appendf(nil, `[{"timestamp":[1,99],"text":%s}]`, text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		text, rep := fuzzText(data, false)
		track, err := readSpeech(text, rep)
		if err != nil {
			switch KindOf(err) {
			case ErrMalformed, ErrNotSubtitles, ErrTooLarge:
			default:
				t.Error(err)
			}
			return
		}
		sorted(track, rep, t)
		rep.Audit.close(track, rep)
		if !rep.Audit.Agrees() {
			t.Errorf("%+v %v", rep.Audit, rep.Notes)
		}
	})
}

// FuzzJSONScanner checks that the scanner takes what the standard library
// takes, and that it reads the same strings.
func FuzzJSONScanner(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.5e3,{"b":null}],"c":"\u4f60\"x\\"}`, `[]`, `{`, `[1,]`, `{"a":1,}`, `"x"`, `-`, `[{}{}]`, `nul`, `{"a" 1}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		z := &jsonScanner{s: s}
		z.skip()
		if z.err == nil && z.peek() != 0 {
			z.fail()
		}
		if json.Valid([]byte(s)) && z.err != nil && !strings.Contains(s, strings.Repeat("[", 20)) && strings.Count(s, "{") < jsonDepth {
			t.Fatalf("valid JSON is refused: %v", z.err)
		}
		z = &jsonScanner{s: s}
		got, ok := z.text()
		var want string
		if json.Unmarshal([]byte(s), &want) == nil && ok && !strings.ContainsAny(want, "\x00\b\f") && got != want && s[0] == '"' && validUTF8(s) == s {
			t.Errorf("%q is read as %q, want %q", s, got, want)
		}
	})
}

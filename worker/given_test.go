package worker_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/duosub/duosub/internal/testtool"
	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/translate/translatetest"
	"github.com/duosub/duosub/worker"
)

const bilingual = `1
00:00:01,000 --> 00:00:03,000
刚搬到上海的时候，我谁也不认识。
When I first moved to Shanghai, I knew nobody.

2
00:00:04,000 --> 00:00:06,000
后来我在那里找到了一份工作。
Later I found a job there.

3
00:00:07,000 --> 00:00:09,000
你们觉得这个软件怎么样？
What do you think of this software?

4
00:00:10,000 --> 00:00:12,000
我每天早上都去同一家早餐店。
I go to the same breakfast place every morning.

5
00:00:13,000 --> 00:00:15,000
The old man there knows my name by now.

6
00:00:16,000 --> 00:00:18,000
下次见！
See you next time!
`

// What is bilingual already is taken apart, not bought; only a cue that stands
// in one language alone is.
func TestABilingualUploadIsSplitAndItsGapsAreBought(t *testing.T) {
	sim := translatetest.NewSimulator(translatetest.SimulatorOptions{})
	p := newProcessor(t, sim, nil, nil)
	for _, pairName := range []string{"zh-Hans,en", "en,zh-Hans", "zh-Hant-TW,en"} {
		pair, err := subtitles.ParsePair(pairName)
		if err != nil {
			t.Fatal(err)
		}
		res, err := p.Process(t.Context(), worker.Request{Data: []byte(bilingual), InputName: "talk.srt", Pair: pair})
		if err != nil {
			t.Fatal(err)
		}
		if res.State != worker.StateDone || res.Progress.Units != 1 {
			t.Errorf("%s: state %s, %d units to buy", pairName, res.State, res.Progress.Units)
		}
		zh := res.Document.Cues[2].Texts[pair.Chinese()]
		want := "你们觉得这个软件怎么样？"
		if pair.Chinese() == subtitles.TraditionalChineseTW {
			want = "你們覺得這個軟體怎麼樣？"
		}
		if zh.Text != want {
			t.Errorf("%s: %+v, want %q", pairName, zh, want)
		}
		gap := res.Document.Cues[4].Texts
		if gap[subtitles.English].Text != "The old man there knows my name by now." || gap[pair.Chinese()].Text == "" {
			t.Errorf("%s: the gap is %+v", pairName, gap)
		}
		var dual *subtitles.Track
		for _, f := range res.Files {
			if f.Name == "talk.dual.vtt" {
				if dual, _, err = subtitles.Read(f.Data); err != nil {
					t.Fatal(err)
				}
			}
		}
		if dual == nil || len(dual.Cues) != 6 {
			t.Fatalf("%s: no dual track of 6 cues", pairName)
		}
		if lines := strings.Split(dual.Cues[5].Text, "\n"); len(lines) != 2 || (lines[1] == "See you next time!") != (pair.Bottom == subtitles.English) {
			t.Errorf("%s: the last cue is %q", pairName, dual.Cues[5].Text)
		}
	}
	for unit := range sim.Asked() {
		if unit != "The old man there knows my name by now." {
			t.Errorf("%q was bought", unit)
		}
	}
}

// A Chinese source for a pair in the other script is converted, not bought.
func TestTheOtherScriptIsConverted(t *testing.T) {
	sim := translatetest.NewSimulator(translatetest.SimulatorOptions{})
	p := newProcessor(t, sim, nil, nil)
	pair, err := subtitles.ParsePair("zh-Hant-HK,en")
	if err != nil {
		t.Fatal(err)
	}
	res, err := p.Process(t.Context(), worker.Request{Data: testdata(t, "vlog.zh-Hans.srt"), InputName: "vlog.srt", Pair: pair})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range sim.Calls() {
		if c.Target != "en" {
			t.Errorf("%s was bought", c.Target)
		}
	}
	for _, c := range res.Document.Cues {
		hk := c.Texts[subtitles.TraditionalChineseHK]
		if hk.Status != subtitles.StatusGiven || subtitles.WrongScript(hk.Text, subtitles.TraditionalChineseHK) != "" {
			t.Errorf("cue %d: %+v", c.N, hk)
		}
	}
	if res.State != worker.StateDone {
		t.Errorf("state %s", res.State)
	}
}

// Where a video holds tracks in both languages, they are paired by time and
// nothing is bought.
func TestTwoTracksOfAVideoArePaired(t *testing.T) {
	ffmpeg := testtool.Program(t, "ffmpeg")
	sim := translatetest.NewSimulator(translatetest.SimulatorOptions{})
	p := newProcessor(t, sim, nil, nil)
	first, err := p.Process(t.Context(), worker.Request{Data: testdata(t, "vlog.en.srt"), InputName: "vlog.srt"})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range first.Files {
		if strings.HasSuffix(f.Name, ".srt") {
			if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	video := filepath.Join(dir, "both.mkv")
	testtool.Run(t, ffmpeg, "-v", "error", "-nostdin", "-i", filepath.Join("..", "testdata", "video", "silent.mp4"),
		"-i", filepath.Join(dir, "vlog.en.srt"), "-i", filepath.Join(dir, "vlog.zh-Hans.srt"),
		"-map", "0:v", "-map", "1", "-map", "2", "-c:v", "copy", "-c:s", "srt",
		"-metadata:s:s:0", "language=eng", "-metadata:s:s:1", "language=chi", video)
	calls := len(sim.Calls())
	res, err := p.Process(t.Context(), worker.Request{Path: video, InputName: "both.mkv"})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(sim.Calls()) - calls; n != 0 || res.State != worker.StateDone {
		t.Errorf("%d calls, state %s", n, res.State)
	}
	if res.Coverage.Given+res.Coverage.Kept < res.Coverage.Cues-2 {
		t.Errorf("coverage %+v", res.Coverage)
	}
	var a, b bytes.Buffer
	_ = subtitles.WriteSRT(&a, first.Document.Single(subtitles.SimplifiedChinese, subtitles.Profile{}))
	_ = subtitles.WriteSRT(&b, res.Document.Single(subtitles.SimplifiedChinese, subtitles.Profile{}))
	if a.String() != b.String() {
		t.Errorf("the Chinese track was\n%s\nand is\n%s", a.String(), b.String())
	}
	// A track that is asked for is taken alone.
	alone, err := p.Process(t.Context(), worker.Request{Path: video, InputName: "both.mkv", Track: "en"})
	if err != nil {
		t.Fatal(err)
	}
	if alone.Coverage.Given != 0 {
		t.Errorf("coverage %+v of a track asked for", alone.Coverage)
	}
}

package worker_test

import (
	"strings"
	"testing"
	"time"

	"github.com/duosub/duosub/internal/testtool"
	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/translate/translatetest"
	"github.com/duosub/duosub/worker"
)

// Every VTT that a job writes is read back by Chromium's own parser, and every
// SRT by ffmpeg, with the texts and times that were meant.
func TestPlayersReadWhatAJobWrites(t *testing.T) {
	p := newProcessor(t, translatetest.NewSimulator(translatetest.SimulatorOptions{}), nil, nil)
	for _, name := range []string{"vlog.en.srt", "vlog.zh-Hans.srt"} {
		res, err := p.Process(t.Context(), worker.Request{Data: testdata(t, name), InputName: name})
		if err != nil {
			t.Fatal(err)
		}
		profile, _ := subtitles.ProfileByName("default")
		meant := map[string]*subtitles.Track{
			"vlog.dual":    res.Document.Dual(profile),
			"vlog.en":      res.Document.Single(subtitles.English, profile),
			"vlog.zh-Hans": res.Document.Single(subtitles.SimplifiedChinese, profile),
		}
		for _, f := range res.Files {
			base, format := f.Name[:strings.LastIndex(f.Name, ".")], f.Name[strings.LastIndex(f.Name, ".")+1:]
			switch format {
			case "vtt":
				cues := testtool.BrowserCues(t, f.Data)
				want := meant[base].Cues
				if len(cues) != len(want) {
					t.Fatalf("%s: Chromium reads %d cues, want %d", f.Name, len(cues), len(want))
				}
				for i, c := range cues {
					w := want[i]
					if c.Plain != w.Text || millis(c.Start) != w.Start || millis(c.End) != w.End {
						t.Errorf("%s: Chromium reads %v to %v %q, want %v to %v %q", f.Name, c.Start, c.End, c.Plain, w.Start, w.End, w.Text)
					}
				}
			case "srt":
				back, _, err := subtitles.Read(testtool.ConvertSubtitles(t, f.Name, f.Data, "srt"))
				if err != nil {
					t.Fatal(err)
				}
				want := meant[base].Cues
				if len(back.Cues) != len(want) {
					t.Fatalf("%s: ffmpeg reads %d cues, want %d", f.Name, len(back.Cues), len(want))
				}
				for i, c := range back.Cues {
					w := want[i]
					if c.Text != w.Text || c.Start != w.Start || c.End != w.End {
						t.Errorf("%s: ffmpeg reads %v to %v %q, want %v to %v %q", f.Name, c.Start, c.End, c.Text, w.Start, w.End, w.Text)
					}
				}
			}
		}
	}
}

func millis(seconds float64) time.Duration {
	return time.Duration(seconds*1000+0.5) * time.Millisecond
}

package subtitles

import (
	"os"
	"path/filepath"
	"testing"
)

// TestBrokenFiles pins what becomes of files as strangers upload them; what is
// odd about each is written in testdata/README.md.
func TestBrokenFiles(t *testing.T) {
	const four = "1|1000-2500|大家好，我是小鹿。\n2|2800-4600|今天我们去中央公园，\n3|5000-7200|看看那里的松鼠是不是真的不怕人。\n4|7500-9000|你们准备好了吗？\n"
	want := map[string]string{
		"empty.srt":           "empty_file",
		"page.srt":            "not_subtitles",
		"photo.srt":           "not_subtitles",
		"half-utf16.srt":      "bad_encoding",
		"utf16-then-utf8.srt": "1|1000-2500|The first half is UTF-16,\n2|2800-4600|as some editor saved it,\n3|5000-7200|and the second half was appended\n4|7500-9000|by a script, in UTF-8.\n9:mixed-encodings\n",
		"utf16le-nobom.srt":   four,
		"utf16be-bom.srt":     four,
		"gb18030.srt":         four,
		"big5.srt":            "1|1000-2500|大家好，我是小鹿。\n2|2800-4600|今天我們去中央公園，\n3|5000-7200|看看那裡的松鼠是不是真的不怕人。\n4|7500-9000|你們準備好了嗎？\n",
		"crlf-mixed.srt":      "1|1000-2500|This cue ends its lines/as Windows does,\n2|2800-4600|this one as Unix does,\n3|5000-7200|and this one as an old Mac did.\n4|7500-9000|All of them/at once.\n",
		"no-indices.srt":      "|1000-2500|Nobody counted these cues,\n|2800-4600|so they begin with their times.\n|5000-7200|42\n|7500-9000|That was a number, no counter.\n",
		"no-end-time.srt":     "1|1000-2500|The first line is fine.\n2|3000-5000|This one has no end.\n3|5000-6500|And this one is fine again.\n6:no-end-time\n",
		"arrows.srt":          "1|1000-2500|People's Square --> Yuyuan Garden\n2|2800-4600|--> this way -->\n3|5000-7200|Line 10 --> exit 4/00:30 --> that is how long it takes\n4|7500-9000|<- back | forth ->\n",
		"bare-number.srt":     "1|1000-2500|Guess how many.\n2|2800-4600|347\n3|5000-7200|3\n4|7500-9000|2/1\n5|9500-11000|Go!\n",
		"nul.srt":             "1|1000-2500|A NUL in the middle,\n2|2800-4600|and at the end.\n3|5000-7200|Then nothing more.\n3:nul\n7:nul\n9:nul\n12:nul\n",
		"dialogue.ass":        "|1000-2500|Hey guys, it's Jess,|Jess\n|2800-4600|and this is/Wukang Road.|Jess\n|5000-7200|WUKANG MANSION|line:0\n|9500-11000|You're late,\u00a0again.|Mei\n|11200-13000|Four minutes, and I bought buns, too.|Jess\n-21:no-text\n",
		"sample.ttml":         "|1000-2500|Hey guys, it's Jess,\n|2800-4600|and this is/Wukang Road.\n|5000-7200|Mei works in R&D.\n",
		"divs.ttml":           "|1000-2500|大家好，我是小鹿。\n|2800-4600|今天我们去中央公园，\n|5000-7200|看看那里的松鼠/是不是真的不怕人。\n|7500-9000|你们准备好了吗？\n",
	}
	files, err := filepath.Glob("../testdata/broken/*")
	if err != nil || len(files) != len(want) {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			track, rep, err := Read(data)
			checkTrack(t, track, rep, err)
			got := string(KindOf(err))
			if err == nil {
				got = show(track, rep)
			}
			if want := want[filepath.Base(file)]; got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

package subtitles

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// corpus is the folder of files that nobody here wrote, or skips the test.
func corpus(t testing.TB, folder string) string {
	t.Helper()
	dir := os.Getenv("DUOSUB_CORPUS")
	if dir == "" {
		t.Skip("DUOSUB_CORPUS is not set")
	}
	return filepath.Join(dir, folder)
}

// chromiumCue is a cue as Chromium's parser gives it.
type chromiumCue struct {
	ID         string
	Start, End float64
	Text       string
	Settings   map[string]any
	HTML       string
	Plain      string
}

// specWins holds the identifiers of cues that Chromium reads in its own way.
// The white space in these files is the only line of the header, which a line
// of times ends (WebVTT §6.1, collecting a block "in header"), so that it is no
// identifier.
var specWins = map[string]string{
	"header-space.vtt": "",
	"header-tab.vtt":   "",
}

// TestWebVTTParserAgreesWithChromium compares, for each file of the web
// platform tests' parsing suite, the cues with Chromium's: identifier, times,
// payload, plain text, settings, and the tree as HTML. Where Chromium differs
// from the specification (specWins) the latter is expected. Chromium knows no
// regions, so those are not compared here.
func TestWebVTTParserAgreesWithChromium(t *testing.T) {
	dir := corpus(t, "webvtt")
	data, err := os.ReadFile(filepath.Join(dir, "chromium.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]struct {
		State string
		Cues  []chromiumCue
	}
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.vtt"))
	if err != nil || len(files) < 42 || len(files) != len(want) {
		t.Fatalf("%d files, %d results, %v", len(files), len(want), err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			rep := &Report{}
			text, err := decode(data, rep)
			if err != nil {
				t.Fatal(err)
			}
			if !hasVTTSignature(text) {
				t.Fatal("no signature")
			}
			p, err := parseVTT(replaceNULs(normalizeBreaks(text, true, rep), rep), rep)
			if err != nil {
				t.Fatal(err)
			}
			if id, ok := specWins[name]; ok {
				want[name].Cues[0].ID = id
			}
			got := p.file.cues
			if len(got) != len(want[name].Cues) {
				t.Fatalf("%d cues, Chromium has %d", len(got), len(want[name].Cues))
			}
			for i, w := range want[name].Cues {
				g := got[i]
				plain, _ := vttPlainText(g.payload)
				have := fmt.Sprintf("%q %v %v %q %q %v %s", g.id, g.start, g.end, g.payload, plain, chromiumSettings(g.settings), cueHTML(g.payload))
				should := fmt.Sprintf("%q %v %v %q %q %v %s", w.ID, seconds(w.Start), seconds(w.End), w.Text, w.Plain, fmt.Sprint(w.Settings), w.HTML)
				if have != should {
					t.Errorf("cue %d:\n have %s\nwant %s", i, have, should)
				}
			}
			readAgrees(t, data, want[name].Cues)
		})
	}
}

// readAgrees checks that Read gives the cues that show something, in order.
func readAgrees(t *testing.T, data []byte, want []chromiumCue) {
	t.Helper()
	track, _, err := Read(data)
	if err != nil {
		if KindOf(err) != ErrNoCues {
			t.Error(err)
		}
		track = &Track{}
	}
	n := 0
	for _, w := range want {
		text := cleanText(w.Plain)
		if text == "" {
			continue
		}
		if n == len(track.Cues) {
			t.Fatalf("Read gives %d cues, too few", n)
		}
		c := track.Cues[n]
		n++
		if c.N != n || c.ID != w.ID || c.Start != seconds(w.Start) || c.End != seconds(w.End) || c.Text != text {
			t.Errorf("Read gives %+v, Chromium %+v", c, w)
		}
	}
	if n != len(track.Cues) {
		t.Errorf("Read gives %d cues, want %d", len(track.Cues), n)
	}
}

func seconds(s float64) time.Duration {
	return time.Duration(s*1000+0.5) * time.Millisecond
}

// chromiumSettings are settings as chromium.json has them.
func chromiumSettings(s *Settings) map[string]any {
	if s == nil {
		return nil
	}
	m := map[string]any{}
	if s.Vertical != "" {
		m["vertical"] = s.Vertical
	}
	if s.Line != nil {
		m["line"] = *s.Line
		if s.LinePercent {
			m["snapToLines"] = false
		}
	}
	if s.Position != nil {
		m["position"] = *s.Position
	}
	if s.Size != nil {
		m["size"] = *s.Size
	}
	if s.Align != "" {
		m["align"] = s.Align
	}
	return m
}

// cueHTML builds the tree of a payload by the rules of WebVTT §6.4 and writes
// it as the nodes of §6.5 would be serialized.
func cueHTML(payload string) string {
	var b strings.Builder
	var open []string // the names of the open tags
	top := func() string {
		if len(open) == 0 {
			return ""
		}
		return open[len(open)-1]
	}
	closeTop := func() {
		element := top()
		switch element {
		case "c", "v", "lang":
			element = "span"
		}
		b.WriteString("</" + element + ">")
		open = open[:len(open)-1]
	}
	z := vttTokenizer{input: payload}
	for {
		tok, ok := z.next()
		if !ok {
			break
		}
		switch tok.kind {
		case vttString:
			b.WriteString(strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\u00a0", "&nbsp;").Replace(tok.text))
		case vttTimestampTag:
			if d, n, ok := vttTimestamp(tok.text); ok && n == len(tok.text) {
				ms := d.Milliseconds()
				fmt.Fprintf(&b, "<?timestamp %02d:%02d:%02d.%03d?>", ms/3600000, ms/60000%60, ms/1000%60, ms%1000)
			}
		case vttStartTag:
			element, attr := tok.text, ""
			switch tok.text {
			case "c":
				element = "span"
			case "v":
				element, attr = "span", fmt.Sprintf(" title=%q", tok.annotation)
			case "lang":
				element, attr = "span", fmt.Sprintf(" lang=%q", tok.annotation)
			case "b", "i", "u", "ruby":
			case "rt":
				if top() != "ruby" {
					continue
				}
			default:
				continue
			}
			if len(tok.classes) > 0 {
				attr += fmt.Sprintf(" class=%q", strings.Join(tok.classes, " "))
			}
			b.WriteString("<" + element + attr + ">")
			open = append(open, tok.text)
		case vttEndTag:
			switch {
			case tok.text != "" && tok.text == top():
				closeTop()
			case tok.text == "ruby" && top() == "rt":
				closeTop()
				closeTop()
			}
		}
	}
	for len(open) > 0 {
		closeTop()
	}
	return b.String()
}

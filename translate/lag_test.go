package translate

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/duosub/duosub/subtitles"
)

// lecture is one bilingual track, joined into sentences.
type lecture struct{ en, zh []string }

// readLectures reads the bilingual tracks of the corpus: a Chinese line, then
// an English one a cue.
func readLectures(t *testing.T) []lecture {
	t.Helper()
	root := os.Getenv("DUOSUB_CORPUS")
	if root == "" {
		t.Skip("DUOSUB_CORPUS is not set")
	}
	files, _ := filepath.Glob(filepath.Join(root, "pairs", "*.srt"))
	if len(files) == 0 {
		files, _ = filepath.Glob(filepath.Join(root, "*.srt"))
	}
	if len(files) == 0 {
		t.Fatal("the corpus has no pairs")
	}
	var all []lecture
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var cues []subtitles.Cue
		var chinese []string
		for block := range strings.SplitSeq(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n\n") {
			lines := strings.Split(strings.TrimSpace(block), "\n")
			if len(lines) != 4 || !strings.Contains(lines[1], "-->") {
				continue
			}
			// The sentences matter here, not the times.
			start := time.Duration(len(cues)) * 3 * time.Second
			cues = append(cues, subtitles.Cue{N: len(cues) + 1, Start: start, End: start + 3*time.Second, Text: lines[3]})
			chinese = append(chinese, lines[2])
		}
		var l lecture
		for _, u := range subtitles.Units(cues, subtitles.English) {
			l.en = append(l.en, subtitles.JoinParts(u.Parts, subtitles.English))
			l.zh = append(l.zh, subtitles.JoinParts(chinese[u.First:u.Last+1], subtitles.SimplifiedChinese))
		}
		all = append(all, l)
	}
	return all
}

func at(list []string, i int) string {
	if i < 0 || i >= len(list) {
		return ""
	}
	return list[i]
}

// lagRates runs the test over all windows of n sentences: as they are, and
// with texts moved by one.
func lagRates(source, target []string, n int) (windows, alarms, shifted, found int) {
	for i := 0; i+n <= len(source); i++ {
		judge := func(texts []string) bool {
			all, doubted := newLagTable(at(source, i-1), source[i:i+n], at(source, i+n), texts).findShift(false)
			return all || len(doubted) > 0
		}
		windows++
		if judge(target[i : i+n]) {
			alarms++
		}
		for _, by := range []int{1, -1} {
			var texts []string
			for j := range n {
				texts = append(texts, target[i+(j+by+n)%n])
			}
			shifted++
			if judge(texts) {
				found++
			}
		}
	}
	return
}

func TestLagFindsShiftsInLectures(t *testing.T) {
	lectures := readLectures(t)
	// Bounds per size of reply: honest replies rejected or doubted, and shifted
	// ones found, as shares.
	for _, c := range []struct {
		n            int
		alarms, find float64
	}{
		{40, 0.001, 0.999}, {24, 0.001, 0.999}, {12, 0.001, 0.999}, {8, 0.001, 0.995},
		{5, 0.005, 0.99}, {3, 0.01, 0.97}, {2, 0.08, 0.93},
	} {
		for _, toChinese := range []bool{true, false} {
			var windows, alarms, shifted, found int
			var misplaced, units float64
			for _, l := range lectures {
				s, g := l.en, l.zh
				if !toChinese {
					s, g = g, s
				}
				w, a, sh, f := lagRates(s, g, c.n)
				table := newLagTable("", s, "", g)
				for i := range s {
					units++
					if table.misplaced(i) {
						misplaced++
					}
				}
				windows, alarms, shifted, found = windows+w, alarms+a, shifted+sh, found+f
			}
			ar, fr := float64(alarms)/float64(windows), float64(found)/float64(shifted)
			t.Logf("replies of %2d, to Chinese %-5v: %4d honest, %.2f %% doubted; %4d shifted, %.2f %% found; %v of %v units misplaced", c.n, toChinese, windows, ar*100, shifted, fr*100, misplaced, units)
			if ar > c.alarms {
				t.Errorf("replies of %d, to Chinese %v: %.2f %% of honest ones are doubted, at most %.2f %% may be", c.n, toChinese, ar*100, c.alarms*100)
			}
			if misplaced > 0.005*float64(units) {
				t.Errorf("%v of %v honest units are taken for misplaced", misplaced, units)
			}
			if fr < c.find {
				t.Errorf("replies of %d, to Chinese %v: %.2f %% of shifted ones are found, at least %.2f %% must be", c.n, toChinese, fr*100, c.find*100)
			}
		}
	}
}

// TestChecksAcceptLectures measures the checks of single units on honest
// translations.
func TestChecksAcceptLectures(t *testing.T) {
	lectures := readLectures(t)
	for _, toChinese := range []bool{true, false} {
		units, hard, soft := 0, 0, 0
		for _, l := range lectures {
			w := Work{Source: subtitles.English, Target: subtitles.SimplifiedChinese}
			s, g := l.en, l.zh
			if !toChinese {
				w.Source, w.Target = w.Target, w.Source
				s, g = g, s
			}
			r := &run{w: w}
			var answers []accepted
			for i := range s {
				r.items = append(r.items, &item{index: i, source: s[i]})
			}
			for i := range s {
				a := accepted{item: r.items[i], whole: g[i]}
				units++
				if reason := r.check(&a, &Request{}); reason != "" {
					hard++
					t.Logf("%s: %q is refused for %q", reason, g[i], s[i])
				}
				if len(a.remarks) > 0 {
					soft++
					t.Logf("%v: %q for %q", a.remarks, g[i], s[i])
				}
				answers = append(answers, a)
			}
			bad := make([]string, len(answers))
			markCopies(answers, bad)
			for i, b := range bad {
				if b != "" {
					t.Logf("%s: %q for %q", b, g[i], s[i])
					hard++
				}
			}
		}
		t.Logf("to Chinese %v: %d units, %d refused, %d with remarks", toChinese, units, hard, soft)
		if float64(hard) > 0.01*float64(units) {
			t.Errorf("to Chinese %v: %d of %d honest translations are refused", toChinese, hard, units)
		}
		if float64(soft) > 0.03*float64(units) {
			t.Errorf("to Chinese %v: %d of %d honest translations get remarks", toChinese, soft, units)
		}
	}
}

// Two lines under one key, and a later text cut in two to fill the last one:
// every key is there, and little in the short stretch between looks shifted.
func TestAMergeHiddenByACutIsFound(t *testing.T) {
	sources := []string{"We paid by phone, obviously.", "She still carries a coin purse, though!", "Go on.", "Anyway, quick story."}
	honest := []string{"我们当然是用手机付的钱。", "不过她还是随身带着零钱包！", "接着说吧。", "总之，讲个小故事。"}
	merged := []string{"我们当然是用手机付的钱。不过她还是随身带着零钱包！", "接着说吧。", "总之，", "讲个小故事。"}
	if at := newLagTable("", sources, "", honest).merged(); at >= 0 {
		t.Errorf("unit %d of an honest reply is taken for two", at)
	}
	if all, doubted := newLagTable("", sources, "", merged).findShift(false); !all && len(doubted) < 4 {
		t.Errorf("of a merged reply only %v is doubted", doubted)
	}
}

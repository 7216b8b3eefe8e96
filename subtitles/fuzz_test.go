package subtitles

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// checkTrack checks what Read promises of every track and report.
func checkTrack(t *testing.T, track *Track, rep *Report, err error) {
	t.Helper()
	if rep == nil {
		t.Fatal("no report")
	}
	last := 0
	for _, n := range rep.Notes {
		if n.Line < last || n.Rule == "" || n.Message == "" {
			t.Errorf("note %+v behind line %d", n, last)
		}
		last = n.Line
	}
	if err != nil {
		if KindOf(err) == "" || err.Error() == "" || track != nil {
			t.Errorf("error %#v, track %v", err, track)
		}
		return
	}
	if !rep.Audit.Agrees() {
		t.Errorf("the audit does not agree: %+v, %v", rep.Audit, rep.Notes)
	}
	if len(track.Cues) == 0 || len(track.Cues) > MaxCues || track.Format != rep.Format {
		t.Errorf("%d cues, formats %q and %q", len(track.Cues), track.Format, rep.Format)
	}
	for i, c := range track.Cues {
		if c.N != i+1 || c.Line < 1 || c.Start < 0 || c.Start > maxTime || c.End > maxTime+mendedMost {
			t.Errorf("cue %+v", c)
		}
		if c.End <= c.Start && track.Format != VTT {
			t.Errorf("cue %d ends at %v and starts at %v", c.N, c.End, c.Start)
		}
		if c.Text == "" || c.Text != cleanText(c.Text) || !utf8.ValidString(c.Text) || strings.ContainsAny(c.Text, "\r\x00") || strings.Contains(c.Text, "\n\n") {
			t.Errorf("cue %d has the text %q", c.N, c.Text)
		}
	}
}

func addAll(f *testing.F, prefix string) {
	const srt = "1\n00:00:01,000 --> 00:00:02,000\n<i>Hello</i> &amp; {\\an8}\n\n2\n00:00:03,000 -->\n42\n\n-00:00:01.5 → 00：00：07，1 X1:1\nx\n"
	for _, s := range append([]string{srt, ass("0:00:01.00,0:00:02.50,Sign,Ann|{\\p1}m{\\p0}Hello\\N{x}} {"), ttml("<body><div begin='1s'><p begin='1s' dur='2.5s'>a<br/><span>b</span></p><p>c</p></div></body>"),
		"WEBVTT\n\nSTYLE\nx\n\nREGION\nid:a\n\nid\n00:01.000 --> 00:02.000 region:a line:1%,end align:end\n<v A>b<c.d>&lt;\n", simplifiedSRT, "<html>", ""}, hostile...) {
		f.Add([]byte(prefix + s))
		f.Add([]byte(prefix + strings.ReplaceAll(s, "\n", "\r\n")))
		f.Add([]byte(utf16Bytes(prefix+s, true)))
	}
}

func FuzzRead(f *testing.F) {
	addAll(f, "")
	f.Fuzz(func(t *testing.T, data []byte) {
		track, rep, err := Read(data)
		checkTrack(t, track, rep, err)
	})
}

// FuzzReadSRT checks that each line of times gives a cue or a dropped note.
func FuzzReadSRT(f *testing.F) {
	addAll(f, "")
	addAll(f, "1\n00:00:01,000 --> 00:00:02,000\n")
	f.Fuzz(func(t *testing.T, data []byte) {
		text, rep := fuzzText(data, false)
		track, err := readSRT(text, rep)
		if err != nil {
			t.Fatal(err)
		}
		sorted(track, rep, t)
		accountFor(t, track, rep, "no-text", "bad-times", "negative-time")
	})
}

// FuzzReadVTT checks that each line with an arrow, where times are due, gives
// a cue or a dropped note.
func FuzzReadVTT(f *testing.F) {
	addAll(f, "")
	addAll(f, "WEBVTT\n\n00:01.000 --> 00:02.000\n")
	f.Fuzz(func(t *testing.T, data []byte) {
		text, rep := fuzzText(data, true)
		text = "WEBVTT\n" + text
		track, err := readVTT(text, rep)
		if err != nil {
			t.Fatal(err)
		}
		sorted(track, rep, t)
		accountFor(t, track, rep, "no-text", "bad-times")
	})
}

// FuzzReadSSA checks that each Dialogue line gives a cue or a dropped note.
func FuzzReadSSA(f *testing.F) {
	addAll(f, assHead)
	addAll(f, assHead+"Dialogue: 0,0:00:01.00,0:00:02.50,Sign,Ann,0,0,0,,")
	f.Fuzz(func(t *testing.T, data []byte) {
		text, rep := fuzzText(data, false)
		p := newSSAParser(rep)
		track, err := p.parse(text)
		if err != nil {
			t.Fatal(err)
		}
		sorted(track, rep, t)
		accountFor(t, track, rep, "no-text", "bad-times", "bad-event", "line-too-long", "end-not-after-start", "duplicate")
	})
}

// FuzzReadTTML checks that each paragraph gives a cue or a dropped note.
func FuzzReadTTML(f *testing.F) {
	addAll(f, "")
	f.Add([]byte(ttml("<body><div><p><span begin='1s' end='2s'>a</span><span end='3f'>b</span></p></div></body>")))
	f.Fuzz(func(t *testing.T, data []byte) {
		text, rep := fuzzText(data, false)
		p := newTTMLParser(rep)
		track, err := p.parse(text)
		if err != nil {
			if KindOf(err) != ErrMalformed {
				t.Error(err)
			}
			return
		}
		sorted(track, rep, t)
		accountFor(t, track, rep, "no-text", "no-times", "line-too-long", "end-not-after-start", "duplicate")
	})
}

// fuzzText is text as the readers of formats get it.
func fuzzText(data []byte, vtt bool) (string, *Report) {
	rep := &Report{}
	text := normalizeBreaks(decodeUTF8(data, &Report{}), vtt, &Report{})
	if vtt {
		return replaceNULs(text, &Report{}), rep
	}
	return removeNULs(text, &Report{}), rep
}

// sorted checks a track, which may be empty, as checkTrack does.
func sorted(track *Track, rep *Report, t *testing.T) {
	t.Helper()
	if len(track.Cues) > 0 {
		checkTrack(t, track, &Report{Format: track.Format}, nil)
	}
	for _, n := range rep.Notes {
		if n.Line < 0 || n.Rule == "" || n.Message == "" {
			t.Errorf("note %+v", n)
		}
	}
}

// accountFor checks that what was seen is there or was noted as dropped, by
// one of the rules that drop a whole cue.
func accountFor(t *testing.T, track *Track, rep *Report, rules ...string) {
	t.Helper()
	rep.Audit.close(track, rep)
	if !rep.Audit.Agrees() {
		t.Errorf("the audit does not agree: %+v", rep.Audit)
	}
	seen, cues := rep.Audit.Timings, len(track.Cues)
	if rep.Omitted > 0 {
		return
	}
	dropped := 0
	for _, n := range rep.Notes {
		for _, rule := range rules {
			if n.Dropped && n.Rule == rule {
				dropped++
			}
		}
	}
	if seen != cues+dropped {
		t.Errorf("%d were seen, %d cues and %d dropped notes came out: %v", seen, cues, dropped, rep.Notes)
	}
}

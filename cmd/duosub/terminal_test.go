package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestMessagesStayOneLineWithoutControlCharacters(t *testing.T) {
	var errOut bytes.Buffer
	newTerminal(&bytes.Buffer{}, &errOut).say("%s: broken", "a\nb\x1b[31m\u202ec.srt")
	got := errOut.String()
	if strings.Count(got, "\n") != 1 || strings.ContainsAny(got, "\x1b\u202e") || !strings.HasPrefix(got, "duosub: a b") {
		t.Fatalf("said %q", got)
	}
}

func TestProgressElsewhereThanOnATerminalIsALineAQuarter(t *testing.T) {
	var errOut bytes.Buffer
	bar := newTerminal(&bytes.Buffer{}, &errOut).progress("sentences")
	for done := range 101 {
		bar.set("vlog.srt", done, 100)
	}
	bar.set("vlog.srt", 100, 100) // told again
	bar.end()
	want := "duosub: vlog.srt: 25 of 100 sentences\nduosub: vlog.srt: 50 of 100 sentences\n" +
		"duosub: vlog.srt: 75 of 100 sentences\nduosub: vlog.srt: 100 of 100 sentences\n"
	if got := errOut.String(); got != want {
		t.Fatalf("said %q", got)
	}
}

func TestBarMakesRoomForWhatIsPrinted(t *testing.T) {
	var screen bytes.Buffer
	term := newTerminal(&screen, &screen)
	term.bars = true
	bar := term.progress("sentences")
	bar.set("a", 4, 4)
	bar.set("b", 1, 6)
	term.printf("a: done")
	bar.end()
	got := screen.String()
	line := bar.line(80)
	if !strings.Contains(line, " 50% 5/10 sentences, 1 of 2 files") || len(line) > 80 {
		t.Errorf("the bar is %q", line)
	}
	if !strings.Contains(got, "\r\x1b[Ka: done\n\r\x1b[K"+line) {
		t.Errorf("the result stands in the bar: %q", got)
	}
	if !strings.HasSuffix(got, "\r\x1b[K") {
		t.Errorf("the bar stays behind: %q", got)
	}
}

func TestStoreAddresses(t *testing.T) {
	for _, tc := range []struct{ flag, want string }{
		{"/data/my store", "file:///data/my%20store?create_dir=true&metadata=skip&no_tmp_dir=true"},
		{"file:///data?metadata=sidecar", "file:///data?create_dir=true&metadata=skip&no_tmp_dir=true"},
		{"s3://bucket?region=eu", "s3://bucket?region=eu"},
	} {
		if got, err := storeURL(tc.flag); err != nil || got != tc.want {
			t.Errorf("%s became %s (%v), want %s", tc.flag, got, err, tc.want)
		}
	}
	if _, err := storeURL("s3://key:secret@bucket"); statusOf(err) != statusUsage || strings.Contains(err.Error(), "secret") {
		t.Errorf("error %v", err)
	}
}

package subtitles

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/language"
)

func TestWholeItalicsAreKnownInEveryFormat(t *testing.T) {
	srt := func(s string) string { return "1\n00:00:01,000 --> 00:00:02,000\n" + s + "\n" }
	vtt := func(s string) string { return "WEBVTT\n\n00:01.000 --> 00:02.000\n" + s + "\n" }
	ssa := func(style, s string) string {
		return "[V4+ Styles]\nFormat: Name, Alignment, Italic\nStyle: Upright,2,0\nStyle: Slanted,2,-1\n[Events]\n" +
			"Dialogue: 0,0:00:01.00,0:00:02.00," + style + ",,0,0,0,," + s + "\n"
	}
	ttml := func(s string) string {
		return `<tt xmlns="http://www.w3.org/ns/ttml" xmlns:tts="http://www.w3.org/ns/ttml#styling"><head><styling><style xml:id="it" tts:fontStyle="italic"/></styling></head><body><div>` + s + `</div></body></tt>`
	}
	for _, tt := range []struct {
		name, in string
		want     bool
	}{
		{"VTT", vtt("<i>Hello\nyou</i>"), true},
		{"VTT nested", vtt("<v Ann><i.x><b>Hello</b></i></v>"), true},
		{"VTT unclosed", vtt("<i>Hello"), true},
		{"VTT a word", vtt("Hello <i>you</i>"), false},
		{"VTT closed early", vtt("<i>Hello</i> you"), false},
		{"VTT two lines of three", vtt("<i>a</i>\n<i>b</i>\nc"), false},
		{"VTT each line", vtt("<i>a</i>\n<i>b</i>"), true},
		{"VTT as text", vtt("&lt;i>a&lt;/i>"), false},
		{"VTT other tag", vtt("<b>a</b>"), false},
		{"SRT", srt("<i>Hello</i>"), true},
		{"SRT capitals", srt("<I>Hello</I>"), true},
		{"SRT em", srt("<em>Hello</em>"), true},
		{"SRT a word", srt("Hello <i>you</i>"), false},
		{"SRT override", srt(`{\i1}Hello{\i0}`), true},
		{"SRT override ends", srt(`{\i1}Hello{\i0} you`), false},
		{"SRT position and tag", srt(`{\an8}<i>Hello</i>`), true},
		{"SRT broken", srt("Hello</i>"), false},
		{"SRT plain", srt("1 < 2 & 3"), false},
		{"SSA tag", ssa("Upright", `{\i1}Hello\Nyou`), true},
		{"SSA tag ends", ssa("Upright", `{\i1}Hello{\i0}\Nyou`), false},
		{"SSA style", ssa("Slanted", `Hello`), true},
		{"SSA style undone", ssa("Slanted", `{\i0}Hello`), false},
		{"SSA style restored", ssa("Slanted", `{\i0}{\r}Hello`), true},
		{"SSA drawing aside", ssa("Upright", `{\p1}m 0 0{\p0}{\i1}Hello`), true},
		{"TTML paragraph", ttml(`<p begin="1s" end="2s" tts:fontStyle="italic">Hello</p>`), true},
		{"TTML span", ttml(`<p begin="1s" end="2s"> <span tts:fontStyle="italic">Hello<br/>you</span> </p>`), true},
		{"TTML style", ttml(`<p begin="1s" end="2s" style="it">Hello</p>`), true},
		{"TTML a word", ttml(`<p begin="1s" end="2s">Hello <span style="it">you</span></p>`), false},
		{"TTML undone", ttml(`<p begin="1s" end="2s" style="it">Hello <span tts:fontStyle="normal">you</span></p>`), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			track, _, err := Read([]byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			if got := track.Cues[0].Italic; got != tt.want {
				t.Errorf("%q italic: %v", track.Cues[0].Text, got)
			}
		})
	}
}

func TestLineNumber(t *testing.T) {
	for _, tt := range []struct {
		settings, want string
	}{
		{"line:0", "0"}, {"line:3 align:start", "3"}, {"line:-2", "-2"}, {"line:10%", "0"}, {"line:85%", "-"}, {"line:50%", "-"},
		{"line:1.6", "2"}, {"line:9999999", "-"}, {"vertical:rl line:0", "-"}, {"align:start", "-"},
	} {
		s, _ := parseVTTSettings(tt.settings, nil)
		got := "-"
		if n := lineNumber(s); n != nil {
			b, _ := json.Marshal(*n)
			got = string(b)
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.settings, got, tt.want)
		}
	}
}

func TestKeepMusic(t *testing.T) {
	for _, tt := range []struct{ source, text, want string }{
		{"♪ I was born ♪", "我出生了", "♪ 我出生了 ♪"},
		{"♪ I was born", "我出生了", "♪ 我出生了"},
		{"♪♪ la la ♪♪", "啦啦", "♪♪ 啦啦 ♪♪"},
		{"♪I was born♪", "♪我出生了♪", "♪我出生了♪"},
		{"I was ♪ born", "我出生了", "我出生了"},
		{"♪♪", "我", "我"},
		{"Hello", "你好", "你好"},
		{"♪ x ♪", "", ""},
	} {
		if got := keepMusic(tt.text, tt.source); got != tt.want {
			t.Errorf("%q of %q: %q, want %q", tt.text, tt.source, got, tt.want)
		}
	}
}

// carried reads a file, translates each cue and lays both languages out, as a
// job does.
func carried(t *testing.T, file string, translations ...string) *Document {
	t.Helper()
	track, _, err := Read([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	d := &Document{Pair: DefaultPair, Source: English}
	for i, c := range track.Cues {
		if strings.ContainsAny(c.Text, "<>{}\\") {
			t.Errorf("markup goes to the translator: %q", c.Text)
		}
		dual := DualCue{N: c.N, Start: c.Start, End: c.End, Texts: map[language.Tag]Text{
			English: {Text: c.Text, Status: StatusSource}, SimplifiedChinese: {Text: translations[i], Status: StatusTranslated}}}
		dual.Carry(&c)
		d.Cues = append(d.Cues, dual)
	}
	// What a file keeps is what is written from it again.
	var b bytes.Buffer
	if err := WriteJSON(&b, d); err != nil {
		t.Fatal(err)
	}
	again, err := ReadJSON(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return again
}

func TestPositionsItalicsVoicesAndMusicSurvive(t *testing.T) {
	for name, file := range map[string]string{
		"srt": "1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<i>Hello</i>\n\n2\n00:00:03,000 --> 00:00:04,000\n<v Ann & Bob>♪ La <b>la ♪\n",
		"vtt": "WEBVTT\n\n00:01.000 --> 00:02.000 line:5% align:left\n<i>Hello</i>\n\n00:03.000 --> 00:04.000\n<v.loud Ann &amp; Bob>♪ La <b>la ♪\n",
		"ass": "[V4+ Styles]\nFormat: Name, Alignment, Italic\nStyle: T,8,-1\nStyle: B,2,0\n[Events]\n" +
			"Dialogue: 0,0:00:01.00,0:00:02.00,T,,0,0,0,,Hello\nDialogue: 0,0:00:03.00,0:00:04.00,B,Ann & Bob,0,0,0,,♪ La {\\b1}la ♪\n",
	} {
		t.Run(name, func(t *testing.T) {
			d := carried(t, file, "你好", "啦啦")
			want := map[string]string{
				"vtt dual": "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000 line:0\n你好\n<i>Hello</i>\n\n2\n00:00:03.000 --> 00:00:04.000\n<v Ann &amp; Bob>♪ 啦啦 ♪\n♪ La la ♪\n",
				"vtt zh":   "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000 line:0\n你好\n\n2\n00:00:03.000 --> 00:00:04.000\n<v Ann &amp; Bob>♪ 啦啦 ♪\n",
				"vtt en":   "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000 line:0\n<i>Hello</i>\n\n2\n00:00:03.000 --> 00:00:04.000\n<v Ann &amp; Bob>♪ La la ♪\n",
				"srt dual": "1\n00:00:01,000 --> 00:00:02,000\n你好\nHello\n\n2\n00:00:03,000 --> 00:00:04,000\n♪ 啦啦 ♪\n♪ La la ♪\n",
				"ass dual": "Dialogue: 0,0:00:01.00,0:00:02.00,zh-Hans,,0,0,0,,{\\an8}你好\\N{\\ren\\i1}Hello\nDialogue: 0,0:00:03.00,0:00:04.00,zh-Hans,Ann & Bob,0,0,0,,♪ 啦啦 ♪\\N{\\ren}♪ La la ♪\n",
			}
			_, events, _ := strings.Cut(string(writeASS(t, d.Dual(Profile{}))), "Effect, Text\n")
			got := map[string]string{
				"vtt dual": string(writeVTT(t, d.Dual(Profile{}))),
				"vtt zh":   string(writeVTT(t, d.Single(SimplifiedChinese, Profile{}))),
				"vtt en":   string(writeVTT(t, d.Single(English, Profile{}))),
				"srt dual": string(writeSRT(t, d.Dual(Profile{}))),
				"ass dual": events,
			}
			for k, w := range want {
				if got[k] != w {
					t.Errorf("%s: got\n%s\nwant\n%s", k, got[k], w)
				}
			}
		})
	}
}

func TestBrokenMarkupNeverComesBack(t *testing.T) {
	for _, payload := range []string{"<i>Hello", "Hello</i>", "<i><b>Hello</i></b>", "</v></c><i", "<v Ann>Hello <v Bob>you", "<i>Hello <00:00:01.500>you</i>", "<font color=\"<i>\">Hello"} {
		for _, head := range []string{"WEBVTT\n\n", ""} {
			track, _, err := Read([]byte(head + "00:00:01.000 --> 00:00:02.000\n" + payload + "\n\n00:00:03.000 --> 00:00:04.000\nlast\n"))
			if err != nil {
				t.Fatal(err)
			}
			d := &Document{Pair: DefaultPair, Source: English}
			for _, c := range track.Cues {
				dual := DualCue{N: c.N, Start: c.Start, End: c.End, Texts: map[language.Tag]Text{English: {Text: c.Text, Status: StatusSource}}}
				dual.Carry(&c)
				d.Cues = append(d.Cues, dual)
			}
			single := d.Single(English, Profile{})
			for name, data := range map[string][]byte{"vtt": writeVTT(t, single), "srt": writeSRT(t, single), "ass": writeASS(t, single)} {
				again, rep, err := Read(data)
				if err != nil || len(rep.Notes) > 0 {
					t.Fatalf("%s of %q: %v %v\n%s", name, payload, err, rep.Notes, data)
				}
				sameCues(t, again, single)
			}
		}
	}
}

func TestWriteVTTOptions(t *testing.T) {
	d := &Document{Pair: DefaultPair, Source: English, Cues: []DualCue{
		dualCue(1, 1000, 2000, "Hello", StatusSource, "你好", StatusTranslated), dualCue(2, 3000, 4000, "Gap", StatusSource, "", StatusUntranslated)}}
	d.Cues[0].Italic, d.Cues[0].Voice = true, "A>B\n-->C"
	write := func(track *Track, o VTTOptions) string {
		var b bytes.Buffer
		if err := WriteVTTWith(&b, track, o); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	dual := d.Dual(Profile{})
	if got, want := write(dual, VTTOptions{Plain: true}), "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\n你好\nHello\n\n2\n00:00:03.000 --> 00:00:04.000\nGap\n"; got != want {
		t.Errorf("plain: %s", got)
	}
	o := VTTOptions{Lang: true, Styles: []string{"::cue(:lang(zh)) {\n\n  color: yellow;\n}\n"}}
	if got, want := write(dual, o), "WEBVTT\n\nSTYLE\n::cue(:lang(zh)) {\n  color: yellow;\n}\n\n1\n00:00:01.000 --> 00:00:02.000\n"+
		"<v A&gt;B --&gt;C><lang zh-Hans>你好</lang>\n<lang en><i>Hello</i></lang>\n\n2\n00:00:03.000 --> 00:00:04.000\n<lang en>Gap</lang>\n"; got != want {
		t.Errorf("styled: got\n%s\nwant\n%s", got, want)
	}
	if err := WriteVTTWith(&bytes.Buffer{}, dual, VTTOptions{Styles: []string{"a --> b"}}); KindOf(err) != ErrMalformed {
		t.Errorf("an arrow in a style sheet: %v", err)
	}
}

func TestVTTWrittenAsReadKeepsWhatTheFormatAllows(t *testing.T) {
	const file = "WEBVTT\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:r\nlines:3\n\nfirst one\n00:00:01.000 --> 00:00:02.000 line:5%,end position:10%,line-left size:35.5% align:left\nHello\n\n" +
		"00:00:03.000 --> 00:00:04.000 vertical:lr line:-1\n<v Ann>you\n\n3\n00:00:05.000 --> 00:00:06.000 region:r\n<i>there</i>\n"
	track, rep, err := Read([]byte(file))
	if err != nil || len(rep.Notes) > 0 {
		t.Fatal(err, rep.Notes)
	}
	var b bytes.Buffer
	if err := WriteVTTWith(&b, track, VTTOptions{AsRead: true}); err != nil {
		t.Fatal(err)
	}
	if b.String() != file {
		t.Errorf("got\n%s\nwant\n%s", b.String(), file)
	}
}

// FuzzMarkupSurvives reads any payload in each format that has markup, lays it
// out and writes it in each format: the text that comes back is the text that
// was read, and so are top and italics where the output has them.
func FuzzMarkupSurvives(f *testing.F) {
	for _, s := range append([]string{"<i>Hello</i>", "<v Ann>x", `{\an8}{\i1}Hello`, "♪ <b>la</b> ♪", "<i>a\nb</i>"}, hostile...) {
		f.Add(s, uint8(0))
		f.Add(s, uint8(1))
		f.Add(s, uint8(2))
	}
	f.Fuzz(func(t *testing.T, payload string, format uint8) {
		payload = strings.NewReplacer("\n\n", "\n", "\r", "", "-->", "").Replace(validUTF8(payload))
		if strings.ContainsAny(payload, "\x00\u2028\u2029\u0085\u000b\u000c\uFDD0\uFDD1\uFDD2\uFEFF") {
			return
		}
		file := "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n" + payload + "\n"
		switch format % 3 {
		case 1:
			file = "1\n00:00:01,000 --> 00:00:02,000\n" + payload + "\n"
		case 2:
			file = "[V4+ Styles]\nFormat: Name, Alignment, Italic\nStyle: T,8,-1\n[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,T,,0,0,0,," + strings.ReplaceAll(payload, "\n", `\N`) + "\n"
		}
		track, _, err := Read([]byte(file))
		if err != nil {
			return
		}
		d := &Document{Pair: DefaultPair, Source: English}
		for _, c := range track.Cues {
			dual := DualCue{N: c.N, Start: c.Start, End: c.End, Texts: map[language.Tag]Text{English: {Text: c.Text, Status: StatusSource}}}
			dual.Carry(&c)
			d.Cues = append(d.Cues, dual)
		}
		single := d.Single(English, Profile{})
		// Readers of ASS put events in the order of time.
		inOrder := slices.IsSortedFunc(single.Cues, func(a, b Cue) int { return cmp.Compare(a.Start, b.Start) })
		if len(single.Cues) == 0 || !inOrder {
			return
		}
		for name, data := range map[string][]byte{"vtt": writeVTT(t, single), "srt": writeSRT(t, single), "ass": writeASS(t, single)} {
			again, _, err := Read(data)
			if err != nil {
				t.Fatalf("%s: %v\n%q", name, err, data)
			}
			if len(again.Cues) != len(single.Cues) {
				t.Fatalf("%s: %d cues, want %d\n%q", name, len(again.Cues), len(single.Cues), data)
			}
			for i, want := range single.Cues {
				got := again.Cues[i]
				if squeeze(got.Text) != squeeze(want.Text) {
					t.Errorf("%s: %q, want %q", name, got.Text, want.Text)
				}
				wide := (&textBlock{text: want.Text, lang: English}).wide()
				if name != "srt" && !wide && strings.TrimFunc(want.Text, isInvisible) != "" && got.Italic != want.Italic {
					t.Errorf("%s: italic %v, want %v: %q", name, got.Italic, want.Italic, data)
				}
				if name == "ass" && isAtTop(got.Settings) != isAtTop(want.Settings) {
					t.Errorf("%s: top %v, want %v", name, isAtTop(got.Settings), isAtTop(want.Settings))
				}
			}
		}
	})
}

func TestABilingualTrackKeepsItsPositions(t *testing.T) {
	track := &Track{Format: SRT}
	for i := range 12 {
		c := at(i*3000, i*3000+2000, "刚搬到上海的时候\nWhen I first moved here")
		if i == 3 {
			c.Settings, c.Italic, c.Voice = topSettings(), true, "Ann"
		}
		c.N = i + 1
		track.Cues = append(track.Cues, c)
	}
	d, ok := SplitBilingual(track)
	if !ok {
		t.Fatal("not taken for bilingual")
	}
	for i, c := range d.Dual(Profile{}).Cues {
		if top := isAtTop(c.Settings); top != (i == 3) || c.Italic != (i == 3) || (c.Voice == "Ann") != (i == 3) {
			t.Errorf("cue %d: %+v", c.N, c)
		}
	}
}

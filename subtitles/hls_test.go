package subtitles

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/text/language"
)

func hlsDocument() *Document {
	return &Document{Pair: DefaultPair, Source: English, Cues: []DualCue{
		dualCue(1, 1000, 3000, "One", StatusSource, "一", StatusTranslated),
		dualCue(2, 5000, 7000, "Two & <i>", StatusSource, "二", StatusTranslated),
		dualCue(3, 7000, 19500, "Three", StatusSource, "三", StatusTranslated),
		dualCue(4, 18000, 18500, "Four", StatusSource, "四", StatusTranslated)}}
}

// hlsFiles are the files by name; names is their order.
func hlsFiles(t *testing.T, tracks []*Track, o HLSOptions) (files map[string]string, names []string) {
	t.Helper()
	all, err := WriteHLS(tracks, o)
	if err != nil {
		t.Fatal(err)
	}
	files = map[string]string{}
	for _, f := range all {
		files[f.Name] = string(f.Data)
		names = append(names, f.Name)
	}
	return files, names
}

func TestWriteHLSCutsIntoSegmentsOfTheTargetDuration(t *testing.T) {
	d := hlsDocument()
	files, names := hlsFiles(t, []*Track{d.Dual(Profile{}), d.Single(English, Profile{})}, HLSOptions{Name: "my vlog", MPEGTS: 126000, Default: true})
	if got, want := strings.Join(names, " "), "my vlog.media.m3u8 my vlog.dual.m3u8 my vlog.dual.00001.vtt my vlog.dual.00002.vtt my vlog.dual.00003.vtt my vlog.dual.00004.vtt "+
		"my vlog.en.m3u8 my vlog.en.00001.vtt my vlog.en.00002.vtt my vlog.en.00003.vtt my vlog.en.00004.vtt"; got != want {
		t.Errorf("files %s", got)
	}
	const head = "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:126000,LOCAL:00:00:00.000\n"
	const two, three, four = "\n2\n00:00:05.000 --> 00:00:07.000\n二\nTwo &amp; &lt;i>\n", "\n3\n00:00:07.000 --> 00:00:19.500\n三\nThree\n", "\n4\n00:00:18.000 --> 00:00:18.500\n四\nFour\n"
	for name, want := range map[string]string{
		"my vlog.media.m3u8": "#EXTM3U\n" +
			`#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subs",NAME="中文 + English",LANGUAGE="zh-Hans",ASSOC-LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,URI="my%20vlog.dual.m3u8"` + "\n" +
			`#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subs",NAME="English",LANGUAGE="en",AUTOSELECT=YES,URI="my%20vlog.en.m3u8"` + "\n",
		"my vlog.en.m3u8": "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:6\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n" +
			"#EXTINF:6.000,\nmy%20vlog.en.00001.vtt\n#EXTINF:6.000,\nmy%20vlog.en.00002.vtt\n#EXTINF:6.000,\nmy%20vlog.en.00003.vtt\n#EXTINF:1.500,\nmy%20vlog.en.00004.vtt\n#EXT-X-ENDLIST\n",
		"my vlog.dual.00001.vtt": head + "\n1\n00:00:01.000 --> 00:00:03.000\n一\nOne\n" + two + "\n",
		"my vlog.dual.00002.vtt": head + two + three + "\n",
		"my vlog.dual.00003.vtt": head + three + "\n",
		"my vlog.dual.00004.vtt": head + three + four + "\n",
	} {
		if files[name] != want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, files[name], want)
		}
	}
}

func TestWriteHLSFollowsTheVideosSegments(t *testing.T) {
	video, err := ParsePlaylist([]byte("#EXTM3U\n#EXT-X-TARGETDURATION:8\n#EXT-X-MEDIA-SEQUENCE:7\n#EXTINF:7.507500,\na.ts\n#EXTINF:4.004,title, with comma\na.ts\n#EXT-X-ENDLIST\n"))
	if err != nil {
		t.Fatal(err)
	}
	d := hlsDocument()
	d.Cues = append(d.Cues, dualCue(5, 60_000, 61_000, "Five", StatusSource, "五", StatusTranslated))
	files, _ := hlsFiles(t, []*Track{d.Single(SimplifiedChinese, Profile{})}, HLSOptions{Name: "v", Video: video})
	if got, want := files["v.zh-Hans.m3u8"], "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:8\n#EXT-X-MEDIA-SEQUENCE:7\n#EXT-X-PLAYLIST-TYPE:VOD\n"+
		"#EXTINF:7.5075,\nv.zh-Hans.00001.vtt\n#EXTINF:4.004,\nv.zh-Hans.00002.vtt\n#EXT-X-ENDLIST\n"; got != want {
		t.Errorf("got\n%s", got)
	}
	for name, want := range map[string]string{"v.zh-Hans.00001.vtt": "一二三", "v.zh-Hans.00002.vtt": "三四五"} {
		got := ""
		for _, r := range files[name] {
			if isHanLike(r) {
				got += string(r)
			}
		}
		if got != want {
			t.Errorf("%s holds %s, want %s", name, got, want)
		}
	}
}

func TestWriteHLSEdges(t *testing.T) {
	empty := &Track{Language: English}
	files, _ := hlsFiles(t, []*Track{empty}, HLSOptions{})
	if files["subtitles.en.00001.vtt"] != "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n\n" || !strings.Contains(files["subtitles.en.m3u8"], "#EXTINF:6.000,\n") {
		t.Errorf("no cues: %q", files)
	}
	cue := func(a, b int) *Track { return &Track{Language: English, Cues: []Cue{at(a, b, "x")}} }
	// A cue that ends at a border is not in the next segment; one that is
	// never shown is where it begins.
	files, _ = hlsFiles(t, []*Track{cue(0, 6000)}, HLSOptions{Duration: 12 * time.Second})
	if !strings.Contains(files["subtitles.en.00001.vtt"], "\nx\n") || strings.Contains(files["subtitles.en.00002.vtt"], "\nx\n") {
		t.Errorf("a cue up to a border: %q", files)
	}
	files, _ = hlsFiles(t, []*Track{cue(6000, 6000)}, HLSOptions{Duration: 12 * time.Second})
	if strings.Contains(files["subtitles.en.00001.vtt"], "\nx\n") || !strings.Contains(files["subtitles.en.00002.vtt"], "\nx\n") {
		t.Errorf("a cue without duration: %q", files)
	}
	breaks := &Playlist{Segments: []Segment{{Duration: time.Second, Discontinuity: true}, {Duration: time.Second, Discontinuity: true}}}
	var long Track
	for i := range 5000 {
		long.Cues = append(long.Cues, at(i, 100*3600*1000, "a line that stands for days"))
	}
	for _, tt := range []struct {
		name   string
		tracks []*Track
		o      HLSOptions
		want   ErrorKind
	}{
		{"time stamp", []*Track{empty}, HLSOptions{MPEGTS: 1 << 33}, ErrMalformed},
		{"negative", []*Track{empty}, HLSOptions{Target: -1}, ErrMalformed},
		{"twice", []*Track{empty, empty}, HLSOptions{}, ErrMalformed},
		{"discontinuity", []*Track{empty}, HLSOptions{Video: breaks}, ErrUnsupported},
		{"multivariant playlist", []*Track{empty}, HLSOptions{Video: &Playlist{Variants: 1}}, ErrMalformed},
		{"too many segments", []*Track{cue(0, 1000*3600*1000)}, HLSOptions{}, ErrTooLarge},
		{"too much repeated", []*Track{&long}, HLSOptions{}, ErrTooLarge},
	} {
		if _, err := WriteHLS(tt.tracks, tt.o); KindOf(err) != tt.want {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestParsePlaylist(t *testing.T) {
	master := "\uFEFF#EXTM3U\r\n#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"s\",NAME=\"English, CC\",LANGUAGE=\"en-US\",DEFAULT=YES,FORCED=NO,URI=\"en/p.m3u8?a=1\",CHARACTERISTICS=\"a,public.accessibility.describes-music-and-sound\"\r\n" +
		"#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"s\",NAME=\"x\",FORCED=YES,LANGUAGE=\"!!\",URI=\"f.m3u8\"\r\n#EXT-X-STREAM-INF:BANDWIDTH=1\r\nv.m3u8\r\n"
	p, err := ParsePlaylist([]byte(master))
	if err != nil || !p.IsMaster() || len(p.Renditions) != 2 || p.Variants != 1 || len(p.Segments) != 0 {
		t.Fatalf("%v %+v", err, p)
	}
	if r := p.Renditions[0]; r.Name != "English, CC" || r.Language != language.AmericanEnglish || !r.Default || r.Forced || r.URI != "en/p.m3u8?a=1" || len(r.Characteristics) != 2 {
		t.Errorf("%+v", r)
	}
	if r := p.Renditions[1]; !r.Forced || r.Default || r.Language != language.Und {
		t.Errorf("%+v", r)
	}
	p, err = ParsePlaylist([]byte("#EXTM3U\n#EXT-X-MAP:URI=\"i\"\n#EXTINF:4,\n#EXT-X-BYTERANGE:10@5\na\n#EXT-X-KEY:METHOD=AES-128\n#EXTINF:4\n#EXT-X-BYTERANGE:20\na\n#EXT-X-DISCONTINUITY\n#EXT-X-KEY:METHOD=NONE\n#EXTINF:0.5,\nb\n"))
	want := []Segment{{URI: "a", Duration: 4 * time.Second, Offset: 5, Length: 10, Map: true},
		{URI: "a", Duration: 4 * time.Second, Offset: 15, Length: 20, Map: true, Encrypted: true},
		{URI: "b", Duration: time.Second / 2, Discontinuity: true, Map: true}}
	if err != nil || p.Ended || p.Duration() != 8500*time.Millisecond || len(p.Segments) != len(want) {
		t.Fatalf("%v %+v", err, p)
	}
	for i := range want {
		if p.Segments[i] != want[i] {
			t.Errorf("segment %d: %+v", i, p.Segments[i])
		}
	}
	for name, bad := range map[string]string{
		"no signature": "#EXTINF:1,\na\n", "no duration": "#EXTM3U\na\n", "negative": "#EXTM3U\n#EXTINF:-1,\na\n", "NaN": "#EXTM3U\n#EXTINF:NaN,\na\n", "endless": "#EXTM3U\n#EXTINF:1e300,\na\n",
		"range": "#EXTM3U\n#EXTINF:1,\n#EXT-X-BYTERANGE:0@1\na\n", "range overflows": "#EXTM3U\n#EXTINF:1,\n#EXT-X-BYTERANGE:9223372036854775807@9223372036854775807\na\n",
		"range follows none": "#EXTM3U\n#EXTINF:1,\n#EXT-X-BYTERANGE:5\na\n", "both kinds": "#EXTM3U\n#EXTINF:1,\na\n#EXT-X-STREAM-INF:\nb\n", "no text": "#EXTM3U\n\xff\n",
		"sequence": "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:x\n", "signature goes on": "#EXTM3U8\n",
	} {
		if _, err := ParsePlaylist([]byte(bad)); KindOf(err) != ErrMalformed {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ParsePlaylist([]byte("#EXTM3U\n" + strings.Repeat("#EXTINF:1,\na\n", MaxSegments+1))); KindOf(err) != ErrTooLarge {
		t.Errorf("too many segments: %v", err)
	}
}

func FuzzPlaylist(f *testing.F) {
	f.Add([]byte("#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6.006,\n#EXT-X-BYTERANGE:10@0\na.vtt\n#EXTINF:6,\n#EXT-X-BYTERANGE:10\na.vtt\n#EXT-X-ENDLIST\n"))
	f.Add([]byte("#EXTM3U\n#EXT-X-MEDIA:TYPE=SUBTITLES,NAME=\"a\",URI=\"b\"\n#EXT-X-STREAM-INF:A=B\nc\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ParsePlaylist(data)
		if err != nil {
			if KindOf(err) == "" {
				t.Fatalf("untyped error %v", err)
			}
			return
		}
		for _, s := range p.Segments {
			if s.URI == "" || s.Duration < 0 || s.Offset < 0 || s.Length < 0 || s.Offset+s.Length < 0 {
				t.Fatalf("%+v", s)
			}
		}
		if len(p.Segments) > 100 {
			return
		}
		files, err := WriteHLS([]*Track{{Language: English, Cues: []Cue{at(0, 5000, "x")}}}, HLSOptions{Video: p})
		if err != nil {
			return
		}
		again, err := ParsePlaylist(files[1].Data)
		if err != nil || len(again.Segments) != len(p.Segments) || !again.Ended {
			t.Fatalf("%v\n%s", err, files[1].Data)
		}
		for i, s := range again.Segments {
			if s.Duration != p.Segments[i].Duration {
				t.Fatalf("segment %d: %v, want %v", i, s.Duration, p.Segments[i].Duration)
			}
		}
	})
}

package worker_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/translate/translatetest"
	"github.com/duosub/duosub/worker"
	"github.com/duosub/duosub/worker/job"
	"golang.org/x/text/language"
)

// packaged is a file of testdata as a multivariant playlist, a media playlist
// and segments, by name.
func packaged(t *testing.T, name string) map[string]string {
	t.Helper()
	track, _, err := subtitles.Read(testdata(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return packagedTrack(t, track)
}

func packagedTrack(t *testing.T, track *subtitles.Track) map[string]string {
	t.Helper()
	track.Language = subtitles.DetectLanguage(track)
	made, err := subtitles.WriteHLS([]*subtitles.Track{track}, subtitles.HLSOptions{Name: "vlog", MPEGTS: 900_000})
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range made {
		files[f.Name] = string(f.Data)
	}
	lines := files["vlog.media.m3u8"]
	delete(files, "vlog.media.m3u8")
	files["master.m3u8"] = "#EXTM3U\n" + strings.TrimPrefix(lines, "#EXTM3U\n")
	if len(files) < 10 {
		t.Fatalf("only %d files: %v", len(files), slices.Sorted(maps.Keys(files)))
	}
	return files
}

// mediaName is the name of the media playlist among packaged files.
func mediaName(t *testing.T, files map[string]string) string {
	t.Helper()
	for name := range files {
		if strings.HasSuffix(name, ".m3u8") && name != "master.m3u8" {
			return name
		}
	}
	t.Fatal("no media playlist")
	return ""
}

func writeFiles(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// allow lets the service take sources from more places.
func (r *rig) allow(prefixes ...string) {
	r.t.Helper()
	var err error
	r.svc, err = worker.NewService(worker.ServiceConfig{Redis: r.rdb, Store: r.store, StoreURL: "file://" + r.root,
		AllowSources: append(prefixes, "file://"+r.sources), Processor: r.proc, Log: testLog(r.t)})
	if err != nil {
		r.t.Fatal(err)
	}
}

// checkCues compares the cues of a document with those of a file of testdata.
func checkCues(t *testing.T, doc *subtitles.Document, name string) {
	t.Helper()
	want, _, err := subtitles.Read(testdata(t, name))
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Cues) != len(want.Cues) {
		t.Fatalf("%d cues, want %d", len(doc.Cues), len(want.Cues))
	}
	for i, c := range doc.Cues {
		w := want.Cues[i]
		if c.Start != w.Start || c.End != w.End || c.Texts[doc.Source].Text != w.Text {
			t.Fatalf("cue %d is %v-%v %q, want %v-%v %q", c.N, c.Start, c.End, c.Texts[doc.Source].Text, w.Start, w.End, w.Text)
		}
	}
}

func TestPlaylistsAreSources(t *testing.T) {
	files := packaged(t, "vlog.en.srt")
	list := mediaName(t, files)
	r := newRig(t, translatetest.SimulatorOptions{})
	served := t.TempDir()
	writeFiles(t, filepath.Join(served, "hls"), files)
	mux := http.NewServeMux()
	mux.Handle("/hls/", http.FileServer(http.Dir(served)))
	mux.Handle("/moved/", http.RedirectHandler("/hls/"+list, http.StatusFound))
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	r.allow(srv.URL+"/hls", srv.URL+"/moved")
	writeFiles(t, filepath.Join(r.sources, "a b"), files)
	writeFiles(t, filepath.Join(r.root, "in"), files)
	r.start()
	for name, source := range map[string]string{
		"http media playlist":        srv.URL + "/hls/" + list,
		"http multivariant playlist": srv.URL + "/hls/master.m3u8",
		"http after a redirect":      srv.URL + "/moved/list.m3u8",
		"file":                       "file://" + r.sources + "/a%20b/" + list,
		"file, spaces as they are":   "file://" + r.sources + "/a b/" + list,
		"file, multivariant":         "file://" + r.sources + "/a%20b/master.m3u8",
		"store":                      "file://" + r.root + "/in/master.m3u8",
	} {
		t.Run(name, func(t *testing.T) {
			rec, _, err := r.svc.Submit(t.Context(), job.Spec{Source: source, Video: name})
			if err != nil {
				t.Fatal(err)
			}
			rec = r.waitState(rec.ID, worker.StateDone)
			i := slices.IndexFunc(rec.Outputs, func(o worker.Output) bool { return strings.HasSuffix(o.Name, ".dual.json") })
			if i < 0 {
				t.Fatalf("outputs %+v", rec.Outputs)
			}
			checkCues(t, r.document(rec.ID, rec.Outputs[i].Name), "vlog.en.srt")
		})
	}
}

func TestSegmentsOutsideWhatIsAllowedAreRefused(t *testing.T) {
	files := packaged(t, "vlog.en.srt")
	list := mediaName(t, files)
	var asked atomic.Int64
	const segment = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nA secret that nobody may read.\n"
	mux := http.NewServeMux()
	mux.HandleFunc("/secret/", func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Write([]byte(segment))
	})
	mux.Handle("/ok/moved.vtt", http.RedirectHandler("/secret/s.vtt", http.StatusFound))
	mux.HandleFunc("/ok/list.m3u8", func(w http.ResponseWriter, req *http.Request) {
		w.Write([]byte(onePiece("../secret/s.vtt")))
	})
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	r := newRig(t, translatetest.SimulatorOptions{})
	r.allow(srv.URL + "/ok")
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{"secret.vtt": segment})
	if err := os.Symlink(filepath.Join(dir, "secret.vtt"), filepath.Join(r.sources, "link.vtt")); err != nil {
		t.Fatal(err)
	}
	upload, err := r.svc.Upload(t.Context(), strings.NewReader(segment))
	if err != nil {
		t.Fatal(err)
	}
	r.start()
	up := func(text string) string {
		source, err := r.svc.Upload(t.Context(), strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return source
	}
	for name, test := range map[string]struct {
		source string
		code   worker.Code
	}{
		"beside the prefix":         {srv.URL + "/ok/list.m3u8", worker.CodeSourceNotAllowed},
		"another host":              {r.write("1.m3u8", []byte(onePiece("http://169.254.169.254/latest/s.vtt"))), worker.CodeSourceNotAllowed},
		"a path beside the prefix":  {r.write("2.m3u8", []byte(onePiece(srv.URL+"/secret/s.vtt"))), worker.CodeSourceNotAllowed},
		"a query":                   {r.write("3.m3u8", []byte(onePiece(srv.URL+"/ok/s.vtt?x"))), worker.CodeSourceNotAllowed},
		"a redirect out of it":      {r.write("4.m3u8", []byte(onePiece(srv.URL+"/ok/moved.vtt"))), worker.CodeSourceNotAllowed},
		"a file beside the prefix":  {r.write("5.m3u8", []byte(onePiece("file://"+dir+"/secret.vtt"))), worker.CodeSourceNotAllowed},
		"dots":                      {r.write("6.m3u8", []byte(onePiece("../"+filepath.Base(dir)+"/secret.vtt"))), worker.CodeSourceNotAllowed},
		"a link out of it":          {r.write("7.m3u8", []byte(onePiece("link.vtt"))), worker.CodeSourceNotAllowed},
		"an upload":                 {r.write("8.m3u8", []byte(onePiece(upload))), "bad_playlist"},
		"an upload from an upload":  {up(onePiece(upload)), worker.CodeSourceNotAllowed},
		"a file from an upload":     {up(onePiece("file://" + r.sources + "/" + list)), "bad_playlist"},
		"relative from an upload":   {up(onePiece("s.vtt")), worker.CodeSourceNotAllowed},
		"a host from an upload":     {up(onePiece(srv.URL + "/secret/s2.vtt")), worker.CodeSourceNotAllowed},
		"a rendition beside it":     {r.write("9.m3u8", []byte("#EXTM3U\n#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"s\",NAME=\"en\",URI=\""+srv.URL+"/secret/l.m3u8\"\n")), worker.CodeSourceNotAllowed},
		"a segment that is missing": {r.write("10.m3u8", []byte(onePiece("missing.vtt"))), worker.CodeSourceNotFound},
		"a live stream":             {r.write("11.m3u8", []byte(strings.NewReplacer("#EXT-X-ENDLIST", "", "#EXT-X-PLAYLIST-TYPE:VOD", "").Replace(files[list]))), "bad_playlist"},
	} {
		t.Run(name, func(t *testing.T) {
			rec, _, err := r.svc.Submit(t.Context(), job.Spec{Source: test.source, Video: name})
			if err != nil {
				t.Fatal(err)
			}
			rec = r.waitState(rec.ID, worker.StateFailed)
			if rec.Error.Code != string(test.code) {
				t.Errorf("error %+v, want %s", rec.Error, test.code)
			}
		})
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("what is not allowed was asked for %d times", n)
	}
	if len(r.sim.Calls()) != 0 {
		t.Error("a backend was called")
	}
}

// onePiece is a playlist of one segment.
func onePiece(segment string) string {
	return "#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\n" + segment + "\n#EXT-X-ENDLIST\n"
}

// The command's way: a file, without an opener.
func TestAPlaylistsOwnFolderIsReadWithoutAnOpener(t *testing.T) {
	files := packaged(t, "vlog.en.srt")
	top := t.TempDir()
	dir := filepath.Join(top, "hls")
	writeFiles(t, dir, files)
	p := newProcessor(t, translatetest.NewSimulator(translatetest.SimulatorOptions{}), nil, nil)
	res, err := p.Process(t.Context(), worker.Request{Path: filepath.Join(dir, "master.m3u8"), InputName: "vlog.m3u8"})
	if err != nil {
		t.Fatal(err)
	}
	checkCues(t, res.Document, "vlog.en.srt")

	writeFiles(t, top, map[string]string{"s.vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n"})
	outside := (&url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(top, "s.vtt"))}).String()
	for _, segment := range []string{"../s.vtt", outside} {
		writeFiles(t, dir, map[string]string{"out.m3u8": onePiece(segment)})
		_, err = p.Process(t.Context(), worker.Request{Path: filepath.Join(dir, "out.m3u8"), InputName: "out.m3u8"})
		if e := worker.AsError(err); e == nil || e.Code != "bad_playlist" {
			t.Errorf("%s: error %v", segment, err)
		}
	}
}

// A playlist that offers both languages is paired, not bought.
func TestAPlaylistWithBothLanguagesIsPaired(t *testing.T) {
	sim := translatetest.NewSimulator(translatetest.SimulatorOptions{})
	p := newProcessor(t, sim, nil, nil)
	first, err := p.Process(t.Context(), worker.Request{Data: testdata(t, "vlog.en.srt"), InputName: "vlog.srt"})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	master := "#EXTM3U\n"
	for _, tag := range []language.Tag{subtitles.English, subtitles.SimplifiedChinese} {
		files := packagedTrack(t, first.Document.Single(tag, subtitles.Profile{}))
		master += strings.TrimPrefix(files["master.m3u8"], "#EXTM3U\n")
		delete(files, "master.m3u8")
		writeFiles(t, dir, files)
	}
	writeFiles(t, dir, map[string]string{"master.m3u8": master})
	calls := len(sim.Calls())
	res, err := p.Process(t.Context(), worker.Request{Path: filepath.Join(dir, "master.m3u8"), InputName: "vlog.m3u8"})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(sim.Calls()) - calls; n != 0 || res.State != worker.StateDone {
		t.Errorf("%d calls for what is there in both languages, state %s", n, res.State)
	}
	if res.Coverage.Given+res.Coverage.Kept < res.Coverage.Cues-2 {
		t.Errorf("coverage %+v", res.Coverage)
	}
}

package worker_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/translate"
	"github.com/duosub/duosub/translate/translatetest"
	"github.com/duosub/duosub/worker"
	"github.com/duosub/duosub/worker/job"
	"github.com/hibiken/asynq"
	"golang.org/x/text/language"
)

func TestAJobWritesBothLanguagesForEveryCue(t *testing.T) {
	r := newRig(t, translatetest.SimulatorOptions{})
	r.start()
	for _, c := range []struct{ file, source, target string }{
		{"vlog.en.srt", "en", "zh-Hans"}, {"vlog.zh-Hans.srt", "zh-Hans", "en"},
	} {
		rec := r.submit(job.Spec{Source: r.put(c.file)})
		rec = r.waitState(rec.ID, worker.StateDone)
		var names []string
		for _, o := range rec.Outputs {
			names = append(names, o.Name)
		}
		base := "vlog"
		want := []string{base + "." + c.source + ".vtt", base + "." + c.target + ".vtt", base + ".dual.vtt",
			base + "." + c.source + ".srt", base + "." + c.target + ".srt", base + ".dual.srt", base + ".dual.json"}
		if !slices.Equal(names, want) {
			t.Errorf("outputs %v, want %v", names, want)
		}
		source, _, err := subtitles.Read(testdata(t, c.file))
		if err != nil {
			t.Fatal(err)
		}
		doc := r.document(rec.ID, base+".dual.json")
		dual, _, err := subtitles.Read(r.output(rec.ID, base+".dual.vtt"))
		if err != nil {
			t.Fatal(err)
		}
		if len(doc.Cues) != len(source.Cues) || len(dual.Cues) != len(source.Cues) {
			t.Fatalf("%d cues in the document, %d in the track, want %d", len(doc.Cues), len(dual.Cues), len(source.Cues))
		}
		for i, cue := range source.Cues {
			d := doc.Cues[i]
			if d.Start != cue.Start || d.End != cue.End || dual.Cues[i].Start != cue.Start || dual.Cues[i].End != cue.End {
				t.Errorf("cue %d is at %v to %v, want %v to %v", cue.N, d.Start, d.End, cue.Start, cue.End)
			}
			zh, en := d.Texts[subtitles.SimplifiedChinese], d.Texts[subtitles.English]
			if zh.Text == "" || en.Text == "" {
				t.Errorf("cue %d lacks a text: %+v", cue.N, d.Texts)
			}
			// Chinese lines are shown without a comma or full stop at their end.
			flat := func(s string) string {
				return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '，' || r == '。' }), "")
			}
			shown := subtitles.Punctuate(zh.Text, subtitles.SimplifiedChinese, subtitles.PunctuationDefault)
			if zh.Text != en.Text && flat(dual.Cues[i].Text) != flat(shown)+flat(en.Text) {
				t.Errorf("cue %d shows %q, want the Chinese line above the English", cue.N, dual.Cues[i].Text)
			}
			for line := range strings.SplitSeq(dual.Cues[i].Text, "\n") {
				if line != "。" && (strings.HasSuffix(line, "，") || strings.HasSuffix(line, "。")) {
					t.Errorf("cue %d shows %q", cue.N, line)
				}
			}
		}
		if !doc.Published || rec.Published != 1 || rec.Version != 1 || rec.Coverage.Untranslated != 0 {
			t.Errorf("published %v, version %d of %d, coverage %+v", doc.Published, rec.Published, rec.Version, rec.Coverage)
		}
		if rec.Cost.Amount == "" || rec.Cost.Currency != "USD" || rec.Progress.Done != rec.Progress.Units {
			t.Errorf("cost %+v, progress %+v", rec.Cost, rec.Progress)
		}
	}
}

// The units that a backend is asked for are the sentences of the golden
// files: cues are joined, not sent one by one.
func TestTheBackendIsAskedForSentences(t *testing.T) {
	r := newRig(t, translatetest.SimulatorOptions{})
	r.start()
	for _, lang := range []string{"en", "zh-Hans"} {
		rec := r.submit(job.Spec{Source: r.put("vlog." + lang + ".srt"), Video: lang})
		r.waitState(rec.ID, worker.StateDone)
	}
	asked := r.sim.Asked()
	for _, lang := range []string{"en", "zh-Hans"} {
		golden := string(testdata(t, "golden/units."+lang+".txt"))
		for text, n := range unitsOf(t, "vlog."+lang+".srt") {
			if asked[text] != n {
				t.Errorf("the unit %q was asked for %d times and stands %d times in the track", text, asked[text], n)
			}
			delete(asked, text)
			joined := subtitles.JoinParts(strings.Split(text, "|"), language.MustParse(lang))
			if !strings.Contains(golden, joined) {
				t.Errorf("the golden file lacks the unit %q", joined)
			}
		}
	}
	for text := range asked {
		t.Errorf("%q is no unit, and was asked for", text)
	}
}

func TestAskingAgainIsAnsweredFromTheRecord(t *testing.T) {
	r := newRig(t, translatetest.SimulatorOptions{})
	r.start()
	spec := job.Spec{Source: r.put("vlog.en.srt"), Video: "42"}
	first := r.submit(spec)
	first = r.waitState(first.ID, worker.StateDone)
	calls := len(r.sim.Calls())
	for range 2 { // the second time Redis has lost everything
		again, created, err := r.svc.Submit(t.Context(), spec)
		if err != nil {
			t.Fatal(err)
		}
		if created || again.Run != 1 || again.State != worker.StateDone || len(again.Outputs) != len(first.Outputs) {
			t.Errorf("created %v, run %d, state %s, %d outputs", created, again.Run, again.State, len(again.Outputs))
		}
		if err := r.rdb.FlushDB(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(r.sim.Calls()); n != calls {
		t.Errorf("%d calls for a job that was known", n-calls)
	}
}

func TestADifferentRequestStartsTheNextRunAndBuysNothingTwice(t *testing.T) {
	r := newRig(t, translatetest.SimulatorOptions{})
	r.start()
	spec := job.Spec{Source: r.put("vlog.en.srt"), Video: "42"}
	first := r.waitState(r.submit(spec).ID, worker.StateDone)
	calls := len(r.sim.Calls())
	spec.Profile = "portrait"
	second := r.submit(spec)
	if second.ID != first.ID || second.Run != 2 {
		t.Fatalf("job %s run %d, want job %s run 2", second.ID, second.Run, first.ID)
	}
	second = r.waitState(second.ID, worker.StateDone)
	if n := len(r.sim.Calls()) - calls; n != 0 {
		t.Errorf("%d calls for another layout", n)
	}
	if second.Version != 2 || second.Coverage.Reused == 0 || second.Coverage.Translated != 0 {
		t.Errorf("version %d, coverage %+v", second.Version, second.Coverage)
	}
}

// One way, not two: the Processor alone and the queue write the same bytes.
func TestTheQueueWritesWhatTheProcessorWrites(t *testing.T) {
	r := newRig(t, translatetest.SimulatorOptions{})
	r.start()
	rec := r.waitState(r.submit(job.Spec{Source: r.put("vlog.en.srt")}).ID, worker.StateDone)
	alone := newProcessor(t, translatetest.NewSimulator(translatetest.SimulatorOptions{}), nil, nil)
	res, err := alone.Process(t.Context(), worker.Request{Path: filepath.Join("..", "testdata", "vlog.en.srt"), InputName: "vlog.en.srt"})
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Files) != len(rec.Outputs) {
		t.Fatalf("%d files, %d outputs", len(res.Files), len(rec.Outputs))
	}
	for _, f := range res.Files {
		if got := r.output(rec.ID, f.Name); !bytes.Equal(got, f.Data) {
			t.Errorf("%s differs:\n%s\nand\n%s", f.Name, got, f.Data)
		}
	}
}

func TestUploadsAreSources(t *testing.T) {
	r := newRig(t, translatetest.SimulatorOptions{})
	r.start()
	source, err := r.svc.Upload(t.Context(), bytes.NewReader(testdata(t, "vlog.en.vtt")))
	if err != nil {
		t.Fatal(err)
	}
	again, err := r.svc.Upload(t.Context(), bytes.NewReader(testdata(t, "vlog.en.vtt")))
	if err != nil || again != source {
		t.Errorf("the same bytes are %q and %q: %v", source, again, err)
	}
	rec := r.waitState(r.submit(job.Spec{Source: source, Filename: "vlog.en.vtt"}).ID, worker.StateDone)
	if rec.Outputs[0].Name != "vlog.en.vtt" {
		t.Errorf("the first output is %s", rec.Outputs[0].Name)
	}
}

func TestVideosGiveTheirTextTrack(t *testing.T) {
	r := newRig(t, translatetest.SimulatorOptions{})
	r.start()
	for _, name := range []string{"video/vlog.mp4", "video/vlog.mkv"} {
		rec := r.waitState(r.submit(job.Spec{Source: r.put(name)}).ID, worker.StateDone)
		source, _, err := subtitles.Read(testdata(t, "vlog.en.srt"))
		if err != nil {
			t.Fatal(err)
		}
		if rec.Coverage.Cues != len(source.Cues) {
			t.Errorf("%s gave %d cues, want %d", name, rec.Coverage.Cues, len(source.Cues))
		}
	}
}

func TestATaskEnqueuedStraightGetsItsRecord(t *testing.T) {
	r := newRig(t, translatetest.SimulatorOptions{})
	r.start()
	spec := job.Spec{Source: r.put("vlog.en.srt"), Video: "straight", Lane: job.Preview}
	task, err := job.NewTask(spec)
	if err != nil {
		t.Fatal(err)
	}
	client := asynq.NewClientFromRedisClient(r.rdb)
	for range 3 {
		if _, err := client.Enqueue(task); err != nil {
			t.Fatal(err)
		}
	}
	rec := r.waitState(spec.ID(), worker.StateDone)
	if rec.Run != 1 || rec.Lane != job.Preview {
		t.Errorf("run %d in lane %s", rec.Run, rec.Lane)
	}
	r.checkPaidOnce("vlog.en.srt")
}

func TestBadInputFailsAtOnceWithAReason(t *testing.T) {
	r := newRig(t, translatetest.SimulatorOptions{})
	r.start()
	for _, c := range []struct {
		name string
		data []byte
		code string
	}{
		{"empty.srt", nil, "empty_file"},
		{"page.srt", []byte("<!DOCTYPE html><html><body>Not found</body></html>"), "not_subtitles"},
		{"photo.srt", append([]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00"), make([]byte, 200)...), "not_subtitles"},
		{"silent.mp4", testdata(t, "video/silent.mp4"), "no_text_track"},
		{"numbers.srt", []byte("1\n00:00:01,000 --> 00:00:02,000\n12345\n"), "unknown_language"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rec := r.waitState(r.submit(job.Spec{Source: r.write(c.name, c.data)}).ID, worker.StateFailed)
			if rec.Error == nil || rec.Error.Code != c.code || rec.Error.Message == "" || len(rec.Outputs) != 0 {
				t.Errorf("error %+v, outputs %v, want code %s", rec.Error, rec.Outputs, c.code)
			}
		})
	}
	if len(r.sim.Calls()) != 0 {
		t.Error("a backend was called for bad input")
	}
}

func TestSourcesOutsideWhatIsAllowedAreRefused(t *testing.T) {
	r := newRig(t, translatetest.SimulatorOptions{})
	outside := filepath.Join(t.TempDir(), "secret.srt")
	if err := os.WriteFile(outside, testdata(t, "vlog.en.srt"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, source := range []string{
		"file://" + outside, "file://" + r.sources + "/../" + filepath.Base(filepath.Dir(outside)) + "/secret.srt",
		"file://" + r.sources + "2/a.srt", "http://169.254.169.254/latest/meta-data", "s3://bucket/a.srt", "gopher://x/a.srt",
		"https://media.example/a.srt",
	} {
		_, _, err := r.svc.Submit(t.Context(), job.Spec{Source: source})
		var e *worker.Error
		if !errors.As(err, &e) || e.Code != worker.CodeSourceNotAllowed {
			t.Errorf("%s: error %v", source, err)
		}
	}
	// A link inside an allowed folder that leads out of it is found when it
	// is followed.
	if err := os.Symlink(outside, filepath.Join(r.sources, "link.srt")); err != nil {
		t.Fatal(err)
	}
	r.start()
	rec := r.waitState(r.submit(job.Spec{Source: "file://" + r.sources + "/link.srt"}).ID, worker.StateFailed)
	if rec.Error.Code != string(worker.CodeSourceNotAllowed) {
		t.Errorf("error %+v", rec.Error)
	}
}

func TestEventsTellTheWholeJobAndResume(t *testing.T) {
	r := newRig(t, translatetest.SimulatorOptions{})
	rec := r.submit(job.Spec{Source: r.put("vlog.en.srt")})
	r.start()
	var all []worker.Event
	if err := r.svc.Events(t.Context(), rec.ID, "", func(e worker.Event) error { all = append(all, e); return nil }); err != nil {
		t.Fatal(err)
	}
	cues := map[int]bool{}
	for _, e := range all {
		if bytes.ContainsAny(e.Data, "\n\r") {
			t.Errorf("event %s has a line break", e.ID)
		}
		if e.Type == "cue" {
			var c subtitles.DualCue
			if err := json.Unmarshal(e.Data, &c); err != nil {
				t.Fatal(err)
			}
			if c.Texts[subtitles.SimplifiedChinese].Text != "" {
				cues[c.N] = true
			}
		}
	}
	done := r.waitState(rec.ID, worker.StateDone)
	if len(cues) != done.Coverage.Cues {
		t.Errorf("%d cues were told, there are %d", len(cues), done.Coverage.Cues)
	}
	last := all[len(all)-1]
	if all[0].Type != "state" || last.Type != "state" || !bytes.Contains(last.Data, []byte(`"state":"done"`)) || bytes.Contains(last.Data, []byte("outputs")) {
		t.Errorf("from %s %s to %s %s", all[0].Type, all[0].Data, last.Type, last.Data)
	}
	middle := len(all) / 2
	var rest []worker.Event
	if err := r.svc.Events(t.Context(), rec.ID, all[middle].ID, func(e worker.Event) error { rest = append(rest, e); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(rest) != len(all)-middle-1 || rest[0].ID != all[middle+1].ID {
		t.Errorf("%d events after number %d of %d", len(rest), middle, len(all))
	}
}

func TestCancelStopsAQueuedAndARunningJob(t *testing.T) {
	r := newRig(t, translatetest.SimulatorOptions{Latency: 300 * time.Millisecond})
	queued := r.submit(job.Spec{Source: r.put("vlog.en.srt"), Video: "queued"})
	if _, err := r.svc.Cancel(t.Context(), queued.ID); err != nil {
		t.Fatal(err)
	}
	r.start()
	running := r.submit(job.Spec{Source: r.put("vlog.zh-Hans.srt"), Video: "running"})
	r.wait(running.ID, "under way", func(rec *worker.Record) bool { return rec.Progress.Done > 0 })
	if _, err := r.svc.Cancel(t.Context(), running.ID); err != nil {
		t.Fatal(err)
	}
	r.wait(running.ID, "given up", func(*worker.Record) bool {
		n, err := r.rdb.Exists(t.Context(), "duosub:{"+running.ID+"}:claim").Result()
		return err == nil && n == 0
	})
	for _, id := range []string{queued.ID, running.ID} {
		if rec := r.waitState(id, worker.StateCanceled); len(rec.Outputs) != 0 {
			t.Errorf("a canceled job has outputs: %v", rec.Outputs)
		}
	}
	again := r.submit(job.Spec{Source: r.put("vlog.zh-Hans.srt"), Video: "running"})
	if again.Run != 2 {
		t.Errorf("run %d after cancelling", again.Run)
	}
	r.waitState(again.ID, worker.StateDone)
}

func TestPurgeLeavesNothing(t *testing.T) {
	r := newRig(t, translatetest.SimulatorOptions{})
	r.start()
	source, err := r.svc.Upload(t.Context(), bytes.NewReader(testdata(t, "vlog.en.srt")))
	if err != nil {
		t.Fatal(err)
	}
	rec := r.waitState(r.submit(job.Spec{Source: source}).ID, worker.StateDone)
	report, err := r.svc.Purge(t.Context(), rec.ID)
	if err != nil {
		t.Fatal(err)
	}
	if report.Outputs == 0 || report.MemoryEntries == 0 || report.Sources != 1 {
		t.Errorf("report %+v", report)
	}
	if _, err := r.svc.Get(t.Context(), rec.ID); !errors.Is(err, worker.ErrNotFound) {
		t.Errorf("the job is still there: %v", err)
	}
	var left []string
	filepath.WalkDir(r.root, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			left = append(left, path)
		}
		return nil
	})
	keys, err := r.rdb.Keys(t.Context(), "duosub:*"+rec.ID+"*").Result()
	if err != nil || len(left) != 0 || len(keys) != 0 {
		t.Errorf("left over: files %v, keys %v (%v)", left, keys, err)
	}
	if n, _ := r.rdb.Keys(t.Context(), "duosub:m:*").Result(); len(n) != 0 {
		t.Errorf("%d memory entries are left", len(n))
	}
}

func TestAStoppedBackendLeavesJobsWaitingWithTheReason(t *testing.T) {
	r := newRig(t, translatetest.SimulatorOptions{Faults: map[translatetest.Fault]float64{translatetest.Quota: 1}})
	r.start()
	first := r.submit(job.Spec{Source: r.put("vlog.en.srt"), Video: "1"})
	waits := func(rec *worker.Record) bool { return rec.State == worker.StateQueued && rec.Reason != "" }
	r.wait(first.ID, "waiting", waits)
	calls := len(r.sim.Calls())
	second := r.submit(job.Spec{Source: r.put("vlog.zh-Hans.srt"), Video: "2"})
	rec := r.wait(second.ID, "waiting", waits)
	if !strings.Contains(rec.Reason, "openai") {
		t.Errorf("the reason names no backend: %s", rec.Reason)
	}
	if n := len(r.sim.Calls()); n != calls {
		t.Errorf("a stopped backend was asked %d times more", n-calls)
	}
	r.sim.SetFaults(nil, nil)
	for _, id := range []string{first.ID, second.ID} {
		if _, err := r.svc.Retry(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	r.waitState(first.ID, worker.StateDone)
	r.waitState(second.ID, worker.StateDone)
}

func TestRateLimitsAreNoFailures(t *testing.T) {
	script := make([]translatetest.Fault, 12)
	for i := range script {
		script[i] = translatetest.RateLimit
	}
	r := newRig(t, translatetest.SimulatorOptions{Script: script, RetryAfter: time.Second})
	r.start()
	rec := r.waitState(r.submit(job.Spec{Source: r.put("vlog.en.srt")}).ID, worker.StateDone)
	if rec.Coverage.Untranslated != 0 {
		t.Errorf("coverage %+v", rec.Coverage)
	}
}

func TestADrainedPoolGivesItsJobsBackAndPaysOnce(t *testing.T) {
	r := newRig(t, translatetest.SimulatorOptions{Latency: 200 * time.Millisecond})
	stop := r.start()
	rec := r.submit(job.Spec{Source: r.put("vlog.en.srt")})
	r.wait(rec.ID, "under way", func(rec *worker.Record) bool { return rec.Progress.Done > 0 })
	stop()
	between, err := r.svc.Get(t.Context(), rec.ID)
	if err != nil {
		t.Fatal(err)
	}
	if between.State != worker.StateQueued && between.State != worker.StateDone {
		t.Errorf("state %s after the drain", between.State)
	}
	r.start()
	r.waitState(rec.ID, worker.StateDone)
	r.checkPaidOnce("vlog.en.srt")
}

func TestAnotherRunSupersedesTheOneUnderWay(t *testing.T) {
	r := newRig(t, translatetest.SimulatorOptions{Latency: 200 * time.Millisecond})
	r.start()
	spec := job.Spec{Source: r.put("vlog.en.srt"), Video: "42"}
	first := r.submit(spec)
	r.wait(first.ID, "under way", func(rec *worker.Record) bool { return rec.Progress.Done > 0 })
	spec.Formats = []string{"vtt"}
	r.submit(spec)
	rec := r.waitState(first.ID, worker.StateDone)
	if rec.Run != 2 || rec.Version != 1 {
		t.Errorf("run %d, version %d", rec.Run, rec.Version)
	}
}

func TestGapsCloseTheGateAndLeaveWhatWasPublished(t *testing.T) {
	r := newRig(t, translatetest.SimulatorOptions{})
	r.start()
	spec := job.Spec{Source: r.put("vlog.en.srt"), Video: "42"}
	done := r.waitState(r.submit(spec).ID, worker.StateDone)
	dual := r.output(done.ID, "42.dual.vtt")

	r.sim.SetFaults(nil, map[translatetest.Fault]float64{translatetest.Refuse: 1})
	spec.Source = r.put("vlog.zh-Hans.srt")
	partial := r.submit(spec)
	partial = r.waitState(partial.ID, worker.StatePartial)
	if partial.Published != 1 || partial.Version != 2 {
		t.Errorf("published %d, version %d", partial.Published, partial.Version)
	}
	if !bytes.Equal(r.output(partial.ID, "42.dual.vtt"), dual) {
		t.Error("the published captions changed")
	}
	doc := r.document(partial.ID, "42.dual.json")
	if doc.Published || len(doc.Outputs) != 0 {
		t.Errorf("published %v, outputs %v", doc.Published, doc.Outputs)
	}
	for _, c := range doc.Cues {
		en := c.Texts[subtitles.English]
		if en.Status != subtitles.StatusKept && (en.Status != subtitles.StatusUntranslated || en.Text != "") {
			t.Errorf("cue %d: %+v", c.N, en)
		}
	}
}

func TestReviewKeepsTheResultUnpublished(t *testing.T) {
	r := newRig(t, translatetest.SimulatorOptions{})
	r.start()
	rec := r.waitState(r.submit(job.Spec{Source: r.put("vlog.en.srt"), Publish: job.PublishReview}).ID, worker.StateDone)
	if rec.Published != 0 || rec.Version != 1 || r.document(rec.ID, "vlog.dual.json").Published {
		t.Errorf("published %d, version %d", rec.Published, rec.Version)
	}
}

func TestManyJobsAllFinish(t *testing.T) {
	r := newRig(t, translatetest.SimulatorOptions{})
	r.start()
	source := r.put("vlog.en.srt")
	var ids []string
	for i := range 40 {
		rec := r.submit(job.Spec{Source: source, Video: "v" + string(rune('A'+i)), Lane: job.Lanes[i%len(job.Lanes)]})
		ids = append(ids, rec.ID)
	}
	for _, id := range ids {
		r.waitState(id, worker.StateDone)
	}
	var listed []string
	cursor := ""
	for {
		page, next, err := r.svc.List(t.Context(), worker.Filter{State: worker.StateDone, Cursor: cursor, Limit: 7})
		if err != nil {
			t.Fatal(err)
		}
		for _, rec := range page {
			listed = append(listed, rec.ID)
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	slices.Sort(ids)
	slices.Sort(listed)
	if !slices.Equal(ids, listed) {
		t.Errorf("listed %d jobs, want %d", len(listed), len(ids))
	}
	byVideo, _, err := r.svc.List(t.Context(), worker.Filter{Video: "vA"})
	if err != nil || len(byVideo) != 1 {
		t.Errorf("%d jobs of a video: %v", len(byVideo), err)
	}
}

func TestAnOutageOfRedisLosesNoJob(t *testing.T) {
	r := newRig(t, translatetest.SimulatorOptions{Latency: 100 * time.Millisecond})
	r.start()
	rec := r.submit(job.Spec{Source: r.put("vlog.en.srt")})
	r.wait(rec.ID, "under way", func(rec *worker.Record) bool { return rec.Progress.Done > 0 })
	r.redis.Kill()
	time.Sleep(500 * time.Millisecond)
	if err := r.redis.Start(); err != nil {
		t.Fatal(err)
	}
	r.waitState(rec.ID, worker.StateDone)
}

func TestGateLetsFewGapsThroughAndNeverThreeInARow(t *testing.T) {
	doc := func(n int, gaps ...int) *subtitles.Document {
		d := &subtitles.Document{Pair: subtitles.DefaultPair, Source: subtitles.English}
		for i := range n {
			zh := subtitles.Text{Text: "好", Status: subtitles.StatusTranslated}
			if slices.Contains(gaps, i) {
				zh = subtitles.Text{Status: subtitles.StatusUntranslated}
			}
			d.Cues = append(d.Cues, subtitles.DualCue{N: i + 1, Texts: map[language.Tag]subtitles.Text{
				subtitles.English: {Text: "ok", Status: subtitles.StatusSource}, subtitles.SimplifiedChinese: zh}})
		}
		return d
	}
	for _, c := range []struct {
		name            string
		doc             *subtitles.Document
		strict, lenient bool
	}{
		{"no gaps", doc(100), true, true},
		{"one of 100", doc(100, 5), false, true},
		{"two in a row of 100", doc(100, 5, 6), false, true},
		{"three of 100", doc(100, 5, 50, 70), false, false},
		{"three in a row of 1000", doc(1000, 5, 6, 7), false, false},
		{"three apart of 1000", doc(1000, 5, 50, 70), false, true},
		{"one of 10", doc(10, 3), false, false},
	} {
		if got := worker.Strict.Open(c.doc); got != c.strict {
			t.Errorf("%s: strict gate open %v", c.name, got)
		}
		if got := worker.Lenient.Open(c.doc); got != c.lenient {
			t.Errorf("%s: lenient gate open %v", c.name, got)
		}
	}
}

func TestBaseNamesDropExtensionAndTheSourcesTag(t *testing.T) {
	for _, c := range []struct {
		in, want string
		source   language.Tag
	}{
		{"vlog.srt", "vlog", subtitles.English},
		{"vlog.en.srt", "vlog", subtitles.English},
		{"vlog.en-US.srt", "vlog", subtitles.English},
		{"vlog.zh-Hans.srt", "vlog.zh-Hans", subtitles.English},
		{"vlog.zh-CN.vtt", "vlog", subtitles.SimplifiedChinese},
		{"/a/b/vlog.mp4", "vlog", subtitles.English},
		{"https://host/a/Episode%201.5.srt", "Episode%201.5", subtitles.English},
		{"en.srt", "en", subtitles.English},
		{"..srt", "video", subtitles.English},
		{"..", "video", subtitles.English},
		{"a\x00b.srt", "a_b", subtitles.English},
	} {
		if got := worker.BaseName(c.in, c.source); got != c.want {
			t.Errorf("BaseName(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestAProcessorWithoutABackendForItSaysSo(t *testing.T) {
	sim := translatetest.NewSimulator(translatetest.SimulatorOptions{Faults: map[translatetest.Fault]float64{translatetest.Unauthorized: 1}})
	p := newProcessor(t, sim, nil, nil)
	_, err := p.Process(context.Background(), worker.Request{Data: testdata(t, "vlog.en.srt"), InputName: "vlog.srt"})
	if translate.KindOf(err) != translate.KindAuth {
		t.Errorf("error %v", err)
	}
}

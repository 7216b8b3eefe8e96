package job_test

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/worker/job"
	"github.com/hibiken/asynq"
)

var update = flag.Bool("update", false, "rewrite golden files")

func pair(t *testing.T, s string) *subtitles.Pair {
	t.Helper()
	p, err := subtitles.ParsePair(s)
	if err != nil {
		t.Fatal(err)
	}
	return &p
}

func full(t *testing.T) job.Spec {
	return job.Spec{Tenant: "acme", Source: "s3://bucket/videos/42/en.srt", Video: "42", Creator: "c7",
		Media: "https://media.example/42.mp4", SourceLang: "en", SourceVersion: "3", Track: "2", Pair: pair(t, "zh-Hans,en"),
		Lane: job.Backfill, Publish: job.PublishReview, Profile: "portrait", Formats: []string{"vtt", "json"},
		Backends: []string{"openai"}, Title: "A day & a night", Description: "Over <there>", Glossary: "travel",
		BurnedIn: "zh-Hans", CallbackURL: "https://app.example/hook", Meta: json.RawMessage(`{"k":[1,2]}`)}
}

// Payloads that were written once are read for ever: tasks outlive upgrades.
func TestPayloadsEqualTheGoldenOnes(t *testing.T) {
	for name, spec := range map[string]job.Spec{
		"minimal": {Source: "https://media.example/vlog.en.srt"},
		"upload":  {Source: job.UploadSource(strings.Repeat("ab", 32)), Filename: "vlog.srt"},
		"full":    full(t),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := spec.Encode()
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", "v1-"+name+".json")
			if *update {
				if err := os.WriteFile(path, append(got, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if string(got)+"\n" != string(want) {
				t.Errorf("payload\n%s\nwant\n%s", got, want)
			}
			back, err := job.Decode(want)
			if err != nil {
				t.Fatal(err)
			}
			if back.ID() != spec.ID() || back.RequestHash() != spec.RequestHash() {
				t.Error("the decoded spec names another job or asks something else")
			}
		})
	}
}

func TestIDDependsOnTenantVideoAndPairAlone(t *testing.T) {
	base := full(t)
	if got := base.ID(); len(got) != 26 || strings.ToLower(got) != got {
		t.Fatalf("id %q is not 26 lower-case characters", got)
	}
	same := base
	same.Source, same.Title, same.Lane, same.SourceVersion = "s3://other/x.srt", "other", job.Preview, "4"
	if same.ID() != base.ID() {
		t.Error("the id changes with what is asked")
	}
	if same.RequestHash() == base.RequestHash() {
		t.Error("another request has the same hash")
	}
	for name, change := range map[string]func(*job.Spec){
		"tenant": func(s *job.Spec) { s.Tenant = "b" },
		"video":  func(s *job.Spec) { s.Video = "43" },
		"pair":   func(s *job.Spec) { s.Pair = pair(t, "en,zh-Hans") },
	} {
		s := base
		change(&s)
		if s.ID() == base.ID() {
			t.Errorf("another %s has the same id", name)
		}
	}
}

func TestWhoAsksAndHowUrgentlyIsNotPartOfTheRequest(t *testing.T) {
	a := full(t)
	b := a
	b.Lane, b.Creator, b.CallbackURL, b.Meta, b.Publish, b.Media = job.Preview, "x", "", nil, job.PublishAuto, ""
	if a.RequestHash() != b.RequestHash() {
		t.Error("the request hash changes with lane, creator, callback, meta, publish or media")
	}
	for name, change := range map[string]func(*job.Spec){
		"source version": func(s *job.Spec) { s.SourceVersion = "9" },
		"track":          func(s *job.Spec) { s.Track = "1" },
		"language":       func(s *job.Spec) { s.SourceLang = "zh-Hans" },
		"backends":       func(s *job.Spec) { s.Backends = nil },
		"glossary":       func(s *job.Spec) { s.Glossary = "" },
		"title":          func(s *job.Spec) { s.Title = "" },
		"description":    func(s *job.Spec) { s.Description = "" },
		"profile":        func(s *job.Spec) { s.Profile = "default" },
		"formats":        func(s *job.Spec) { s.Formats = []string{"vtt"} },
	} {
		s := a
		change(&s)
		if s.RequestHash() == a.RequestHash() {
			t.Errorf("another %s asks the same", name)
		}
	}
}

func TestInvalidSpecsAreRefusedWithTheirField(t *testing.T) {
	ok := "https://media.example/a.srt"
	for name, c := range map[string]struct {
		field string
		spec  job.Spec
	}{
		"no source":        {"source", job.Spec{}},
		"no URL":           {"source", job.Spec{Source: "vlog.srt"}},
		"query":            {"source", job.Spec{Source: ok + "?X-Amz-Signature=secret"}},
		"user":             {"source", job.Spec{Source: "https://user:secret@media.example/a.srt"}},
		"bad upload":       {"source", job.Spec{Source: "upload:../../etc/passwd"}},
		"media query":      {"media", job.Spec{Source: ok, Media: ok + "?key=secret"}},
		"callback query":   {"callback_url", job.Spec{Source: ok, CallbackURL: ok + "?key=secret"}},
		"language":         {"source_lang", job.Spec{Source: ok, SourceLang: "klingonese-x"}},
		"lane":             {"lane", job.Spec{Source: ok, Lane: "fast"}},
		"publish":          {"publish", job.Spec{Source: ok, Publish: "maybe"}},
		"format":           {"formats", job.Spec{Source: ok, Formats: []string{"exe"}}},
		"no formats":       {"formats", job.Spec{Source: ok, Formats: []string{}}},
		"control in video": {"video", job.Spec{Source: ok, Video: "a\nb"}},
		"NUL":              {"title", job.Spec{Source: ok, Title: "a\x00b"}},
		"not UTF-8":        {"title", job.Spec{Source: ok, Title: "a\xffb"}},
		"long title":       {"title", job.Spec{Source: ok, Title: strings.Repeat("长", 501)}},
		"meta no object":   {"meta", job.Spec{Source: ok, Meta: json.RawMessage(`[1]`)}},
		"meta too large":   {"meta", job.Spec{Source: ok, Meta: json.RawMessage(`{"a":"` + strings.Repeat("x", 2100) + `"}`)}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.spec.Encode()
			var je *job.Error
			if !errors.As(err, &je) || je.Field != c.field {
				t.Fatalf("error %v, want one about %q", err, c.field)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the error repeats a credential: %v", err)
			}
		})
	}
}

func TestALaterPayloadIsLeftToALaterProgram(t *testing.T) {
	_, err := job.Decode([]byte(`{"v":2,"source":"https://media.example/a.srt"}`))
	var je *job.Error
	if !errors.As(err, &je) || !je.Newer {
		t.Fatalf("error %v, want one that says so", err)
	}
}

func TestUnknownKeysAreIgnored(t *testing.T) {
	if _, err := job.Decode([]byte(`{"v":1,"source":"https://media.example/a.srt","later":true}`)); err != nil {
		t.Fatal(err)
	}
}

func TestNewTaskGoesIntoItsLane(t *testing.T) {
	task, err := job.NewTask(job.Spec{Source: "https://media.example/a.srt", Lane: job.View})
	if err != nil {
		t.Fatal(err)
	}
	if task.Type() != "duosub:job:v1" {
		t.Errorf("type %q", task.Type())
	}
	var spec job.Spec
	if err := json.Unmarshal(task.Payload(), &spec); err != nil || spec.V != 1 {
		t.Errorf("payload %s: %v", task.Payload(), err)
	}
	if _, err := job.NewTask(job.Spec{}, asynq.MaxRetry(1)); err == nil {
		t.Error("an invalid spec became a task")
	}
}

func TestSchemaListsEveryFieldOfASpec(t *testing.T) {
	var schema struct{ Properties map[string]json.RawMessage }
	if err := json.Unmarshal(job.Schema, &schema); err != nil {
		t.Fatal(err)
	}
	s := full(t)
	s.V, s.Filename = 1, "a.srt"
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		t.Fatal(err)
	}
	for f := range fields {
		if _, ok := schema.Properties[f]; !ok {
			t.Errorf("the schema lacks %q", f)
		}
	}
	for p := range schema.Properties {
		if _, ok := fields[p]; !ok {
			t.Errorf("the schema has %q, a spec does not", p)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"v":1,"source":"https://media.example/a.srt","pair":["zh-Hans","en"]}`))
	f.Add([]byte(`{"pair":null,"meta":{}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := job.Decode(data)
		if err != nil {
			return
		}
		again, err := s.Encode()
		if err != nil {
			return // larger than a payload may be
		}
		back, err := job.Decode(again)
		if err != nil || back.ID() != s.ID() || back.RequestHash() != s.RequestHash() {
			t.Fatalf("%s does not survive: %v", again, err)
		}
	})
}

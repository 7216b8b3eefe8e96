package worker_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/duosub/duosub/translate/translatetest"
	"github.com/duosub/duosub/worker"
	"github.com/duosub/duosub/worker/job"
	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

// lose leaves a job's record as a worker or a queue that died leaves it: with
// this state, silent for an hour, and without its task.
func (r *rig) lose(rec *worker.Record, state worker.State) {
	r.t.Helper()
	ctx := r.t.Context()
	if err := asynq.NewInspectorFromRedisClient(r.rdb).DeleteTask(string(rec.Lane), rec.Task); err != nil {
		r.t.Fatal(err)
	}
	silent := time.Now().Add(-time.Hour)
	rec.State, rec.UpdatedAt = state, silent
	data, err := json.Marshal(rec)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := r.rdb.HSet(ctx, "duosub:{"+rec.ID+"}:rec", "json", data, "state", string(state)).Err(); err != nil {
		r.t.Fatal(err)
	}
	if err := r.rdb.ZAdd(ctx, "duosub:active", redis.Z{Score: float64(silent.UnixMilli()), Member: rec.ID}).Err(); err != nil {
		r.t.Fatal(err)
	}
}

func TestJobsThatLostTheirWorkerOrTaskAreRecovered(t *testing.T) {
	r := newRig(t, translatetest.SimulatorOptions{})
	running := r.submit(job.Spec{Source: r.put("vlog.en.srt"), Video: "running"})
	queued := r.submit(job.Spec{Source: r.put("vlog.zh-Hans.srt"), Video: "queued"})
	r.lose(running, worker.StateRunning)
	r.lose(queued, worker.StateQueued)
	r.start()
	for _, id := range []string{running.ID, queued.ID} {
		rec := r.waitState(id, worker.StateDone)
		if rec.Run != 1 || rec.Epoch != 1 || rec.Recoveries != 1 {
			t.Errorf("run %d, epoch %d, %d recoveries", rec.Run, rec.Epoch, rec.Recoveries)
		}
	}
	r.checkPaidOnce("vlog.en.srt", "vlog.zh-Hans.srt")
}

func TestAJobThatKillsItsWorkersEndsSomeDay(t *testing.T) {
	r := newRig(t, translatetest.SimulatorOptions{})
	rec := r.submit(job.Spec{Source: r.put("vlog.en.srt")})
	rec.Recoveries = 6
	r.lose(rec, worker.StateRunning)
	r.start()
	rec = r.waitState(rec.ID, worker.StateFailed)
	if rec.Error == nil || rec.Error.Code != string(worker.CodeInternal) {
		t.Errorf("error %+v", rec.Error)
	}
}

// A copy of a task that Asynq still holds does nothing once the job has a
// later epoch.
func TestATaskOfAnEarlierEpochDoesNothing(t *testing.T) {
	r := newRig(t, translatetest.SimulatorOptions{})
	rec := r.submit(job.Spec{Source: r.put("vlog.en.srt")})
	r.start()
	rec = r.waitState(rec.ID, worker.StateDone)
	calls := len(r.sim.Calls())
	payload, err := rec.Spec.Encode()
	if err != nil {
		t.Fatal(err)
	}
	client := asynq.NewClientFromRedisClient(r.rdb)
	stale := job.TaskID(rec.ID, rec.Run, rec.Epoch+7)
	if _, err := client.Enqueue(asynq.NewTask(job.TaskType, payload), asynq.Queue("upload"), asynq.TaskID(stale), asynq.Retention(time.Minute)); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(10 * time.Second)
	for {
		info, err := asynq.NewInspectorFromRedisClient(r.rdb).GetTaskInfo("upload", stale)
		if err == nil && info.State == asynq.TaskStateCompleted {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the stale task is still there: %+v %v", info, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
	after, err := r.svc.Get(t.Context(), rec.ID)
	if err != nil || after.Version != rec.Version || len(r.sim.Calls()) != calls {
		t.Errorf("the stale task did something: %+v (%v), %d calls", after, err, len(r.sim.Calls())-calls)
	}
}

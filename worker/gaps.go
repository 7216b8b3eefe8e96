package worker

import (
	"time"

	"github.com/duosub/duosub/worker/job"
)

// gapDelays say how long after a finish with gaps they are tried again; what
// is in the memory by then costs nothing.
var gapDelays = []time.Duration{10 * time.Minute, time.Hour, 6 * time.Hour}

// fillsGaps reports whether the record is finished but its task is to try the
// gaps again.
func (r *Record) fillsGaps() bool {
	return (r.State == StateDone || r.State == StatePartial) && r.Coverage.Untranslated > 0 && r.GapTries > 0
}

// nextGapTry is the record with a task of its own for the next try at its
// gaps, or with none after the last.
func (a *attempt) nextGapTry() *Record {
	r := a.r
	if r.GapTries >= len(gapDelays) {
		r.Task = ""
		return r
	}
	r.GapTries++
	r.Epoch++
	r.Task = job.TaskID(r.ID, r.Run, r.Epoch)
	return r
}

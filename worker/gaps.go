package worker

import "time"

// gapDelays say how long after a finish with gaps they are tried again; what
// is in the memory by then costs nothing.
var gapDelays = []time.Duration{10 * time.Minute, time.Hour, 6 * time.Hour}

// fillsGaps reports whether the record is finished but its task is to try the
// gaps again.
func (r *Record) fillsGaps() bool {
	return (r.State == StateDone || r.State == StatePartial) && r.Coverage.Untranslated > 0 && r.GapTries > 0
}

package worker

// An Event is one entry of a job's event stream.
type Event struct {
	// ID orders the events of a job; a reader resumes after it.
	ID string
	// Type is "progress", "cue" or "state".
	Type string
	// Data is one JSON object.
	Data []byte
}

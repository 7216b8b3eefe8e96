// Package redischild keeps a Redis for a single machine: a redis-server child
// on a unix socket, with an append-only file under a data folder.
//
// Two servers over one append-only file destroy it, and a Redis that outlives
// the process that started it holds jobs that must not be lost. Three locks in
// the data folder see to both:
//
//   - redis.lock is held while somebody starts, adopts or stops a Redis, so
//     that these never overlap.
//   - redis/alive is handed to the redis-server process itself and is held for
//     as long as that lives, whoever else dies. Who can take it knows that no
//     Redis runs over the folder.
//   - redis.users is held, shared, by every process that keeps the Redis in
//     use. The last one to leave stops it.
//
// All of them are locks of the kernel (flock), which vanish with their holders:
// a lock file that is left over means nothing.
//
// Where no redis-server is installed, a Redis inside this process takes its
// place. It keeps nothing on disk; [Server.Durable] tells.
package redischild

// Kind says what went wrong, for programs.
type Kind string

const (
	// KindFolder: the data folder or the runtime folder cannot be used.
	KindFolder Kind = "folder"
	// KindStart: the program was started but did not come up.
	KindStart Kind = "start"
	// KindStuck: a Redis holds the data folder but does not answer.
	KindStuck Kind = "stuck"
	// KindNone: no Redis runs over the data folder, and none was to be
	// started.
	KindNone Kind = "none"
	// KindDied: the Redis ended while it was in use.
	KindDied Kind = "died"
)

// An Error is a failure of this package. Message is one sentence for a person
// and says what to do.
type Error struct {
	Kind    Kind
	Message string
	Err     error // the cause, or nil
}

func (e *Error) Error() string { return e.Message }
func (e *Error) Unwrap() error { return e.Err }

// Package worker runs jobs on Asynq.
//
// A [Processor] does the whole way of a job from a source to the files, with
// or without a queue. A [Service] is what a caller asks: it accepts jobs,
// answers from their records, cancels and purges. A [Pool] takes tasks from
// the lanes and has a Processor do them, under a claim, with every write
// fenced by the job's run and epoch.
package worker

// Package subtitles reads, joins, splits, wraps, pairs, checks and writes
// English and Chinese subtitles. It is pure: it knows no network, no Redis and
// no translation backend, and everything in it is deterministic.
//
// The way through it is: [Read] a file into a [Track]; join its cues into
// [Unit] values with [Units]; translate those elsewhere; put the parts back
// onto their cues in a [Document]; lay the document out with
// [Document.Dual] or [Document.Single]; write that with [WriteVTT],
// [WriteSRT], [WriteASS] or [WriteHLS]; and look at it with [Document.Check] or
// [CheckTrack].
package subtitles

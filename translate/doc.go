// Package translate turns the units of a track into another language through
// a backend of the operator's choice.
//
// A backend is a small [Driver]: translate these units, tell your limits,
// classify your errors. Everything that all backends owe lives once, here:
// batching to limits, one result per unit, checks and the repair ladder,
// memory, glossary, waiting for rate limits and fallback to the next backend.
//
// The promise: whatever a backend does, each unit ends up right or is marked
// untranslated, and what was paid for is in the [Memory] before anything else
// happens.
package translate

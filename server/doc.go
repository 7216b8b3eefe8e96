// Package server is duosub over HTTP: jobs and their events and outputs, short
// texts, health, and the description of all that at /openapi.json.
//
// It knows HTTP and nothing else: what a job is, and what becomes of it, is
// package worker's. Errors are problem documents (RFC 9457) whose "code" is
// the word that package worker uses for the same failure.
package server

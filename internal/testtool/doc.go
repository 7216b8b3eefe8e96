// Package testtool runs the programs that tests check files with: players and
// browsers that nobody here wrote. It is for tests only.
package testtool

//go:build linux && race

package hostile_test

// raceDetector makes a process slow and large.
const raceDetector = true

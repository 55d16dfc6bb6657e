// Package sequences has tests that lead webhooks through random sequences of changes, faults and kills under simulated time,
// and compare what is left with a model of a few lines.
package sequences

// Package system gives access to the clock, the network and signals, and holds the state that all sources of one process
// share, so that no token is sent twice or lost when the process exits.
package system

// Package system is what the process and the operating system give to a sign-in: the clock, the network, signals, and the
// state that all sources of one process share, so that no token is sent twice and none is lost when the process ends.
package system

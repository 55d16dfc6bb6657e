// Package tokenstore stores the records of sign-ins in a directory, with a helper command of the user, or in memory.
//
// A record holds the current tokens of one chain of rotated refresh tokens. A store loads, saves and locks records by name.
// Package oauth decides when a token is exchanged.
package tokenstore

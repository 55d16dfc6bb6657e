// Package tokenstore keeps the records of sign-ins: in a directory, with a command of the user, or in memory.
//
// A record is one chain of refresh tokens. A store loads, saves and locks records by name, and knows nothing of when a token
// is exchanged: that is the algorithm of package oauth.
package tokenstore

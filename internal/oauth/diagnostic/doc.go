// Package diagnostic defines the errors and warnings for users, with their cause and the next step, and the commands that a
// next step names.
package diagnostic

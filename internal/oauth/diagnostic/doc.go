// Package diagnostic is what the parts of a sign-in tell the user: errors and warnings with their cause and the next step,
// and the commands that the next step names.
package diagnostic

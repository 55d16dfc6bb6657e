// Package oauth provides access tokens of a SePay sign-in that all processes on a machine share.
//
// SePay rotates refresh tokens: each one is valid for a single use. Terraform starts a new provider process for every phase,
// so the first process spends a token that is kept in memory, in HCL or in the environment, and SePay rejects it in the
// second. This package persists the tokens, refreshes at most once an hour, and lets exactly one of the processes on a
// machine send the refresh token.
//
// The order in the critical section matters: lock, load again, save the intent, exchange, save the result, unlock. Saving the
// intent first shows that the store is writable before the token is spent, and lets the next run explain an interrupted
// exchange. DESIGN.md has the rules, the algorithm, and the message for each failure.
package oauth

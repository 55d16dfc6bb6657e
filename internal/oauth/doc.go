// Package oauth keeps one SePay sign-in alive across processes.
//
// SePay replaces the refresh token at every use, and Terraform starts a fresh provider process for every phase. A token
// that only lives in memory, in HCL or in the environment is therefore spent by the first process and refused in the
// second. This package persists the whole chain, refreshes it at most once an hour, and makes sure that of any number of
// processes on one machine exactly one spends the token.
//
// The order inside the critical section is the heart of it: lock, load again, save the intent, exchange, save the result,
// unlock. The intent proves that the store can be written before anything is spent, and it lets the next run name an
// exchange that was interrupted. DESIGN.md has the rules, the algorithm, and what each failure looks like.
package oauth

// Package login signs in with the browser, and deletes a stored sign-in.
//
// Run opens SePay's authorization page, waits for the code on a loopback address or pasted, exchanges it once, and stores
// the chain that the code starts.
package login

// Package login signs in with the browser, and deletes a stored sign-in.
//
// Run performs the authorization code grant (RFC 6749, section 4.1): it opens SePay's authorization page, receives the code on a
// loopback address or pasted by the user, exchanges it, and stores the tokens.
package login

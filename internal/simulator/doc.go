// Package simulator is a SePay on loopback: the OAuth2 pages and the API under /api/v1, with their state, for tests and for
// trying the provider without an account.
//
// It is strict about what the real service is strict about. Where the documentation is silent it takes the stricter or the
// unfriendlier reading, and where documentation and observation disagree it can speak each variant (see package dialects). It
// can be told to fail (see Fault), it keeps a log that tests read (see Request), and it remembers every version of every
// webhook (see Version). What a person would do in SePay's dashboard are methods here, and requests under /_control/ for
// other processes.
//
// This package puts the parts together and serves them. Each part is a folder: the open questions (dialects), the responses
// in them (response), which handler serves which request (route), the authorization server (authserver), the API (api) with
// what it serves (state), what goes wrong (fault), the log (journal), the deliveries to receivers (delivery), the control API
// (control), and a page to look at (playground).
package simulator

// Package simulator is a SePay on loopback: the OAuth2 pages and the API under /api/v1, with their state, for tests and for
// trying the provider without an account.
//
// It is as strict as the real service. Where the documentation is silent it uses the stricter interpretation, and where
// documentation and observation disagree it has a variant for each (see package dialects). It can inject faults (see
// Fault), it keeps a log for tests (see Request), and it keeps every version of every webhook (see Version). The actions of
// SePay's dashboard are methods here, and requests under /_control/ for other processes.
//
// This package combines the parts and serves them. Each part is a package: the open questions (dialects), the responses
// in them (response), the routes of requests (route), the authorization server (authserver), the API (api) and
// its state (state), faults (fault), the log of requests (journal), the deliveries to receivers (delivery), the control API
// (control), and a web page (playground).
package simulator

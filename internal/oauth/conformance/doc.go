// Package conformance tries the token source against an authorization server that is not part of this project: ory/fosite,
// with rotation and detection of reuse. It is a module of its own, so that the provider does not depend on that server.
package conformance

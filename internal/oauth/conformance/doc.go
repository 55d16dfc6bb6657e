// Package conformance tests the token source against third-party authorization servers: ory/fosite and zitadel/oidc, and, if npm
// is installed, oidc-provider and @node-oauth/oauth2-server on Node.js. They differ in what the reuse of a refresh token revokes,
// and in whether a refresh revokes the previous access token. The package is a separate module, so that the provider does not
// depend on these servers.
package conformance

// Package conformance tries the token source against authorization servers that are not part of this project: ory/fosite and
// zitadel/oidc, and on Node.js, where npm is installed, oidc-provider and @node-oauth/oauth2-server. They differ in what the
// reuse of a refresh token revokes, and in whether a refresh ends the access token before it. The package is a module of its
// own, so that the provider does not depend on those servers.
package conformance

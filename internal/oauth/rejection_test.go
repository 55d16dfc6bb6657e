//go:build unix

package oauth

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
)

func TestHintDecidesTheRejectionOfARefreshToken(t *testing.T) {
	t.Parallel()

	const moreThanAMonth = 32 * 24 * time.Hour

	for name, test := range map[string]struct {
		seed, stored, unused diagnostic.Code // for a configured token, a stored one, and one that was unused for over a month
		change               func(s *tokenServer)
	}{
		"Cannot decrypt the refresh token": {diagnostic.CodeUnknownToken, diagnostic.CodeUnknownToken, diagnostic.CodeUnknownToken, (*tokenServer).forgetAll},
		"Token is not linked to client":    {diagnostic.CodeOtherClient, diagnostic.CodeOtherClient, diagnostic.CodeOtherClient, (*tokenServer).assignToOtherClient},
		"Token has expired":                {diagnostic.CodeExpired, diagnostic.CodeExpired, diagnostic.CodeExpired, (*tokenServer).expire},
		"Token has been revoked":           {diagnostic.CodeSeedSpent, diagnostic.CodeRejected, diagnostic.CodeRejected, (*tokenServer).revoke},
		"": {diagnostic.CodeSeedSpent, diagnostic.CodeRejected, diagnostic.CodeExpired, func(s *tokenServer) {
			s.revoke()
			s.withoutHint = true
		}},
	} {
		for _, version8 := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, league/oauth2-server 8: %v", name, version8), func(t *testing.T) {
				t.Parallel()

				expectRejection := func(code diagnostic.Code, seed string, f *fixture) {
					f.server.invalidAs401 = version8
					test.change(f.server)

					requests, _ := f.server.counts()
					failure := f.failure(f.source(seed), "", code)
					again := f.failure(f.source(seed), "", code)

					// The stored rejection gives the same error, without a request.
					f.server.expectRequests(t, requests+1, 0)

					status := map[bool]string{false: "HTTP 400 Bad Request, invalid_grant", true: "HTTP 401 Unauthorized, invalid_request"}
					for _, want := range []string{status[version8], "The refresh token is invalid", name} {
						if !strings.Contains(failure.Detail, want) {
							t.Errorf("%q is not in: %s", want, failure.Detail)
						}
					}

					if failure.Detail != again.Detail || strings.Contains(failure.Detail, "..") {
						t.Errorf("first: %s\nthen:  %s", failure.Detail, again.Detail)
					}

					if tokenValid := code == diagnostic.CodeOtherClient; tokenValid == strings.Contains(failure.Detail, "Authorize again") {
						t.Errorf("wrong next step: %s", failure.Detail)
					}
				}

				f := newFixture(t)
				expectRejection(test.seed, f.server.authorize(), f)

				f = newFixture(t)
				expectRejection(test.stored, f.startExpired(), f)

				f = newFixture(t)
				seed := f.startExpired()
				f.advance(moreThanAMonth)
				expectRejection(test.unused, seed, f)
			})
		}
	}
}

func TestTokenOfAnotherClientWorksWithTheRightClient(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	seed := f.server.authorize()
	f.server.assignToOtherClient()
	f.fails(f.source(seed, withKey("production")), "", diagnostic.CodeOtherClient)

	for _, family := range f.server.families {
		family.otherClient = false
	}

	f.server.client = "client-2"
	right := func(c *Config) { c.ClientID = "client-2" }

	f.token(f.source(seed, withKey("production"), right), "")
	f.server.expectRequests(t, 2, 0)
}

func TestRejectionNamesTheExpiry(t *testing.T) {
	t.Parallel()

	for after, want := range map[time.Duration]string{
		2 * 24 * time.Hour: "The token had not expired: it was valid until ", 33 * 24 * time.Hour: "The token expired on ",
	} {
		f := newFixture(t)
		seed := f.startExpired()
		f.advance(after)
		f.server.revoke()

		if failure := f.failure(f.source(seed), "", diagnostic.CodeRejected); !strings.Contains(failure.Detail, want) {
			t.Errorf("after %s: %s", after, failure.Detail)
		}
	}
}

//go:build unix

package oauth

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
)

func TestTheHintDecidesWhatIsWrongWithARefreshToken(t *testing.T) {
	t.Parallel()

	const over = 32 * 24 * time.Hour

	for name, test := range map[string]struct {
		seed, stored, old diagnostic.Code // of a configured token, of a stored one, and of one that was unused for longer than a month
		change            func(s *tokenServer)
	}{
		"Cannot decrypt the refresh token": {diagnostic.CodeUnknownToken, diagnostic.CodeUnknownToken, diagnostic.CodeUnknownToken, (*tokenServer).loseAll},
		"Token is not linked to client":    {diagnostic.CodeOtherClient, diagnostic.CodeOtherClient, diagnostic.CodeOtherClient, (*tokenServer).giveAway},
		"Token has expired":                {diagnostic.CodeExpired, diagnostic.CodeExpired, diagnostic.CodeExpired, (*tokenServer).expire},
		"Token has been revoked":           {diagnostic.CodeSeedSpent, diagnostic.CodeRefused, diagnostic.CodeRefused, (*tokenServer).revoke},
		"": {diagnostic.CodeSeedSpent, diagnostic.CodeRefused, diagnostic.CodeExpired, func(s *tokenServer) {
			s.revoke()
			s.withoutHint = true
		}},
	} {
		for _, version8 := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, league 8: %v", name, version8), func(t *testing.T) {
				t.Parallel()

				refused := func(code diagnostic.Code, seed string, f *fixture) {
					f.server.deadAs401 = version8
					test.change(f.server)

					calls, _ := f.server.counts()
					failure := f.failure(f.source(seed), "", code)
					again := f.failure(f.source(seed), "", code)

					// The stored refusal says the same, and nothing is sent.
					f.server.expectCalls(t, calls+1, 0)

					status := map[bool]string{false: "HTTP 400 Bad Request, invalid_grant", true: "HTTP 401 Unauthorized, invalid_request"}
					for _, want := range []string{status[version8], "The refresh token is invalid", name} {
						if !strings.Contains(failure.Detail, want) {
							t.Errorf("%q is not in: %s", want, failure.Detail)
						}
					}

					if failure.Detail != again.Detail || strings.Contains(failure.Detail, "..") {
						t.Errorf("first: %s\nthen:  %s", failure.Detail, again.Detail)
					}

					if needless := code == diagnostic.CodeOtherClient; needless == strings.Contains(failure.Detail, "Authorize again") {
						t.Errorf("wrong next step: %s", failure.Detail)
					}
				}

				f := newFixture(t)
				refused(test.seed, f.server.authorize(), f)

				f = newFixture(t)
				refused(test.stored, f.expired(), f)

				f = newFixture(t)
				seed := f.expired()
				f.advance(over)
				refused(test.old, seed, f)
			})
		}
	}
}

func TestTokenOfAnotherClientWorksOnceTheClientIsRight(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	seed := f.server.authorize()
	f.server.giveAway()
	f.fails(f.source(seed, withKey("production")), "", diagnostic.CodeOtherClient)

	for _, family := range f.server.families {
		family.foreign = false
	}

	f.server.client = "client-2"
	right := func(c *Config) { c.ClientID = "client-2" }

	f.token(f.source(seed, withKey("production"), right), "")
	f.server.expectCalls(t, 2, 0)
}

func TestMonthIsMentionedWithADeadChain(t *testing.T) {
	t.Parallel()

	for after, want := range map[time.Duration]string{
		2 * 24 * time.Hour: "Its month had not passed: it would have lasted until ", 33 * 24 * time.Hour: "Its month ended on ",
	} {
		f := newFixture(t)
		seed := f.expired()
		f.advance(after)
		f.server.revoke()

		if failure := f.failure(f.source(seed), "", diagnostic.CodeRefused); !strings.Contains(failure.Detail, want) {
			t.Errorf("after %s: %s", after, failure.Detail)
		}
	}
}

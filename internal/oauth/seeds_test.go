package oauth

import (
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

func TestRefreshTokensWithoutAKey(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.server.reuseRevokes = true

	first := f.server.authorize()
	f.token(f.source(first), "")
	f.token(f.source(first), "") // the same refresh token: the stored chain is used

	second := f.server.authorize()
	f.token(f.source(second), "") // a new refresh token takes precedence

	f.advance(2 * time.Hour)
	f.token(f.source(first), "") // the old refresh token: its own chain is used
	f.token(f.source(second), "")

	f.server.expectRequests(t, 4, 0)

	if n := len(f.files(tokenstore.RecordSuffix)); n != 2 {
		t.Errorf("%d records, want one for each refresh token", n)
	}
}

func TestRefreshTokensWithAKey(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.server.reuseRevokes = true
	first, key := f.server.authorize(), withKey("production")

	f.token(f.source(first, key), "")
	f.advance(2 * time.Hour)
	f.token(f.source(first, key), "") // a spent refresh token is ignored
	f.token(f.source("", key), "")    // no refresh token is needed
	f.server.expectRequests(t, 2, 0)

	second := f.server.authorize()
	f.token(f.source(second, key), "") // a new refresh token starts a new chain
	f.token(f.source(second, key), "")
	f.server.expectRequests(t, 3, 0)

	// The replaced chain is used when its refresh token is configured again.
	f.advance(2 * time.Hour)
	f.token(f.source(first, key), "")
	f.token(f.source(second, key), "")
	f.token(f.source("", key), "")
	f.server.expectRequests(t, 5, 0)

	if n := len(f.files(tokenstore.RecordSuffix)); n != 2 {
		t.Errorf("%d records, want one for each chain", n)
	}
}

func TestInvalidNewRefreshTokenKeepsTheStoredChain(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	first, key := f.server.authorize(), withKey("production")
	f.token(f.source(first, key), "")
	f.advance(2 * time.Hour)

	f.fails(f.source("mistyped", key), "", diagnostic.CodeUnknownToken)

	f.fails(f.source("mistyped", key), "", diagnostic.CodeUnknownToken)
	f.server.expectRequests(t, 2, 0)

	f.token(f.source("", key), "")
	f.token(f.source(first, key), "")
	f.server.expectRequests(t, 3, 0)
}

func TestSpentRefreshTokenUsesTheChainOfAnotherRecord(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.server.reuseRevokes = true
	seed := f.server.authorize()
	f.token(f.source(seed), "")
	f.advance(2 * time.Hour)

	f.token(f.source(seed, withKey("production")), "")
	f.server.expectRequests(t, 2, 0)
	f.expectValidChain()
}

func TestTwoAccountsOfOneClientRequireAChoice(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	one, two := f.server.authorize(), f.server.authorize()
	f.token(f.source(one), "")
	f.token(f.source(two), "")

	failure := f.failure(f.source(""), "", diagnostic.CodeSeveralRecords)
	if strings.Count(failure.Detail, f.dir) != 2 {
		t.Errorf("the records are not listed: %v", failure)
	}

	// A sign-in that SePay rejects is not a candidate.
	f.advance(2 * time.Hour)
	f.server.revokeFamily(one)
	f.fails(f.source(one), "", diagnostic.CodeRejected)
	f.token(f.source(""), "")
	f.server.expectRequests(t, 4, 0)
}

func TestNotSignedInNamesTheLoginCommand(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	for _, s := range []*Source{f.source(""), f.source("", withKey("production")), f.source("", withStore(tokenstore.None()))} {
		if failure := f.failure(s, "", diagnostic.CodeNotSignedIn); !strings.Contains(failure.Detail, "login --client-id "+testClient) {
			t.Errorf("the next step is missing: %v", failure)
		}
	}

	f.server.expectRequests(t, 0, 0)
}

func TestConfiguredAccessTokenIsUsedUnchanged(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	seed := f.server.authorize()
	access := f.token(f.source(seed), "")

	alone := f.source("", withAccess(access), func(c *Config) { c.ClientID, c.ClientSecret = "", "" })
	if got := f.token(alone, ""); got != access {
		t.Error("another token was returned")
	}

	if token, err := alone.Current(t.Context()); err != nil || time.Until(token.ExpiresAt) < 59*time.Minute {
		t.Errorf("Current returned %v, %v", token, err)
	}

	failure := f.failure(alone, access, diagnostic.CodeAccessToken)
	if !strings.Contains(failure.Detail, "401") || !strings.Contains(failure.Detail, "login") {
		t.Errorf("unexpected: %v", failure)
	}

	f.server.expectRequests(t, 1, 0)
}

func TestChainReplacesAnUnusableConfiguredAccessToken(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	access := f.token(f.source(f.server.authorize()), "")

	// Rejected by SePay, with a refresh token configured.
	s := f.source(f.server.authorize(), withAccess(access), withKey("other"))
	if f.token(s, access) == access || f.token(s, "") == access {
		t.Error("the rejected token was returned again")
	}

	f.server.expectRequests(t, 2, 0)

	// Expired, without a sign-in.
	f.advance(2 * time.Hour)

	bare := f.source("", withAccess(access), withStore(tokenstore.None()))
	if failure := f.failure(bare, "", diagnostic.CodeAccessToken); !strings.Contains(failure.Detail, "expired on") {
		t.Errorf("unexpected: %v", failure)
	}

	// An opaque token is used until it is rejected.
	opaque := f.source("", withAccess("opaque"), withStore(tokenstore.None()))
	if token, err := opaque.Token(t.Context(), ""); err != nil || token != "opaque" {
		t.Errorf("Token returned an error: %v", err)
	}

	f.fails(opaque, "opaque", diagnostic.CodeAccessToken)
	f.server.expectRequests(t, 2, 0)
}

func TestWithoutAStoreEachProcessSpendsTheRefreshToken(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.server.reuseRevokes = true
	seed := f.server.authorize()

	for range 3 {
		s := f.source(seed, withStore(tokenstore.None()))
		f.token(s, "")

		if w := s.TakeWarnings(); len(w) != 1 || !strings.Contains(w[0].Summary, "spent") || len(s.TakeWarnings()) != 0 {
			t.Errorf("warnings: %v", w)
		}
	}

	f.server.expectRequests(t, 1, 0)

	if files := f.files(""); len(files) != 0 {
		t.Errorf("files were written: %v", files)
	}
}

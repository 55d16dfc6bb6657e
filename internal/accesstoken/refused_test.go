package accesstoken_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
)

func TestTheErrorOfARevokedTokenNamesTheLikelyCause(t *testing.T) {
	t.Parallel()

	service, server := acctest.NewSimulated(t)

	token, diagnostics := server.OpenEphemeral("sepay_access_token", nil)
	if len(diagnostics) != 0 {
		t.Fatal(diagnostics)
	}

	given, _ := token.Values["access_token"].(string)
	job := acctest.NewServer(t, map[string]any{"base_url": service.URL, "access_token": given, "token_store": "none"})

	if _, diagnostics := job.ReadDataSource("sepay_user", nil); len(diagnostics) != 0 {
		t.Fatal(diagnostics)
	}

	// Another run renews the sign-in, which revokes the token of the job.
	service.RevokeAccessTokens()

	_, diagnostics = acctest.NewServer(t, map[string]any{
		"base_url": service.URL, "access_token": given, "token_store": "none",
	}).ReadDataSource("sepay_user", nil)

	if len(diagnostics) != 1 || !diagnostics.Mentions("was rejected by SePay with HTTP 401", "when a sign-in is renewed",
		"Access token has been revoked") || strings.Contains(diagnostics[0].Detail, given) {
		t.Errorf("got %v", diagnostics)
	}
}

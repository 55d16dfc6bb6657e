package accesstoken_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/accesstoken"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

func TestTheTokenIsTheOneThatTheProviderUses(t *testing.T) {
	t.Parallel()

	service, server := acctest.NewSimulated(t)
	if _, diagnostics := server.ReadDataSource("sepay_user", nil); len(diagnostics) != 0 {
		t.Fatal(diagnostics)
	}

	for range 2 {
		token, diagnostics := server.OpenEphemeral("sepay_access_token", nil)
		if len(diagnostics) != 0 {
			t.Fatal(diagnostics)
		}

		if token.Values["access_token"] != service.NewestAccessToken() {
			t.Error("the token is not the last one that SePay issued")
		}

		text, _ := token.Values["expires_at"].(string)

		expiresAt, err := time.Parse(time.RFC3339, text)
		if left := time.Until(expiresAt); err != nil || left < 45*time.Second || left > time.Hour {
			t.Errorf("expires_at is %q, want RFC 3339 within the hour", text)
		}

		if !token.RenewAt.IsZero() {
			t.Errorf("a renewal is requested at %s", token.RenewAt)
		}
	}

	if got := service.TokenCounters().Refreshes; got != 1 {
		t.Errorf("%d refresh tokens were used, want 1", got)
	}
}

func TestAConfiguredAccessTokenIsReturnedWithoutARequest(t *testing.T) {
	t.Parallel()

	service := simulator.Start(t)
	given := service.NewAccessToken()
	server := acctest.NewServer(t, map[string]any{"base_url": service.URL, "access_token": given, "token_store": "none"})

	token, diagnostics := server.OpenEphemeral("sepay_access_token", nil)
	if diagnostics.HasErrors() || token.Values["access_token"] != given {
		t.Errorf("got another token, %v", diagnostics)
	}

	if requests := service.Requests(); len(requests) != 0 {
		t.Errorf("sent %v", requests)
	}
}

func TestWithoutAnAuthorizationTheErrorSaysHowToSignIn(t *testing.T) {
	t.Parallel()

	service, server := acctest.NewSimulated(t)
	service.RevokeGrants()

	token, diagnostics := server.OpenEphemeral("sepay_access_token", nil)
	if token != nil || !diagnostics.Mentions("Could not get an access token", "terraform-provider-sepay login") {
		t.Errorf("got %v", diagnostics)
	}
}

func TestAnErrorOfTheSourceIsShown(t *testing.T) {
	t.Parallel()

	resource, _ := accesstoken.NewEphemeralResource().(ephemeral.EphemeralResourceWithConfigure)
	resource.Configure(t.Context(), ephemeral.ConfigureRequest{ProviderData: brokenSource{}}, &ephemeral.ConfigureResponse{})

	var response ephemeral.OpenResponse

	resource.Open(t.Context(), ephemeral.OpenRequest{}, &response)

	if len(response.Diagnostics) != 1 || response.Diagnostics[0].Summary() != "Could not get an access token" {
		t.Errorf("got %v", response.Diagnostics)
	}
}

func TestAnotherTypeThanASourceIsReportedAsABug(t *testing.T) {
	t.Parallel()

	resource, _ := accesstoken.NewEphemeralResource().(ephemeral.EphemeralResourceWithConfigure)

	for data, problems := range map[any]int{nil: 0, "a string": 1} {
		var response ephemeral.ConfigureResponse

		resource.Configure(t.Context(), ephemeral.ConfigureRequest{ProviderData: data}, &response)

		if len(response.Diagnostics) != problems {
			t.Errorf("%v: got %v, want %d errors", data, response.Diagnostics, problems)
		}
	}
}

type brokenSource struct{}

func (brokenSource) CurrentToken(context.Context) (string, time.Time, error) {
	return "", time.Time{}, errors.New("the disk is full")
}

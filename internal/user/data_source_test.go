package user_test

import (
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/fault"
)

func TestTheUserIsTheSameInEveryDialect(t *testing.T) {
	t.Parallel()

	acctest.SameInEveryDialect(t, "sepay_user", "user", acctest.Dialects(t, "U6")...)
}

func TestMissingUserKeysAreNull(t *testing.T) {
	t.Parallel()

	service, server := acctest.NewSimulated(t)
	service.ChangeUser(map[string]any{"phone": nil, "avatar": nil})

	values, diagnostics := server.ReadDataSource("sepay_user", nil)
	if len(diagnostics) != 0 || values["phone"] != nil || values["avatar"] != nil || values["last_name"] != "Nguyễn Văn" {
		t.Errorf("got %v, %v", values, diagnostics)
	}
}

func TestTheMissingScopeIsNamed(t *testing.T) {
	t.Parallel()

	_, server := acctest.NewSimulated(t, simulator.WithScopes(sepay.ScopeCompany))

	_, diagnostics := server.ReadDataSource("sepay_user", nil)
	if !diagnostics.Mentions("Could not read the user", "403", `"profile"`) {
		t.Errorf("got %v", diagnostics)
	}
}

func TestAfterASignOutTheErrorSaysHowToSignIn(t *testing.T) {
	t.Parallel()

	service := simulator.Start(t)
	config := acctest.ProviderConfig(t, service)

	if _, diagnostics := acctest.NewServer(t, config).ReadDataSource("sepay_user", nil); len(diagnostics) != 0 {
		t.Fatal(diagnostics)
	}

	service.RevokeAccessTokens()
	service.RevokeGrants()

	_, diagnostics := acctest.NewServer(t, config).ReadDataSource("sepay_user", nil)
	if len(diagnostics) != 1 || !diagnostics.Mentions("Could not read the user", "terraform-provider-sepay login") {
		t.Errorf("got %v, want one error with the way to sign in", diagnostics)
	}
}

func TestAnyNumberOfUserDataSourcesCostOneRequest(t *testing.T) {
	t.Parallel()

	service, server := acctest.NewSimulated(t)

	for range 3 {
		if _, diagnostics := server.ReadDataSource("sepay_user", nil); len(diagnostics) != 0 {
			t.Fatal(diagnostics)
		}
	}

	if got := len(service.RequestsTo("", "/api/v1/")); got != 1 {
		t.Errorf("sent %d requests, want 1", got)
	}
}

func TestAnOutageIsAnErrorAndNoMissingUser(t *testing.T) {
	t.Parallel()

	for name, fault := range map[string]simulator.Fault{
		"500": {Path: "/api/v1/me", Status: 500}, "502 from a proxy": {Path: "/api/v1/me", Status: 502},
		"cut": {Path: "/api/v1/me", Drop: fault.DropHalfway},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			service := simulator.Start(t)
			config := acctest.ProviderConfig(t, service)
			config["max_retries"] = 0
			server := acctest.NewServer(t, config)
			service.Fail(fault)

			values, diagnostics := server.ReadDataSource("sepay_user", nil)
			if values != nil || len(diagnostics) != 1 || !diagnostics.Mentions("Could not read the user", "GET /me") {
				t.Errorf("got %v, %v, want one error", values, diagnostics)
			}
		})
	}
}

func TestStoppingEndsTheWaitForAResponse(t *testing.T) {
	t.Parallel()

	service, server := acctest.NewSimulated(t)
	service.Fail(simulator.Fault{Path: "/api/v1/me", DelayBefore: time.Hour})

	responded := make(chan acctest.Diagnostics, 1)

	go func() {
		_, diagnostics := server.ReadDataSource("sepay_user", nil)
		responded <- diagnostics
	}()

	for len(service.RequestsTo("GET", "/api/v1/me")) == 0 {
		time.Sleep(time.Millisecond)
	}

	server.Stop()

	if diagnostics := <-responded; !diagnostics.Mentions("Could not read the user", "was stopped") {
		t.Errorf("got %v", diagnostics)
	}

	if got := len(service.RequestsTo("GET", "/api/v1/me")); got != 1 {
		t.Errorf("sent %d requests, want no other one after the stop", got)
	}
}

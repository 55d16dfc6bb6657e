package apidiag_test

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/apidiag"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

func TestDiagnosticsHaveTheFailureItsCauseAndTheNextStep(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		name  string
		err   error
		texts []string
	}{
		{
			"missing scope",
			&sepay.APIError{Method: "GET", Path: "/webhooks/23", Status: 403, Message: "No permission.", Scope: "webhook:read"},
			[]string{"GET /webhooks/23", "403 Forbidden", "No permission", `the scope "webhook:read"`, "authorize again"},
		},
		{
			"refused value",
			&sepay.APIError{Method: "PATCH", Path: "/webhooks/23", Status: 400, Message: "The name is too long."},
			[]string{"400 Bad Request", "The name is too long", "Correct what SePay objects to"},
		},
		{
			"unavailable", &sepay.APIError{Method: "GET", Path: "/me", Status: 503},
			[]string{"503 Service Unavailable", "try again later"},
		},
		{
			"token", fmt.Errorf("request: %w", &apidiag.ExplainedError{Summary: "The token expired", Detail: "Run login."}),
			[]string{"The token expired.", "Run login."},
		},
		{"stopped", fmt.Errorf("wait: %w", context.Canceled), []string{"was stopped", "Run the command again"}},
		{
			"no response",
			&sepay.RequestError{Method: "GET", Path: "/me", Sent: true, Err: context.DeadlineExceeded},
			[]string{"GET /me", "raise request_timeout"},
		},
		{
			"no connection",
			&sepay.RequestError{Method: "GET", Path: "/me", Err: errors.New("connection refused")},
			[]string{"was not sent", "connection refused", "Check the network", "base_url"},
		},
		{
			"an unknown certificate authority",
			&sepay.RequestError{Method: "GET", Path: "/me", Err: x509.UnknownAuthorityError{
				Cert: &x509.Certificate{Issuer: pkix.Name{CommonName: "Proxy of the company"}},
			}},
			[]string{"Proxy of the company", "SSL_CERT_FILE", "base_url"},
		},
		{
			"a create without a response, though the run was stopped",
			&sepay.LostCreateError{Mark: "[tf-abcdefgh23]", Err: &sepay.RequestError{Method: "POST", Path: "/webhooks", Sent: true, Err: context.Canceled}},
			[]string{"[tf-abcdefgh23]", "Applying again is safe."},
		},
		{
			"a 404 that nothing confirms",
			&sepay.UnconfirmedError{Detail: "the list of webhooks still has the webhook", Err: &sepay.APIError{Method: "GET", Path: "/webhooks/5", Status: 404}},
			[]string{"404 Not Found", "still has the webhook", "Nothing was changed", "then run the command again."},
		},
		{"anything else", errors.New("the response cannot be read"), []string{"the response cannot be read."}},
	} {
		diagnostic := apidiag.Error("read webhook 23", test.err)
		if diagnostic.Severity() != diag.SeverityError || diagnostic.Summary() != "Could not read webhook 23" {
			t.Errorf("%s: got %v %q", test.name, diagnostic.Severity(), diagnostic.Summary())
		}

		for _, text := range test.texts {
			if !strings.Contains(diagnostic.Detail(), text) {
				t.Errorf("%s: %q does not say %q", test.name, diagnostic.Detail(), text)
			}
		}

		if strings.Count(diagnostic.Detail(), "run the command again") > 1 {
			t.Errorf("%s: %q has the next step twice", test.name, diagnostic.Detail())
		}

		if strings.Contains(diagnostic.Detail(), "..") && test.name != "token" {
			t.Errorf("%s: %q has a double full stop", test.name, diagnostic.Detail())
		}
	}
}

func TestAWarningHasTheSameDetail(t *testing.T) {
	t.Parallel()

	err := &sepay.APIError{Method: "GET", Path: "/me", Status: 503}

	warning := apidiag.Warning("The account could not be checked", err)
	if warning.Severity() != diag.SeverityWarning || warning.Detail() != apidiag.Error("x", err).Detail() {
		t.Errorf("got %v", warning)
	}
}

func TestFieldsThatSePayNamesAreShownAtTheirAttributes(t *testing.T) {
	t.Parallel()

	err := fmt.Errorf("create: %w", &sepay.APIError{
		Method: "POST", Path: "/webhooks", Status: 422,
		Fields: map[string]string{"name": "is too long", "webhook_url": "is private", "_token": "is missing"},
	})

	var diags diag.Diagnostics

	apidiag.ByField(&diags, "create the webhook", err, func(field string) (path.Path, bool) {
		return path.Root(field), field != "_token"
	})

	if len(diags) != 2 {
		t.Fatalf("got %v, want one for each of the two attributes", diags)
	}

	for i, want := range []string{"name", "webhook_url"} {
		attribute, ok := diags[i].(diag.DiagnosticWithPath)
		if !ok || attribute.Path().String() != want || !strings.Contains(diags[i].Detail(), "the value of "+want+": is") {
			t.Errorf("got %v, want one at %s", diags[i], want)
		}
	}
}

func TestAnErrorPointsAtTheOnlyAttributeThatSePaysTextNames(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]string{
		"The bank_account_id must be the id of a bank account.":            "bank_account_id",
		"bank_account_id: not found (bank_account_id=99)":                  "bank_account_id",
		"The webhook_url is not compatible with the request_content_type.": "",
		"The name is too long.":                                            "",
		"The _token is missing.":                                           "",
		"":                                                                 "",
	} {
		var diags diag.Diagnostics

		err := fmt.Errorf("create: %w", &sepay.APIError{Method: "POST", Path: "/webhooks", Status: 400, Message: text})
		apidiag.ByField(&diags, "create the webhook", err, func(field string) (path.Path, bool) {
			known := []string{"bank_account_id", "webhook_url", "request_content_type", "name"}

			return path.Root(field), slices.Contains(known, field)
		})

		if len(diags) != 1 || !strings.Contains(diags[0].Detail(), text) {
			t.Errorf("%s: got %v, want one error with SePay's text", text, diags)

			continue
		}

		got := ""
		if attribute, ok := diags[0].(diag.DiagnosticWithPath); ok {
			got = attribute.Path().String()
		}

		if got != want {
			t.Errorf("%s: the error is at %q, want %q", text, got, want)
		}
	}
}

func TestAnErrorWithoutAKnownFieldIsShownOnce(t *testing.T) {
	t.Parallel()

	for name, err := range map[string]error{
		"no field":       &sepay.APIError{Method: "POST", Path: "/webhooks", Status: 400, Message: "Bad."},
		"no known field": &sepay.APIError{Method: "POST", Path: "/webhooks", Status: 422, Fields: map[string]string{"x": "bad"}},
		"no response":    errors.New("cut"),
	} {
		var diags diag.Diagnostics

		apidiag.ByField(&diags, "create the webhook", err, func(string) (path.Path, bool) { return path.Empty(), false })

		if len(diags) != 1 || diags[0].Summary() != "Could not create the webhook" {
			t.Errorf("%s: got %v", name, diags)
		}
	}
}

func TestExplainedUnwrapsToItsCause(t *testing.T) {
	t.Parallel()

	cause := errors.New("cause")
	if err := error(&apidiag.ExplainedError{Summary: "s", Err: cause}); !errors.Is(err, cause) || err.Error() != "s" {
		t.Errorf("got %v", err)
	}
}

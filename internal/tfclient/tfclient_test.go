package tfclient_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/tfclient"
)

func TestClientIsPassedOn(t *testing.T) {
	t.Parallel()

	var diags diag.Diagnostics

	want := sepay.New(sepay.Config{BaseURL: "http://127.0.0.1:1"})
	if got := tfclient.Client(want, &diags); got != want || len(diags) != 0 {
		t.Fatalf("got client %p and %v, want client %p", got, diags, want)
	}
}

func TestADataSourceHasTheClientAfterConfigure(t *testing.T) {
	t.Parallel()

	var (
		source tfclient.DataSource
		resp   datasource.ConfigureResponse
	)

	want := sepay.New(sepay.Config{BaseURL: "http://127.0.0.1:1"})

	source.Configure(t.Context(), datasource.ConfigureRequest{ProviderData: want}, &resp)

	if source.Client != want || len(resp.Diagnostics) != 0 {
		t.Fatalf("got client %p and %v, want client %p", source.Client, resp.Diagnostics, want)
	}
}

func TestNoClientDuringValidationIsNoError(t *testing.T) {
	t.Parallel()

	var diags diag.Diagnostics

	if got := tfclient.Client(nil, &diags); got != nil || len(diags) != 0 {
		t.Fatalf("got client %p and %v, want neither", got, diags)
	}
}

func TestAnotherTypeIsReportedAsABug(t *testing.T) {
	t.Parallel()

	var diags diag.Diagnostics

	if got := tfclient.Client("a string", &diags); got != nil {
		t.Fatalf("got client %p, want none", got)
	}

	if len(diags) != 1 || !strings.Contains(diags[0].Detail(), "passed a string where a *sepay.Client") ||
		!strings.Contains(diags[0].Detail(), "bug in the provider") {
		t.Fatalf("got %v, want one error that names both types and calls it a bug", diags)
	}
}

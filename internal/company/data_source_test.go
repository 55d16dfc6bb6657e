package company_test

import (
	"reflect"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

func TestTheCompanyIsTheSameInEveryDialect(t *testing.T) {
	t.Parallel()

	acctest.SameInEveryDialect(t, "sepay_company", "company", acctest.Dialects(t, "U6")...)
}

func TestMissingCompanyKeysAreNull(t *testing.T) {
	t.Parallel()

	service := simulator.Start(t)
	config := acctest.ProviderConfig(t, service)
	service.ChangeCompany(map[string]any{
		"subscription": nil, "begin_date": nil, "end_date": nil, "configurations": map[string]any{"payment_code_formats": nil},
	})

	values, diagnostics := acctest.NewServer(t, config).ReadDataSource("sepay_company", nil)
	if len(diagnostics) != 0 {
		t.Fatal(diagnostics)
	}

	want := map[string]any{
		"bank_sub_account": nil, "paycode": nil, "data_storage_time": nil, "payment_code_formats": nil,
	}
	if values["subscription"] != nil || values["begin_date"] != nil || !reflect.DeepEqual(values["configurations"], want) {
		t.Errorf("got %v", values)
	}

	service.ChangeCompany(map[string]any{"configurations": nil})

	values, diagnostics = acctest.NewServer(t, config).ReadDataSource("sepay_company", nil)
	if len(diagnostics) != 0 || values["configurations"] != nil {
		t.Errorf("got %v, %v for configurations, want null", values["configurations"], diagnostics)
	}
}

func TestARefusalNamesTheScopeAndTheRole(t *testing.T) {
	t.Parallel()

	for name, refusing := range map[string]func() (*simulator.Server, *acctest.Server){
		"no scope": func() (*simulator.Server, *acctest.Server) {
			return acctest.NewSimulated(t, simulator.WithScopes(sepay.ScopeProfile))
		},
		"no role": func() (*simulator.Server, *acctest.Server) {
			service, server := acctest.NewSimulated(t)
			service.ChangeCompany(map[string]any{"role": "User"})

			return service, server
		},
	} {
		_, server := refusing()

		_, diagnostics := server.ReadDataSource("sepay_company", nil)
		if !diagnostics.Mentions("Could not read the company", "403", `"company"`, "Admin or SuperAdmin") {
			t.Errorf("%s: got %v", name, diagnostics)
		}
	}
}

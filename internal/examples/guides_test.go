package examples_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/provider"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// rows returns the lines of all tables of a guide.
func rows(t *testing.T, guide string) []string {
	t.Helper()

	text, err := os.ReadFile(filepath.Join(root, "docs", "guides", guide))
	if err != nil {
		t.Fatal(err)
	}

	return slices.DeleteFunc(strings.Split(string(text), "\n"), func(line string) bool { return !strings.HasPrefix(line, "| ") })
}

func schemas(t *testing.T) *tfprotov6.GetProviderSchemaResponse {
	t.Helper()

	offered, err := provider.NewServer("test")().GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}

	return offered
}

func TestTheScopesGuideHasEverythingThatIsOfferedWithItsScope(t *testing.T) {
	t.Parallel()

	offered, table := schemas(t), rows(t, "scopes-and-permissions.md")
	needed := regexp.MustCompile("Needs the scope `([^`]+)`")

	for kind, found := range map[string]map[string]*tfprotov6.Schema{
		"resource": offered.ResourceSchemas, "data source": offered.DataSourceSchemas,
		"list resource": offered.ListResourceSchemas, "ephemeral resource": offered.EphemeralResourceSchemas,
	} {
		for name, schema := range found {
			start := fmt.Sprintf("| %s `%s`", kind, name)

			at := slices.IndexFunc(table, func(row string) bool { return strings.HasPrefix(row, start) })
			if at < 0 {
				t.Errorf("the guide has no row for the %s %s", kind, name)

				continue
			}

			scope := needed.FindStringSubmatch(schema.Block.Description)
			if scope != nil && !strings.Contains(table[at], "`"+scope[1]+"`") {
				t.Errorf("the %s %s needs %s, and the guide says: %s", kind, name, scope[1], table[at])
			}
		}
	}

	for _, scope := range sepay.Scopes() {
		if !slices.ContainsFunc(table, func(row string) bool { return strings.Contains(row, "`"+scope.Value+"`") }) {
			t.Errorf("the guide does not say what needs the scope %s", scope.Value)
		}
	}
}

func TestTheTroubleshootingGuideHasEveryFailureWithANextStep(t *testing.T) {
	t.Parallel()

	table := rows(t, "troubleshooting.md")
	has := func(first string) bool {
		return slices.ContainsFunc(table, func(row string) bool {
			cells := strings.Split(row, "|")
			last := strings.TrimSpace(cells[len(cells)-2])

			return strings.Contains(cells[1], first) && last != ""
		})
	}

	// What SePay documents for its token address and its consent page.
	for _, code := range []string{
		"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "access_denied", "unsupported_grant_type",
		"invalid_scope",
	} {
		if !has("`" + code + "`") {
			t.Errorf("the guide has no next step for %s", code)
		}
	}

	documented := []int{http.StatusBadRequest, http.StatusNotFound, http.StatusUnprocessableEntity}

	for status := http.StatusContinue; status < 600; status++ {
		failure := &sepay.APIError{Method: http.MethodPost, Path: "/webhooks", Status: status, Scope: sepay.ScopeWebhookWrite}
		common := http.StatusText(status) != "" && status <= http.StatusGatewayTimeout && status != http.StatusNotImplemented

		if !slices.Contains(documented, status) && (failure.NextStep() == "" || !common) {
			continue
		}

		name := fmt.Sprint(status)
		if status < http.StatusBadRequest {
			name = "3xx"
		}

		if !has(name) {
			t.Errorf("the client has a next step for status %d, the guide has none", status)
		}
	}
}

func TestTheFrontPageSetsVariablesThatExist(t *testing.T) {
	t.Parallel()

	known := ""
	for _, attribute := range schemas(t).Provider.Block.Attributes {
		known += attribute.Description
	}

	for _, page := range []string{"docs/index.md", "docs/guides/authentication-and-ci.md", "README.md"} {
		text, err := os.ReadFile(filepath.Join(root, page))
		if err != nil {
			t.Fatal(err)
		}

		for _, name := range regexp.MustCompile(`SEPAY_[A-Z_]+[A-Z]`).FindAllString(string(text), -1) {
			if !strings.Contains(known, "`"+name+"`") {
				t.Errorf("%s speaks of %s, which no attribute of the provider has", page, name)
			}
		}
	}
}

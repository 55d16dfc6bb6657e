package provider

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// declared is an attribute of any schema of the provider.
type declared struct {
	// path is its name in messages, such as "resource sepay_webhook.name".
	path string
	*tfprotov6.SchemaAttribute
}

// schemas returns every schema of the provider, by its name in messages.
func schemas(t *testing.T) map[string]*tfprotov6.Schema {
	t.Helper()

	offered, err := NewServer("test")().GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || len(offered.Diagnostics) > 0 {
		t.Fatalf("%v, %v", err, offered)
	}

	found := map[string]*tfprotov6.Schema{"provider": offered.Provider}

	for kind, group := range map[string]map[string]*tfprotov6.Schema{
		"resource":           offered.ResourceSchemas,
		"data source":        offered.DataSourceSchemas,
		"ephemeral resource": offered.EphemeralResourceSchemas,
		"list resource":      offered.ListResourceSchemas,
	} {
		if len(group) == 0 {
			t.Errorf("there is no %s", kind)
		}

		for name, schema := range group {
			found[kind+" "+name] = schema
		}
	}

	return found
}

// attributes returns every attribute of every schema, nested ones included.
func attributes(t *testing.T) []declared {
	t.Helper()

	var (
		found []declared
		walk  func(path string, attributes []*tfprotov6.SchemaAttribute)
	)

	walk = func(path string, attributes []*tfprotov6.SchemaAttribute) {
		for _, attribute := range attributes {
			found = append(found, declared{path + "." + attribute.Name, attribute})

			if attribute.NestedType != nil {
				walk(path+"."+attribute.Name, attribute.NestedType.Attributes)
			}
		}
	}

	for path, schema := range schemas(t) {
		if len(schema.Block.BlockTypes) > 0 {
			t.Errorf("%s has blocks, which these tests do not check; use nested attributes", path)
		}

		walk(path, schema.Block.Attributes)
	}

	return found
}

func TestEverythingIsDescribed(t *testing.T) {
	t.Parallel()

	for path, schema := range schemas(t) {
		if !isProse(schema.Block.Description) {
			t.Errorf("%s: the description %q is not a sentence", path, schema.Block.Description)
		}
	}

	for _, attribute := range attributes(t) {
		if !isProse(attribute.Description) {
			t.Errorf("%s: the description %q is not a sentence", attribute.path, attribute.Description)
		}
	}

	identities, err := NewServer("test")().GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil || len(identities.IdentitySchemas) == 0 {
		t.Fatalf("%v, %v", err, identities)
	}

	for name, identity := range identities.IdentitySchemas {
		for _, attribute := range identity.IdentityAttributes {
			if !isProse(attribute.Description) {
				t.Errorf("identity of %s, %s: the description %q is not a sentence", name, attribute.Name, attribute.Description)
			}
		}
	}
}

// isProse reports whether a text begins and ends like a sentence.
func isProse(text string) bool {
	return len(text) > 10 && strings.ToUpper(text[:1]) == text[:1] && strings.HasSuffix(text, ".") &&
		!strings.Contains(text, "  ")
}

// providerOwn are the provider's own arguments, which SePay does not document.
var providerOwn = []string{
	"provider.token_store", "provider.token_store_path", "provider.token_store_key", "provider.token_helper",
	"provider.token_lock_timeout", "provider.requests_per_second", "provider.max_retries", "provider.request_timeout",
	"resource sepay_webhook.api_key_wo_version", "resource sepay_webhook.secret_key_wo_version",
	"resource sepay_webhook.oauth2_client_secret_wo_version",
	"data source sepay_bank_account.include_accumulated", "data source sepay_bank_accounts.include_accumulated",
	"data source sepay_transactions.limit",
}

func TestEachArgumentLinksToTheDocumentationOfSePay(t *testing.T) {
	t.Parallel()

	own := slices.Clone(providerOwn)
	linked := 0

	for _, attribute := range attributes(t) {
		if !attribute.Required && !attribute.Optional {
			continue
		}

		if i := slices.Index(own, attribute.path); i >= 0 {
			own = slices.Delete(own, i, i+1)

			continue
		}

		linked++

		if !linksToSePay(attribute.Description) {
			t.Errorf("%s: %q does not link to SePay's documentation", attribute.path, attribute.Description)
		}
	}

	if len(own) > 0 {
		t.Errorf("there are no arguments %q", own)
	}

	// Of the provider 5, of the webhook 21 and three secrets in two forms each, and the arguments of the data sources.
	if linked < 40 {
		t.Errorf("only %d arguments were found", linked)
	}
}

func linksToSePay(markdown string) bool {
	return strings.Contains(markdown, "](https://developer.sepay.vn/en/")
}

func TestAttributesNamedLikeASecretAreSensitiveOrWriteOnly(t *testing.T) {
	t.Parallel()

	// These have such a word in their name, but their values are not secret.
	public := []string{
		"token_store", "token_store_path", "token_store_key", "token_helper", "token_lock_timeout", "oauth2_access_token_url",
	}
	words := []string{"secret", "token", "key"}
	count := 0

	for _, attribute := range attributes(t) {
		named := slices.ContainsFunc(words, func(word string) bool { return strings.Contains(attribute.Name, word) })
		if !named || slices.Contains(public, attribute.Name) || strings.HasSuffix(attribute.Name, "_version") {
			continue
		}

		count++

		if !attribute.Sensitive && !attribute.WriteOnly {
			t.Errorf("%s is neither sensitive nor write-only", attribute.path)
		}
	}

	// Client secret, two tokens, and of the webhook three secrets in two forms each.
	if count < 9 {
		t.Errorf("only %d secrets were found", count)
	}
}

func TestNoDataSourceReturnsASecretOfAWebhook(t *testing.T) {
	t.Parallel()

	for _, attribute := range attributes(t) {
		if strings.HasPrefix(attribute.path, "data source") &&
			slices.Contains([]string{"api_key", "secret_key", "oauth2_client_secret"}, attribute.Name) {
			t.Errorf("%s would put a secret into the state", attribute.path)
		}
	}
}

// TestTheDescriptionsOfOptionalComputedAttributesSayWhatOmittingThemMeans looks at the framework's own schemas, because a default does not show over the
// protocol.
func TestTheDescriptionsOfOptionalComputedAttributesSayWhatOmittingThemMeans(t *testing.T) {
	t.Parallel()

	provided, ok := New("test")().(*sepayProvider)
	if !ok {
		t.Fatal("New returns another provider")
	}

	explained := 0

	for _, create := range provided.Resources(t.Context()) {
		var resp resource.SchemaResponse

		create().Schema(t.Context(), resource.SchemaRequest{}, &resp)

		for name, attribute := range resp.Schema.Attributes {
			if !attribute.IsOptional() || !attribute.IsComputed() {
				continue
			}

			explained++

			wanted := []string{"If omitted", "leaves it out", "left out", "Unset means"}
			if hasDefault(attribute) {
				// An omitted set is an empty set.
				wanted = []string{"Default:", "Empty means the same as unset", "Removing the attribute clears", "not allowed otherwise"}
			}

			text := attribute.GetMarkdownDescription()
			if !slices.ContainsFunc(wanted, func(words string) bool { return strings.Contains(text, words) }) {
				t.Errorf("%s can be left out, and %q does not say what happens then (%q)", name, text, wanted)
			}
		}
	}

	if explained == 0 {
		t.Error("no attribute is optional and computed")
	}
}

func hasDefault(attribute schema.Attribute) bool {
	switch typed := attribute.(type) {
	case schema.StringAttribute:
		return typed.Default != nil
	case schema.BoolAttribute:
		return typed.Default != nil
	case schema.Int64Attribute:
		return typed.Default != nil
	case schema.SetAttribute:
		return typed.Default != nil
	default:
		return false
	}
}

func TestEachProviderAttributeDescribesItsVariableAndItsDefault(t *testing.T) {
	t.Parallel()

	for name, attribute := range providerSchema().Attributes {
		text := attribute.GetMarkdownDescription()
		if variable := "SEPAY_" + strings.ToUpper(name); !strings.Contains(text, "Environment variable: `"+variable+"`") {
			t.Errorf("the description of %s does not name %s: %q", name, variable, text)
		}

		if !attribute.IsOptional() {
			t.Errorf("%s is required in the configuration, so the environment cannot set it", name)
		}
	}

	// The tests of the settings verify these defaults.
	for name, value := range map[string]string{
		"base_url": "https://my.sepay.vn", "token_store": "file", "token_lock_timeout": "90s", "requests_per_second": "3",
		"max_retries": "4", "request_timeout": "30s",
	} {
		if text := providerSchema().Attributes[name].GetMarkdownDescription(); !strings.Contains(text, "Default: `"+value+"`.") {
			t.Errorf("the description of %s does not have the default %s: %q", name, value, text)
		}
	}
}

func TestTheSchemaInAdvanceIsThatOfARequestAndComputedOnce(t *testing.T) {
	t.Parallel()

	request := func(server tfprotov6.ProviderServer) *tfprotov6.GetProviderSchemaResponse {
		response, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
		if err != nil {
			t.Fatal(err)
		}

		return response
	}

	server := NewServer("test", WithSchemaInAdvance())()
	first := request(server)

	if want := request(NewServer("test")()); !reflect.DeepEqual(first, want) {
		t.Errorf("got %+v, want %+v", first, want)
	}

	if request(server) != first {
		t.Error("a second request computes the schema again")
	}
}

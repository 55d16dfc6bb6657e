package acctest

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// attributesOf calls visit with every attribute of everything that the provider offers, nested ones included.
func attributesOf(s *Server, visit func(path string, attribute *tfprotov6.SchemaAttribute)) {
	visitSchemas := func(kind string, schemas map[string]*tfprotov6.Schema) {
		for name, schema := range schemas {
			visitAttributes(kind+" "+name, schema.Block.Attributes, visit)
		}
	}

	visitAttributes("provider", s.schema.Provider.Block.Attributes, visit)
	visitSchemas("resource", s.schema.ResourceSchemas)
	visitSchemas("data source", s.schema.DataSourceSchemas)
	visitSchemas("ephemeral resource", s.schema.EphemeralResourceSchemas)
	visitSchemas("list resource", s.schema.ListResourceSchemas)
}

func visitAttributes(path string, attributes []*tfprotov6.SchemaAttribute, visit func(string, *tfprotov6.SchemaAttribute)) {
	for _, attribute := range attributes {
		visit(path+"."+attribute.Name, attribute)

		if attribute.NestedType != nil {
			visitAttributes(path+"."+attribute.Name, attribute.NestedType.Attributes, visit)
		}
	}
}

func TestEveryAttributeIsDescribed(t *testing.T) {
	t.Parallel()

	_, server := NewSimulated(t)
	count := 0

	attributesOf(server, func(path string, attribute *tfprotov6.SchemaAttribute) {
		count++

		if !strings.HasSuffix(strings.TrimSpace(attribute.Description), ".") {
			t.Errorf("%s: the description %q is no sentence", path, attribute.Description)
		}
	})

	if count < 100 {
		t.Errorf("only %d attributes were found", count)
	}
}

func TestEverySecretIsSensitiveOrWriteOnly(t *testing.T) {
	t.Parallel()

	// What has such a word in its name and is none itself.
	harmless := []string{
		"api_key_wo_version", "secret_key_wo_version", "oauth2_client_secret_wo_version", "token_store", "token_store_path",
		"token_store_key", "token_helper", "token_lock_timeout",
	}

	_, server := NewSimulated(t)
	secrets := 0

	attributesOf(server, func(path string, attribute *tfprotov6.SchemaAttribute) {
		name := attribute.Name
		if slices.Contains(harmless, name) || !slices.ContainsFunc([]string{"secret", "token", "key"}, func(word string) bool {
			return strings.Contains(name, word)
		}) {
			return
		}

		secrets++

		if !attribute.Sensitive && !attribute.WriteOnly {
			t.Errorf("%s is neither sensitive nor write-only", path)
		}
	})

	if secrets == 0 {
		t.Error("no secret was found at all")
	}
}

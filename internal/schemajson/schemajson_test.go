package schemajson_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/schemajson"
)

// offering is a provider server that returns the given schemas.
type offering struct {
	tfprotov6.ProviderServer

	schemas    tfprotov6.GetProviderSchemaResponse
	identities tfprotov6.GetResourceIdentitySchemasResponse
	err        error
}

func (o *offering) GetProviderSchema(
	context.Context, *tfprotov6.GetProviderSchemaRequest,
) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &o.schemas, o.err
}

func (o *offering) GetResourceIdentitySchemas(
	context.Context, *tfprotov6.GetResourceIdentitySchemasRequest,
) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &o.identities, nil
}

func schemaOf(attributes ...*tfprotov6.SchemaAttribute) *tfprotov6.Schema {
	return &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{Attributes: attributes}}
}

func TestEveryKindOfSchemaIsWritten(t *testing.T) {
	t.Parallel()

	id := &tfprotov6.SchemaAttribute{Name: "id", Type: tftypes.Number, Computed: true, Description: "The id."}
	server := &offering{
		schemas: tfprotov6.GetProviderSchemaResponse{
			Provider: schemaOf(&tfprotov6.SchemaAttribute{
				Name: "client_secret", Type: tftypes.String, Optional: true, Sensitive: true,
				DescriptionKind: tfprotov6.StringKindMarkdown,
			}),
			ResourceSchemas: map[string]*tfprotov6.Schema{"sepay_widget": {Version: 3, Block: &tfprotov6.SchemaBlock{
				Description: "A thing.",
				Attributes: []*tfprotov6.SchemaAttribute{
					{Name: "secret_wo", Type: tftypes.String, Optional: true, WriteOnly: true},
				},
			}}},
			DataSourceSchemas: map[string]*tfprotov6.Schema{"sepay_widgets": schemaOf(&tfprotov6.SchemaAttribute{
				Name: "things", Computed: true, NestedType: &tfprotov6.SchemaObject{
					Nesting:    tfprotov6.SchemaObjectNestingModeList,
					Attributes: []*tfprotov6.SchemaAttribute{id},
				},
			})},
			EphemeralResourceSchemas: map[string]*tfprotov6.Schema{"sepay_token": schemaOf(id)},
			ListResourceSchemas:      map[string]*tfprotov6.Schema{"sepay_widget": schemaOf(id)},
		},
		identities: tfprotov6.GetResourceIdentitySchemasResponse{
			IdentitySchemas: map[string]*tfprotov6.ResourceIdentitySchema{"sepay_widget": {
				IdentityAttributes: []*tfprotov6.ResourceIdentitySchemaAttribute{
					{Name: "id", Type: tftypes.Number, RequiredForImport: true},
				},
			}},
		},
	}

	const want = `{"format_version":"1.0","provider_schemas":{"sepay":{
		"provider":{"version":0,"block":{"description_kind":"plain","attributes":{
			"client_secret":{"type":"string","optional":true,"sensitive":true,"description_kind":"markdown"}}}},
		"resource_schemas":{"sepay_widget":{"version":3,"block":{"description":"A thing.","description_kind":"plain","attributes":{
			"secret_wo":{"type":"string","optional":true,"write_only":true,"description_kind":"plain"}}}}},
		"data_source_schemas":{"sepay_widgets":{"version":0,"block":{"description_kind":"plain","attributes":{
			"things":{"computed":true,"description_kind":"plain","nested_type":{"nesting_mode":"list","attributes":{
				"id":{"type":"number","computed":true,"description":"The id.","description_kind":"plain"}}}}}}}},
		"ephemeral_resource_schemas":{"sepay_token":{"version":0,"block":{"description_kind":"plain","attributes":{
			"id":{"type":"number","computed":true,"description":"The id.","description_kind":"plain"}}}}},
		"list_resource_schemas":{"sepay_widget":{"version":0,"block":{"description_kind":"plain","attributes":{
			"id":{"type":"number","computed":true,"description":"The id.","description_kind":"plain"}}}}},
		"resource_identity_schemas":{"sepay_widget":{"version":0,"attributes":{
			"id":{"type":"number","required_for_import":true}}}}}}}`

	var got bytes.Buffer
	if err := schemajson.Write(t.Context(), &got, server, "sepay"); err != nil {
		t.Fatal(err)
	}

	if normal(t, got.String()) != normal(t, want) {
		t.Fatalf("got\n%s\nwant\n%s", got.String(), want)
	}
}

func TestUnsupportedSchemasAreErrors(t *testing.T) {
	t.Parallel()

	errStopped := errors.New("the server has stopped")

	for name, test := range map[string]struct {
		server *offering
		want   string
	}{
		"no response": {&offering{err: errStopped}, errStopped.Error()},
		"an invalid schema": {
			&offering{schemas: tfprotov6.GetProviderSchemaResponse{Diagnostics: []*tfprotov6.Diagnostic{
				{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Bad name", Detail: "x-y is reserved"},
			}}},
			"Bad name: x-y is reserved",
		},
		"a nested block": {
			&offering{schemas: tfprotov6.GetProviderSchemaResponse{ResourceSchemas: map[string]*tfprotov6.Schema{
				"sepay_widget": {Block: &tfprotov6.SchemaBlock{BlockTypes: []*tfprotov6.SchemaNestedBlock{{TypeName: "part"}}}},
			}}},
			"sepay_widget: part: nested blocks",
		},
		"a nesting mode of the future": {
			&offering{schemas: tfprotov6.GetProviderSchemaResponse{Provider: schemaOf(&tfprotov6.SchemaAttribute{
				Name: "parts", NestedType: &tfprotov6.SchemaObject{Nesting: 99},
			})}},
			"provider: parts: unknown nesting mode",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			var got bytes.Buffer

			err := schemajson.Write(t.Context(), &got, test.server, "sepay")
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got error %v, want one that says %q", err, test.want)
			}

			if got.Len() != 0 {
				t.Fatalf("wrote %q with the error", got.String())
			}
		})
	}
}

// normal returns JSON in a canonical form, so that two documents can be compared.
func normal(t *testing.T, document string) string {
	t.Helper()

	var value any
	if err := json.Unmarshal([]byte(document), &value); err != nil {
		t.Fatalf("%v in %s", err, document)
	}

	again, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}

	return string(again)
}

// Package schemajson writes the schemas of a provider as the JSON of `terraform providers schema -json`, straight from
// its protocol server. The documentation is generated from it: no Terraform is needed, and no pages are missing for
// features that an installed Terraform is too old for (identity, list resources).
package schemajson

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

type document struct {
	FormatVersion string              `json:"format_version"`
	Schemas       map[string]provider `json:"provider_schemas"`
}

type provider struct {
	Provider           schema                    `json:"provider"`
	Resources          map[string]schema         `json:"resource_schemas,omitempty"`
	DataSources        map[string]schema         `json:"data_source_schemas,omitempty"`
	EphemeralResources map[string]schema         `json:"ephemeral_resource_schemas,omitempty"`
	ListResources      map[string]schema         `json:"list_resource_schemas,omitempty"`
	Identities         map[string]identitySchema `json:"resource_identity_schemas,omitempty"`
}

// Write writes the schemas of server to w, under the provider's short name.
func Write(ctx context.Context, w io.Writer, server tfprotov6.ProviderServer, name string) error {
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return fmt.Errorf("read the provider's schemas: %w", err)
	}

	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return fmt.Errorf("read the provider's identity schemas: %w", err)
	}

	if err := problems(append(schemas.Diagnostics, identities.Diagnostics...)); err != nil {
		return fmt.Errorf("the provider reports its schemas as invalid: %w", err)
	}

	described, err := describe(schemas, identities)
	if err != nil {
		return err
	}

	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")

	if err := encoder.Encode(document{FormatVersion: "1.0", Schemas: map[string]provider{name: described}}); err != nil {
		return fmt.Errorf("write the schemas: %w", err)
	}

	return nil
}

func describe(
	schemas *tfprotov6.GetProviderSchemaResponse, identities *tfprotov6.GetResourceIdentitySchemasResponse,
) (provider, error) {
	var (
		described provider
		err       error
	)

	if described.Provider, err = describeSchema(schemas.Provider); err != nil {
		return provider{}, fmt.Errorf("provider: %w", err)
	}

	for _, kind := range []struct {
		into *map[string]schema
		from map[string]*tfprotov6.Schema
	}{
		{&described.Resources, schemas.ResourceSchemas},
		{&described.DataSources, schemas.DataSourceSchemas},
		{&described.EphemeralResources, schemas.EphemeralResourceSchemas},
		{&described.ListResources, schemas.ListResourceSchemas},
	} {
		*kind.into = make(map[string]schema, len(kind.from))

		for name, from := range kind.from {
			if (*kind.into)[name], err = describeSchema(from); err != nil {
				return provider{}, fmt.Errorf("%s: %w", name, err)
			}
		}
	}

	described.Identities = make(map[string]identitySchema, len(identities.IdentitySchemas))
	for name, from := range identities.IdentitySchemas {
		described.Identities[name] = describeIdentity(from)
	}

	return described, nil
}

func problems(diagnostics []*tfprotov6.Diagnostic) error {
	var found []error

	for _, diagnostic := range diagnostics {
		if diagnostic.Severity == tfprotov6.DiagnosticSeverityError {
			found = append(found, fmt.Errorf("%s: %s", diagnostic.Summary, diagnostic.Detail))
		}
	}

	return errors.Join(found...)
}

package acctest

import (
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// ReadDataSource validates and reads a data source. The values are nil when there are errors.
func (s *Server) ReadDataSource(typeName string, config map[string]any) (map[string]any, Diagnostics) {
	s.tb.Helper()

	diagnostics := s.ValidateDataSource(typeName, config)
	if diagnostics.HasErrors() {
		return nil, diagnostics
	}

	if hasUnknown(config) {
		s.tb.Fatalf("Terraform postpones reading %s until its configuration is known", typeName)
	}

	schema := s.schema.DataSourceSchemas[typeName]
	encoded := s.encodeBlock(schema, config)

	response, err := s.rpc.ReadDataSource(s.ctx, &tfprotov6.ReadDataSourceRequest{
		TypeName: typeName, Config: encoded, ClientCapabilities: &tfprotov6.ReadDataSourceClientCapabilities{},
	})
	if err != nil {
		s.tb.Fatalf("ReadDataSource %s: %v", typeName, err)
	}

	diagnostics = append(diagnostics, diagnosticsOf(response.Diagnostics)...)
	if diagnostics.HasErrors() {
		return nil, diagnostics
	}

	values := s.decode(schema.ValueType(), response.State)
	if values == nil || hasUnknown(values) {
		s.refuse("ReadDataSource "+typeName, []string{fmt.Sprintf("the result is not known: %v", values)})
	}

	return values, diagnostics
}

// ValidateDataSource checks the configuration of a data source, as `terraform validate` does.
func (s *Server) ValidateDataSource(typeName string, config map[string]any) Diagnostics {
	s.tb.Helper()

	schema, ok := s.schema.DataSourceSchemas[typeName]
	if !ok {
		s.tb.Fatalf("the provider has no data source %s", typeName)
	}

	encoded := s.encodeBlock(schema, config)

	response, err := s.rpc.ValidateDataResourceConfig(s.ctx, &tfprotov6.ValidateDataResourceConfigRequest{
		TypeName: typeName, Config: encoded,
	})
	if err != nil {
		s.tb.Fatalf("ValidateDataResourceConfig %s: %v", typeName, err)
	}

	return diagnosticsOf(response.Diagnostics)
}

// Ephemeral is an open ephemeral resource.
type Ephemeral struct {
	Values map[string]any
	// RenewAt is zero if the provider requests no renewal.
	RenewAt time.Time
}

// OpenEphemeral validates and opens an ephemeral resource. The result is nil when there are errors.
func (s *Server) OpenEphemeral(typeName string, config map[string]any) (*Ephemeral, Diagnostics) {
	s.tb.Helper()

	schema, ok := s.schema.EphemeralResourceSchemas[typeName]
	if !ok {
		s.tb.Fatalf("the provider has no ephemeral resource %s", typeName)
	}

	encoded := s.encodeBlock(schema, config)

	validated, err := s.rpc.ValidateEphemeralResourceConfig(s.ctx, &tfprotov6.ValidateEphemeralResourceConfigRequest{
		TypeName: typeName, Config: encoded,
	})
	if err != nil {
		s.tb.Fatalf("ValidateEphemeralResourceConfig %s: %v", typeName, err)
	}

	if diagnostics := diagnosticsOf(validated.Diagnostics); diagnostics.HasErrors() {
		return nil, diagnostics
	}

	opened, err := s.rpc.OpenEphemeralResource(s.ctx, &tfprotov6.OpenEphemeralResourceRequest{
		TypeName: typeName, Config: encoded, ClientCapabilities: &tfprotov6.OpenEphemeralResourceClientCapabilities{},
	})
	if err != nil {
		s.tb.Fatalf("OpenEphemeralResource %s: %v", typeName, err)
	}

	diagnostics := diagnosticsOf(append(validated.Diagnostics, opened.Diagnostics...))
	if diagnostics.HasErrors() {
		return nil, diagnostics
	}

	return &Ephemeral{Values: s.decode(schema.ValueType(), opened.Result), RenewAt: opened.RenewAt}, diagnostics
}

// Listed is one result of a list resource.
type Listed struct {
	DisplayName string
	Identity    map[string]any
	// Values is nil unless they were requested.
	Values map[string]any
}

// List runs a list resource, as `terraform query` does. limit 0 is Terraform's default of 100.
func (s *Server) List(typeName string, config map[string]any, withValues bool, limit int64) ([]Listed, Diagnostics) {
	s.tb.Helper()

	server, ok := s.rpc.(tfprotov6.ListResourceServer)
	schema, known := s.schema.ListResourceSchemas[typeName]

	if !ok || !known {
		s.tb.Fatalf("the provider has no list resource %s", typeName)
	}

	encoded := s.encodeBlock(schema, config)

	validated, err := server.ValidateListResourceConfig(s.ctx, &tfprotov6.ValidateListResourceConfigRequest{
		TypeName: typeName, Config: encoded,
	})
	if err != nil {
		s.tb.Fatalf("ValidateListResourceConfig %s: %v", typeName, err)
	}

	diagnostics := diagnosticsOf(validated.Diagnostics)
	if diagnostics.HasErrors() {
		return nil, diagnostics
	}

	if limit == 0 {
		limit = 100
	}

	stream, err := server.ListResource(s.ctx, &tfprotov6.ListResourceRequest{
		TypeName: typeName, Config: encoded, IncludeResource: withValues, Limit: limit,
	})
	if err != nil {
		s.tb.Fatalf("ListResource %s: %v", typeName, err)
	}

	var listed []Listed

	for result := range stream.Results {
		// Terraform cancels the stream at the limit: later results are never read.
		if int64(len(listed)) == limit {
			s.tb.Errorf("ListResource %s continues after %d results, its limit: %v", typeName, limit, result)

			break
		}

		diagnostics = append(diagnostics, diagnosticsOf(result.Diagnostics)...)

		if result.Identity == nil {
			continue
		}

		listed = append(listed, Listed{
			DisplayName: result.DisplayName,
			Identity:    s.decodeIdentity(typeName, result.Identity),
			Values:      s.decode(s.resourceSchema(typeName).ValueType(), result.Resource),
		})
	}

	return listed, diagnostics
}

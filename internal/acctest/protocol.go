// Package acctest has the helpers of acceptance tests. Its protocol files drive the provider as Terraform core does, over
// the plugin protocol but without a command-line tool, so that a life cycle takes milliseconds. A response that
// core would reject as a bug of the provider fails the test.
//
// The provider's packages use it from external tests (package x_test), because it imports the provider.
package acctest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Server is a configured provider, as Terraform uses it. Its methods may be called from several goroutines.
type Server struct {
	tb  testing.TB
	ctx context.Context //nolint:containedctx // It simulates the run of a command, which has one context too.
	rpc tfprotov6.ProviderServer

	schema     *tfprotov6.GetProviderSchemaResponse
	identities map[string]*tfprotov6.ResourceIdentitySchema

	terraformVersion string
	// The features of the simulated tool.
	identity, writeOnly bool
}

// Option changes which tool a Server simulates.
type Option func(*Server)

// WithoutIdentity simulates a tool that never stores identities: Terraform before 1.12, every OpenTofu.
func WithoutIdentity() Option { return func(s *Server) { s.identity = false } }

// WithoutWriteOnly simulates a tool without write-only arguments: Terraform and OpenTofu before 1.11.
func WithoutWriteOnly() Option { return func(s *Server) { s.writeOnly = false } }

// WithContext runs every call of the server under ctx instead of the test's own context.
func WithContext(ctx context.Context) Option { return func(s *Server) { s.ctx = ctx } }

// serve configures a provider with config and returns its diagnostics.
func serve(tb testing.TB, rpc tfprotov6.ProviderServer, config map[string]any, options ...Option) (*Server, Diagnostics) {
	tb.Helper()

	server := &Server{
		tb: tb, ctx: tb.Context(), rpc: rpc, terraformVersion: "1.14.0", identity: true, writeOnly: true,
	}
	for _, option := range options {
		option(server)
	}

	server.loadSchemas()

	return server, server.configure(config)
}

// For returns the same provider for another test, such as one input of a fuzz target.
func (s *Server) For(tb testing.TB) *Server {
	tb.Helper()

	other := *s
	other.tb, other.ctx = tb, tb.Context()

	return &other
}

func (s *Server) loadSchemas() {
	s.tb.Helper()

	schema, err := s.rpc.GetProviderSchema(s.ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		s.tb.Fatalf("GetProviderSchema: %v", err)
	}

	identities, err := s.rpc.GetResourceIdentitySchemas(s.ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		s.tb.Fatalf("GetResourceIdentitySchemas: %v", err)
	}

	if diagnostics := diagnosticsOf(append(schema.Diagnostics, identities.Diagnostics...)); diagnostics.HasErrors() {
		s.tb.Fatalf("the provider's schema is invalid:\n%s", diagnostics)
	}

	s.schema, s.identities = schema, identities.IdentitySchemas
}

func (s *Server) configure(config map[string]any) Diagnostics {
	s.tb.Helper()

	encoded := s.encodeBlock(s.schema.Provider, config)

	validated, err := s.rpc.ValidateProviderConfig(s.ctx, &tfprotov6.ValidateProviderConfigRequest{Config: encoded})
	if err != nil {
		s.tb.Fatalf("ValidateProviderConfig: %v", err)
	}

	if diagnostics := diagnosticsOf(validated.Diagnostics); diagnostics.HasErrors() {
		return diagnostics
	}

	configured, err := s.rpc.ConfigureProvider(s.ctx, &tfprotov6.ConfigureProviderRequest{
		TerraformVersion:   s.terraformVersion,
		Config:             encoded,
		ClientCapabilities: &tfprotov6.ConfigureProviderClientCapabilities{},
	})
	if err != nil {
		s.tb.Fatalf("ConfigureProvider: %v", err)
	}

	return diagnosticsOf(append(validated.Diagnostics, configured.Diagnostics...))
}

// Stop asks the provider to stop, as Ctrl-C does.
func (s *Server) Stop() {
	s.tb.Helper()

	if _, err := s.rpc.StopProvider(context.WithoutCancel(s.ctx), &tfprotov6.StopProviderRequest{}); err != nil {
		s.tb.Errorf("StopProvider: %v", err)
	}
}

// encode builds a value of a configuration. It also returns the same value in the form in which responses are compared.
func (s *Server) encode(typ tftypes.Type, plain map[string]any) (*tfprotov6.DynamicValue, map[string]any) {
	s.tb.Helper()

	var content any
	if plain != nil {
		content = plain
	}

	value, err := toValue(typ, content)
	if err != nil {
		s.tb.Fatalf("this cannot be written in a configuration: %v", err)
	}

	encoded, err := dynamic(value)
	if err != nil {
		s.tb.Fatal(err)
	}

	if plain == nil {
		return encoded, nil
	}

	normal, err := fromMembers(value)
	if err != nil {
		s.tb.Fatal(err)
	}

	return encoded, normal
}

// encodeBlock builds the value of a configuration block. A block that sets nothing may be nil here.
func (s *Server) encodeBlock(schema *tfprotov6.Schema, config map[string]any) *tfprotov6.DynamicValue {
	s.tb.Helper()

	if config == nil {
		config = map[string]any{}
	}

	encoded, _ := s.encode(schema.ValueType(), config)

	return encoded
}

// decode reads an object of a response, nil when it is null.
func (s *Server) decode(typ tftypes.Type, encoded *tfprotov6.DynamicValue) map[string]any {
	s.tb.Helper()

	plain, err := decodeObject(typ, encoded)
	if err != nil {
		s.tb.Fatal(err)
	}

	return plain
}

// refuse fails the test for a response that Terraform would report as a bug of the provider.
func (s *Server) refuse(call string, violations []string) {
	s.tb.Helper()

	if len(violations) > 0 {
		s.tb.Errorf("Terraform would reject the response to %s as a bug in the provider:\n  %s", call,
			strings.Join(violations, "\n  "))
	}
}

func (s *Server) resourceSchema(typeName string) *tfprotov6.Schema {
	s.tb.Helper()

	schema, ok := s.schema.ResourceSchemas[typeName]
	if !ok {
		s.tb.Fatalf("the provider has no resource %s", typeName)
	}

	if len(schema.Block.BlockTypes) > 0 {
		s.tb.Fatalf("%s has nested blocks, whose planning rules these helpers do not know", typeName)
	}

	for _, attribute := range schema.Block.Attributes {
		if attribute.NestedType != nil {
			s.tb.Fatalf("%s.%s is nested, and these helpers do not know its planning rules", typeName, attribute.Name)
		}
	}

	return schema
}

// pathText writes a path as HCL does; "" for none.
func pathText(path *tftypes.AttributePath) string {
	if path == nil {
		return ""
	}

	var text strings.Builder

	for _, step := range path.Steps() {
		switch typed := step.(type) {
		case tftypes.AttributeName:
			if text.Len() > 0 {
				text.WriteByte('.')
			}

			text.WriteString(string(typed))
		case tftypes.ElementKeyString:
			fmt.Fprintf(&text, "[%q]", string(typed))
		case tftypes.ElementKeyInt:
			fmt.Fprintf(&text, "[%d]", int64(typed))
		case tftypes.ElementKeyValue:
			element, err := fromValue(tftypes.Value(typed))
			if err != nil {
				element = "?"
			}

			fmt.Fprintf(&text, "[%v]", element)
		}
	}

	return text.String()
}

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Every call of the protocol but StopProvider and ListResource, ended by finish.

// GetMetadata implements tfprotov6.ProviderServer.
func (s *server) GetMetadata(
	ctx context.Context, req *tfprotov6.GetMetadataRequest,
) (*tfprotov6.GetMetadataResponse, error) {
	resp, err := s.ProviderServerWithListResource.GetMetadata(ctx, req)

	return finish(s, resp, err)
}

// GetProviderSchema implements tfprotov6.ProviderServer.
func (s *server) GetProviderSchema(
	ctx context.Context, req *tfprotov6.GetProviderSchemaRequest,
) (*tfprotov6.GetProviderSchemaResponse, error) {
	resp, err := s.ProviderServerWithListResource.GetProviderSchema(ctx, req)

	return finish(s, resp, err)
}

// GetResourceIdentitySchemas implements tfprotov6.ProviderServer.
func (s *server) GetResourceIdentitySchemas(
	ctx context.Context, req *tfprotov6.GetResourceIdentitySchemasRequest,
) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	resp, err := s.ProviderServerWithListResource.GetResourceIdentitySchemas(ctx, req)

	return finish(s, resp, err)
}

// ValidateProviderConfig implements tfprotov6.ProviderServer.
func (s *server) ValidateProviderConfig(
	ctx context.Context, req *tfprotov6.ValidateProviderConfigRequest,
) (*tfprotov6.ValidateProviderConfigResponse, error) {
	resp, err := s.ProviderServerWithListResource.ValidateProviderConfig(ctx, req)

	return finish(s, resp, err)
}

// ConfigureProvider implements tfprotov6.ProviderServer.
func (s *server) ConfigureProvider(
	ctx context.Context, req *tfprotov6.ConfigureProviderRequest,
) (*tfprotov6.ConfigureProviderResponse, error) {
	resp, err := s.ProviderServerWithListResource.ConfigureProvider(ctx, req)

	return finish(s, resp, err)
}

// ValidateResourceConfig implements tfprotov6.ProviderServer.
func (s *server) ValidateResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest,
) (*tfprotov6.ValidateResourceConfigResponse, error) {
	resp, err := s.ProviderServerWithListResource.ValidateResourceConfig(ctx, req)

	return finish(s, resp, err)
}

// UpgradeResourceState implements tfprotov6.ProviderServer.
func (s *server) UpgradeResourceState(
	ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest,
) (*tfprotov6.UpgradeResourceStateResponse, error) {
	resp, err := s.ProviderServerWithListResource.UpgradeResourceState(ctx, req)

	return finish(s, resp, err)
}

// ReadResource implements tfprotov6.ProviderServer.
func (s *server) ReadResource(
	ctx context.Context, req *tfprotov6.ReadResourceRequest,
) (*tfprotov6.ReadResourceResponse, error) {
	resp, err := s.ProviderServerWithListResource.ReadResource(ctx, req)

	return finish(s, resp, err)
}

// PlanResourceChange implements tfprotov6.ProviderServer.
func (s *server) PlanResourceChange(
	ctx context.Context, req *tfprotov6.PlanResourceChangeRequest,
) (*tfprotov6.PlanResourceChangeResponse, error) {
	resp, err := s.ProviderServerWithListResource.PlanResourceChange(ctx, req)

	return finish(s, resp, err)
}

// ApplyResourceChange implements tfprotov6.ProviderServer.
func (s *server) ApplyResourceChange(
	ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	resp, err := s.ProviderServerWithListResource.ApplyResourceChange(ctx, req)

	return finish(s, resp, err)
}

// ImportResourceState implements tfprotov6.ProviderServer.
func (s *server) ImportResourceState(
	ctx context.Context, req *tfprotov6.ImportResourceStateRequest,
) (*tfprotov6.ImportResourceStateResponse, error) {
	resp, err := s.ProviderServerWithListResource.ImportResourceState(ctx, req)

	return finish(s, resp, err)
}

// MoveResourceState implements tfprotov6.ProviderServer.
func (s *server) MoveResourceState(
	ctx context.Context, req *tfprotov6.MoveResourceStateRequest,
) (*tfprotov6.MoveResourceStateResponse, error) {
	resp, err := s.ProviderServerWithListResource.MoveResourceState(ctx, req)

	return finish(s, resp, err)
}

// UpgradeResourceIdentity implements tfprotov6.ProviderServer.
func (s *server) UpgradeResourceIdentity(
	ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest,
) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	resp, err := s.ProviderServerWithListResource.UpgradeResourceIdentity(ctx, req)

	return finish(s, resp, err)
}

// GenerateResourceConfig implements tfprotov6.ProviderServer.
func (s *server) GenerateResourceConfig(
	ctx context.Context, req *tfprotov6.GenerateResourceConfigRequest,
) (*tfprotov6.GenerateResourceConfigResponse, error) {
	resp, err := s.ProviderServerWithListResource.GenerateResourceConfig(ctx, req)

	return finish(s, resp, err)
}

// ValidateDataResourceConfig implements tfprotov6.ProviderServer.
func (s *server) ValidateDataResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest,
) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	resp, err := s.ProviderServerWithListResource.ValidateDataResourceConfig(ctx, req)

	return finish(s, resp, err)
}

// ReadDataSource implements tfprotov6.ProviderServer.
func (s *server) ReadDataSource(
	ctx context.Context, req *tfprotov6.ReadDataSourceRequest,
) (*tfprotov6.ReadDataSourceResponse, error) {
	resp, err := s.ProviderServerWithListResource.ReadDataSource(ctx, req)

	return finish(s, resp, err)
}

// CallFunction implements tfprotov6.ProviderServer.
func (s *server) CallFunction(
	ctx context.Context, req *tfprotov6.CallFunctionRequest,
) (*tfprotov6.CallFunctionResponse, error) {
	resp, err := s.ProviderServerWithListResource.CallFunction(ctx, req)

	return finish(s, resp, err)
}

// GetFunctions implements tfprotov6.ProviderServer.
func (s *server) GetFunctions(
	ctx context.Context, req *tfprotov6.GetFunctionsRequest,
) (*tfprotov6.GetFunctionsResponse, error) {
	resp, err := s.ProviderServerWithListResource.GetFunctions(ctx, req)

	return finish(s, resp, err)
}

// ValidateEphemeralResourceConfig implements tfprotov6.ProviderServer.
func (s *server) ValidateEphemeralResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateEphemeralResourceConfigRequest,
) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	resp, err := s.ProviderServerWithListResource.ValidateEphemeralResourceConfig(ctx, req)

	return finish(s, resp, err)
}

// OpenEphemeralResource implements tfprotov6.ProviderServer.
func (s *server) OpenEphemeralResource(
	ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest,
) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	resp, err := s.ProviderServerWithListResource.OpenEphemeralResource(ctx, req)

	return finish(s, resp, err)
}

// RenewEphemeralResource implements tfprotov6.ProviderServer.
func (s *server) RenewEphemeralResource(
	ctx context.Context, req *tfprotov6.RenewEphemeralResourceRequest,
) (*tfprotov6.RenewEphemeralResourceResponse, error) {
	resp, err := s.ProviderServerWithListResource.RenewEphemeralResource(ctx, req)

	return finish(s, resp, err)
}

// CloseEphemeralResource implements tfprotov6.ProviderServer.
func (s *server) CloseEphemeralResource(
	ctx context.Context, req *tfprotov6.CloseEphemeralResourceRequest,
) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	resp, err := s.ProviderServerWithListResource.CloseEphemeralResource(ctx, req)

	return finish(s, resp, err)
}

// ValidateListResourceConfig implements tfprotov6.ProviderServer.
func (s *server) ValidateListResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateListResourceConfigRequest,
) (*tfprotov6.ValidateListResourceConfigResponse, error) {
	resp, err := s.ProviderServerWithListResource.ValidateListResourceConfig(ctx, req)

	return finish(s, resp, err)
}

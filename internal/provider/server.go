package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Option changes the provider in what no configuration can.
type Option func(*sepayProvider)

// WithoutCoalescing makes every read a request of its own, for benchmarks to compare with.
func WithoutCoalescing() Option { return func(p *sepayProvider) { p.apart = true } }

// NewServer returns a factory of the protocol server. It is the framework's, but for one thing: what the token source
// has to warn of is added to the answer that Terraform shows next, whichever resource or data source had asked for the
// token. Concept packages know nothing of tokens.
func NewServer(version string, options ...Option) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer {
		provider := &sepayProvider{version: version}
		for _, option := range options {
			option(provider)
		}

		inner := providerserver.NewProtocol6(provider)()

		//nolint:staticcheck // The protocol's server still asks for list resources by this interface.
		full, ok := inner.(tfprotov6.ProviderServerWithListResource)
		if !ok {
			return inner
		}

		return &server{ProviderServerWithListResource: full, provider: provider}
	}
}

type server struct {
	tfprotov6.ProviderServerWithListResource

	provider *sepayProvider
}

var _ tfprotov6.ListResourceServer = (*server)(nil)

// ConfigureProvider implements tfprotov6.ProviderServer.
func (s *server) ConfigureProvider(
	ctx context.Context, req *tfprotov6.ConfigureProviderRequest,
) (*tfprotov6.ConfigureProviderResponse, error) {
	resp, err := s.ProviderServerWithListResource.ConfigureProvider(ctx, req)
	if resp != nil {
		s.warn(&resp.Diagnostics)
	}

	return resp, err
}

// ReadResource implements tfprotov6.ProviderServer.
func (s *server) ReadResource(
	ctx context.Context, req *tfprotov6.ReadResourceRequest,
) (*tfprotov6.ReadResourceResponse, error) {
	resp, err := s.ProviderServerWithListResource.ReadResource(ctx, req)
	if resp != nil {
		s.warn(&resp.Diagnostics)
	}

	return resp, err
}

// PlanResourceChange implements tfprotov6.ProviderServer.
func (s *server) PlanResourceChange(
	ctx context.Context, req *tfprotov6.PlanResourceChangeRequest,
) (*tfprotov6.PlanResourceChangeResponse, error) {
	resp, err := s.ProviderServerWithListResource.PlanResourceChange(ctx, req)
	if resp != nil {
		s.warn(&resp.Diagnostics)
	}

	return resp, err
}

// ApplyResourceChange implements tfprotov6.ProviderServer.
func (s *server) ApplyResourceChange(
	ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	resp, err := s.ProviderServerWithListResource.ApplyResourceChange(ctx, req)
	if resp != nil {
		s.warn(&resp.Diagnostics)
	}

	return resp, err
}

// ReadDataSource implements tfprotov6.ProviderServer.
func (s *server) ReadDataSource(
	ctx context.Context, req *tfprotov6.ReadDataSourceRequest,
) (*tfprotov6.ReadDataSourceResponse, error) {
	resp, err := s.ProviderServerWithListResource.ReadDataSource(ctx, req)
	if resp != nil {
		s.warn(&resp.Diagnostics)
	}

	return resp, err
}

// OpenEphemeralResource implements tfprotov6.ProviderServer.
func (s *server) OpenEphemeralResource(
	ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest,
) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	resp, err := s.ProviderServerWithListResource.OpenEphemeralResource(ctx, req)
	if resp != nil {
		s.warn(&resp.Diagnostics)
	}

	return resp, err
}

// ListResource implements tfprotov6.ListResourceServer. Results are streamed, so that the warnings come after the last one.
func (s *server) ListResource(
	ctx context.Context, req *tfprotov6.ListResourceRequest,
) (*tfprotov6.ListResourceServerStream, error) {
	stream, err := s.ProviderServerWithListResource.ListResource(ctx, req)
	if stream == nil || stream.Results == nil {
		return stream, err
	}

	results := stream.Results
	stream.Results = func(yield func(tfprotov6.ListResourceResult) bool) {
		for result := range results {
			if !yield(result) {
				return
			}
		}

		var last tfprotov6.ListResourceResult
		if s.warn(&last.Diagnostics); len(last.Diagnostics) > 0 {
			yield(last)
		}
	}

	return stream, err
}

// warn adds each warning once: the source hands it out once.
func (s *server) warn(diagnostics *[]*tfprotov6.Diagnostic) {
	source := s.provider.source.Load()
	if source == nil {
		return
	}

	for _, warning := range source.TakeWarnings() {
		*diagnostics = append(*diagnostics, &tfprotov6.Diagnostic{
			Severity: tfprotov6.DiagnosticSeverityWarning,
			Summary:  warning.Summary,
			Detail:   warning.Detail,
		})
	}
}

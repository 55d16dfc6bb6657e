package provider

import (
	"context"
	"net"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth"
)

// Option changes the provider in what no configuration can.
type Option func(*sepayProvider)

// WithoutCoalescing makes every read a request of its own, for benchmarks to compare with.
func WithoutCoalescing() Option { return func(p *sepayProvider) { p.apart = true } }

// WithDial makes the connections to the API, for tests without a network.
func WithDial(dial func(ctx context.Context, network, address string) (net.Conn, error)) Option {
	return func(p *sepayProvider) { p.dial = dial }
}

// NewServer returns a factory of the protocol server. It is the framework's, but for two things: no call returns
// while a token is being exchanged, and what the token source has to warn of is added to the response that Terraform shows
// next, whichever resource or data source had asked for the token. Concept packages know nothing of tokens.
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

// finish is the end of each protocol call, canceled or not. It waits for the token exchanges of this process, whichever call
// began them: Terraform kills a provider soon after its last call has returned, and with it a token that is about to be
// saved. Reads are shared among calls, so that the call that began an exchange may have left by now.
//
// StopProvider alone does not end here: it cancels the others, of this provider only, and Terraform stops one after the
// other.
func finish[R any](s *server, resp *R, err error) (*R, error) {
	oauth.WaitForExchanges()

	if resp != nil {
		if diagnostics := diagnosticsOf(resp); diagnostics != nil {
			s.warn(diagnostics)
		}
	}

	return resp, err
}

// diagnosticsOf returns where a response has its diagnostics, for the calls that may need a token.
func diagnosticsOf(resp any) *[]*tfprotov6.Diagnostic {
	switch resp := resp.(type) {
	case *tfprotov6.ConfigureProviderResponse:
		return &resp.Diagnostics
	case *tfprotov6.ReadResourceResponse:
		return &resp.Diagnostics
	case *tfprotov6.PlanResourceChangeResponse:
		return &resp.Diagnostics
	case *tfprotov6.ApplyResourceChangeResponse:
		return &resp.Diagnostics
	case *tfprotov6.ImportResourceStateResponse:
		return &resp.Diagnostics
	case *tfprotov6.ReadDataSourceResponse:
		return &resp.Diagnostics
	case *tfprotov6.OpenEphemeralResourceResponse:
		return &resp.Diagnostics
	}

	return nil
}

// ListResource implements tfprotov6.ListResourceServer. Results are streamed, so that the warnings come after the last one.
func (s *server) ListResource(
	ctx context.Context, req *tfprotov6.ListResourceRequest,
) (*tfprotov6.ListResourceServerStream, error) {
	stream, err := s.ProviderServerWithListResource.ListResource(ctx, req)
	if stream == nil || stream.Results == nil {
		return finish(s, stream, err)
	}

	results := stream.Results
	stream.Results = func(yield func(tfprotov6.ListResourceResult) bool) {
		for result := range results {
			if !yield(result) {
				oauth.WaitForExchanges()

				return
			}
		}

		oauth.WaitForExchanges()

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

package provider

import (
	"context"
	"net"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/system"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/webhook"
)

// Option changes what the configuration cannot.
type Option func(*sepayProvider)

// WithoutCoalescing sends one request for each read, as a baseline for benchmarks.
func WithoutCoalescing() Option { return func(p *sepayProvider) { p.disableCoalescing = true } }

// WithDial replaces how connections to SePay are made, for tests without a network.
func WithDial(dial func(ctx context.Context, network, address string) (net.Conn, error)) Option {
	return func(p *sepayProvider) { p.dial = dial }
}

// WithDigests lets a test count the digests of webhook secrets.
func WithDigests(digests *webhook.Digests) Option {
	return func(p *sepayProvider) { p.digests = digests }
}

// WithSchemaInAdvance computes the schema as soon as there is a server, while the process still sets up its connection with
// Terraform, whose first request is for the schema. Later processes of one command are not asked for it; there, it takes half a
// millisecond of a core that is idle.
func WithSchemaInAdvance() Option { return func(p *sepayProvider) { p.schemaInAdvance = true } }

// NewServer returns a factory of the protocol server. It is the framework's, with two additions: no call returns during a
// token exchange, and warnings of the token source are added to the next response, whichever resource or data source needed
// the token. Concept packages know nothing of tokens.
func NewServer(version string, options ...Option) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer {
		provider := &sepayProvider{version: version, digests: webhook.NewDigests()}
		for _, option := range options {
			option(provider)
		}

		inner := providerserver.NewProtocol6(provider)()

		//nolint:staticcheck // The protocol's server still asks for list resources by this interface.
		full, ok := inner.(tfprotov6.ProviderServerWithListResource)
		if !ok {
			return inner
		}

		server := &server{ProviderServerWithListResource: full, provider: provider}

		if provider.schemaInAdvance {
			server.schema = sync.OnceValues(func() (*tfprotov6.GetProviderSchemaResponse, error) {
				return full.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
			})

			go server.schema() //nolint:errcheck // The request returns the error.
		}

		return server
	}
}

type server struct {
	tfprotov6.ProviderServerWithListResource

	provider *sepayProvider
	// schema returns the schema that is computed in advance; nil if none is.
	schema func() (*tfprotov6.GetProviderSchemaResponse, error)
}

var _ tfprotov6.ListResourceServer = (*server)(nil)

// call makes one call of the protocol. It returns after the token exchanges of this process, whichever call began them:
// Terraform kills a provider soon after its last call returns, and with it a token that is not saved yet. Reads are shared
// among calls, so that the call that began an exchange may have returned already.
//
// StopProvider is the exception: it cancels the calls of this provider only, and Terraform stops one provider after the
// other.
func call[Request, Response any](ctx context.Context, s *server,
	method func(context.Context, *Request) (*Response, error), req *Request,
) (*Response, error) {
	resp, err := method(ctx, req)

	system.WaitForExchanges()

	if resp != nil {
		if diagnostics := diagnosticsOf(resp); diagnostics != nil {
			s.addWarnings(diagnostics)
		}
	}

	return resp, err
}

// diagnosticsOf returns the diagnostics of a response to a call that may need a token, else nil.
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

// ListResource implements tfprotov6.ListResourceServer. Its results are a stream, which Terraform stops reading at its limit:
// warnings go with the first result after the exchange, or alone if there is none.
func (s *server) ListResource(
	ctx context.Context, req *tfprotov6.ListResourceRequest,
) (*tfprotov6.ListResourceServerStream, error) {
	stream, err := call(ctx, s, s.ProviderServerWithListResource.ListResource, req)
	if stream == nil || stream.Results == nil {
		return stream, err
	}

	results := stream.Results
	stream.Results = func(yield func(tfprotov6.ListResourceResult) bool) {
		defer system.WaitForExchanges()

		for result := range results {
			s.addWarnings(&result.Diagnostics)

			if !yield(result) {
				return
			}
		}

		system.WaitForExchanges()

		var last tfprotov6.ListResourceResult
		if s.addWarnings(&last.Diagnostics); len(last.Diagnostics) > 0 {
			yield(last)
		}
	}

	return stream, err
}

// addWarnings adds the warnings of the token source, which returns each of them once.
func (s *server) addWarnings(diagnostics *[]*tfprotov6.Diagnostic) {
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

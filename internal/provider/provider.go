// Package provider is the SePay provider itself: its configuration, and the lists of its resources and data sources.
package provider

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/accesstoken"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/apidiag"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/bankaccount"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/company"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/transaction"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/user"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/webhook"
)

// sepayProvider implements the provider.
type sepayProvider struct {
	version string
	// disableCoalescing is set by WithoutCoalescing.
	disableCoalescing bool
	// schemaInAdvance is set by WithSchemaInAdvance.
	schemaInAdvance bool
	// dial is nil, or set by WithDial.
	dial func(ctx context.Context, network, address string) (net.Conn, error)
	// digests is shared by everything that handles the secrets of webhooks.
	digests *webhook.Digests
	// source is that of the last Configure; nil before it, and while settings are unknown. The server takes warnings from it.
	source atomic.Pointer[oauth.Source]
}

var (
	_ provider.Provider                       = (*sepayProvider)(nil)
	_ provider.ProviderWithEphemeralResources = (*sepayProvider)(nil)
	_ provider.ProviderWithListResources      = (*sepayProvider)(nil)
)

// New returns a factory of the provider. version goes into the user agent of its requests.
func New(version string) func() provider.Provider {
	return func() provider.Provider { return &sepayProvider{version: version, digests: webhook.NewDigests()} }
}

// Metadata implements provider.Provider.
func (p *sepayProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "sepay"
	resp.Version = p.version
}

// Schema implements provider.Provider.
func (p *sepayProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = providerSchema()
}

// Configure implements provider.Provider. It sends no request: Terraform configures the provider several times per
// command, and a refresh token must not be used before a token is needed.
func (p *sepayProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var config model

	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)

	if resp.Diagnostics.HasError() {
		return
	}

	settings, diags := resolve(ctx, config, os.Getenv)
	resp.Diagnostics.Append(diags...)

	if resp.Diagnostics.HasError() {
		return
	}

	userAgent := fmt.Sprintf("terraform-provider-sepay/%s Terraform/%s", p.version, req.TerraformVersion)

	log := &log{}

	tokens, source, err := p.newTokenSource(settings, userAgent, log)
	if err != nil {
		summary, detail := "Could not set up the token store", err.Error()

		if explained, ok := errors.AsType[*apidiag.ExplainedError](err); ok {
			summary, detail = explained.Summary, explained.Detail
		}

		resp.Diagnostics.AddError(summary, detail)

		return
	}

	p.source.Store(source)

	client := sepay.New(sepay.Config{
		BaseURL:           settings.baseURL,
		UserAgent:         userAgent,
		Tokens:            tokens,
		RequestsPerSecond: settings.requestsPerSecond,
		MaxRetries:        settings.maxRetries,
		RequestTimeout:    settings.requestTimeout,
		Log:               log.debug,
		DisableCoalescing: p.disableCoalescing,
		Dial:              p.dial,
	})

	resp.ResourceData = client
	resp.DataSourceData = client
	resp.ListResourceData = client
	resp.EphemeralResourceData = tokens
}

// Resources implements provider.Provider.
func (p *sepayProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{webhook.NewResource(p.digests)}
}

// DataSources implements provider.Provider.
func (p *sepayProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		bankaccount.NewDataSource,
		bankaccount.NewDataSources,
		bankaccount.NewSubAccountsDataSource,
		company.NewDataSource,
		transaction.NewDataSources,
		user.NewDataSource,
		webhook.NewDataSource,
		webhook.NewDataSources,
	}
}

// EphemeralResources implements provider.ProviderWithEphemeralResources.
func (p *sepayProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{accesstoken.NewEphemeralResource}
}

// ListResources implements provider.ProviderWithListResources.
func (p *sepayProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{webhook.NewListResource}
}

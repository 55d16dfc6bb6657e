package webhook

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/apidiag"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/tfclient"
)

// webhookListResource is the list resource sepay_webhook, for `terraform query`.
type webhookListResource struct {
	client *sepay.Client
}

var _ list.ListResourceWithConfigure = (*webhookListResource)(nil)

// NewListResource returns the list resource sepay_webhook.
func NewListResource() list.ListResource { return &webhookListResource{} }

// Metadata implements list.ListResource.
func (l *webhookListResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + typeName
}

// ListResourceConfigSchema implements list.ListResource.
func (l *webhookListResource) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds the [webhooks](" + sepay.DocsWebhooksAPI + ") of the company for `terraform query`, " +
			"which can generate configuration to import them. Secrets are not included. Needs Terraform 1.14; OpenTofu has " +
			"no such command.\n\n" +
			"Needs the scope `" + sepay.ScopeWebhookRead + "`.",
		Attributes: map[string]schema.Attribute{
			"webhook_url": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: filterURLDescription,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"active": schema.BoolAttribute{Optional: true, MarkdownDescription: filterActiveDescription},
		},
	}
}

// Configure implements list.ListResourceWithConfigure.
func (l *webhookListResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	l.client = tfclient.Client(req.ProviderData, &resp.Diagnostics)
}

// List implements list.ListResource. It requests pages while Terraform takes results. The result that reaches the limit is
// held back until the next row shows whether there are more: Terraform reads nothing after that result.
func (l *webhookListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config filterModel

	if diags := req.Config.Get(ctx, &config); diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)

		return
	}

	stream.Results = func(push func(list.ListResult) bool) {
		var (
			sent int64
			last *list.ListResult
		)

		for got, err := range l.client.Webhooks(ctx, config.filter()) {
			if last != nil {
				last.Diagnostics.Append(atLimit(req.Limit, err))

				break
			}

			// Rows may lack what a read of the webhook itself returns, and the configuration that is generated without it would
			// change it. Such reads share requests, as those of a refresh do.
			if err == nil && req.IncludeResource {
				if got, err = l.client.Webhook(ctx, got.ID); sepay.IsNotFound(err) {
					continue
				}
			}

			if err != nil {
				push(list.ListResult{Diagnostics: diag.Diagnostics{apidiag.Error("list the webhooks", err)}})

				return
			}

			result := listed(ctx, req, got)
			if sent++; sent == req.Limit {
				last = &result
			} else if !push(result) {
				return
			}
		}

		if last != nil {
			push(*last)
		}
	}
}

// atLimit returns the warning for a query that stops at its limit: there is another row, or err hides whether there is one.
func atLimit(limit int64, err error) diag.Diagnostic {
	if err != nil {
		return apidiag.Warning(fmt.Sprintf("The query stopped at its limit of %d, and it is unknown whether there are more webhooks",
			limit), err)
	}

	return diag.NewWarningDiagnostic("The query stopped at its limit", fmt.Sprintf("There are more webhooks than the limit of %d. Raise "+
		"limit in the list block, which defaults to 100, or narrow the query with webhook_url or active.", limit))
}

func listed(ctx context.Context, req list.ListRequest, got sepay.Webhook) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = fmt.Sprintf("%s (%s)", got.Name.Or("unnamed"), got.WebhookURL.Or("no URL"))

	fresh := refreshed(model{}, got)
	result.Diagnostics.Append(saveIdentity(ctx, fresh.ID, result.Identity)...)

	if req.IncludeResource {
		result.Diagnostics.Append(encode(ctx, &result.Resource.Raw, fresh)...)
	}

	return result
}

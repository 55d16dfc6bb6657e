package webhook

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/apidiag"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/tfclient"
)

// webhookDataSource is the data source sepay_webhook.
type webhookDataSource struct{ tfclient.DataSource }

var (
	_ datasource.DataSourceWithConfigure        = (*webhookDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*webhookDataSource)(nil)
)

// NewDataSource returns the data source sepay_webhook.
func NewDataSource() datasource.DataSource { return &webhookDataSource{} }

// Metadata implements datasource.DataSource.
func (d *webhookDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + typeName
}

// Schema implements datasource.DataSource.
func (d *webhookDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := dataAttributes()
	attributes["id"] = schema.Int64Attribute{
		Optional:            true,
		Computed:            true,
		MarkdownDescription: "The id of the webhook to read. Exactly one of `id` and `webhook_url` must be set." + seeAPI,
		Validators:          []validator.Int64{int64validator.AtLeast(1)},
	}
	attributes["webhook_url"] = schema.StringAttribute{
		Optional: true,
		Computed: true,
		MarkdownDescription: "The exact URL of the webhook to read. Exactly one of `id` and `webhook_url` must be set. URLs are not " +
			"unique at SePay: if several webhooks share one, the error lists their ids." + seeAPI,
		Validators: []validator.String{urlValidator{}},
	}

	resp.Schema = schema.Schema{
		MarkdownDescription: "One [webhook](" + sepay.DocsWebhooksAPI + "), found by its id or by its exact URL. No secret is read.\n\n" +
			"Needs the scope `" + sepay.ScopeWebhookRead + "`.",
		Attributes: attributes,
	}
}

// ConfigValidators implements datasource.DataSourceWithConfigValidators.
func (d *webhookDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("webhook_url")),
	}
}

// Read implements datasource.DataSource.
func (d *webhookDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config readable

	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)

	if resp.Diagnostics.HasError() {
		return
	}

	var (
		found sepay.Webhook
		diags diag.Diagnostics
	)

	if config.ID.IsNull() {
		found, diags = d.byURL(ctx, config.WebhookURL.ValueString())
	} else {
		found, diags = d.byID(ctx, config.ID.ValueInt64())
	}

	resp.Diagnostics.Append(diags...)

	if resp.Diagnostics.HasError() {
		return
	}

	result := newReadable(found)
	if !config.WebhookURL.IsNull() {
		result.WebhookURL = config.WebhookURL
	}

	resp.Diagnostics.Append(resp.State.Set(ctx, result)...)
}

func (d *webhookDataSource) byID(ctx context.Context, id int64) (sepay.Webhook, diag.Diagnostics) {
	found, err := d.Client.Webhook(ctx, id)
	if sepay.IsNotFound(err) {
		return found, diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("id"), fmt.Sprintf("No webhook %d", id),
			"SePay has no webhook with this id, or does not show it to this client. List those that it does show with the data "+
				"source sepay_webhooks.")}
	}

	if err != nil {
		return found, diag.Diagnostics{apidiag.Error(fmt.Sprintf("read webhook %d", id), err)}
	}

	return found, nil
}

// byURL asks SePay's filter, which matches any part of a URL, and keeps the exact matches.
func (d *webhookDataSource) byURL(ctx context.Context, url string) (sepay.Webhook, diag.Diagnostics) {
	var matches []sepay.Webhook

	for got, err := range d.Client.Webhooks(ctx, sepay.WebhookFilter{WebhookURL: url}) {
		if err != nil {
			return sepay.Webhook{}, diag.Diagnostics{apidiag.Error("look for the webhook by its URL", err)}
		}

		if strings.TrimSpace(got.WebhookURL.Or("")) == strings.TrimSpace(url) {
			matches = append(matches, got)
		}
	}

	switch len(matches) {
	case 1:
		// The row may lack what a read of the webhook itself returns.
		return d.byID(ctx, matches[0].ID)
	case 0:
		return sepay.Webhook{}, diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("webhook_url"), "No webhook has this URL",
			"SePay shows this client no webhook with exactly this URL. Check its spelling, to the last slash, or list the webhooks "+
				"with the data source sepay_webhooks, whose webhook_url matches any part.")}
	}

	described := make([]string, len(matches))
	for i, match := range matches {
		described[i] = fmt.Sprintf("%d (%s)", match.ID, match.Name.Or("unnamed"))
	}

	return sepay.Webhook{}, diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("webhook_url"), "Several webhooks have this URL",
		"These webhooks share the URL: "+strings.Join(described, ", ")+". Choose one of them with id.")}
}

package webhook

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/apidiag"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/tfclient"
)

// webhooksDataSource is the data source sepay_webhooks.
type webhooksDataSource struct{ tfclient.DataSource }

var _ datasource.DataSourceWithConfigure = (*webhooksDataSource)(nil)

// filterModel is what narrows a list of webhooks, in the data source and in the list resource.
type filterModel struct {
	WebhookURL types.String `tfsdk:"webhook_url"`
	Active     types.Bool   `tfsdk:"active"`
}

func (f filterModel) filter() sepay.WebhookFilter {
	return sepay.WebhookFilter{WebhookURL: f.WebhookURL.ValueString(), Active: f.Active.ValueBoolPointer()}
}

// Descriptions of the filters.
const (
	filterURLDescription    = "Keeps the webhooks whose URL contains this text." + seeAPI
	filterActiveDescription = "Keeps the webhooks that are active, or those that are not." + seeAPI
)

type webhooksModel struct {
	WebhookURL types.String `tfsdk:"webhook_url"`
	Active     types.Bool   `tfsdk:"active"`
	Webhooks   []readable   `tfsdk:"webhooks"`
}

// NewDataSources returns the data source sepay_webhooks.
func NewDataSources() datasource.DataSource { return &webhooksDataSource{} }

// Metadata implements datasource.DataSource.
func (d *webhooksDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + typeName + "s"
}

// Schema implements datasource.DataSource.
func (d *webhooksDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The [webhooks](" + sepay.DocsWebhooksAPI + ") of the company, ordered by id. No secret is read.\n\n" +
			"Needs the scope `" + sepay.ScopeWebhookRead + "`.",
		Attributes: map[string]schema.Attribute{
			"webhook_url": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: filterURLDescription,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"active": schema.BoolAttribute{Optional: true, MarkdownDescription: filterActiveDescription},
			"webhooks": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The webhooks that match.",
				NestedObject:        schema.NestedAttributeObject{Attributes: dataAttributes()},
			},
		},
	}
}

// Read implements datasource.DataSource.
func (d *webhooksDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config webhooksModel

	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)

	if resp.Diagnostics.HasError() {
		return
	}

	config.Webhooks = []readable{}

	for got, err := range d.Client.Webhooks(ctx, filterModel{config.WebhookURL, config.Active}.filter()) {
		if err != nil {
			resp.Diagnostics.Append(apidiag.Error("list the webhooks", err))

			return
		}

		config.Webhooks = append(config.Webhooks, newReadable(got))
	}

	slices.SortFunc(config.Webhooks, func(a, b readable) int { return cmp.Compare(a.ID.ValueInt64(), b.ID.ValueInt64()) })
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

// Package transaction implements the data source for transactions.
package transaction

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/apidiag"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/tfclient"
)

// transactionsDataSource is the data source sepay_transactions.
type transactionsDataSource struct{ tfclient.DataSource }

var (
	_ datasource.DataSourceWithConfigure      = (*transactionsDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*transactionsDataSource)(nil)
)

// NewDataSources returns the data source sepay_transactions.
func NewDataSources() datasource.DataSource { return &transactionsDataSource{} }

// Metadata implements datasource.DataSource.
func (d *transactionsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest,
	resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_transactions"
}

// Schema implements datasource.DataSource.
func (d *transactionsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = listSchema()
}

// Read implements datasource.DataSource.
func (d *transactionsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config listModel

	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)

	if resp.Diagnostics.HasError() {
		return
	}

	transactions, err := newest(d.Client.Transactions(ctx, config.filter()), config.limit())
	if err != nil {
		// The filters have SePay's names, so that its messages can be shown at the arguments.
		attributes := listSchema().Attributes
		apidiag.ByField(&resp.Diagnostics, "list the transactions", err, func(field string) (path.Path, bool) {
			_, ok := attributes[field]

			return path.Root(field), ok
		})

		return
	}

	config.Transactions = make([]transactionModel, 0, len(transactions))
	for _, transaction := range transactions {
		config.Transactions = append(config.Transactions, newTransactionModel(transaction))
	}

	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

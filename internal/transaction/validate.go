package transaction

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// dayValidator accepts days that exist, in the form that SePay takes.
type dayValidator struct{}

// Description implements validator.Describer.
func (dayValidator) Description(context.Context) string { return "value must be a day, YYYY-MM-DD" }

// MarkdownDescription implements validator.Describer.
func (dayValidator) MarkdownDescription(context.Context) string {
	return "value must be a day, `YYYY-MM-DD`"
}

// ValidateString implements validator.String.
func (dayValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}

	if _, err := time.Parse(time.DateOnly, req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid day", fmt.Sprintf("%s must be a day that exists, YYYY-MM-DD, as "+
			"in 2025-02-28; got %q. Of an RFC 3339 time, substr(…, 0, 10) is the day.", req.Path, req.ConfigValue.ValueString()))
	}
}

// amountValidator accepts amounts that a transaction can have.
type amountValidator struct{}

// Description implements validator.Describer.
func (amountValidator) Description(context.Context) string { return "value must not be negative" }

// MarkdownDescription implements validator.Describer.
func (v amountValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateNumber implements validator.Number.
func (amountValidator) ValidateNumber(_ context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || req.ConfigValue.ValueBigFloat().Sign() >= 0 {
		return
	}

	resp.Diagnostics.AddAttributeError(req.Path, "Invalid amount", fmt.Sprintf(
		"%s must not be negative: SePay writes money that went out as a positive amount_out.", req.Path))
}

// ValidateConfig implements datasource.DataSourceWithValidateConfig.
func (d *transactionsDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest,
	resp *datasource.ValidateConfigResponse,
) {
	var config listModel

	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)

	if resp.Diagnostics.HasError() {
		return
	}

	// Both are "" while unknown; dayValidator reports invalid days.
	from, fromErr := time.Parse(time.DateOnly, config.FromDate.ValueString())
	to, toErr := time.Parse(time.DateOnly, config.ToDate.ValueString())

	if fromErr == nil && toErr == nil && from.After(to) {
		resp.Diagnostics.AddAttributeError(path.Root("to_date"), "Days in the wrong order", fmt.Sprintf(
			"to_date %s is before from_date %s: no transaction can match. Swap the two.",
			config.ToDate.ValueString(), config.FromDate.ValueString()))
	}
}

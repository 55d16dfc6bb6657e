package webhook

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/apidiag"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// ModifyPlan plans what no plan modifier of a single attribute can: it depends on other attributes, on what was sent
// before, or on what SePay says of the bank account.
func (r *webhookResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}

	var config, plan, prior model

	resp.Diagnostics.Append(decode(ctx, req.Config.Schema, req.Config.Raw, &config)...)
	resp.Diagnostics.Append(decode(ctx, req.Plan.Schema, req.Plan.Raw, &plan)...)

	exists := !req.State.Raw.IsNull()
	if exists {
		resp.Diagnostics.Append(decode(ctx, req.State.Schema, req.State.Raw, &prior)...)
	}

	if resp.Diagnostics.HasError() {
		return
	}

	proposed := plan

	r.redact(&config, &prior)
	resp.Diagnostics.Append(r.planSecrets(ctx, &config, &plan, prior, resp.Private)...)

	if exists {
		if r.client != nil {
			r.client.ManageWebhook(prior.ID.ValueInt64())
		}

		resp.Diagnostics.Append(planHeld(ctx, config, &plan, prior, resp.Private)...)
	} else {
		r.reportSimilar(ctx, plan, &resp.Diagnostics)
	}

	if !plan.equal(proposed) {
		resp.Diagnostics.Append(encode(ctx, &resp.Plan.Raw, plan)...)
	}

	if !plan.BankAccountID.Equal(prior.BankAccountID) {
		r.warnOfBankAccount(ctx, plan.BankAccountID, &resp.Diagnostics)
	}
}

// warnOfBankAccount looks at the bank account that a webhook is about to be bound to. It is help, no rule: where SePay
// does not let the client read bank accounts, there is no warning. A missing sign-in, however, is better learnt
// from the plan than from the apply.
func (r *webhookResource) warnOfBankAccount(ctx context.Context, id types.Int64, diags *diag.Diagnostics) {
	if r.client == nil || id.IsNull() || id.IsUnknown() {
		return
	}

	account, err := r.client.BankAccount(ctx, id.ValueInt64())

	switch {
	case sepay.IsNotFound(err):
		diags.AddAttributeWarning(path.Root("bank_account_id"), "Unknown bank account",
			fmt.Sprintf("SePay shows no bank account %d to this client. List those that it does show with the data source "+
				"sepay_bank_accounts.", id.ValueInt64()))
	case err != nil:
		if words, ok := errors.AsType[*apidiag.ExplainedError](err); ok && !words.Deferred {
			diags.Append(apidiag.Warning("The apply of this plan is going to fail", err))
		}
	case !account.Active.Or(true):
		diags.AddAttributeWarning(path.Root("bank_account_id"), "Inactive bank account",
			fmt.Sprintf("Bank account %d is not active at SePay, so that the webhook will not be called. Activate the account in "+
				"SePay's dashboard, or choose another one.", id.ValueInt64()))
	}
}

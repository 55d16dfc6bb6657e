package webhook

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// reportSimilar reports the webhooks that would notify the same address of the same transactions as a planned one. One of
// the same name is an error: after a run that was stopped before it saved its state, an unattended apply would
// otherwise create a second webhook, and each payment would be notified twice.
func (r *webhookResource) reportSimilar(ctx context.Context, plan model, diags *diag.Diagnostics) {
	if r.client == nil || !settled(plan) {
		return
	}

	replaced := openReplacements(r.client.BaseURL())

	for _, other := range r.client.SimilarWebhooks(ctx, changes(plan, model{})) {
		switch {
		case other.Managed:
			replaced.add(other.ID)
		case replaced.has(other.ID):
			// The plan of this apply passed over it, see replacements.
		case other.Leftover():
			diags.AddAttributeWarning(path.Root("name"), fmt.Sprintf("Webhook %d is left over from an interrupted create", other.ID),
				fmt.Sprintf("Webhook %d %q has the same webhook_url. It is switched off and delivers nothing. It is safe to delete "+
					"it in SePay's dashboard.", other.ID, other.Name.Or("")))
		case other.SameName:
			diags.AddAttributeError(path.Root("name"), fmt.Sprintf("SePay already has this webhook, as %d", other.ID),
				twice(other)+"To create a second webhook on purpose, give it another name.")
		default:
			diags.AddAttributeWarning(path.Root("webhook_url"), fmt.Sprintf("Webhook %d has the same webhook_url", other.ID),
				twice(other)+"To keep both on purpose, ignore this warning.")
		}
	}
}

// settled reports whether all is known that SimilarWebhooks compares.
func settled(plan model) bool {
	if plan.Name.IsUnknown() || plan.WebhookURL.IsUnknown() || plan.EventType.IsUnknown() {
		return false
	}

	one := !plan.BankAccountID.IsNull() && !plan.BankAccountID.IsUnknown()
	several := !plan.BankAccountIDs.IsUnknown() && !empty(plan.BankAccountIDs)

	return one || several || plan.BankMode.ValueString() == sepay.BankModeAll
}

func twice(other sepay.Similar) string {
	state := "would notify each payment twice"
	if !other.Active.Or(true) {
		state = "would notify each payment twice as soon as that one is switched on"
	}

	return fmt.Sprintf("Webhook %d %q already has this webhook_url, a bank account of this webhook, and an event_type that "+
		"overlaps: a second one %s.\n\nIf that is the webhook you mean, for example after an apply that was interrupted before "+
		"its state was saved, take it over with an import block, then plan again:\n\n"+
		"  import {\n    to = sepay_webhook.NAME\n    id = \"%d\"\n  }\n\n", other.ID, other.Name.Or(""), state, other.ID)
}

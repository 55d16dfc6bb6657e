package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/apidiag"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// reportSimilar reports the webhooks that would notify the same address of the same transactions as a planned one. One of
// the same name is an error: after a run that was stopped before it saved its state, an unattended apply would
// otherwise create a second webhook, and each payment would be notified twice. It also reports what an interrupted create
// may have left at that address.
func (r *webhookResource) reportSimilar(ctx context.Context, plan model, diags *diag.Diagnostics) {
	if r.client == nil || !settled(plan) {
		return
	}

	replaced := openReplacements(r.client.BaseURL())

	similar, err := r.client.SimilarWebhooks(ctx, changes(plan, model{}))
	if err != nil && !signInFailed(err) {
		diags.AddAttributeWarning(path.Root("name"), "Could not check whether SePay already has this webhook", err.Error()+
			". The apply creates the webhook. If an earlier apply was interrupted before its state was saved, it is there "+
			"twice then: look in SePay's dashboard, or plan again later.")
	}

	for _, other := range similar {
		switch {
		case other.Managed:
			replaced.add(other.ID)
		case replaced.has(other.ID):
			// The plan of this apply passed over it, see replacements.
		case other.Leftover():
			diags.AddAttributeWarning(path.Root("name"), fmt.Sprintf("Webhook %d is left over from an interrupted create", other.ID),
				fmt.Sprintf("Webhook %d %q has the same webhook_url. It is switched off and delivers nothing. It is safe to delete "+
					"it in SePay's dashboard.", other.ID, other.Name.Or("")))
		case !other.Overlaps:
			diags.AddAttributeWarning(path.Root("webhook_url"),
				fmt.Sprintf("Webhook %d may be left over from an interrupted create", other.ID),
				fmt.Sprintf("Webhook %d %q has the same webhook_url and the name of a create that was not completed. It is switched "+
					"on and delivers to this address. If no configuration declares it, delete it in SePay's dashboard.",
					other.ID, other.Name.Or("")))
		case other.SameName:
			diags.AddAttributeError(path.Root("name"), fmt.Sprintf("SePay already has this webhook, as %d", other.ID),
				twice(other)+"To create a second webhook on purpose, give it another name.")
		default:
			diags.AddAttributeWarning(path.Root("webhook_url"), fmt.Sprintf("Webhook %d has the same webhook_url", other.ID),
				twice(other)+"To keep both on purpose, ignore this warning.")
		}
	}
}

// signInFailed reports whether there is no token that SePay accepts, which the plan says elsewhere, or the caller has left.
func signInFailed(err error) bool {
	if failure, ok := errors.AsType[*sepay.APIError](err); ok {
		return failure.Status == http.StatusUnauthorized
	}

	_, explained := errors.AsType[*apidiag.ExplainedError](err)

	return explained || errors.Is(err, context.Canceled)
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
		"  import {\n    to = sepay_webhook.NAME\n    id = \"%d\"\n  }\n\nIf the state still has the resource, with a webhook that "+
		"was deleted, run `terraform apply -refresh-only` first: Terraform ignores an import block for what is in the state.\n\n",
		other.ID, other.Name.Or(""), state, other.ID)
}

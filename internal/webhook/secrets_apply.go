package webhook

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// addSecret puts into body the secret that the plan needs sent, if any, and settles the versions that the plan left
// open. For a create, prior is the zero model.
func addSecret(
	ctx context.Context, body *sepay.WebhookBody, config model, plan *model, prior model, private privateState,
) diag.Diagnostics {
	var diags diag.Diagnostics

	for _, secret := range secrets() {
		configured, planned, was := secret.of(&config), secret.of(plan), secret.of(&prior)

		known, more := loadPrivate[digest](ctx, private, secret.writeOnly)
		diags.Append(more...)

		if planned.version.IsUnknown() {
			if *planned.version = types.Int64Null(); configured.writeOnly.ValueString() != "" {
				*planned.version = nextVersion(configured.writeOnly.ValueString(), *was.version, known)
			}
		}

		if plan.AuthenType.ValueString() != secret.authenType {
			continue
		}

		value := configured.value()
		newVersion := !planned.version.Equal(*was.version)

		// SePay forgets the secret of another way of authentication, so that a switch back needs it again. A version of the
		// configuration's own that changes asks for the secret to be sent, whatever is known.
		forced := !plan.AuthenType.Equal(prior.AuthenType) || newVersion && !configured.version.IsNull() && !was.version.IsNull()

		due := !planned.plain.Equal(*was.plain) || newVersion
		if forced || due && value != was.plain.ValueString() && !known.matches(value) {
			secret.send(body, value)
		}
	}

	return diags
}

// rememberSecret keeps what is known of the secret that SePay has after an apply, and forgets those of other ways of
// authentication. got is what SePay returned afterwards, or the zero value while that is not known.
func rememberSecret(
	ctx context.Context, body sepay.WebhookBody, config, plan model, got sepay.Webhook, private privateState,
) diag.Diagnostics {
	var diags diag.Diagnostics

	for _, secret := range secrets() {
		configured := secret.of(&config)

		known, more := loadPrivate[digest](ctx, private, secret.writeOnly)
		diags.Append(more...)

		value := configured.value()
		shown := secret.answer(got).Or("") == value

		switch {
		case plan.AuthenType.ValueString() != secret.authenType:
			diags.Append(private.SetKey(ctx, secret.writeOnly, nil)...)

			continue
		case !configured.plain.IsNull():
			known = digest{Shown: shown}
		case secret.sent(body), len(known.Sum) == 0:
			known = newDigest(value, shown)
		default:
			continue
		}

		diags.Append(storePrivate(ctx, private, secret.writeOnly, known)...)
	}

	return diags
}

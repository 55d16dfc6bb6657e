package webhook

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// addSecret puts into body the secret that the plan needs sent, if any, and settles the versions that the plan left
// open. For a create, prior is the zero model.
func (r *webhookResource) addSecret(
	ctx context.Context, body *sepay.WebhookBody, config model, plan *model, prior model, private privateState,
) diag.Diagnostics {
	var diags diag.Diagnostics

	for _, secret := range secrets() {
		configured, planned, was := secret.of(&config), secret.of(plan), secret.of(&prior)

		known, more := loadPrivate[digest](ctx, private, secret.writeOnly)
		diags.Append(more...)

		if planned.version.IsUnknown() {
			*planned.version = r.version(configured, *was.version, known)
		}

		if plan.AuthenType.ValueString() != secret.authenType {
			continue
		}

		value := configured.value()
		newVersion := !planned.version.Equal(*was.version)

		// SePay forgets the secret of another way of authentication, so that a switch back needs it again. A version that
		// changes asks for the secret to be sent: the configuration asks for it whatever is known, and the provider has
		// compared the secret already. Only where the state had no version is the secret perhaps the one that SePay has.
		forced := !plan.AuthenType.Equal(prior.AuthenType) || newVersion && !planned.version.IsNull() && !was.version.IsNull()
		due := !planned.plain.Equal(*was.plain) || newVersion

		if forced || due && value != was.plain.ValueString() && !r.digests.matches(known, value) {
			secret.send(body, value)
		}
	}

	return diags
}

// rememberSecret keeps what is known of the secret that SePay has after a write, and forgets those of other ways of
// authentication. Whether SePay shows the secret is for rememberShown to add.
func (r *webhookResource) rememberSecret(
	ctx context.Context, body sepay.WebhookBody, config, plan model, private privateState,
) diag.Diagnostics {
	var diags diag.Diagnostics

	for _, secret := range secrets() {
		configured := secret.of(&config)

		known, more := loadPrivate[digest](ctx, private, secret.writeOnly)
		diags.Append(more...)

		switch {
		case plan.AuthenType.ValueString() != secret.authenType:
			diags.Append(private.SetKey(ctx, secret.writeOnly, nil)...)

			continue
		case !configured.plain.IsNull():
			known = digest{}
		case secret.sent(body), len(known.Sum) == 0:
			known = r.digests.of(configured.value(), false, known)
		default:
			known = r.digests.current(known, configured.value())
		}

		diags.Append(storePrivate(ctx, private, secret.writeOnly, known)...)
	}

	return diags
}

// rememberShown keeps that SePay returned the secret of the configuration in clear, after rememberSecret.
func (r *webhookResource) rememberShown(
	ctx context.Context, config, plan model, got sepay.Webhook, private privateState,
) diag.Diagnostics {
	var diags diag.Diagnostics

	for _, secret := range secrets() {
		configured := secret.of(&config)
		if plan.AuthenType.ValueString() != secret.authenType || secret.returned(got).Or("") != configured.value() {
			continue
		}

		known, more := loadPrivate[digest](ctx, private, secret.writeOnly)
		diags.Append(more...)

		if !known.Shown && (!configured.plain.IsNull() || r.digests.matches(known, configured.value())) {
			known.Shown = true
			diags.Append(storePrivate(ctx, private, secret.writeOnly, known)...)
		}
	}

	return diags
}

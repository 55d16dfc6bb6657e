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
		writeOnly := configured.writeOnly.ValueString()

		if planned.version.IsUnknown() {
			data, more := private.GetKey(ctx, secret.writeOnly)
			diags.Append(more...)

			if *planned.version = types.Int64Null(); writeOnly != "" {
				*planned.version = nextVersion(writeOnly, *was.version, data)
			}
		}

		if plan.AuthenType.ValueString() != secret.authenType {
			continue
		}

		// SePay forgets the secret of another way of authentication, so that a switch back needs it again.
		switched := !plan.AuthenType.Equal(prior.AuthenType)

		switch {
		case !planned.plain.IsNull():
			if switched || !planned.plain.Equal(*was.plain) {
				secret.send(body, planned.plain.ValueString())
			}
		case writeOnly != "":
			if switched || !planned.version.Equal(*was.version) || !was.plain.IsNull() {
				secret.send(body, writeOnly)
			}
		}
	}

	return diags
}

// rememberSecret keeps the digest of the write-only secret that body carried, and forgets those that no longer count. got
// is what SePay returned afterwards, or the zero value while that is not known.
func rememberSecret(
	ctx context.Context, body sepay.WebhookBody, config, plan model, got sepay.Webhook, private privateState,
) diag.Diagnostics {
	var diags diag.Diagnostics

	for _, secret := range secrets() {
		writeOnly := secret.of(&config).writeOnly.ValueString()
		if plan.AuthenType.ValueString() != secret.authenType || writeOnly == "" {
			diags.Append(private.SetKey(ctx, secret.writeOnly, nil)...)

			continue
		}

		if !secret.sent(body) {
			continue
		}

		data, err := newDigest(writeOnly, secret.answer(got).Or("") == writeOnly)
		if err != nil {
			diags.AddWarning("Changes of "+secret.writeOnly+" outside Terraform will not be seen", err.Error())

			continue
		}

		diags.Append(private.SetKey(ctx, secret.writeOnly, data)...)
	}

	return diags
}

package webhook

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// planSecrets plans the versions of the write-only secrets. A change of the version is what makes Terraform call Update at
// all, since it never sees a write-only value itself.
//
// Where the state does not say that SePay has the configured secret, it warns of an apply that is going to change it.
func (r *webhookResource) planSecrets(ctx context.Context, config, plan *model, prior model, private privateState) diag.Diagnostics {
	var diags diag.Diagnostics

	for _, secret := range secrets() {
		configured, planned, was := secret.of(config), secret.of(plan), secret.of(&prior)

		known, more := loadPrivate[digest](ctx, private, secret.writeOnly)
		diags.Append(more...)

		*planned.version = r.version(configured, *was.version, known)

		inUse := prior.AuthenType.ValueString() == secret.authenType && plan.AuthenType.Equal(prior.AuthenType)
		if value := configured.value(); inUse && !was.settled() && value != "" && !r.digests.matches(known, value) {
			diags.AddAttributeWarning(secretsPath(), "This apply changes the "+secret.plain+" at SePay", secret.warning(known))
		}
	}

	return diags
}

// version decides the version of a write-only secret, at plan, and at apply where the secret was unknown at plan. It keeps
// the version while the secret is the one that SePay is known to have, and else raises it, unless the configuration counts.
func (r *webhookResource) version(configured secretValues, prior types.Int64, known digest) types.Int64 {
	value := configured.writeOnly.ValueString()

	switch {
	case !configured.version.IsNull():
		return *configured.version
	case configured.writeOnly.IsUnknown():
		// Terraform learns the value only at apply; until then it must not be told a version.
		return types.Int64Unknown()
	case value == "":
		return types.Int64Null()
	case !prior.IsNull() && r.digests.matches(known, value):
		return prior
	default:
		return types.Int64Value(prior.ValueInt64() + 1)
	}
}

// warning says what the apply does about a secret that the state does not know to be SePay's.
func (s secret) warning(known digest) string {
	reason := fmt.Sprintf("The %s that SePay has is not the configured one.", s.plain)
	if !known.Shown {
		reason = fmt.Sprintf("SePay does not return its %s in clear, so that it cannot be compared with the configured one.", s.plain)
	}

	return fmt.Sprintf("%s The apply sends the configured %s or %s, which replaces the one at SePay. Make sure that the endpoint "+
		"accepts it, or configure the one that SePay has: then the apply sends nothing.", reason, s.plain, s.writeOnly)
}

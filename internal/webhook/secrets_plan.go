package webhook

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// planSecrets plans the versions of the write-only secrets that the configuration leaves to the provider. A change of the
// version is what makes Terraform call Update at all, since it never sees a write-only value itself.
//
// Where the state does not say that SePay has the configured secret, it warns of an apply that is going to change it.
func planSecrets(ctx context.Context, config, plan *model, prior model, private privateState) diag.Diagnostics {
	var diags diag.Diagnostics

	for _, secret := range secrets() {
		configured, planned, was := secret.of(config), secret.of(plan), secret.of(&prior)

		known, more := loadPrivate[digest](ctx, private, secret.writeOnly)
		diags.Append(more...)

		switch {
		case !configured.version.IsNull():
			// The configuration counts.
		case configured.writeOnly.IsNull():
			*planned.version = types.Int64Null()
		case configured.writeOnly.IsUnknown():
			// Terraform learns the value only at apply; until then it must not be told a version.
			*planned.version = types.Int64Unknown()
		default:
			*planned.version = nextVersion(configured.writeOnly.ValueString(), *was.version, known)
		}

		inUse := prior.AuthenType.ValueString() == secret.authenType && plan.AuthenType.Equal(prior.AuthenType)
		if value := configured.value(); inUse && !was.settled() && value != "" && !known.matches(value) {
			diags.AddAttributeWarning(secretsPath(), "This apply changes the "+secret.plain+" at SePay", secret.warning(known))
		}
	}

	return diags
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

// nextVersion keeps the version while value is the one that SePay is known to have, and else raises it.
func nextVersion(value string, prior types.Int64, known digest) types.Int64 {
	if !prior.IsNull() && known.matches(value) {
		return prior
	}

	return types.Int64Value(prior.ValueInt64() + 1)
}

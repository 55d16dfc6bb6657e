package webhook

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// planVersions plans the versions of the write-only secrets that the configuration leaves to the provider. A change of
// the version is what makes Terraform call Update at all, since it never sees a write-only value itself.
func planVersions(ctx context.Context, config, plan *model, prior model, private privateState) diag.Diagnostics {
	var diags diag.Diagnostics

	for _, secret := range secrets() {
		configured, planned, was := secret.of(config), secret.of(plan), secret.of(&prior)

		switch {
		case !configured.version.IsNull():
			// The configuration counts.
		case configured.writeOnly.IsNull():
			*planned.version = types.Int64Null()
		case configured.writeOnly.IsUnknown():
			// Terraform learns the value only at apply; until then it must not be told a version.
			*planned.version = types.Int64Unknown()
		default:
			data, more := private.GetKey(ctx, secret.writeOnly)
			diags.Append(more...)
			*planned.version = nextVersion(configured.writeOnly.ValueString(), *was.version, data)
		}
	}

	return diags
}

// nextVersion keeps the version while value is the one that was sent last, and else raises it.
func nextVersion(value string, prior types.Int64, sentDigest []byte) types.Int64 {
	if sent, ok := decodeDigest(sentDigest); ok && !prior.IsNull() && sent.matches(value) {
		return prior
	}

	return types.Int64Value(prior.ValueInt64() + 1)
}

package webhook

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// shortestSecret is the length from which a value of unknown origin counts as a whole secret: the last characters of a
// secret, which is all that some services show, have no mask that would give them away.
const shortestSecret = 8

// refreshSecrets puts into next what is known of the secrets after a read.
//
// No secret reaches the state from SePay: the state holds the plain secret of the configuration, or the version of a
// write-only one, while SePay is not seen to have another. Where SePay has another, and right after an import, the state
// holds neither, and a digest of SePay's secret tells the next plan and apply whether the configured one has to be sent.
func (r *webhookResource) refreshSecrets(
	ctx context.Context, next *model, prior model, got sepay.Webhook, private privateState,
) diag.Diagnostics {
	var diags diag.Diagnostics

	for _, secret := range secrets() {
		was, is := secret.of(&prior), secret.of(next)
		if next.AuthenType.ValueString() != secret.authenType {
			continue
		}

		*is.plain, *is.version = *was.plain, *was.version

		value := secret.returned(got).Or("")
		if value == "" {
			continue
		}

		known, more := loadPrivate[digest](ctx, private, secret.writeOnly)
		diags.Append(more...)

		whole := len(value) >= shortestSecret

		same := value == was.plain.ValueString()
		if was.plain.IsNull() && (known.Shown || !was.settled() || whole && !sepay.Masked(value, "")) {
			// What looks like a mask is not worth a slow digest where SePay is not known to return the secret.
			same = r.digests.matches(known, value)
		}

		switch {
		case same:
			known = r.digests.current(known, value)
			known.Shown = known.Shown || was.settled()
		case !was.settled() && whole:
			known = r.digests.of(value, !sepay.Masked(value, ""), known)
		case !was.settled():
			known = digest{}
		case known.Shown, !was.plain.IsNull() && !sepay.Masked(value, was.plain.ValueString()):
			*is.plain, *is.version = types.StringNull(), types.Int64Null()

			before := known
			if known = (digest{}); whole {
				known = r.digests.of(value, true, before)
			}
		default:
			continue
		}

		diags.Append(storePrivate(ctx, private, secret.writeOnly, known)...)
	}

	return diags
}

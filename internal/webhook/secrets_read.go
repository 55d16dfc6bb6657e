package webhook

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// importedKey marks in private state that an import has not been followed by a read yet.
const importedKey = "imported"

// shortestSecret is the length from which an answer of unknown origin counts as a whole secret.
const shortestSecret = 8

// privateState is what the framework gives to keep things in that no plan shows.
type privateState interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// refreshSecrets puts into next what is known of the secrets after a read.
//
// A secret in clear reaches the state only where the state holds that secret already, or right after an import, when
// nothing else could make the plan empty. Of a write-only secret the digest tells whether SePay's is still the one that
// was sent; where it is not, the version goes, so that the next plan brings it back and sends the secret again.
func refreshSecrets(ctx context.Context, next *model, prior model, got sepay.Webhook, private privateState) diag.Diagnostics {
	marker, diags := private.GetKey(ctx, importedKey)
	imported := len(marker) > 0

	for _, secret := range secrets() {
		was, is := secret.of(&prior), secret.of(next)
		if next.AuthenType.ValueString() != secret.authenType {
			continue
		}

		*is.plain, *is.version = *was.plain, *was.version
		known := was.plain.ValueString()

		value, answered := secret.answer(got).Get()
		readable := answered && value != "" && !sepay.Masked(value, known)
		// The last characters of a secret, which is all that some services show, have no mask that would give them away.
		fragment := len(value) < shortestSecret

		switch {
		case imported && readable && !fragment:
			*is.plain = types.StringValue(value)
		case imported:
			diags.AddAttributeWarning(secretsPath(), "SePay does not show "+secret.plain,
				"The webhook was imported, but SePay keeps its "+secret.plain+" to itself. The next plan therefore updates the "+
					"webhook in place: it sends the configured "+secret.plain+" or "+secret.writeOnly+" once. Make sure that the "+
					"endpoint accepts that value before you apply.")
		case !readable:
		case !was.plain.IsNull() && fragment && len(value) < len(known):
			// The fragment is of another secret: worth a difference, but no value for the state.
			*is.plain = types.StringNull()
		case !was.plain.IsNull():
			*is.plain = types.StringValue(value)
		default:
			data, more := private.GetKey(ctx, secret.writeOnly)
			diags.Append(more...)

			if sent, ok := decodeDigest(data); ok && sent.Shown && !sent.matches(value) {
				*is.version = types.Int64Null()
			}
		}
	}

	if imported {
		diags.Append(private.SetKey(ctx, importedKey, nil)...)
	}

	return diags
}

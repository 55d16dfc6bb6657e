package webhook

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// principalKey is where private state has the fingerprint of who was signed in when the webhook was last seen.
const principalKey = "signed_in"

func rememberPrincipal(ctx context.Context, private privateState, principal string) diag.Diagnostics {
	if principal == "" {
		return nil
	}

	data, err := json.Marshal(principal)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Could not keep who is signed in", err.Error())}
	}

	return private.SetKey(ctx, principalKey, data)
}

// sameAccount returns an error when someone else is signed in than when a webhook was last seen that is missing now. It
// is then most likely not deleted, but a webhook of another company.
func sameAccount(ctx context.Context, private privateState, id int64, principal string) diag.Diagnostics {
	data, diags := private.GetKey(ctx, principalKey)

	var before string
	if len(data) == 0 || principal == "" || json.Unmarshal(data, &before) != nil || before == principal {
		return diags
	}

	diags.AddError(fmt.Sprintf("Webhook %d belongs to another sign-in", id), fmt.Sprintf("SePay does not show webhook %d to the "+
		"account that is signed in now, which is not the one that was signed in when Terraform last read the webhook. Most likely "+
		"token_store_key, client_id or a token in the environment is that of another company. Correct it and plan again; the "+
		"state was not changed.\n\nIf the webhook was really deleted, remove it from the state with `terraform state rm` and plan "+
		"again.", id))

	return diags
}

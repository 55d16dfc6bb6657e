package webhook

import (
	"context"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// ImportState takes the id of the webhook, from the command line, from an import block, or from the identity. The read
// that Terraform makes next brings everything else.
func (r *webhookResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id, err := strconv.ParseInt(req.ID, 10, 64)
	given := strconv.Quote(req.ID)

	if req.ID == "" && req.Identity != nil {
		id, given = identityID(*req.Identity)
	} else if err != nil {
		id = 0
	}

	if id < 1 {
		resp.Diagnostics.AddError("Not the id of a webhook", fmt.Sprintf("A webhook is imported by its id, a whole number from 1 on such "+
			"as 23, not by %s. The data source sepay_webhooks and SePay's dashboard show the ids.", given))

		return
	}

	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
	resp.Diagnostics.Append(saveIdentity(ctx, types.Int64Value(id), resp.Identity)...)
}

// missingImport is the error for an import of a webhook that SePay does not have, or has for another company.
func missingImport(id int64, err error) diag.Diagnostic {
	return diag.NewErrorDiagnostic(
		fmt.Sprintf("Could not import webhook %d, which SePay does not show to the account that is signed in", id),
		strings.TrimRight(err.Error(), ". ")+". Check the id: the data source sepay_webhooks lists the webhooks that SePay shows. If the "+
			"webhook belongs to another company, sign in there, or set token_store_key to that sign-in; the data source sepay_company "+
			"shows the company of this one.")
}

// identityID returns the id of an identity, 0 where it is none, and how the id is written. It reads the value itself: the
// framework's conversion fails on a fraction with an error that speaks of Go's types. The digits of a number grow with its
// exponent, which may be huge.
func identityID(identity tfsdk.ResourceIdentity) (id int64, written string) {
	var (
		members map[string]tftypes.Value
		number  *big.Float
	)

	if identity.Raw.As(&members) != nil || members["id"].As(&number) != nil || number == nil {
		return 0, "null"
	}

	if whole, accuracy := number.Int64(); accuracy == big.Exact {
		id = whole
	}

	const longest = 256 // bits
	if exponent := number.MantExp(nil); exponent > longest || exponent < -longest {
		return 0, "a number of that size"
	}

	return id, number.Text('f', -1)
}

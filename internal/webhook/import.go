package webhook

import (
	"context"
	"fmt"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// ImportState takes the id of the webhook, from the command line, from an import block, or from the identity. The read
// that Terraform makes next brings everything else.
func (r *webhookResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var id types.Int64

	if req.ID == "" && req.Identity != nil {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("id"), &id)...)
	} else if number, err := strconv.ParseInt(req.ID, 10, 64); err == nil {
		id = types.Int64Value(number)
	}

	if resp.Diagnostics.HasError() {
		return
	}

	if id.ValueInt64() < 1 {
		resp.Diagnostics.AddError("Not the id of a webhook", fmt.Sprintf("A webhook is imported by its id, a whole number such as "+
			"23, not by %q. The data source sepay_webhooks and SePay's dashboard show the ids.", req.ID))

		return
	}

	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
	resp.Diagnostics.Append(saveIdentity(ctx, id, resp.Identity)...)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, []byte("true"))...)
}

// Package accesstoken implements the ephemeral resource sepay_access_token.
package accesstoken

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/apidiag"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// Source supplies the access token that the provider uses.
type Source interface {
	// CurrentToken returns a usable access token and its expiry, zero if that is not known. It exchanges the
	// refresh token when there is no usable one.
	CurrentToken(ctx context.Context) (value string, expiresAt time.Time, err error)
}

// tokenEphemeralResource is the ephemeral resource sepay_access_token.
type tokenEphemeralResource struct {
	source Source
}

var _ ephemeral.EphemeralResourceWithConfigure = (*tokenEphemeralResource)(nil)

type tokenModel struct {
	AccessToken types.String      `tfsdk:"access_token"`
	ExpiresAt   timetypes.RFC3339 `tfsdk:"expires_at"`
}

// NewEphemeralResource returns the ephemeral resource sepay_access_token.
func NewEphemeralResource() ephemeral.EphemeralResource { return &tokenEphemeralResource{} }

// Metadata implements ephemeral.EphemeralResource.
func (r *tokenEphemeralResource) Metadata(_ context.Context, req ephemeral.MetadataRequest,
	resp *ephemeral.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_access_token"
}

// Schema implements ephemeral.EphemeralResource.
func (r *tokenEphemeralResource) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The [access token](" + sepay.DocsAccessToken + ") that the provider itself uses, for another " +
			"provider or tool that calls SePay's API in the same run. It is stored neither in the plan nor in the state.\n\n" +
			"The token lives for an hour at most and is shared with the provider: closing the resource does not revoke it. " +
			"Ephemeral resources need Terraform 1.10 or OpenTofu 1.11.\n\n" +
			"Needs no scope: the token has the scopes of the sign-in.",
		Attributes: map[string]schema.Attribute{
			"access_token": schema.StringAttribute{
				Computed:            true,
				Sensitive:           true,
				MarkdownDescription: "The access token, for `Authorization: Bearer …`.",
			},
			"expires_at": schema.StringAttribute{
				Computed:   true,
				CustomType: timetypes.RFC3339Type{},
				MarkdownDescription: "When the token expires, in RFC 3339 and UTC; null when that is not known. At least " +
					"45 seconds, or a tenth of its life if that is less, are left when the token is handed out, unless it was given " +
					"to the provider as `access_token`. Where SePay revokes an access token at the next refresh, the token ends " +
					"earlier, when any run renews the sign-in.",
			},
		},
	}
}

// Configure implements ephemeral.EphemeralResourceWithConfigure.
func (r *tokenEphemeralResource) Configure(_ context.Context, req ephemeral.ConfigureRequest,
	resp *ephemeral.ConfigureResponse,
) {
	// Terraform configures the resource for validation before it configures the provider.
	if req.ProviderData == nil {
		return
	}

	source, ok := req.ProviderData.(Source)
	if !ok {
		resp.Diagnostics.AddError("Could not set up the access token", fmt.Sprintf("The provider passed a %T, which is not "+
			"a token source. This is a bug in the provider: please report it with this message.", req.ProviderData))

		return
	}

	r.source = source
}

// Open implements ephemeral.EphemeralResource.
func (r *tokenEphemeralResource) Open(ctx context.Context, _ ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	value, expiresAt, err := r.source.CurrentToken(ctx)
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("get an access token", err))

		return
	}

	resp.Diagnostics.Append(resp.Result.Set(ctx, newModel(value, expiresAt))...)
}

func newModel(value string, expiresAt time.Time) tokenModel {
	model := tokenModel{AccessToken: types.StringValue(value), ExpiresAt: timetypes.NewRFC3339Null()}
	if !expiresAt.IsZero() {
		model.ExpiresAt = timetypes.NewRFC3339TimeValue(expiresAt.UTC().Truncate(time.Second))
	}

	return model
}

package webhook

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// authenticationAttributes say how a delivery proves that it comes from SePay.
func authenticationAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"authen_type": schema.StringAttribute{
			Required: true,
			MarkdownDescription: "How [deliveries are authenticated](" + sepay.DocsWebhookAuthentication + "): " +
				choices(sepay.AuthenTypes()) +
				" It can be changed in place, together with what the new value needs.",
			Validators: []validator.String{stringvalidator.OneOf(sepay.Values(sepay.AuthenTypes())...)},
		},
		"oauth2_access_token_url": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "The absolute URL that SePay [asks for a token](" + sepay.DocsWebhookOAuth2 + ") before " +
				"each delivery. Required with `authen_type = \"" +
				sepay.AuthenTypeOAuth2 + "\"`, and not allowed otherwise.",
			Validators: []validator.String{urlValidator{called: true}},
		},
		"oauth2_client_id": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "The client id that [SePay uses](" + sepay.DocsWebhookOAuth2 + ") at " +
				"`oauth2_access_token_url`. Required with `authen_type = \"" +
				sepay.AuthenTypeOAuth2 + "\"`, and not allowed otherwise.",
			Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		},
	}

	for _, secret := range secrets() {
		attributes[secret.plain] = schema.StringAttribute{
			Optional:  true,
			Sensitive: true,
			MarkdownDescription: fmt.Sprintf("%s Exactly one of `%s` and `%s` is required with `authen_type = %q`. It is stored "+
				"in the state; prefer `%s` on Terraform 1.11 and later. Where SePay returns it in clear, a change made in the "+
				"dashboard shows as a difference; the value at SePay is never copied into the state.",
				secret.meaning, secret.plain, secret.writeOnly, secret.authenType, secret.writeOnly),
			Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		}
		attributes[secret.writeOnly] = schema.StringAttribute{
			Optional:  true,
			Sensitive: true,
			WriteOnly: true,
			MarkdownDescription: fmt.Sprintf("%s Like `%s`, but stored neither in the plan nor in the state. Needs "+
				"Terraform or OpenTofu 1.11. See `%s` for when it is sent again. Use a generated value of at least 32 hexadecimal or "+
				"base64 characters, for example from `openssl rand -hex 32` or `random_password` with `special = false`: the digest in "+
				"the state does not protect a value that can be guessed.", secret.meaning, secret.plain, secret.version),
			Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		}
		attributes[secret.version] = schema.Int64Attribute{
			Optional: true,
			Computed: true,
			MarkdownDescription: fmt.Sprintf("The version of `%[1]s`. If set, `%[1]s` is sent again only when this number changes: set it "+
				"when the value differs at each run. If omitted, the provider counts: it compares `%[1]s` with a salted digest of the "+
				"last value that SePay is known to have, and increases the version when they differ. In both cases a secret that was "+
				"changed in the dashboard shows as a change of the version where SePay returns it in clear, and after an import the "+
				"version is set without a request if SePay has the same secret.",
				secret.writeOnly),
			Validators: []validator.Int64{int64validator.AtLeast(0)},
		}
	}

	return attributes
}

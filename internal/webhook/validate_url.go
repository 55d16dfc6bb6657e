package webhook

import (
	"context"
	"net/url"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// urlValidator demands an absolute http or https URL with a host. No module of the framework offers a URL type.
type urlValidator struct {
	// warnPlain adds a warning for a URL that is not https.
	warnPlain bool
}

var _ validator.String = urlValidator{}

// Description implements validator.Describer.
func (urlValidator) Description(context.Context) string {
	return "value must be an absolute http or https URL with a host"
}

// MarkdownDescription implements validator.Describer.
func (v urlValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString implements validator.String. A URL may carry credentials, so that no message repeats it.
func (v urlValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}

	name := req.Path.String()

	parsed, err := url.Parse(req.ConfigValue.ValueString())
	if err != nil || (parsed.Scheme != "http" && parsed.Scheme != "https") || parsed.Hostname() == "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Not an absolute URL",
			name+" must be an absolute http or https URL with a host. Write it out whole, such as "+
				"https://shop.example.com/sepay.")

		return
	}

	if v.warnPlain && parsed.Scheme != "https" {
		resp.Diagnostics.AddAttributeWarning(req.Path, "Deliveries travel unencrypted",
			name+" is an http URL: whoever sits on the way can read the payments and the key that a delivery carries. "+
				"Use an https URL.")
	}
}

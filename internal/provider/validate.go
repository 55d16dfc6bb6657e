package provider

import (
	"context"
	"errors"
	"net"
	"net/url"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// settingValidator runs the check of a setting at validation; the same check runs on what the environment holds.
type settingValidator struct {
	wants string
	check func(string) error
}

var _ validator.String = settingValidator{}

// Description implements validator.Describer.
func (v settingValidator) Description(context.Context) string { return "value must be " + v.wants }

// MarkdownDescription implements validator.Describer.
func (v settingValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString implements validator.String.
func (v settingValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}

	if err := v.check(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+req.Path.String(),
			req.Path.String()+" must be "+v.wants+": "+err.Error()+".")
	}
}

func checkDuration(value string) error {
	duration, err := time.ParseDuration(value)
	if err != nil {
		return errors.New("it is not a number with a unit such as s, m or h")
	}

	if duration <= 0 {
		return errors.New("it is not positive")
	}

	return nil
}

// checkBaseURL keeps tokens off the open network: a bearer token over plain http is a token given away.
func checkBaseURL(value string) error {
	parsed, err := url.Parse(value)
	if err != nil || parsed.Hostname() == "" {
		return errors.New("it is not a URL with a host")
	}

	if parsed.User != nil || parsed.RawQuery != "" || parsed.Fragment != "" {
		return errors.New("it has credentials, a query or a fragment")
	}

	switch {
	case parsed.Scheme == "https":
		return nil
	case parsed.Scheme != "http":
		return errors.New("it is neither https nor http")
	case parsed.Hostname() == "localhost":
		return nil
	}

	if address := net.ParseIP(parsed.Hostname()); address == nil || !address.IsLoopback() {
		return errors.New("plain http would send the tokens in clear over the network")
	}

	return nil
}

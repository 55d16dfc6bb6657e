package provider

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
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

func checkBaseURL(value string) error {
	_, err := parseBaseURL(value)

	return err
}

// parseBaseURL returns the scheme and the host. SePay's documentation calls the address with /api/v1 the base URL, so
// that this path is accepted; any other one would be sent on in front of it, and in front of the sign-in. Plain http
// would give the tokens away.
func parseBaseURL(value string) (string, error) {
	parsed, err := url.Parse(value)
	if err != nil || parsed.Hostname() == "" {
		return "", errors.New("it is not a URL with a host")
	}

	if parsed.User != nil || parsed.RawQuery != "" || parsed.Fragment != "" {
		return "", errors.New("it has credentials, a query or a fragment")
	}

	host := parsed.Scheme + "://" + parsed.Host

	if parsed.Scheme != "https" && parsed.Scheme != "http" {
		return "", errors.New("it is neither https nor http")
	}

	if parsed.Scheme == "http" && !isLoopback(parsed.Hostname()) {
		return "", errors.New("plain http would send the tokens in clear over the network")
	}

	if path := strings.TrimRight(parsed.Path, "/"); path != "" && path != "/api/v1" {
		return "", fmt.Errorf("it has a path, write %q", host)
	}

	return host, nil
}

func isLoopback(host string) bool {
	address := net.ParseIP(host)

	return host == "localhost" || address != nil && address.IsLoopback()
}

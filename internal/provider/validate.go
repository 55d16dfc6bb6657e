package provider

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// What settings must be, for messages and descriptions: each completes "Set it to …" and "value must be …".
const (
	wantBaseURL    = "an https URL of a host, such as https://my.sepay.vn, or an http URL of a loopback address"
	wantDuration   = "a positive duration, such as 90s or 2m"
	wantTokenStore = `"` + storeFile + `", "` + storeHelper + `" or "` + storeNone + `"`
)

// settingValidator parses a setting at validation, as resolve does later.
type settingValidator[T any] struct {
	wanted string
	parse  func(string) (T, error)
}

var _ validator.String = settingValidator[string]{}

// Description implements validator.Describer.
func (v settingValidator[T]) Description(context.Context) string { return "value must be " + v.wanted }

// MarkdownDescription implements validator.Describer.
func (v settingValidator[T]) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

// ValidateString implements validator.String.
func (v settingValidator[T]) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}

	if _, err := v.parse(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+req.Path.String(),
			fmt.Sprintf("The value of %s is invalid: %v. Set it to %s.", req.Path, err, v.wanted))
	}
}

// parseBaseURL returns the scheme and the host. SePay's documentation calls the address with /api/v1 the base URL: this path
// is accepted. Any other path would be prefixed to the paths of the API and of the sign-in. Plain http would expose the tokens.
func parseBaseURL(value string) (string, error) {
	parsed, err := url.Parse(value)
	if err != nil || parsed.Hostname() == "" {
		return "", errors.New("it is not a URL with a host")
	}

	if parsed.User != nil || parsed.RawQuery != "" || parsed.Fragment != "" {
		return "", errors.New("it has credentials, a query or a fragment")
	}

	if port, err := strconv.ParseUint(parsed.Port(), 10, 16); parsed.Port() != "" && (err != nil || port == 0) {
		return "", errors.New("its port is not one from 1 to 65535")
	}

	host := parsed.Scheme + "://" + parsed.Host

	if parsed.Scheme != "https" && parsed.Scheme != "http" {
		return "", errors.New("it is neither https nor http")
	}

	if parsed.Scheme == "http" && !isLoopback(parsed.Hostname()) {
		return "", errors.New("plain http would send the tokens over the network in clear text, use https")
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

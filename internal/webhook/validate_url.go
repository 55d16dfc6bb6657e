package webhook

import (
	"context"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// urlValidator demands an absolute http or https URL with a host. No module of the framework offers a URL type.
type urlValidator struct {
	// called adds what a URL needs for SePay to call it: a public host, no user info and no fragment.
	called bool
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

	if !validPort(parsed) {
		resp.Diagnostics.AddAttributeError(req.Path, "Not a port",
			name+" has a port that does not exist. Use a port from 1 to 65535, or omit it.")
	}

	if v.called {
		if !publicHost(parsed.Hostname()) {
			resp.Diagnostics.AddAttributeError(req.Path, "Not a public address",
				name+" has a host that SePay cannot reach over the internet: a local name, or a loopback, private, link-local, "+
					"multicast or reserved address. Use a public host name, or a tunnel with one during development.")
		}

		if parsed.User != nil {
			resp.Diagnostics.AddAttributeError(req.Path, "A URL with user info",
				name+" has a user name or password before its host. Remove it, and choose an authen_type instead.")
		}

		if strings.Contains(req.ConfigValue.ValueString(), "#") {
			resp.Diagnostics.AddAttributeError(req.Path, "A URL with a fragment",
				name+" has a fragment, which no HTTP request carries. Remove the # and what follows it.")
		}
	}

	if v.warnPlain && parsed.Scheme != "https" {
		resp.Diagnostics.AddAttributeWarning(req.Path, "Deliveries are not encrypted",
			name+" is an http URL: anyone on the network path can read the payments and the key that a delivery carries. "+
				"Use an https URL.")
	}
}

// validPort reports whether a URL has no port or one that exists: net/url accepts any number of digits.
func validPort(address *url.URL) bool {
	port, err := strconv.ParseUint(address.Port(), 10, 16)

	return address.Port() == "" || err == nil && port > 0
}

// publicHost reports whether a host can be reached over the internet, as far as its name or its address says. SePay
// refuses others when a webhook is saved.
func publicHost(host string) bool {
	if address, err := netip.ParseAddr(host); err == nil {
		return publicAddress(address.Unmap())
	}

	labels := strings.Split(strings.ToLower(strings.TrimSuffix(host, ".")), ".")
	last := labels[len(labels)-1]

	// Programs read a last label that is a number as an IPv4 address in another notation: 127.1, 0x7f.0.0.1, 2130706433.
	if strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x") {
		return false
	}

	local := []string{"localhost", "localdomain", "local", "internal", "lan", "test", "invalid", "onion"}

	return len(labels) > 1 && !slices.Contains(labels, "") && !slices.Contains(local, last) &&
		!strings.HasSuffix(strings.Join(labels, "."), "home.arpa")
}

// publicAddress follows IANA's registries of special-purpose addresses.
func publicAddress(address netip.Addr) bool {
	reserved := []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
		"240.0.0.0/4", "2001:db8::/32", "2002::/16", "3fff::/20",
	}

	if slices.ContainsFunc(reserved, func(prefix string) bool { return netip.MustParsePrefix(prefix).Contains(address) }) {
		return false
	}

	// All public IPv6 addresses lie in 2000::/3.
	return address.IsGlobalUnicast() && !address.IsPrivate() &&
		(address.Is4() || netip.MustParsePrefix("2000::/3").Contains(address))
}

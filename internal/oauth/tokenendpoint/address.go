package tokenendpoint

import (
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
)

func checkTokenURL(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return badTokenURL("It is not a URL.")
	}

	switch {
	case u.Host == "":
		return badTokenURL("It has no host.")
	case u.User != nil:
		return badTokenURL("It contains a user name or password.")
	case u.Scheme == "https", u.Scheme == "http" && IsLoopback(u.Hostname()):
		return nil
	}

	return badTokenURL(fmt.Sprintf("%s://%s would send the client secret unencrypted.", u.Scheme, u.Host))
}

// CanonicalURL normalizes an address. Record names depend on it.
func CanonicalURL(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}

	u.Host = strings.ToLower(u.Host)
	for scheme, port := range map[string]string{"https": ":443", "http": ":80"} {
		if u.Scheme == scheme {
			u.Host = strings.TrimSuffix(u.Host, port)
		}
	}

	return u.String()
}

// IsLoopback reports whether a host is localhost or a loopback address.
func IsLoopback(host string) bool {
	ip := net.ParseIP(host)

	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

func badTokenURL(reason string) *diagnostic.Error {
	return &diagnostic.Error{
		Code: diagnostic.CodeConfiguration, Summary: "The address of SePay's token endpoint cannot be used",
		Detail: reason + " Set base_url (SEPAY_BASE_URL) to an https address; plain http is accepted only for loopback addresses.",
	}
}

// Check validates what an exchange needs. Its error is a *diagnostic.Error.
func (c *Client) Check() error {
	switch {
	case c.ClientID == "":
		return diagnostic.Missing("client_id", "SEPAY_CLIENT_ID")
	case c.ClientSecret == "":
		return diagnostic.Missing("client_secret", "SEPAY_CLIENT_SECRET")
	}

	return checkTokenURL(c.URL)
}

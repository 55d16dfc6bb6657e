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
		return badTokenURL("It has a user name or password in it.")
	case u.Scheme == "https", u.Scheme == "http" && IsLoopback(u.Hostname()):
		return nil
	}

	return badTokenURL(fmt.Sprintf("%s://%s would send the client secret unencrypted.", u.Scheme, u.Host))
}

// CanonicalURL writes an address in one way, because records are found by it.
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

// IsLoopback tells whether a host is this machine.
func IsLoopback(host string) bool {
	ip := net.ParseIP(host)

	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

func badTokenURL(reason string) *diagnostic.Error {
	return &diagnostic.Error{
		Code: diagnostic.CodeConfiguration, Summary: "The address for SePay tokens cannot be used",
		Detail: reason + " Set base_url (SEPAY_BASE_URL) to an https address; plain http is for the loopback interface only.",
	}
}

// Check returns what is missing or wrong for an exchange, or nil.
func (c *Client) Check() error {
	switch {
	case c.ClientID == "":
		return diagnostic.Missing("client_id", "SEPAY_CLIENT_ID")
	case c.ClientSecret == "":
		return diagnostic.Missing("client_secret", "SEPAY_CLIENT_SECRET")
	}

	return checkTokenURL(c.URL)
}

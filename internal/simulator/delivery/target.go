package delivery

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/loopback"
)

// errNoReceiver reports that an address has no receiver on loopback.
var errNoReceiver = errors.New("not sent: no receiver on this machine has this address")

// target is the actual URL of a request, and its Host header.
type target struct{ url, host string }

// target finds the receiver of an address.
func (s *Sender) target(address string) (target, error) {
	u, err := url.Parse(address)
	if err != nil {
		return target{}, errNoReceiver
	}

	host := u.Host
	if receiver, known := s.settings.Receivers[strings.ToLower(host)]; known {
		u.Scheme, u.Host = "http", receiver

		return target{u.String(), host}, nil
	}

	if s.settings.Loopback && loopback.Host(u.Hostname()) {
		return target{u.String(), host}, nil
	}

	return target{}, errNoReceiver
}

// ParseReceiver reads "shop.example.com=127.0.0.1:9000".
func ParseReceiver(text string) (host, address string, err error) {
	host, address, found := strings.Cut(text, "=")
	ip, _, splitErr := net.SplitHostPort(address)

	if !found || host == "" || splitErr != nil || !loopback.Host(ip) {
		return "", "", fmt.Errorf(
			"receiver %q: want HOST=ADDRESS with an address on loopback, such as shop.example.com=127.0.0.1:9000", text)
	}

	return strings.ToLower(host), address, nil
}

// newClient returns a client that connects to loopback only, uses no proxy and follows no redirect. It accepts
// self-signed certificates, as SePay's test mode does.
func newClient(transport http.RoundTripper) *http.Client {
	if transport == nil {
		dialer := &net.Dialer{
			Timeout: 10 * time.Second,
			Control: func(_, address string, _ syscall.RawConn) error {
				if host, _, err := net.SplitHostPort(address); err != nil || !loopback.Host(host) {
					return errNoReceiver
				}

				return nil
			},
		}
		transport = &http.Transport{
			DialContext:     dialer.DialContext,
			TLSClientConfig: &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12},
		}
	}

	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

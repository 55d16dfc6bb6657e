// Package loopback restricts services to this machine.
package loopback

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// Host reports whether a host without a port is this machine's own.
func Host(host string) bool {
	if address, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return address.IsLoopback()
	}

	return strings.EqualFold(host, "localhost")
}

// Only protects a handler: the client must be on this machine, the Host header must name this machine, which prevents DNS
// rebinding, and a browser must not send the request from another site.
func Only(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		client, _, err := net.SplitHostPort(r.RemoteAddr)

		switch {
		case err != nil || !Host(client):
			http.Error(w, "this is for loopback only", http.StatusForbidden)
		case !Host((&url.URL{Host: r.Host}).Hostname()):
			http.Error(w, "this is served under a host of loopback only", http.StatusForbidden)
		case foreign(r):
			http.Error(w, "requests of other pages are refused", http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// foreign reports whether a browser sends the request for another site. Other programs send none of these headers.
func foreign(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
	default:
		return r.Method != http.MethodGet || r.Header.Get("Sec-Fetch-Mode") != "navigate"
	}

	origin := r.Header.Get("Origin")
	u, err := url.Parse(origin)

	return origin != "" && (err != nil || u.Host != r.Host)
}

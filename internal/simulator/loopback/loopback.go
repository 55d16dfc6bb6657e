// Package loopback keeps what is for this machine on this machine.
package loopback

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// Host tells whether a host without a port is this machine's own.
func Host(host string) bool {
	if address, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return address.IsLoopback()
	}

	return strings.EqualFold(host, "localhost")
}

// Only protects a handler: the client is on this machine, the request names a host of this machine, so that no name of a
// foreign page leads here, and a browser sends it from no other page than ours.
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

// foreign tells whether a browser sends the request for another page. Other programs send none of the headers.
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

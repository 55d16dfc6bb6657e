package simulator_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

func TestServerListensOnLoopbackOnly(t *testing.T) {
	t.Parallel()

	for _, address := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "example.com:80", "localhost"} {
		if server, err := simulator.Listen(t.Context(), address, simulator.New()); err == nil {
			server.Close()
			t.Errorf("it listens on %s", address)
		}
	}
}

func TestServerSpeaksHTTP2OverTLS(t *testing.T) {
	t.Parallel()

	server := simulator.StartTLS(t)

	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(server.CertificatePEM) {
		t.Fatal("no certificate")
	}

	transport := &http.Transport{
		ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
	}
	defer transport.CloseIdleConnections()

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/api/v1/me", nil)
	if err != nil {
		t.Fatal(err)
	}

	request.Header.Set("Authorization", "Bearer "+server.NewAccessToken())

	response, err := transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()

	logged := server.Requests()[0].Proto
	if response.StatusCode != http.StatusOK || response.Proto != "HTTP/2.0" || logged != "HTTP/2.0" {
		t.Errorf("%s %s, logged %s", response.Proto, response.Status, logged)
	}
}

func TestEnvironmentNamesEverythingThatTheProviderNeeds(t *testing.T) {
	t.Parallel()

	server := simulator.Start(t, simulator.WithCredentials(simulator.Credentials{ClientID: "shop"}))
	text := strings.Join(server.Environment(), "\n")

	for _, want := range []string{
		"SEPAY_BASE_URL=" + server.URL, "SEPAY_CLIENT_ID=shop", "SEPAY_CLIENT_SECRET=scs_", "SEPAY_REFRESH_TOKEN=def50200",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing", want)
		}
	}
}

func TestUnknownPathsAndMethodsAreRejected(t *testing.T) {
	t.Parallel()

	c := start(t, "")
	for path, want := range map[string]int{
		"nothing": 404, "webhooks/": 404, "webhooks/abc": 404, "webhooks/1/x": 404, "me": 405,
	} {
		method := map[bool]string{true: "POST", false: "GET"}[want == 405]
		if got := c.do(method, path, nil); got.status != want {
			t.Errorf("%s %s: %d", method, path, got.status)
		}
	}
}

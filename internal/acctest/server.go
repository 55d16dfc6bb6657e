package acctest

import (
	"context"
	"maps"
	"net"
	"path/filepath"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/provider"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// NewServer starts the SePay provider with config, as a command of Terraform does, and fails the test if the provider
// rejects it.
func NewServer(tb testing.TB, config map[string]any, options ...Option) *Server {
	tb.Helper()

	server, diagnostics := TryServer(tb, config, options...)
	if diagnostics.HasErrors() {
		tb.Fatalf("the provider rejects its configuration:\n%s", diagnostics)
	}

	return server
}

// NewServerWith is NewServer with options of the provider itself.
func NewServerWith(tb testing.TB, config map[string]any, options ...provider.Option) *Server {
	tb.Helper()

	return mustServe(tb, config, options)
}

func mustServe(tb testing.TB, config map[string]any, ofProvider []provider.Option, options ...Option) *Server {
	tb.Helper()

	server, diagnostics := serve(tb, provider.NewServer("test", ofProvider...)(), config, options...)
	if diagnostics.HasErrors() {
		tb.Fatalf("the provider rejects its configuration:\n%s", diagnostics)
	}

	return server
}

// TryServer is NewServer, but returns the diagnostics of the configuration.
func TryServer(tb testing.TB, config map[string]any, options ...Option) (*Server, Diagnostics) {
	tb.Helper()

	return serve(tb, provider.NewServer("test")(), config, options...)
}

// NewPipedServer starts the provider against a simulator without a network, for tests under simulated time
// (testing/synctest), with an access token and no refresh token. settings change the provider configuration.
func NewPipedServer(tb testing.TB, sepay *simulator.Simulator, dial Dial, settings map[string]any, options ...Option) *Server {
	tb.Helper()

	// A request that does not use dial fails, because nothing listens on this port.
	config := map[string]any{"base_url": "http://127.0.0.1:1", "requests_per_second": 0}
	maps.Copy(config, settings)

	if _, chosen := settings["access_token"]; !chosen {
		config["access_token"] = sepay.NewAccessToken()
	}

	return mustServe(tb, config, []provider.Option{provider.WithDial(dial)}, options...)
}

// Dial makes connections, see simulator.Pipe.
type Dial = func(ctx context.Context, network, address string) (net.Conn, error)

// ProviderConfig is a provider configuration that works against the simulator: its credentials, a token store that is
// removed after the test, and no rate limit. Two servers with one such configuration share the token store, as
// two commands on one machine do.
func ProviderConfig(tb testing.TB, sepay *simulator.Server) map[string]any {
	tb.Helper()

	credentials := sepay.Credentials()

	return map[string]any{
		"base_url":      sepay.URL,
		"client_id":     credentials.ClientID,
		"client_secret": credentials.ClientSecret,
		"refresh_token": credentials.RefreshToken,
		// The provider creates the directory with the right permissions.
		"token_store_path":    filepath.Join(tb.TempDir(), "tokens"),
		"requests_per_second": 0,
	}
}

// NewSimulated starts a simulator and the provider against it.
func NewSimulated(tb testing.TB, options ...simulator.Option) (*simulator.Server, *Server) {
	tb.Helper()

	sepay := simulator.Start(tb, options...)

	return sepay, NewServer(tb, ProviderConfig(tb, sepay))
}

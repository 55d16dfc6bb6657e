package simulator

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/playground"
)

// Server is a simulator that listens on loopback.
type Server struct {
	*Simulator

	// URL is the base URL of the service, without a slash at the end.
	URL string
	// CertificatePEM is the certificate to trust, for a server with TLS.
	CertificatePEM []byte

	http *http.Server
	done chan struct{}
}

// TB is the part of *testing.T that Start needs.
type TB interface {
	Helper()
	Cleanup(f func())
	Fatalf(format string, args ...any)
}

// Start makes a simulator, lets it listen on a free port of loopback, and stops it when the test ends.
func Start(tb TB, options ...Option) *Server {
	tb.Helper()

	return started(tb, nil, options)
}

// StartTLS is Start with https and HTTP/2.
func StartTLS(tb TB, options ...Option) *Server {
	tb.Helper()

	certificate, err := newCertificate()
	if err != nil {
		tb.Fatalf("simulator: %v", err)
	}

	return started(tb, certificate, options)
}

func started(tb TB, certificate *tls.Certificate, options []Option) *Server {
	tb.Helper()

	server, err := listen(context.Background(), "127.0.0.1:0", certificate, New(options...))
	if err != nil {
		tb.Fatalf("simulator: %v", err)
	}

	tb.Cleanup(server.Close)

	return server
}

// Listen serves a simulator on an address of loopback, such as "127.0.0.1:0"; any other address is an error, because a
// simulator does not authenticate the clients of its control API.
func Listen(ctx context.Context, address string, simulator *Simulator) (*Server, error) {
	return listen(ctx, address, nil, simulator)
}

func listen(ctx context.Context, address string, certificate *tls.Certificate, simulator *Simulator) (*Server, error) {
	if err := mustBeLoopback(address); err != nil {
		return nil, err
	}

	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}

	server := &Server{
		Simulator: simulator,
		URL:       "http://" + listener.Addr().String(),
		done:      make(chan struct{}),
		http: &http.Server{
			Handler:           simulator,
			ReadHeaderTimeout: 10 * time.Second,
			ConnState: func(_ net.Conn, state http.ConnState) {
				if state == http.StateNew {
					simulator.journal.Connected()
				}
			},
		},
	}

	serve := func() error { return server.http.Serve(listener) }

	if certificate != nil {
		server.URL = "https://" + listener.Addr().String()
		server.CertificatePEM = certificatePEM(certificate)
		server.http.TLSConfig = &tls.Config{Certificates: []tls.Certificate{*certificate}, MinVersion: tls.VersionTLS12}
		serve = func() error { return server.http.ServeTLS(listener, "", "") }
	}

	go func() {
		defer close(server.done)

		if err := serve(); err != nil && !errors.Is(err, http.ErrServerClosed) {
			panic(fmt.Errorf("simulator: serve: %w", err))
		}
	}()

	return server, nil
}

func mustBeLoopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("address %q: %w", address, err)
	}

	if ip, err := netip.ParseAddr(host); err != nil || !ip.IsLoopback() {
		return fmt.Errorf("address %q is not one of loopback, such as 127.0.0.1:0", address)
	}

	return nil
}

// Close stops the server: active delays end, and every connection is closed.
func (s *Server) Close() {
	s.Simulator.Close()

	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()

	if err := s.http.Shutdown(ctx); err != nil {
		_ = s.http.Close()
	}

	<-s.done
}

// PageURL is the address of the page that WithPage serves.
func (s *Server) PageURL() string { return s.URL + playground.Path }

// Environment returns the variables that point the provider to this server, as NAME=value.
func (s *Server) Environment() []string {
	credentials := s.Credentials()

	return []string{
		"SEPAY_BASE_URL=" + s.URL,
		"SEPAY_CLIENT_ID=" + credentials.ClientID,
		"SEPAY_CLIENT_SECRET=" + credentials.ClientSecret,
		"SEPAY_REFRESH_TOKEN=" + credentials.RefreshToken,
	}
}

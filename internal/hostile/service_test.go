//go:build linux

package hostile_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// service is a simulated SePay that misbehaves once it is armed and the operation has begun.
type service struct {
	*httptest.Server

	behavior  behavior
	operation string
	truth     http.Handler
	// elsewhere is an address that must not get any request.
	elsewhere string
	// control is where a process says that its preparation is over.
	control string
	// foreign is a certificate for another name, which the process trusts.
	foreign *tls.Certificate
	begun   atomic.Bool
	armed   atomic.Bool
	hits    atomic.Int64
	strayed atomic.Int64
}

func startService(t *testing.T, b behavior, operation string) (*service, *simulator.Simulator) {
	t.Helper()

	truth := simulator.New(simulator.WithSampleWebhook(), simulator.WithRedirectURIs("https://app.example.com/back"))
	s := &service{behavior: b, operation: operation, truth: truth, foreign: foreignCertificate(t)}

	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { s.strayed.Add(1) }))
	t.Cleanup(elsewhere.Close)

	s.elsewhere = elsewhere.URL
	s.Server = httptest.NewUnstartedServer(s)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		return context.WithValue(ctx, connectionKey{}, c)
	}

	control := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		s.armed.Store(true)
		s.CloseClientConnections()
	}))
	t.Cleanup(control.Close)

	s.control = control.URL

	if b.tls {
		s.EnableHTTP2 = true
		s.TLS = &tls.Config{GetConfigForClient: s.handshake}
		s.StartTLS()
	} else {
		s.Start()
	}

	t.Cleanup(func() {
		truth.Close()
		s.CloseClientConnections()
		s.Close()
	})

	return s, truth
}

// connectionKey leads to the connection of a request.
type connectionKey struct{}

func connection(r *http.Request) net.Conn {
	c, _ := r.Context().Value(connectionKey{}).(net.Conn)

	return c
}

// ServeHTTP implements http.Handler.
func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case s.armed.Load() && (s.begun.Load() || s.begins(r)):
		s.begun.Store(true)
		s.hits.Add(1)

		// The server notices that the client has left only once the body is read.
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))

		s.behavior.respond(s, w, r)
	default:
		s.truth.ServeHTTP(w, r)
	}
}

// handshake replaces the certificate once the service is armed.
func (s *service) handshake(*tls.ClientHelloInfo) (*tls.Config, error) {
	if !s.behavior.foreignName || !s.armed.Load() {
		return nil, nil
	}

	s.hits.Add(1)

	return &tls.Config{Certificates: []tls.Certificate{*s.foreign}}, nil
}

// begins reports whether a request is the first that the behavior is about. What follows is about it too.
func (s *service) begins(r *http.Request) bool {
	switch s.operation {
	case "read", "list":
		return r.Method == http.MethodGet
	case "create":
		return r.Method == http.MethodPost
	case "update":
		return r.Method == http.MethodPatch
	case "delete":
		return r.Method == http.MethodDelete
	}

	return strings.HasPrefix(r.URL.Path, "/oauth/token")
}

// genuine is the response of SePay.
func (s *service) genuine(r *http.Request) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	s.truth.ServeHTTP(recorder, r)

	return recorder
}

// trust writes the certificate of the service where the process finds it.
func (s *service) trust(t *testing.T, directory string) string {
	t.Helper()

	path := filepath.Join(directory, "ca.pem")
	content := slices.Concat(
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}),
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.foreign.Certificate[0]}),
	)

	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}

	return path
}

// foreignCertificate is valid, signs itself, and is for another name.
func foreignCertificate(t *testing.T) *tls.Certificate {
	t.Helper()

	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}

	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "elsewhere.example"}, DNSNames: []string{"elsewhere.example"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, IsCA: true, BasicConstraintsValid: true,
	}

	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}

	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// simulatedPage serves SePay itself, for the person at the browser.
func simulatedPage(t *testing.T, s *service) string {
	t.Helper()

	page := httptest.NewServer(s.truth)
	t.Cleanup(page.Close)

	return page.URL
}

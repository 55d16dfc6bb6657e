package sepay

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// request is a request that the service received.
type request struct {
	at            time.Time
	method, path  string
	query, body   string
	authorization string
	agent         string
}

// service is a scripted SePay.
type service struct {
	mu       sync.Mutex
	busy     sync.WaitGroup
	requests []request
	handle   func(w http.ResponseWriter, r *http.Request, nth int)
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.busy.Add(1)
	defer s.busy.Done()

	body, _ := io.ReadAll(r.Body)
	_ = r.Body.Close()
	r.Body = io.NopCloser(strings.NewReader(string(body)))

	s.mu.Lock()
	s.requests = append(s.requests, request{
		at: time.Now(), method: r.Method, path: r.URL.Path, query: r.URL.RawQuery, body: string(body),
		authorization: r.Header.Get("Authorization"), agent: r.UserAgent(),
	})
	nth := len(s.requests)
	s.mu.Unlock()

	s.handle(w, r, nth)
}

func (s *service) log() []request {
	s.mu.Lock()
	defer s.mu.Unlock()

	return append([]request(nil), s.requests...)
}

// lines returns "METHOD path" of each request.
func (s *service) lines() []string {
	var lines []string
	for _, r := range s.log() {
		lines = append(lines, r.method+" "+strings.TrimPrefix(r.path, apiPath))
	}

	return lines
}

// tokens is a source that gives token-1, and the next one whenever the current one is rejected.
type tokens struct {
	mu       sync.Mutex
	number   int
	rejected []string
	fail     error
}

func (t *tokens) Token(_ context.Context, rejected string) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()

	t.rejected = append(t.rejected, rejected)

	if rejected != "" && t.fail != nil {
		return "", t.fail
	}

	current := fmt.Sprintf("token-%d", t.number+1)
	if rejected == current {
		t.number++
	}

	return fmt.Sprintf("token-%d", t.number+1), nil
}

type handler = func(w http.ResponseWriter, r *http.Request, nth int)

// serve starts a service on loopback and a client of it.
func serve(tb testing.TB, handle handler, options ...func(*Config)) (*service, *Client) {
	tb.Helper()

	s := &service{handle: handle}
	server := httptest.NewServer(s)
	client := newTestClient(server.URL, options)

	tb.Cleanup(func() {
		client.CloseIdleConnections()
		server.Close()
	})

	return s, client
}

// servePiped is serve without a network, for tests under fake time. Call stop before the test ends.
func servePiped(handle handler, options ...func(*Config)) (s *service, c *Client, stop func()) {
	s = &service{handle: handle}
	listener := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: s, ReadHeaderTimeout: time.Hour}
	done := make(chan struct{})

	go func() {
		defer close(done)

		_ = server.Serve(listener)
	}()

	c = newTestClient("http://sepay.test", append([]func(*Config){func(cfg *Config) { cfg.Dial = listener.dial }}, options...))

	return s, c, func() {
		c.CloseIdleConnections()

		_ = server.Close()

		<-done
		s.busy.Wait()
	}
}

func newTestClient(base string, options []func(*Config)) *Client {
	cfg := Config{BaseURL: base, UserAgent: "test/1", Tokens: &tokens{}, MaxRetries: 4, RequestTimeout: 10 * time.Second}
	for _, option := range options {
		option(&cfg)
	}

	return New(cfg)
}

type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *pipeListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case l.conns <- server:
		return client, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })

	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.IPAddr{} }

// respond writes a status and a body.
func respond(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// cut closes the connection without a response.
func cut() { panic(http.ErrAbortHandler) }

// vietnamTime is the zone of SePay's dates.
func vietnamTime() *time.Location { return time.FixedZone("+07:00", 7*60*60) }

// tokenFunc is a stateless token source.
type tokenFunc func() string

func (f tokenFunc) Token(context.Context, string) (string, error) { return f(), nil }

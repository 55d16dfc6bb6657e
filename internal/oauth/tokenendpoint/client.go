package tokenendpoint

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/neterror"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/redact"
)

// Timeouts, delays and limits of token requests.
const (
	// ExchangeTimeout is the timeout of an exchange and of each attempt in it. It is long because only the response has the new
	// token.
	ExchangeTimeout = 60 * time.Second
	// ConnectTimeout is the timeout of a connection.
	ConnectTimeout = 10 * time.Second
	// AmbiguousRetryDelay is the delay before the retry after an ambiguous response.
	AmbiguousRetryDelay = 2 * time.Second
	// MaxRetryAfter is the longest delay of a server that Exchange waits for.
	MaxRetryAfter = 30 * time.Second
	// MaxAttempts is how often a request is attempted that SePay certainly did not process.
	MaxAttempts       = 3
	ambiguousAttempts = 2
	maxResponseSize   = 1 << 20
)

var errRedirect = errors.New("it redirects to another address, to which credentials are not sent")

// Client sends token requests. It uses net/http, because golang.org/x/oauth2 detects how a server expects the client
// credentials by sending a request twice, which would replay a single-use token.
type Client struct {
	URL, UserAgent         string
	ClientID, ClientSecret string

	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error
	Dial  func(ctx context.Context, network, address string) (net.Conn, error)
}

// Refresh exchanges a refresh token. ctx is detached from the run, and canceled is closed when the run is canceled, which stops
// waits only while the token is certainly not spent.
//
// sent reports whether an attempt before the last one may have reached SePay. Then a rejection does not prove that the token
// was invalid before.
func (c *Client) Refresh(ctx context.Context, canceled <-chan struct{}, token string) (r Response, sent bool) {
	return c.Exchange(ctx, canceled, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}}, ambiguousAttempts)
}

// Exchange posts a form, with retries. ambiguousLimit is how often the form may be sent without a conclusive response.
func (c *Client) Exchange(
	ctx context.Context, canceled <-chan struct{}, form url.Values, ambiguousLimit int,
) (r Response, sent bool) {
	unreachable, busy, ambiguous := 0, 0, 0

	for {
		if !sent && isClosed(canceled) {
			return Response{Outcome: Canceled, Err: context.Canceled}, false
		}

		r = c.post(ctx, form)
		sentBefore := sent

		var wait time.Duration

		switch r.Outcome {
		case Unreachable:
			unreachable++
			wait = time.Duration(unreachable) * 500 * time.Millisecond

			if unreachable == MaxAttempts {
				return r, sent
			}
		case Busy:
			busy++
			wait = max(r.retryAfter, time.Duration(busy)*time.Second)

			if busy == MaxAttempts || r.retryAfter > MaxRetryAfter {
				return r, sent
			}
		case Ambiguous:
			ambiguous++
			wait = AmbiguousRetryDelay

			if ambiguous == ambiguousLimit {
				return r, sent
			}

			// A retry is safe: if the token was spent, the chain was lost with the response; if not, the token is still valid.
			sent = true
		case Granted, TokenRejected, ClientRejected, Rejected, NoResponse, Canceled:
			return r, sent
		}

		if c.pause(ctx, canceled, wait, sent) != nil {
			return r, sentBefore
		}
	}
}

func (c *Client) pause(ctx context.Context, canceled <-chan struct{}, wait time.Duration, sent bool) error {
	// Do not start an attempt without time for a slow response.
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait+ExchangeTimeout/2 {
		return context.DeadlineExceeded
	}

	if sent {
		return c.Sleep(ctx, wait)
	}

	// The token is not spent, so a cancellation may stop the wait.
	ctx, stop := context.WithCancel(ctx)
	defer stop()

	go func() {
		select {
		case <-canceled:
			stop()
		case <-ctx.Done():
		}
	}()

	return c.Sleep(ctx, wait)
}

// post makes one attempt on a new connection: on a reused connection that was closed, the transport would resend the request.
func (c *Client) post(ctx context.Context, form url.Values) Response {
	// With a connection, the request may have been written. Without one, it certainly was not.
	var connected atomic.Bool

	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn:      func(httptrace.GotConnInfo) { connected.Store(true) },
		WroteRequest: func(httptrace.WroteRequestInfo) { connected.Store(true) },
	})

	form.Set("client_id", c.ClientID)
	form.Set("client_secret", c.ClientSecret)

	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL, strings.NewReader(form.Encode()))
	if err != nil {
		return Response{Outcome: Unreachable, Err: err}
	}

	request.GetBody = nil // the transport must not resend the body
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", "application/json")

	if c.UserAgent != "" {
		request.Header.Set("User-Agent", c.UserAgent)
	}

	transport := c.transport()
	defer transport.CloseIdleConnections()

	client := &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}

	secrets := []string{c.ClientSecret, form.Get("refresh_token"), form.Get("code")}

	response, err := client.Do(request)
	if err != nil {
		return c.requestFailed(connected.Load(), err, secrets)
	}
	defer response.Body.Close()

	if response.StatusCode >= http.StatusMultipleChoices && response.StatusCode < http.StatusBadRequest {
		return Response{Outcome: Rejected, Status: response.StatusCode, Err: errRedirect}
	}

	body, err := io.ReadAll(io.LimitReader(response.Body, maxResponseSize))
	r := parseResponse(response.StatusCode, response.Header, body, c.Now(), secrets...)

	if err != nil && r.Outcome != Granted {
		return c.requestFailed(true, err, secrets)
	}

	return r
}

func (c *Client) transport() *http.Transport {
	onlyHTTP1 := new(http.Protocols) // the transport may resend a request on HTTP/2
	onlyHTTP1.SetHTTP1(true)

	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            c.Dial,
		TLSHandshakeTimeout:    ConnectTimeout,
		DisableKeepAlives:      true,
		Protocols:              onlyHTTP1,
		MaxResponseHeaderBytes: maxResponseSize,
	}
}

func (c *Client) requestFailed(connected bool, err error, secrets []string) Response {
	// A url.Error repeats the method and the address.
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}

	timedOut := errors.Is(err, context.DeadlineExceeded)
	if timedOut {
		err = fmt.Errorf("no response within %s: %w", ExchangeTimeout, err)
	}

	// The error of net/http may quote the server's output.
	err = &redactedError{text: redact.New(secrets...).Text(neterror.Describe(err), maxTextLength), err: err}

	switch {
	case connected && timedOut:
		return Response{Outcome: NoResponse, Err: err}
	case connected:
		return Response{Outcome: Ambiguous, Err: err}
	}

	return Response{Outcome: Unreachable, Err: err}
}

// redactedError is an error with a redacted text.
type redactedError struct {
	text string
	err  error
}

func (e *redactedError) Error() string { return e.text }

func (e *redactedError) Unwrap() error { return e.err }

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

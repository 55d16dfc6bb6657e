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

// How long things may take, and how often they are tried.
const (
	// ExchangeTimeout is how long an exchange may last, and so each attempt in it: a response that comes late is still the
	// only one that brings the new token.
	ExchangeTimeout   = 60 * time.Second
	ConnectTimeout    = 10 * time.Second
	AmbiguousWait     = 2 * time.Second
	MaxWait           = 30 * time.Second
	maxResponse       = 1 << 20
	Attempts          = 3
	ambiguousAttempts = 2
)

var errRedirect = errors.New("it redirects to another address, and credentials are not sent there")

// Client speaks to the token endpoint. It is written on net/http because the usual library probes how a server wants
// its credentials by sending the request twice, which would replay a single-use token.
type Client struct {
	URL, UserAgent         string
	ClientID, ClientSecret string

	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error
	Dial  func(ctx context.Context, network, address string) (net.Conn, error)
}

// Refresh exchanges a refresh token. The context is the exchange's own, detached from the run; canceled is the run's,
// and ends waits only while it is certain that the token is not spent.
//
// sent tells whether an attempt before the last may have reached SePay, so that a refusal does not prove that the token
// was dead before.
func (c *Client) Refresh(ctx context.Context, canceled <-chan struct{}, token string) (a Response, sent bool) {
	return c.Exchange(ctx, canceled, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}}, ambiguousAttempts)
}

// Exchange posts a form until there is a verdict. ambiguousLimit is how often it may be sent without a response.
func (c *Client) Exchange(
	ctx context.Context, canceled <-chan struct{}, form url.Values, ambiguousLimit int,
) (a Response, sent bool) {
	unreachable, busy, ambiguous := 0, 0, 0

	for {
		if !sent && isClosed(canceled) {
			return Response{Outcome: Canceled, Err: context.Canceled}, false
		}

		a = c.post(ctx, form)
		resent := sent

		var wait time.Duration

		switch a.Outcome {
		case Unreachable:
			unreachable++
			wait = time.Duration(unreachable) * 500 * time.Millisecond

			if unreachable == Attempts {
				return a, sent
			}
		case Busy:
			busy++
			wait = max(a.wait, time.Duration(busy)*time.Second)

			if busy == Attempts || a.wait > MaxWait {
				return a, sent
			}
		case Ambiguous:
			ambiguous++
			wait = AmbiguousWait

			if ambiguous == ambiguousLimit {
				return a, sent
			}

			// If the token was spent, the chain was lost with the response; if not, the same token still works.
			sent = true
		case Granted, TokenRejected, ClientRejected, Rejected, NoResponse, Canceled:
			return a, sent
		}

		if c.pause(ctx, canceled, wait, sent) != nil {
			return a, resent
		}
	}
}

func (c *Client) pause(ctx context.Context, canceled <-chan struct{}, wait time.Duration, sent bool) error {
	// An attempt that could not last long enough for a slow response is not begun.
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait+ExchangeTimeout/2 {
		return context.DeadlineExceeded
	}

	if sent {
		return c.Sleep(ctx, wait)
	}

	// Nothing is spent yet, so the user's wish to stop counts.
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

// post makes one attempt, on a connection of its own: the transport repeats a request by itself when a kept connection
// turns out to be closed.
func (c *Client) post(ctx context.Context, form url.Values) Response {
	// From the moment there is a connection, something may have been written; only before it is certain that nothing was.
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

	request.GetBody = nil // nothing may send the body a second time
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
		return c.failed(connected.Load(), err, secrets)
	}
	defer response.Body.Close()

	if response.StatusCode >= http.StatusMultipleChoices && response.StatusCode < http.StatusBadRequest {
		return Response{Outcome: Rejected, Status: response.StatusCode, Err: errRedirect}
	}

	body, err := io.ReadAll(io.LimitReader(response.Body, maxResponse))
	a := readResponse(response.StatusCode, response.Header, body, c.Now(), secrets...)

	if err != nil && a.Outcome != Granted {
		return c.failed(true, err, secrets)
	}

	return a
}

func (c *Client) transport() *http.Transport {
	onlyHTTP1 := new(http.Protocols) // a request on HTTP/2 can be resent by the transport
	onlyHTTP1.SetHTTP1(true)

	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            c.Dial,
		TLSHandshakeTimeout:    ConnectTimeout,
		DisableKeepAlives:      true,
		Protocols:              onlyHTTP1,
		MaxResponseHeaderBytes: maxResponse,
	}
}

func (c *Client) failed(connected bool, err error, secrets []string) Response {
	// The error of net/http repeats method and address, which the message has already.
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}

	late := errors.Is(err, context.DeadlineExceeded)
	if late {
		err = fmt.Errorf("no response within %s: %w", ExchangeTimeout, err)
	}

	// It may quote what the server sent in place of a response.
	err = &redactedError{text: redact.New(secrets...).Text(neterror.Describe(err), maxTextLength), err: err}

	switch {
	case connected && late:
		return Response{Outcome: NoResponse, Err: err}
	case connected:
		return Response{Outcome: Ambiguous, Err: err}
	}

	return Response{Outcome: Unreachable, Err: err}
}

// redactedError is an error whose text shows no secret.
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

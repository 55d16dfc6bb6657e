package oauth

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

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/redact"
)

const (
	// exchangeTimeout is how long an exchange may last, and so each attempt in it: a response that comes late is still the
	// only one that brings the new token.
	exchangeTimeout = 60 * time.Second
	connectTimeout  = 10 * time.Second
	ambiguousWait   = 2 * time.Second
	longestWait     = 30 * time.Second
	maxAnswer       = 1 << 20
	tries           = 3
	ambiguousTries  = 2
)

var errRedirect = errors.New("it redirects to another address, and credentials are not sent there")

// tokenClient speaks to the token endpoint. It is written on net/http because the usual library probes how a server wants
// its credentials by sending the request twice, which would replay a single-use token.
type tokenClient struct {
	url, userAgent         string
	clientID, clientSecret string

	now   func() time.Time
	sleep func(ctx context.Context, d time.Duration) error
	dial  func(ctx context.Context, network, address string) (net.Conn, error)
}

// refresh exchanges a refresh token. The context is the exchange's own, detached from the run; canceled is the run's,
// and ends waits only while it is certain that the token is not spent.
//
// sent tells whether an attempt before the last may have reached SePay, so that a refusal does not prove that the token
// was dead before.
func (c *tokenClient) refresh(ctx context.Context, canceled <-chan struct{}, token string) (a answer, sent bool) {
	return c.exchange(ctx, canceled, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}}, ambiguousTries)
}

// exchange posts a form until there is a verdict. ambiguousLimit is how often it may be sent without an answer.
func (c *tokenClient) exchange(
	ctx context.Context, canceled <-chan struct{}, form url.Values, ambiguousLimit int,
) (a answer, sent bool) {
	unreachable, busy, ambiguous := 0, 0, 0

	for {
		if !sent && closed(canceled) {
			return answer{verdict: verdictCanceled, err: context.Canceled}, false
		}

		a = c.post(ctx, form)
		resent := sent

		var wait time.Duration

		switch a.verdict {
		case verdictUnreachable:
			unreachable++
			wait = time.Duration(unreachable) * 500 * time.Millisecond

			if unreachable == tries {
				return a, sent
			}
		case verdictBusy:
			busy++
			wait = max(a.wait, time.Duration(busy)*time.Second)

			if busy == tries || a.wait > longestWait {
				return a, sent
			}
		case verdictAmbiguous:
			ambiguous++
			wait = ambiguousWait

			if ambiguous == ambiguousLimit {
				return a, sent
			}

			// If the token was spent, the chain was lost with the answer; if not, the same token still works.
			sent = true
		case verdictGranted, verdictDead, verdictMisconfigured, verdictRefused, verdictUnanswered, verdictCanceled:
			return a, sent
		}

		if c.pause(ctx, canceled, wait, sent) != nil {
			return a, resent
		}
	}
}

func (c *tokenClient) pause(ctx context.Context, canceled <-chan struct{}, wait time.Duration, sent bool) error {
	// An attempt that could not last long enough for a slow response is not begun.
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait+exchangeTimeout/2 {
		return context.DeadlineExceeded
	}

	if sent {
		return c.sleep(ctx, wait)
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

	return c.sleep(ctx, wait)
}

// post makes one attempt, on a connection of its own: the transport repeats a request by itself when a kept connection
// turns out to be closed.
func (c *tokenClient) post(ctx context.Context, form url.Values) answer {
	// From the moment there is a connection, something may have been written; only before it is certain that nothing was.
	var connected atomic.Bool

	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn:      func(httptrace.GotConnInfo) { connected.Store(true) },
		WroteRequest: func(httptrace.WroteRequestInfo) { connected.Store(true) },
	})

	form.Set("client_id", c.clientID)
	form.Set("client_secret", c.clientSecret)

	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, strings.NewReader(form.Encode()))
	if err != nil {
		return answer{verdict: verdictUnreachable, err: err}
	}

	request.GetBody = nil // nothing may send the body a second time
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", "application/json")

	if c.userAgent != "" {
		request.Header.Set("User-Agent", c.userAgent)
	}

	transport := c.transport()
	defer transport.CloseIdleConnections()

	client := &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}

	secrets := []string{c.clientSecret, form.Get("refresh_token"), form.Get("code")}

	response, err := client.Do(request)
	if err != nil {
		return c.failed(connected.Load(), err, secrets)
	}
	defer response.Body.Close()

	if response.StatusCode >= http.StatusMultipleChoices && response.StatusCode < http.StatusBadRequest {
		return answer{verdict: verdictRefused, status: response.StatusCode, err: errRedirect}
	}

	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	a := readAnswer(response.StatusCode, response.Header, body, c.now(), secrets...)

	if err != nil && a.verdict != verdictGranted {
		return c.failed(true, err, secrets)
	}

	return a
}

func (c *tokenClient) transport() *http.Transport {
	onlyHTTP1 := new(http.Protocols) // a request on HTTP/2 can be resent by the transport
	onlyHTTP1.SetHTTP1(true)

	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            c.dial,
		TLSHandshakeTimeout:    connectTimeout,
		DisableKeepAlives:      true,
		Protocols:              onlyHTTP1,
		MaxResponseHeaderBytes: maxAnswer,
	}
}

func (c *tokenClient) failed(connected bool, err error, secrets []string) answer {
	// The error of net/http repeats method and address, which the message has already.
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}

	late := errors.Is(err, context.DeadlineExceeded)
	if late {
		err = fmt.Errorf("no response within %s: %w", exchangeTimeout, err)
	}

	// It may quote what the server sent in place of a response.
	err = &redactedError{text: redact.New(secrets...).Text(err.Error(), longestText), err: err}

	switch {
	case connected && late:
		return answer{verdict: verdictUnanswered, err: err}
	case connected:
		return answer{verdict: verdictAmbiguous, err: err}
	}

	return answer{verdict: verdictUnreachable, err: err}
}

// redactedError is an error whose text shows no secret.
type redactedError struct {
	text string
	err  error
}

func (e *redactedError) Error() string { return e.text }

func (e *redactedError) Unwrap() error { return e.err }

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

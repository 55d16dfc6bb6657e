package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/jwt"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/neterror"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/wire"
)

// Request is one request of an endpoint. Each attempt sends the same bytes of the body.
type Request struct {
	Method string
	// Path is below the base URL, without the query.
	Path  string
	Query url.Values
	Body  []byte
	// Scope is the OAuth2 scope that SePay requires for it, and Role the role of the user, "" if any role is enough.
	Scope, Role string
	// Secrets are the values in Body that must not appear in an error when SePay repeats them.
	Secrets []string
	// OnAttempt, if not nil, is called before each attempt is sent.
	OnAttempt func()
}

// attempt makes one attempt: get a token, wait for the limiter, send the request. After a 401 the token source
// replaces the token, and the same request is sent once more; a second 401 is the error.
//
// The token comes before the limiter. In the other order, all requests that wait for one token exchange would have passed
// the limiter, and would be sent in one burst.
func (c *Client) attempt(ctx context.Context, request Request) (Response, error) {
	var (
		rejected  string
		rejection *APIError
	)

	for {
		token, err := c.cfg.Tokens.Token(ctx, rejected)
		if err != nil {
			return Response{}, &noTokenError{method: request.Method, path: request.Path, rejection: rejection, err: err}
		}

		if err := c.limiter.wait(ctx); err != nil {
			return Response{}, &RequestError{Method: request.Method, Path: request.Path, Err: err}
		}

		response, err := c.roundTrip(ctx, request, token)
		failure, _ := errors.AsType[*APIError](err)

		switch {
		case err == nil:
			claims, _ := jwt.Parse(token)
			c.principal.Store(claims.Principal())
		case failure == nil:
		case failure.Status == http.StatusUnauthorized && rejected == "":
			rejected, rejection = token, failure

			continue
		case failure.Status == http.StatusForbidden:
			claims, _ := jwt.Parse(token)
			failure.Granted = claims.Scopes()
		}

		return response, err
	}
}

// roundTrip sends a request and reads the whole response. The error is an *APIError for a failure that SePay reports, a
// *ResponseError for a response that cannot be read, and a *RequestError if there is no response.
func (c *Client) roundTrip(ctx context.Context, request Request, token string) (Response, error) {
	c.redact.Add(token)
	c.redact.Add(request.Secrets...)

	attemptCtx, cancel := c.attemptContext(ctx, request)
	defer cancel()

	leave, err := c.firstConnection.enter(attemptCtx)
	if err != nil {
		return Response{}, &RequestError{Method: request.Method, Path: request.Path, Err: err}
	}
	defer leave(false)

	var connected atomic.Bool

	// A request that got a connection may have been sent: net/http may still be writing it when it reports a timeout.
	// Only a request without a connection certainly was not.
	attemptCtx = httptrace.WithClientTrace(attemptCtx, &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		connected.Store(true)

		if !info.Reused {
			c.limiter.delayNext()
		}

		leave(true)
	}})

	httpRequest, err := c.newHTTPRequest(attemptCtx, request, token)
	if err != nil {
		return Response{}, err
	}

	if request.OnAttempt != nil {
		request.OnAttempt()
	}

	sent := time.Now()
	failed := func(err error) (Response, error) {
		if ctx.Err() == nil && errors.Is(attemptCtx.Err(), context.DeadlineExceeded) {
			err = fmt.Errorf("timed out after %s: %w", c.cfg.RequestTimeout, err)
		}

		// net/http quotes malformed responses.
		err = &redactedError{c.redact.Text(neterror.Describe(err), maxMessage), err}
		c.Log(ctx, "SePay request failed", map[string]any{"method": request.Method, "path": request.Path, "error": err.Error()})

		return Response{}, &RequestError{Method: request.Method, Path: request.Path, Sent: connected.Load(), Err: err}
	}

	response, err := c.http.Do(httpRequest)
	if err != nil {
		return failed(withoutURL(err))
	}
	defer response.Body.Close()

	body, err := io.ReadAll(io.LimitReader(response.Body, wire.MaxResponse+1))
	if err != nil {
		return failed(err)
	}

	c.Log(ctx, "SePay responded", map[string]any{
		"method": request.Method, "path": request.Path, "page": request.Query.Get("page"), "status": response.StatusCode,
		"bytes": len(body), "duration_ms": time.Since(sent).Milliseconds(),
	})

	envelope, err := wire.Open(body)
	err = c.checkResponse(request, response, envelope, err)

	if failure, ok := errors.AsType[*APIError](err); ok && failure.Status == http.StatusTooManyRequests {
		c.limiter.lowerRate(sent)
	}

	return Response{
		Envelope:   envelope,
		unreadable: ResponseError{Method: request.Method, Path: request.Path, Status: response.StatusCode},
	}, err
}

// attemptContext returns the context of one attempt, with its timeout.
func (c *Client) attemptContext(ctx context.Context, request Request) (context.Context, context.CancelFunc) {
	if request.Method != http.MethodPost {
		return context.WithTimeout(ctx, c.cfg.RequestTimeout)
	}

	longer, release := WithGrace(ctx)
	attemptCtx, cancel := context.WithTimeout(longer, c.cfg.RequestTimeout)

	return attemptCtx, func() {
		cancel()
		release()
	}
}

func (c *Client) newHTTPRequest(ctx context.Context, request Request, token string) (*http.Request, error) {
	address := c.cfg.BaseURL + request.Path
	if len(request.Query) > 0 {
		address += "?" + request.Query.Encode()
	}

	var body io.Reader
	if request.Body != nil {
		body = bytes.NewReader(request.Body)
	}

	httpRequest, err := http.NewRequestWithContext(ctx, request.Method, address, body)
	if err != nil {
		return nil, &RequestError{Method: request.Method, Path: request.Path, Err: withoutURL(err)}
	}

	httpRequest.Header.Set("Authorization", "Bearer "+token)
	httpRequest.Header.Set("Accept", "application/json")

	if request.Body != nil {
		httpRequest.Header.Set("Content-Type", "application/json")
	}

	if c.cfg.UserAgent != "" {
		httpRequest.Header.Set("User-Agent", c.cfg.UserAgent)
	}

	return httpRequest, nil
}

// withoutURL strips the address that net/http puts before its errors: its query may have data that does not belong in
// a log, and the caller adds method and path.
func withoutURL(err error) error {
	if inURL, ok := errors.AsType[*url.Error](err); ok {
		return inURL.Err
	}

	return err
}

package sepay

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
)

// createGrace is how long a create is still awaited, and looked for, after Terraform has been told to stop: cutting the
// connection would not undo the create, it would only lose the id.
const createGrace = 5 * time.Second

// call is one request as an endpoint asks for it. Its body is kept whole, so that each try sends identical bytes.
type call struct {
	method string
	path   string // below apiPath, without the query
	query  url.Values
	body   []byte
	scope  string // the scope that SePay requires for it
	// secrets are the values in body that must not show up in an error, should SePay echo them.
	secrets []string
	// sending, when not nil, is called before each try goes out.
	sending func()
}

// answer is a success: a 2xx status, and a body that says nothing else.
type answer struct {
	envelope

	status int
	sent   time.Time
	got    time.Time
}

// authorized makes one try: a token, a turn at the limiter, the request. A 401 is asked about at the token source, and
// the identical request is made once more with the token that it gives; a second 401 is the error.
//
// The token comes before the turn: were it the other way round, the turns of all who wait for one exchange of the
// token would run out meanwhile, and their requests would leave in one burst.
func (c *Client) authorized(ctx context.Context, call call) (answer, error) {
	var (
		rejected string
		refused  *APIError
	)

	for {
		token, err := c.tokens.Token(ctx, rejected)
		if err != nil {
			return answer{}, &noTokenError{method: call.method, path: call.path, refused: refused, err: err}
		}

		if err := c.limiter.wait(ctx); err != nil {
			return answer{}, &RequestError{Method: call.method, Path: call.path, Err: err}
		}

		got, err := c.once(ctx, call, token)

		if rejected == "" && errors.As(err, &refused) && refused.Status == http.StatusUnauthorized {
			rejected = token

			continue
		}

		if err == nil {
			claims, _ := jwt.Parse(token)
			c.principal.Store(claims.Principal())
		}

		return got, err
	}
}

// once sends a request and reads its answer whole. The error is an *APIError when SePay answered, else a *RequestError.
func (c *Client) once(ctx context.Context, call call, token string) (answer, error) {
	c.redact.Add(token)
	c.redact.Add(call.secrets...)

	tryCtx, cancel := c.tryContext(ctx, call)
	defer cancel()

	leave, err := c.opening.enter(tryCtx)
	if err != nil {
		return answer{}, &RequestError{Method: call.method, Path: call.path, Err: err}
	}
	defer leave(false)

	var connected atomic.Bool

	// A request that was given a connection may have been written: the transport can still be writing it when it
	// reports a time-out. Only one without a connection certainly was not.
	tryCtx = httptrace.WithClientTrace(tryCtx, &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		connected.Store(true)

		if !info.Reused {
			c.limiter.late()
		}

		leave(true)
	}})

	request, err := c.newRequest(tryCtx, call, token)
	if err != nil {
		return answer{}, err
	}

	if call.sending != nil {
		call.sending()
	}

	result := answer{sent: time.Now()}
	failed := func(err error) (answer, error) {
		if ctx.Err() == nil && errors.Is(tryCtx.Err(), context.DeadlineExceeded) {
			err = fmt.Errorf("none came within %s: %w", c.timeout, err)
		}

		// net/http quotes what it cannot read.
		err = &redactedError{c.redact.Text(err.Error(), maxMessage), err}
		c.log(ctx, "SePay request failed", map[string]any{"method": call.method, "path": call.path, "error": err.Error()})

		return answer{}, &RequestError{Method: call.method, Path: call.path, Sent: connected.Load(), Err: err}
	}

	response, err := c.http.Do(request)
	if err != nil {
		return failed(withoutURL(err))
	}
	defer response.Body.Close()

	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return failed(fmt.Errorf("the answer was cut: %w", err))
	}

	result.status, result.got = response.StatusCode, time.Now()

	c.log(ctx, "SePay answered", map[string]any{
		"method": call.method, "path": call.path, "page": call.query.Get("page"), "status": result.status,
		"bytes": len(body), "duration_ms": result.got.Sub(result.sent).Milliseconds(),
	})

	result.envelope, err = openEnvelope(body)
	err = c.judge(call, response, result.envelope, err)

	if failure, ok := errors.AsType[*APIError](err); ok && failure.Status == http.StatusTooManyRequests {
		c.limiter.slow(result.sent)
	}

	return result, err
}

// redactedError is an error whose text is fit to be shown.
type redactedError struct {
	text string
	err  error
}

func (e *redactedError) Error() string { return e.text }
func (e *redactedError) Unwrap() error { return e.err }

// tryContext bounds one try.
func (c *Client) tryContext(ctx context.Context, call call) (context.Context, context.CancelFunc) {
	if call.method != http.MethodPost {
		return context.WithTimeout(ctx, c.timeout)
	}

	longer, release := graceful(ctx)
	tryCtx, cancel := context.WithTimeout(longer, c.timeout)

	return tryCtx, func() {
		cancel()
		release()
	}
}

func (c *Client) newRequest(ctx context.Context, call call, token string) (*http.Request, error) {
	address := c.base + call.path
	if len(call.query) > 0 {
		address += "?" + call.query.Encode()
	}

	var body io.Reader
	if call.body != nil {
		body = bytes.NewReader(call.body)
	}

	request, err := http.NewRequestWithContext(ctx, call.method, address, body)
	if err != nil {
		return nil, &RequestError{Method: call.method, Path: call.path, Err: withoutURL(err)}
	}

	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Accept", "application/json")

	if call.body != nil {
		request.Header.Set("Content-Type", "application/json")
	}

	if c.agent != "" {
		request.Header.Set("User-Agent", c.agent)
	}

	return request, nil
}

// withoutURL strips the address that net/http puts before its errors: its query may carry what does not belong in a
// log, and the caller names method and path anyway.
func withoutURL(err error) error {
	if inURL, ok := errors.AsType[*url.Error](err); ok {
		return inURL.Err
	}

	return err
}

// getOne asks for one object. older names what the object is called in older envelopes.
func getOne[T any](ctx context.Context, c *Client, request call, decode func(any) (T, error), older ...string) (T, error) {
	var none T

	request.method = http.MethodGet

	answer, err := c.do(ctx, request)
	if err != nil {
		return none, err
	}

	written, err := answer.one(older...)
	if err != nil {
		return none, unreadable(request, answer, err)
	}

	value, err := decode(written)
	if err != nil {
		return none, unreadable(request, answer, err)
	}

	return value, nil
}

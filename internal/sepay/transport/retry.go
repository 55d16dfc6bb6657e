package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"time"
)

const (
	// retryBudget bounds what one call waits for its retries in all.
	retryBudget = 2 * time.Minute
	firstWait   = 500 * time.Millisecond
	longestWait = 15 * time.Second
)

// Do makes a request and repeats it where that is safe. The loop is our own: the hooks of hashicorp/go-retryablehttp see
// one try of one caller, so that neither a pause for everybody after a 429, nor a budget of waiting over all tries, nor
// the turn at the limiter before each of them fits in.
func (c *Client) Do(ctx context.Context, request Request) (Response, error) {
	budget := retryBudget

	for try := 0; ; try++ {
		got, err := c.authorized(ctx, request)
		if err == nil || ctx.Err() != nil || !repeatable(request.Method, err) {
			return got, err
		}

		var (
			failure *APIError
			asked   time.Duration
		)

		if errors.As(err, &failure) {
			asked = failure.RetryAfter
		}

		wait := max(asked, backoff(try))
		limited := failure != nil && failure.Status == http.StatusTooManyRequests

		if limited {
			c.limiter.hold(wait)
		}

		if try >= c.cfg.MaxRetries {
			return Response{}, err
		}

		if wait > budget {
			return Response{}, err
		}

		budget -= wait

		c.Log(ctx, "SePay request is repeated", map[string]any{
			"method": request.Method, "path": request.Path, "retry": try + 1, "wait_ms": wait.Milliseconds(),
		})

		// After a 429 the turn at the limiter is the wait.
		if limited {
			continue
		}

		if pauseErr := Pause(ctx, wait); pauseErr != nil {
			return Response{}, fmt.Errorf("%w (not tried again: %w)", err, pauseErr)
		}
	}
}

// repeatable tells whether a request that failed may be sent again. A create must not be unless SePay certainly did not
// act on it: it was never sent, or was refused for the rate.
func repeatable(method string, err error) bool {
	var (
		failure *APIError
		broken  *RequestError
	)

	switch {
	case errors.As(err, &failure):
		switch failure.Status {
		case http.StatusTooManyRequests:
			return true
		case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return method != http.MethodPost
		default:
			return false
		}
	case errors.As(err, &broken):
		return !hopeless(broken.Err) && (method != http.MethodPost || !broken.Sent)
	default:
		return false
	}
}

// hopeless tells whether a request would fail in the same way again.
func hopeless(err error) bool {
	var (
		name      *net.DNSError
		untrusted *tls.CertificateVerificationError
		authority x509.UnknownAuthorityError
		host      x509.HostnameError
		record    tls.RecordHeaderError
	)

	return errors.As(err, &name) && name.IsNotFound ||
		errors.As(err, &untrusted) || errors.As(err, &authority) || errors.As(err, &host) || errors.As(err, &record) ||
		errors.Is(err, ErrWaitTooLong) || errors.Is(err, context.Canceled)
}

// backoff doubles from try to try and is jittered, so that parallel callers do not come back together.
func backoff(try int) time.Duration {
	wait := min(firstWait<<min(try, 10), longestWait)

	return wait/2 + rand.N(wait/2) //nolint:gosec // jitter needs no secrecy
}

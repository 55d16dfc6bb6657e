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
	// retryBudget limits the total wait of one request before its retries.
	retryBudget = 2 * time.Minute
	minBackoff  = 500 * time.Millisecond
	maxBackoff  = 15 * time.Second
)

// Do sends a request and retries it if that is safe. hashicorp/go-retryablehttp is not used: its hooks are called for one
// attempt of one caller, so they can neither pause all callers after a 429, nor limit the total wait of all attempts, nor
// wait for the limiter before each attempt.
func (c *Client) Do(ctx context.Context, request Request) (Response, error) {
	budget := retryBudget

	for attempt := 0; ; attempt++ {
		response, err := c.attempt(ctx, request)
		if err == nil || ctx.Err() != nil || !isRetryable(request.Method, err) {
			return response, err
		}

		var (
			apiErr *APIError
			delay  time.Duration
		)

		if errors.As(err, &apiErr) {
			delay = apiErr.RetryAfter
		}

		wait := max(delay, backoff(attempt))
		limited := apiErr != nil && apiErr.Status == http.StatusTooManyRequests

		if limited {
			c.limiter.pauseAll(wait)
		}

		if attempt >= c.cfg.MaxRetries {
			return Response{}, err
		}

		if wait > budget {
			return Response{}, err
		}

		budget -= wait

		c.Log(ctx, "retrying SePay request", map[string]any{
			"method": request.Method, "path": request.Path, "retry": attempt + 1, "wait_ms": wait.Milliseconds(),
		})

		// After a 429, the limiter is the wait.
		if limited {
			continue
		}

		if pauseErr := Pause(ctx, wait); pauseErr != nil {
			return Response{}, fmt.Errorf("%w (not retried: %w)", err, pauseErr)
		}
	}
}

// isRetryable reports whether a request that failed may be sent again. A create may not, unless SePay certainly did not
// process it: it was never sent, or was rate-limited.
func isRetryable(method string, err error) bool {
	var (
		apiErr     *APIError
		requestErr *RequestError
	)

	switch {
	case errors.As(err, &apiErr):
		switch apiErr.Status {
		case http.StatusTooManyRequests:
			return true
		case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return method != http.MethodPost
		default:
			return false
		}
	case errors.As(err, &requestErr):
		return !isPermanent(requestErr.Err) && (method != http.MethodPost || !requestErr.Sent)
	default:
		return false
	}
}

// isPermanent reports whether a request would fail in the same way again.
func isPermanent(err error) bool {
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

// backoff doubles with each attempt and is jittered, so that parallel callers do not retry together.
func backoff(attempt int) time.Duration {
	wait := min(minBackoff<<min(attempt, 10), maxBackoff)

	return wait/2 + rand.N(wait/2) //nolint:gosec // jitter needs no secrecy
}

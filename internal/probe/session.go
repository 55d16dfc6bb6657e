package probe

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// MaxRequests is the maximum number of requests of a run, including retries and the cleanup.
	MaxRequests = 40
	// cleanupReserve of them are reserved for deleting the webhook.
	cleanupReserve = 5
	// tokenReserve of them are reserved for the questions about tokens, if they are asked.
	tokenReserve = 10

	// requestInterval is that of the provider: its limit is 3 requests a second, and its rate a tenth below it.
	requestInterval = time.Second * 10 / 27
	requestTimeout  = 30 * time.Second
	longestInterval = 4 * requestInterval
	longestWait     = time.Minute // that SePay may request
	attempts        = 3           // of a request that SePay refuses for its rate
	maxBody         = 4 << 20
)

type sentinel string

func (s sentinel) Error() string { return string(s) }

// errNoRequestsLeft is the reason why a question is skipped.
const errNoRequestsLeft = sentinel("the requests of this run are used up")

// TokenSource supplies access tokens. rejected is "", or the token that SePay has just responded to with 401.
type TokenSource interface {
	Token(ctx context.Context, rejected string) (string, error)
}

// request is one request to SePay.
type request struct {
	step           string // its name in the report
	method, path   string
	template       string // the path in the report
	query          url.Values
	body           map[string]any // sent as JSON
	form           url.Values     // sent as a form
	authorization  func(context.Context, string) (string, error)
	authorizeAgain bool
}

// session sends requests sequentially, at the provider's rate, and counts them.
type session struct {
	baseURL, agent string
	tokens         TokenSource
	client         *http.Client
	say            func(format string, args ...any)

	mu        sync.Mutex // held during an exchange
	interval  time.Duration
	next      time.Time
	sent      int
	reserve   int
	exchanges []*exchange
	limited   *exchange // the first 429
}

func newSession(o Options) *session {
	dial := o.dial
	if dial == nil {
		dial = (&net.Dialer{Timeout: 10 * time.Second}).DialContext
	}

	var transport http.RoundTripper = &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: dial, ForceAttemptHTTP2: true,
		TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: 30 * time.Second,
	}
	if o.transport != nil {
		transport = o.transport(transport)
	}

	return &session{
		baseURL: o.BaseURL, agent: o.UserAgent, tokens: o.Tokens, interval: o.interval, say: o.sayf,
		client: &http.Client{
			Transport: transport,
			// Do not follow redirects: they would leak the access token.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// left returns the number of requests that may be sent without the reserve.
func (s *session) left() int { return MaxRequests - s.reserve - s.sent }

// send sends a request and returns its response. A missing response has no status; an error ends the run: the
// context's, the token source's, or errNoRequestsLeft.
func (s *session) send(ctx context.Context, r request) (*exchange, error) {
	s.mu.Lock()
	defer s.mu.Unlock()

	var rejected string

	for attempt := 1; ; attempt++ {
		value, err := r.authorize(ctx, rejected)
		if err != nil {
			return nil, err
		}

		e, err := s.once(ctx, r, value)
		if err != nil {
			return e, err
		}

		switch {
		case e.status == http.StatusUnauthorized && r.authorizeAgain && rejected == "":
			rejected = strings.TrimPrefix(value, "Bearer ")
		case e.status == http.StatusTooManyRequests && attempt < attempts:
			if err := s.slowDown(ctx, e); err != nil {
				return e, err
			}
		default:
			return e, nil
		}
	}
}

func (r request) authorize(ctx context.Context, rejected string) (string, error) {
	if r.authorization == nil {
		return "", nil
	}

	return r.authorization(ctx, rejected)
}

// once makes one attempt, at the provider's rate.
func (s *session) once(ctx context.Context, r request, authorization string) (*exchange, error) {
	if s.left() <= 0 {
		return nil, errNoRequestsLeft
	}

	if err := wait(ctx, time.Until(s.next)); err != nil {
		return nil, err
	}

	// Wait for the response even after an interrupt, so that the outcome of a write is known.
	attempt, cancel := context.WithTimeout(context.WithoutCancel(ctx), requestTimeout)
	defer cancel()

	attempt = httptrace.WithClientTrace(attempt, &httptrace.ClientTrace{
		WroteRequest: func(httptrace.WroteRequestInfo) { s.next = time.Now().Add(s.interval) },
	})

	outgoing, err := s.request(attempt, r, authorization)
	if err != nil {
		return nil, err
	}

	e := newExchange(r, time.Now())
	s.sent++
	s.exchanges = append(s.exchanges, e)

	response, err := s.client.Do(outgoing) //nolint:gosec // the user chooses the address of SePay
	if err != nil {
		s.say("%s: no response: %v", r.step, withoutURL(err))

		return e, ctx.Err()
	}
	defer response.Body.Close()

	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody))
	if err != nil {
		s.say("%s: the response was cut off", r.step)

		return e, ctx.Err()
	}

	e.respond(response, body)

	return e, nil
}

func (s *session) request(ctx context.Context, r request, authorization string) (*http.Request, error) {
	address := s.baseURL + r.path
	if len(r.query) > 0 {
		address += "?" + r.query.Encode()
	}

	var (
		body        io.Reader
		contentType string
	)

	switch {
	case r.form != nil:
		body, contentType = strings.NewReader(r.form.Encode()), "application/x-www-form-urlencoded"
	case r.body != nil:
		encoded, err := json.Marshal(r.body)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.step, err)
		}

		body, contentType = bytes.NewReader(encoded), "application/json"
	}

	outgoing, err := http.NewRequestWithContext(ctx, r.method, address, body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.step, withoutURL(err))
	}

	outgoing.Header.Set("Accept", "application/json")
	outgoing.Header.Set("User-Agent", s.agent)

	if contentType != "" {
		outgoing.Header.Set("Content-Type", contentType)
	}

	if authorization != "" {
		outgoing.Header.Set("Authorization", authorization)
	}

	return outgoing, nil
}

// slowDown waits as SePay requests with a 429, and lengthens the interval.
func (s *session) slowDown(ctx context.Context, e *exchange) error {
	if s.limited == nil {
		s.limited = e
	}

	s.interval = min(max(2*s.interval, requestInterval), longestInterval)
	delay := time.Second

	for _, name := range []string{"Retry-After", "X-Sepay-Userapi-Retry-After"} {
		if seconds, err := strconv.Atoi(e.header.Get(name)); err == nil && seconds > 0 {
			delay = time.Duration(seconds) * time.Second
		}
	}

	if delay > longestWait {
		return fmt.Errorf("SePay accepts no request for another %s: run the probe again later", delay)
	}

	return wait(ctx, delay)
}

func wait(ctx context.Context, delay time.Duration) error {
	if err := ctx.Err(); err != nil || delay <= 0 {
		return err
	}

	timer := time.NewTimer(delay)
	defer timer.Stop()

	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// withoutURL strips the address that net/http puts before its errors.
func withoutURL(err error) error {
	if inURL, ok := errors.AsType[*url.Error](err); ok {
		return inURL.Err
	}

	return err
}

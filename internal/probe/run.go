package probe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Options are the permitted actions of a run, and its credentials.
type Options struct {
	// BaseURL is scheme://host[:port] of SePay, without a slash at the end.
	BaseURL string
	// UserAgent is sent with each request.
	UserAgent string
	// Version of the probe, for the report.
	Version string
	// Tokens supplies the access tokens of the user's sign-in.
	Tokens TokenSource

	// Write answers the questions that need a webhook. Confirm gets the plan first, and must agree.
	Write   bool
	Confirm func(ctx context.Context, plan string) error
	// URL is the webhook's URL; "" is one at a domain that is reserved for documentation.
	URL string

	// SignIn makes the sign-in for the questions about tokens; nil skips them.
	SignIn SignIn
	// Client is the OAuth2 client, for the questions about tokens.
	Client Client

	// Out receives progress messages without secrets.
	Out io.Writer

	interval  time.Duration // between requests
	dial      func(ctx context.Context, network, address string) (net.Conn, error)
	transport func(http.RoundTripper) http.RoundTripper // for tests
}

// Client is an OAuth2 client that SePay registered.
type Client struct {
	ID, Secret string
	// RedirectURL is a registered redirect URL.
	RedirectURL string
}

// String names the client without its secret.
func (c Client) String() string { return "client " + c.ID }

// GoString is String, so that %#v shows no secret either.
func (c Client) GoString() string { return c.String() }

// SignIn signs in once more, as a user does, and exchanges the code with redeem, which takes the form of the exchange and
// returns SePay's response.
type SignIn func(ctx context.Context, redeem func(ctx context.Context, form url.Values) Redeemed) error

// Redeemed is SePay's response to the exchange of a code, without the tokens in it.
type Redeemed struct {
	// Granted reports whether tokens were issued.
	Granted bool
	// Status is the HTTP status, 0 when no response came. Code is the OAuth2 error code.
	Status int
	Code   string
}

func (o Options) sayf(format string, args ...any) { _, _ = fmt.Fprintf(o.Out, format+"\n", args...) }

// run is one run of the probe.
type run struct {
	Options

	session *session
	seen    observations
	names   *names
	notes   []string
}

// Run tests SePay and returns the report. With an error, the report has the results so far, or is nil.
// In every case, the webhook of the run is deleted before Run returns, or the error says that it could not be deleted.
func Run(ctx context.Context, o Options) (*Report, error) {
	if o.Out == nil {
		o.Out = io.Discard
	}

	r := &run{Options: o, session: newSession(o), names: newNames()}
	r.seen.write, r.seen.askTokens = o.Write, o.SignIn != nil

	defer r.session.client.CloseIdleConnections()

	if o.SignIn != nil {
		r.session.reserve = tokenReserve
	}

	err := r.phases(ctx)

	var declined *DeclinedError
	if ctx.Err() != nil || errors.As(err, &declined) || r.session.sent == 0 {
		return nil, err
	}

	return r.report(), err
}

func (r *run) phases(ctx context.Context) error {
	if err := r.read(ctx); err != nil {
		return err
	}

	if r.Write {
		if err := r.write(ctx); err != nil {
			return err
		}
	}

	if err := r.readShapes(ctx); err != nil {
		return err
	}

	if r.SignIn == nil {
		return nil
	}

	r.session.reserve = 0

	return r.askTokens(ctx)
}

// ask sends a request and returns the exchange. A question is skipped if no requests are left for it.
func (r *run) ask(ctx context.Context, request request) (*exchange, error) {
	e, err := r.session.send(ctx, request)
	if errors.Is(err, errNoRequestsLeft) {
		return nil, nil
	}

	return e, err
}

// api is a request to the API with the user's access token.
func (r *run) api(step, method, path string) request {
	return request{
		step: step, method: method, path: "/api/v1" + path, template: "/api/v1" + path, authorizeAgain: true,
		authorization: func(ctx context.Context, rejected string) (string, error) {
			token, err := r.Tokens.Token(ctx, rejected)

			return "Bearer " + token, err
		},
	}
}

// webhook is a request to one webhook.
func (r *run) webhook(step, method string, id int64, body map[string]any) request {
	request := r.api(step, method, fmt.Sprintf("/webhooks/%d", id))
	request.template, request.body = "/api/v1/webhooks/{id}", body

	return request
}

// list is a request for a list of webhooks.
func (r *run) list(step string, query url.Values) request {
	request := r.api(step, "GET", "/webhooks")
	request.query = url.Values{"page": {"1"}, "limit": {"100"}}

	maps.Copy(request.query, query)

	return request
}

// with returns the request with another Authorization header, which is not sent again.
func (q request) with(authorization string) request {
	q.authorizeAgain = false
	q.authorization = func(context.Context, string) (string, error) { return authorization, nil }

	return q
}

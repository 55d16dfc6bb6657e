package login

import (
	"context"
	"net/url"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/redact"
)

const (
	// signInTimeout is how long Run waits for the authorization response.
	signInTimeout = 10 * time.Minute
	// hintDelay is how long Run waits before it prints possible causes.
	hintDelay = 30 * time.Second
)

// authorization is the authorization response for this sign-in.
type authorization struct {
	code     string
	showPage func(page)
}

func (a authorization) show(p page) {
	if a.showPage != nil {
		a.showPage(p)
	}
}

// await prints the address of SePay's consent page, starts the browser, and waits for the code. It reports callbacks with a
// wrong state and continues to wait: any program on this machine can send them.
func (f *signIn) await(ctx context.Context, server *callbackServer) (authorization, error) {
	ctx, stop := context.WithTimeoutCause(ctx, signInTimeout, f.msg.noCallback(signInTimeout))
	defer stop()

	f.printf("%s", f.msg.openAddress(f.authorizeURL(server.states.printed), server.listening, f.options))
	f.startBrowser(ctx, server)

	go func() {
		if f.env.Sleep(ctx, hintDelay) == nil {
			f.printf("%s", f.msg.noCallbackYet(hintDelay, f.options))
		}
	}()

	if f.options.In != nil {
		go f.readPasted(ctx, server)
	}

	reported := map[string]bool{}

	for {
		select {
		case <-ctx.Done():
			return authorization{}, context.Cause(ctx)
		case c := <-server.callbacks:
			if c.err != nil {
				return authorization{}, c.err
			}

			if !server.states.match(c.query.Get("state")) {
				f.rejectForeign(c, reported)

				continue
			}

			code, err := f.readCode(c.query)

			return authorization{code: code, showPage: c.showPage}, err
		}
	}
}

// rejectForeign reports a callback without the state of this sign-in. Some servers omit the state in errors, so it shows those
// as unverified; a code without the state is never used.
func (f *signIn) rejectForeign(c callback, reported map[string]bool) {
	failure := f.msg.foreignResponse()
	if code := c.query.Get("error"); code != "" && c.query.Get("state") == "" {
		failure = f.denied(c.query)
		failure.Summary += " (unverified)"
		failure.Detail = f.msg.unverified() + " " + failure.Detail
	}

	c.showPage(f.failedPage(failure))

	// Limit the output, so that repeated callbacks do not hide the rest.
	if text := failure.Summary; !reported[text] && len(reported) < 3 {
		reported[text] = true
		f.printf("\n%s\n\n%s\n\n%s\n", failure.Summary, failure.Detail, f.msg.stillWaiting())
	}
}

// readCode returns the code of the authorization response, or its error.
func (f *signIn) readCode(query url.Values) (string, error) {
	if query.Get("error") != "" {
		return "", f.denied(query)
	}

	code := query.Get("code")
	if code == "" {
		return "", f.msg.noCode()
	}

	return code, nil
}

func (f *signIn) denied(query url.Values) *diagnostic.Error {
	return f.msg.notAuthorized(denial{
		code: redact.Untrusted(query.Get("error")), description: redact.Untrusted(query.Get("error_description")),
		hint: redact.Untrusted(query.Get("hint")),
	}, f.options)
}

// startBrowser opens the browser at a local address that redirects to SePay once. Other users who see the address cannot use it.
func (f *signIn) startBrowser(ctx context.Context, server *callbackServer) {
	if f.options.OpenBrowser == nil || server.startURL == "" {
		return
	}

	if err := f.options.OpenBrowser(ctx, server.startURL); err != nil {
		f.printf("(The browser could not be opened: %v)\n", err)
	}
}

package login

import (
	"context"
	"net/url"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/redact"
)

const (
	// signInTimeout is how long Login waits for the user to come back from the browser.
	signInTimeout = 10 * time.Minute
	// silenceTimeout is after how long of it Login says what may have gone wrong.
	silenceTimeout = 30 * time.Second
)

// approval is the response that belongs to this sign-in.
type approval struct {
	code  string
	reply func(page)
}

func (a approval) answer(p page) {
	if a.reply != nil {
		a.reply(p)
	}
}

// await sends the user to SePay and waits for the code that they come back with. Whatever else comes is answered and
// told, and ends nothing: any program of this machine can send it.
func (f *signIn) await(ctx context.Context, d *callbackServer) (approval, error) {
	ctx, stop := context.WithTimeoutCause(ctx, signInTimeout, f.msg.nobodyCameBack(signInTimeout))
	defer stop()

	f.printf("%s", f.msg.openThis(f.authorizeURL(d.states.printed), d.listening, f.options))
	f.startBrowser(ctx, d)

	go func() {
		if f.env.Sleep(ctx, silenceTimeout) == nil {
			f.printf("%s", f.msg.silence(silenceTimeout, f.options))
		}
	}()

	if f.options.In != nil {
		go f.readPasted(ctx, d)
	}

	told := map[string]bool{}

	for {
		select {
		case <-ctx.Done():
			return approval{}, context.Cause(ctx)
		case c := <-d.callbacks:
			if c.err != nil {
				return approval{}, c.err
			}

			if !d.states.match(c.query.Get("state")) {
				f.rejectForeign(c, told)

				continue
			}

			code, err := f.readCode(c.query)

			return approval{code: code, reply: c.reply}, err
		}
	}
}

// rejectForeign deals with what does not prove that it belongs to this sign-in. Some servers send errors without the state,
// so those are worth telling; a code without it is worth nothing.
func (f *signIn) rejectForeign(c callback, told map[string]bool) {
	failure := f.msg.foreignResponse()
	if code := c.query.Get("error"); code != "" && c.query.Get("state") == "" {
		failure = f.denied(c.query)
		failure.Summary += " (unverified)"
		failure.Detail = f.msg.unverified() + " " + failure.Detail
	}

	c.reply(f.failedPage(failure))

	// A flood of them shall not hide the rest.
	if text := failure.Summary; !told[text] && len(told) < 3 {
		told[text] = true
		f.printf("\n%s\n\n%s\n\n%s\n", failure.Summary, failure.Detail, f.msg.stillWaiting())
	}
}

// readCode reads the code out of a response that belongs to this sign-in.
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

// startBrowser starts the browser at an address that is worth nothing to whoever reads it later: it leads on once.
func (f *signIn) startBrowser(ctx context.Context, d *callbackServer) {
	if f.options.OpenBrowser == nil || d.startURL == "" {
		return
	}

	if err := f.options.OpenBrowser(ctx, d.startURL); err != nil {
		f.printf("(The browser could not be opened: %v)\n", err)
	}
}

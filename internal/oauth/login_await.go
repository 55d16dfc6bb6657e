package oauth

import (
	"context"
	"net/url"
	"time"
)

const (
	// signInTimeout is how long Login waits for the user to come back from the browser.
	signInTimeout = 10 * time.Minute
	// silenceTimeout is after how long of it Login says what may have gone wrong.
	silenceTimeout = 30 * time.Second
)

// arrival is the answer that belongs to this sign-in.
type arrival struct {
	code  string
	reply func(page)
}

func (a arrival) answer(p page) {
	if a.reply != nil {
		a.reply(p)
	}
}

// await sends the user to SePay and waits for the code that they come back with. Whatever else comes is answered and
// told, and ends nothing: any program of this machine can send it.
func (f *signIn) await(ctx context.Context, d *door) (arrival, error) {
	ctx, stop := context.WithTimeoutCause(ctx, signInTimeout, f.msg.nobodyCameBack(signInTimeout))
	defer stop()

	f.sayf("%s", f.msg.openThis(f.authorizeURL(d.states.printed), d.listening, f.options))
	f.startBrowser(ctx, d)

	go func() {
		if f.env.sleep(ctx, silenceTimeout) == nil {
			f.sayf("%s", f.msg.silence(silenceTimeout, f.options))
		}
	}()

	if f.options.In != nil {
		go f.readPasted(ctx, d)
	}

	told := map[string]bool{}

	for {
		select {
		case <-ctx.Done():
			return arrival{}, context.Cause(ctx)
		case c := <-d.callbacks:
			if c.err != nil {
				return arrival{}, c.err
			}

			if !d.states.match(c.query.Get("state")) {
				f.turnAway(c, told)

				continue
			}

			code, err := f.judge(c.query)

			return arrival{code: code, reply: c.reply}, err
		}
	}
}

// turnAway deals with what does not prove that it belongs to this sign-in. Some servers send errors without the state,
// so those are worth telling; a code without it is worth nothing.
func (f *signIn) turnAway(c callback, told map[string]bool) {
	failure := f.msg.foreignAnswer()
	if code := c.query.Get("error"); code != "" && c.query.Get("state") == "" {
		failure = f.denied(c.query)
		failure.Summary += " (unverified)"
		failure.Detail = f.msg.unverified() + " " + failure.Detail
	}

	c.reply(f.failedPage(failure))

	// A flood of them shall not hide the rest.
	if text := failure.Summary; !told[text] && len(told) < 3 {
		told[text] = true
		f.sayf("\n%s\n\n%s\n\n%s\n", failure.Summary, failure.Detail, f.msg.stillWaiting())
	}
}

// judge reads the code out of an answer that belongs to this sign-in.
func (f *signIn) judge(query url.Values) (string, error) {
	if query.Get("error") != "" {
		return "", f.denied(query)
	}

	code := query.Get("code")
	if code == "" {
		return "", f.msg.noCode()
	}

	return code, nil
}

func (f *signIn) denied(query url.Values) *Error {
	return f.msg.notAuthorized(denial{
		code: readable(query.Get("error")), description: readable(query.Get("error_description")), hint: readable(query.Get("hint")),
	}, f.options)
}

// startBrowser starts the browser at an address that is worth nothing to whoever reads it later: it leads on once.
func (f *signIn) startBrowser(ctx context.Context, d *door) {
	if f.options.OpenBrowser == nil || d.startURL == "" {
		return
	}

	if err := f.options.OpenBrowser(ctx, d.startURL); err != nil {
		f.sayf("(The browser could not be opened: %v)\n", err)
	}
}

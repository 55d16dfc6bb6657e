package oauth

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"time"
)

// signInTimeout is how long Login waits for the user to come back from the browser.
const signInTimeout = 10 * time.Minute

// LoginOptions are the arguments of Login.
type LoginOptions struct {
	AuthorizeURL, TokenURL string
	ClientID, ClientSecret string
	RedirectURL            string // as registered with SePay; a loopback address is listened on
	Scopes                 []string
	Store                  Store
	Key                    string // "": DefaultKey
	UserAgent              string

	OpenBrowser func(ctx context.Context, address string) error // nil: only the address is printed
	In          io.Reader                                       // where the user may paste the address they came back to
	Out         io.Writer                                       // what the user reads; gets no secret
}

// String keeps secrets out of any formatted output.
func (o LoginOptions) String() string {
	return fmt.Sprintf("login of client %s to %v", o.ClientID, o.Store)
}

// GoString keeps secrets out of %#v.
func (o LoginOptions) GoString() string { return o.String() }

// LogValue keeps secrets out of structured logs.
func (o LoginOptions) LogValue() slog.Value { return slog.StringValue(o.String()) }

// LoginResult says what was stored.
type LoginResult struct {
	Key, Location    string
	ExpiresAt        time.Time // of the access token
	RefreshExpiresAt time.Time // of the refresh token, when it stays unused
	RefreshToken     Secret
	Warnings         []Warning
}

// Secret is a string that formats as *** and has to be converted to be read.
type Secret string

func (Secret) String() string { return "***" }

// GoString keeps the secret out of %#v.
func (Secret) GoString() string { return "***" }

// Login signs in with the browser and stores the sign-in, so that a Source with the client's id and secret alone finds
// it. It ends when the context does. Its errors are *Error, or the context's.
//
// SePay does not document PKCE, so none is sent; state ties the answer to the request.
func Login(ctx context.Context, options LoginOptions) (LoginResult, error) {
	return login(ctx, options, realEnvironment())
}

func login(ctx context.Context, options LoginOptions, env environment) (LoginResult, error) {
	options.TokenURL = canonicalURL(options.TokenURL)
	f := &signIn{options: options, env: env, msg: newMessages(Config{
		ClientID: options.ClientID, Key: options.Key, Store: options.Store,
	})}

	if err := f.check(); err != nil {
		return LoginResult{}, err
	}

	// A store that cannot be used must be found out before the user goes through the browser.
	if err := f.underLock(ctx, func(*record) error { return nil }); err != nil {
		return LoginResult{}, err
	}

	code, err := f.authorize(ctx)
	if err != nil {
		return LoginResult{}, err
	}

	g, err := f.redeem(ctx, code)
	if err != nil {
		return LoginResult{}, err
	}

	// From here on there is something to lose, so Ctrl-C has to wait.
	return f.keep(context.WithoutCancel(ctx), g)
}

// signIn is one run of Login.
type signIn struct {
	options LoginOptions
	env     environment
	msg     messages
	name    string
}

func (f *signIn) check() error {
	o := f.options

	switch {
	case o.ClientID == "":
		return f.msg.missing("client_id", "SEPAY_CLIENT_ID")
	case o.ClientSecret == "":
		return f.msg.missing("client_secret", "SEPAY_CLIENT_SECRET")
	case o.Store == nil || o.Store == NoStore():
		return f.msg.loginNeedsStore()
	case !validKey(o.Key):
		return f.msg.badKey(o.Key)
	}

	if helper, ok := o.Store.(*helperStore); ok {
		if len(helper.run.argv) == 0 {
			return f.msg.missing("token_helper", "SEPAY_TOKEN_HELPER")
		}

		f.name = o.Store.name(o.TokenURL, o.ClientID, o.Key, "")
	} else {
		f.name = o.Store.name(o.TokenURL, o.ClientID, cmp.Or(o.Key, DefaultKey), "")
	}

	redirect, err := url.Parse(o.RedirectURL)
	if err != nil || redirect.Host == "" || redirect.Scheme == "" {
		return f.msg.badRedirect(o.RedirectURL)
	}

	return checkTokenURL(f.msg, o.TokenURL)
}

// underLock runs an action with the record under its lock. It waits for a run that is exchanging the old token.
func (f *signIn) underLock(ctx context.Context, action func(*record) error) error {
	deadline := f.env.now().Add(DefaultLockTimeout)
	location := f.options.Store.location(f.name)

	for {
		unlock, holder, err := f.options.Store.tryLock(ctx, clientName(f.options.TokenURL, f.options.ClientID), f.name)
		if err != nil {
			return f.msg.cannotLock(location, err)
		}

		if unlock != nil {
			r, err := readRecord(ctx, f.options.Store, f.name)
			if err != nil {
				err = f.msg.cannotRead(location, err)
			} else {
				err = action(r)
			}

			unlock()

			return err
		}

		if f.env.now().After(deadline) {
			return f.msg.lockTimeout(location, holder, DefaultLockTimeout)
		}

		if err := f.env.sleep(ctx, jittered(lastPoll)); err != nil {
			return err
		}
	}
}

// authorize sends the user to SePay and returns the code that they come back with.
func (f *signIn) authorize(ctx context.Context) (string, error) {
	state := rand.Text()
	address := f.authorizeURL(state)

	ctx, stop := context.WithTimeoutCause(ctx, signInTimeout, f.msg.nobodyCameBack(signInTimeout))
	defer stop()

	answers, done, err := f.listen(ctx)
	if err != nil {
		return "", err
	}
	defer done()

	f.sayf("Open this address in a browser and approve the access:\n\n  %s\n\n", address)

	if f.options.OpenBrowser != nil {
		if err := f.options.OpenBrowser(ctx, address); err != nil {
			f.sayf("(The browser could not be opened: %v)\n", err)
		}
	}

	for {
		select {
		case <-ctx.Done():
			return "", context.Cause(ctx)
		case a := <-answers:
			code, err := f.judge(a.query, state, a.err)
			a.reply(err)

			return code, err
		}
	}
}

func (f *signIn) authorizeURL(state string) string {
	query := url.Values{
		"response_type": {"code"},
		"client_id":     {f.options.ClientID},
		"redirect_uri":  {f.options.RedirectURL},
		"state":         {state},
	}

	if len(f.options.Scopes) > 0 {
		query.Set("scope", strings.Join(f.options.Scopes, " "))
	}

	separator := "?"
	if strings.Contains(f.options.AuthorizeURL, "?") {
		separator = "&"
	}

	// Some servers take a plus sign in a query for what it is.
	return f.options.AuthorizeURL + separator + strings.ReplaceAll(query.Encode(), "+", "%20")
}

// judge reads the code out of what SePay sent the user back with.
func (f *signIn) judge(query url.Values, state string, err error) (string, error) {
	if err != nil {
		return "", err
	}

	if !sameText(query.Get("state"), state) {
		return "", f.msg.wrongState()
	}

	if code := query.Get("error"); code != "" {
		return "", f.msg.notAuthorized(code, readable(query.Get("error_description")), f.options.Scopes)
	}

	code := query.Get("code")
	if code == "" {
		return "", f.msg.noCode()
	}

	return code, nil
}

// redeem exchanges the code. A code works once, so it is sent again only when it certainly was not sent at all.
func (f *signIn) redeem(ctx context.Context, code string) (grant, error) {
	client := &tokenClient{
		url: f.options.TokenURL, userAgent: f.options.UserAgent,
		clientID: f.options.ClientID, clientSecret: f.options.ClientSecret, env: f.env,
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {f.options.RedirectURL}}

	bounded, stop := context.WithTimeout(context.WithoutCancel(ctx), exchangeTimeout)
	defer stop()

	a, _ := client.exchange(bounded, ctx.Done(), form, 1)

	if err := context.Cause(ctx); err != nil && a.verdict != verdictGranted {
		return grant{}, err
	}

	switch a.verdict {
	case verdictGranted:
		if a.grant.refreshToken == "" {
			return grant{}, f.msg.noRefreshToken()
		}

		return a.grant, nil
	case verdictDead:
		return grant{}, f.msg.codeRefused(a)
	case verdictMisconfigured:
		return grant{}, f.msg.notGranted(a)
	case verdictRefused, verdictBusy, verdictUnreachable, verdictAmbiguous, verdictUnanswered, verdictCanceled:
	}

	return grant{}, f.msg.codeNotExchanged(a)
}

// keep stores the new chain in place of the one that the key had before.
func (f *signIn) keep(ctx context.Context, g grant) (LoginResult, error) {
	f.env.process.exchanges.begin()
	defer f.env.process.exchanges.end()

	letGo := f.env.holdSignals()
	defer letGo()

	var saved *record

	result := LoginResult{
		Key: f.options.Key, Location: f.options.Store.location(f.name), RefreshToken: Secret(g.refreshToken),
	}

	err := f.underLock(ctx, func(old *record) error {
		saved = f.record(ctx, old, g)

		data, err := saved.encode()
		if err != nil {
			return err
		}

		var was []byte
		if old != nil {
			was = old.raw
		}

		for range saveTries {
			if err = f.options.Store.save(ctx, f.name, data, was); err == nil {
				f.env.process.keep(result.Location, nil)

				return nil
			}
		}

		return f.msg.cannotWrite(result.Location, err)
	})
	if err != nil {
		return result, f.lastResort(ctx, g, err)
	}

	result.ExpiresAt, result.RefreshExpiresAt = saved.ExpiresAt, saved.RefreshExpiresAt
	result.Warnings = f.options.Store.takeWarnings()

	return result, nil
}

// record is the new chain. It remembers the tokens of the chains that it replaces, so that an old refresh_token which
// still stands in somebody's environment is recognized as spent and does not start that chain anew.
func (f *signIn) record(ctx context.Context, old *record, g grant) *record {
	fresh := &record{
		Version: recordVersion, TokenURL: f.options.TokenURL, ClientID: f.options.ClientID,
		Key: f.options.Key, RefreshToken: g.refreshToken, SeedFingerprint: fingerprint(g.refreshToken),
		UpdatedBy: cmp.Or(f.options.UserAgent, thisProcess()),
	}

	if f.options.Store.lists() {
		fresh.Key = cmp.Or(f.options.Key, DefaultKey)
		fresh.History = f.endedSeeds(ctx)
	}

	if old != nil && old.ClientID == fresh.ClientID && old.TokenURL == fresh.TokenURL {
		fresh.Generation = old.Generation
		fresh.History = appendHistory(fresh.History, append(old.History, old.SeedFingerprint, fingerprint(old.RefreshToken))...)
	}

	return fresh.next(g, f.env.now())
}

// endedSeeds are the seeds of chains without a key that SePay refuses.
func (f *signIn) endedSeeds(ctx context.Context) []string {
	names, err := f.options.Store.list(ctx)
	if err != nil {
		return nil
	}

	var seeds []string

	for _, name := range names {
		// Records that cannot be read say nothing about seeds; status lists them.
		r, err := readRecord(ctx, f.options.Store, name)
		if err == nil && r != nil && r.Key == "" && r.dead() &&
			r.ClientID == f.options.ClientID && r.TokenURL == f.options.TokenURL {
			seeds = appendHistory(seeds, r.SeedFingerprint)
		}
	}

	return seeds
}

// lastResort keeps a copy of a sign-in that could not be stored: the code that it came from is used up.
func (f *signIn) lastResort(ctx context.Context, g grant, cause error) error {
	path, err := writeEmergencyCopy(f.env.tempDir(), f.options.Store.location(f.name), f.record(ctx, nil, g))
	if err != nil {
		return errors.Join(cause, err)
	}

	warning := f.msg.emergency(f.options.Store.location(f.name), path, cause)

	return &Error{Code: CodeStoreWrite, Summary: warning.Summary, Detail: warning.Detail, Err: cause}
}

func (f *signIn) sayf(format string, args ...any) {
	if f.options.Out != nil {
		_, _ = fmt.Fprintf(f.options.Out, format, args...)
	}
}

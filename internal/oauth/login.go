package oauth

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"time"
)

// LoginOptions are the arguments of Login.
type LoginOptions struct {
	AuthorizeURL, TokenURL string
	ClientID, ClientSecret string
	RedirectURL            string // as registered with SePay; a loopback address is listened on
	Scopes                 []string
	PKCE                   bool // send a challenge (S256) with the request, and its verifier with the code
	Store                  Store
	Key                    string // "": DefaultKey
	UserAgent              string

	// OpenBrowser starts the browser at an address of this machine that leads on to SePay; nil: the address is only
	// printed.
	OpenBrowser func(ctx context.Context, address string) error
	// Identify asks SePay whose account an access token is for; nil: nobody asks.
	Identify func(ctx context.Context, accessToken string) (Account, error)
	In       io.Reader // where the user may paste the address they came back to
	Out      io.Writer // what the user reads; gets no secret
}

// String keeps secrets out of any formatted output.
func (o LoginOptions) String() string {
	return fmt.Sprintf("login of client %s to %v", o.ClientID, o.Store)
}

// GoString keeps secrets out of %#v.
func (o LoginOptions) GoString() string { return o.String() }

// LogValue keeps secrets out of structured logs.
func (o LoginOptions) LogValue() slog.Value { return slog.StringValue(o.String()) }

// Account is whose sign-in it is, as far as its scopes let SePay tell. Its fields may be empty.
type Account struct {
	User, Email, Company string
}

// String is the account in one line, or "".
func (a Account) String() string {
	text := a.User

	switch {
	case a.Email != "" && text != "":
		text += " (" + a.Email + ")"
	case a.Email != "":
		text = a.Email
	}

	switch {
	case a.Company != "" && text != "":
		text += ", " + a.Company
	case a.Company != "":
		text = a.Company
	}

	return text
}

// LoginResult says what was stored.
type LoginResult struct {
	Key, Location    string
	Scopes           []string  // what the access is for
	ExpiresAt        time.Time // of the access token
	RefreshExpiresAt time.Time // of the refresh token, when it stays unused
	Account          Account
	AccountErr       error // why SePay did not say whose account it is, or nil
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
func Login(ctx context.Context, options LoginOptions) (LoginResult, error) {
	return login(ctx, options, realEnvironment())
}

func login(ctx context.Context, options LoginOptions, env environment) (LoginResult, error) {
	options.TokenURL = canonicalURL(options.TokenURL)
	f := &signIn{
		options: options, env: env, msg: loginMessages{storeMessages{signInName{options.ClientID, options.Key}}},
		client: tokenClient{
			url: options.TokenURL, userAgent: options.UserAgent, clientID: options.ClientID, clientSecret: options.ClientSecret,
			now: env.now, sleep: env.sleep, dial: env.dial,
		},
	}

	if options.PKCE {
		f.verifier = newVerifier()
	}

	if err := f.check(); err != nil {
		return LoginResult{}, err
	}

	if err := f.tryStore(ctx); err != nil {
		return LoginResult{}, err
	}

	return f.run(ctx)
}

// signIn is one run of Login.
type signIn struct {
	options  LoginOptions
	env      environment
	msg      loginMessages
	client   tokenClient
	name     string   // of the record
	redirect *url.URL // RedirectURL
	verifier string   // of PKCE, or ""
}

func (f *signIn) check() error {
	o := f.options

	if o.Store == nil || o.Store == NoStore() {
		return f.msg.loginNeedsStore()
	}

	for _, err := range []error{f.client.check(), checkStore(o.Store, o.Key)} {
		if err != nil {
			return err
		}
	}

	key := o.Key
	if o.Store.lists() {
		key = cmp.Or(key, DefaultKey)
	}

	f.name = o.Store.name(o.TokenURL, o.ClientID, key, "")

	var err error
	if f.redirect, err = url.Parse(o.RedirectURL); err != nil || f.redirect.Host == "" || f.redirect.Scheme == "" {
		return f.msg.badRedirect(o.RedirectURL)
	}

	return nil
}

// run goes through the browser. The page in the browser tells how all of it went, so it is answered last.
func (f *signIn) run(ctx context.Context) (LoginResult, error) {
	d, err := f.openDoor(ctx)
	if err != nil {
		return LoginResult{}, err
	}
	defer d.close()

	arrived, err := f.await(ctx, d)
	if err != nil {
		arrived.answer(f.failedPage(err))

		return LoginResult{}, err
	}

	result, err := f.finish(ctx, arrived.code)
	if err != nil {
		arrived.answer(f.failedPage(err))

		return result, err
	}

	arrived.answer(f.signedInPage(result))

	return result, nil
}

// finish turns the code into a stored sign-in.
func (f *signIn) finish(ctx context.Context, code string) (LoginResult, error) {
	g, err := f.redeem(ctx, code)
	if err != nil {
		return LoginResult{}, err
	}

	// From here on there is something to lose, so Ctrl-C has to wait.
	result, err := f.keep(context.WithoutCancel(ctx), g)
	if err != nil || f.options.Identify == nil {
		return result, err
	}

	const patience = 10 * time.Second

	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()

	// Whose account it is has no part in whether the sign-in works.
	result.Account, result.AccountErr = f.options.Identify(ctx, g.accessToken)

	return result, nil
}

func (f *signIn) sayf(format string, args ...any) {
	if f.options.Out != nil {
		_, _ = fmt.Fprintf(f.options.Out, format, args...)
	}
}

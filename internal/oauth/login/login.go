package login

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/system"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenendpoint"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// Options are the arguments of Login.
type Options struct {
	AuthorizeURL, TokenURL string
	ClientID, ClientSecret string
	RedirectURL            string // as registered with SePay; a loopback address is listened on
	Scopes                 []string
	PKCE                   bool // send a challenge (S256) with the request, and its verifier with the code
	Store                  tokenstore.Store
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
func (o Options) String() string {
	return fmt.Sprintf("login of client %s to %v", o.ClientID, o.Store)
}

// GoString keeps secrets out of %#v.
func (o Options) GoString() string { return o.String() }

// LogValue keeps secrets out of structured logs.
func (o Options) LogValue() slog.Value { return slog.StringValue(o.String()) }

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

// Result says what was stored.
type Result struct {
	Key, Location    string
	Scopes           []string  // what the access is for
	ExpiresAt        time.Time // of the access token
	RefreshExpiresAt time.Time // of the refresh token, when it stays unused
	Account          Account
	AccountErr       error // why SePay did not say whose account it is, or nil
	RefreshToken     Secret
	Warnings         []diagnostic.Warning
}

// Secret is a string that formats as *** and has to be converted to be read.
type Secret string

func (Secret) String() string { return "***" }

// GoString keeps the secret out of %#v.
func (Secret) GoString() string { return "***" }

// Run signs in with the browser and stores the sign-in, so that a Source with the client's id and secret alone finds
// it. It ends when the context does. Its errors are *Error, or the context's.
func Run(ctx context.Context, options Options) (Result, error) {
	return RunIn(ctx, options, system.NewEnvironment())
}

// RunIn is Run in another environment.
func RunIn(ctx context.Context, options Options, env system.Environment) (Result, error) {
	options.TokenURL = tokenendpoint.CanonicalURL(options.TokenURL)
	f := &signIn{
		options: options, env: env, msg: messages{tokenstore.NewMessages(options.ClientID, options.Key)},
		client: tokenendpoint.Client{
			URL: options.TokenURL, UserAgent: options.UserAgent, ClientID: options.ClientID, ClientSecret: options.ClientSecret,
			Now: env.Now, Sleep: env.Sleep, Dial: env.Dial,
		},
	}

	if options.PKCE {
		f.verifier = newVerifier()
	}

	if err := f.check(); err != nil {
		return Result{}, err
	}

	if err := f.tryStore(ctx); err != nil {
		return Result{}, err
	}

	return f.run(ctx)
}

// signIn is one run of Login.
type signIn struct {
	options  Options
	env      system.Environment
	msg      messages
	client   tokenendpoint.Client
	name     string   // of the record
	redirect *url.URL // RedirectURL
	verifier string   // of PKCE, or ""
}

func (f *signIn) check() error {
	o := f.options

	if o.Store == nil || o.Store == tokenstore.None() {
		return f.msg.loginNeedsStore()
	}

	for _, err := range []error{f.client.Check(), tokenstore.Check(o.Store, o.Key)} {
		if err != nil {
			return err
		}
	}

	key := o.Key
	if o.Store.Lists() {
		key = cmp.Or(key, tokenstore.DefaultKey)
	}

	f.name = o.Store.Name(o.TokenURL, o.ClientID, key, "")

	var err error
	if f.redirect, err = url.Parse(o.RedirectURL); err != nil || f.redirect.Host == "" || f.redirect.Scheme == "" {
		return f.msg.badRedirect(o.RedirectURL)
	}

	return nil
}

// run goes through the browser. The page in the browser tells how all of it went, so it is answered last.
func (f *signIn) run(ctx context.Context) (Result, error) {
	d, err := f.listen(ctx)
	if err != nil {
		return Result{}, err
	}
	defer d.close()

	arrived, err := f.await(ctx, d)
	if err != nil {
		arrived.answer(f.failedPage(err))

		return Result{}, err
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
func (f *signIn) finish(ctx context.Context, code string) (Result, error) {
	g, err := f.redeem(ctx, code)
	if err != nil {
		return Result{}, err
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
	result.Account, result.AccountErr = f.options.Identify(ctx, g.AccessToken)

	return result, nil
}

func (f *signIn) printf(format string, args ...any) {
	if f.options.Out != nil {
		_, _ = fmt.Fprintf(f.options.Out, format, args...)
	}
}

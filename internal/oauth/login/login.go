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

// Options are the arguments of Run.
type Options struct {
	AuthorizeURL, TokenURL string
	ClientID, ClientSecret string
	RedirectURL            string // as registered with SePay; Run listens on it if it is a loopback address
	Scopes                 []string
	PKCE                   bool // send a code challenge (S256) with the authorization request
	Store                  tokenstore.Store
	Key                    string // "" means tokenstore.DefaultKey
	UserAgent              string

	// OpenBrowser starts the browser at a local address that redirects to SePay. If it is nil, Run only prints SePay's address.
	OpenBrowser func(ctx context.Context, address string) error
	// Identify requests the account of an access token from SePay. It may be nil.
	Identify func(ctx context.Context, accessToken string) (Account, error)
	In       io.Reader // the user may paste the address from the browser here
	Out      io.Writer // messages for the user, without secrets
}

// String keeps secrets out of any formatted output.
func (o Options) String() string {
	return fmt.Sprintf("login of client %s to %v", o.ClientID, o.Store)
}

// GoString keeps secrets out of %#v.
func (o Options) GoString() string { return o.String() }

// LogValue keeps secrets out of structured logs.
func (o Options) LogValue() slog.Value { return slog.StringValue(o.String()) }

// Account is the account of a sign-in. Fields that its scopes do not cover are empty.
type Account struct {
	User, Email, Company string
}

// String returns the account in one line, or "".
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

// Result describes the stored sign-in.
type Result struct {
	Key, Location    string
	Scopes           []string  // granted scopes
	ExpiresAt        time.Time // of the access token
	RefreshExpiresAt time.Time // of the refresh token, if it stays unused
	Account          Account
	AccountErr       error // the error of Identify
	RefreshToken     Secret
	Warnings         []diagnostic.Warning
}

// Secret is a string that formats as ***. Convert it to string to read it.
type Secret string

func (Secret) String() string { return "***" }

// GoString keeps the secret out of %#v.
func (Secret) GoString() string { return "***" }

// Run signs in with the browser and stores the sign-in, so that a Source needs only the client's ID and secret. It stops when the
// context ends. Its errors are *diagnostic.Error, or the context's.
func Run(ctx context.Context, options Options) (Result, error) {
	return RunIn(ctx, options, system.NewEnvironment())
}

// RunIn is Run with another environment, for tests.
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

	if err := f.checkStore(ctx); err != nil {
		return Result{}, err
	}

	return f.run(ctx)
}

// signIn is the state of one Run.
type signIn struct {
	options  Options
	env      system.Environment
	msg      messages
	client   tokenendpoint.Client
	name     string   // of the record
	redirect *url.URL // RedirectURL
	verifier string   // the PKCE code verifier, or ""
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

// run signs in. It responds to the browser last, so that the page shows the final result.
func (f *signIn) run(ctx context.Context) (Result, error) {
	server, err := f.listen(ctx)
	if err != nil {
		return Result{}, err
	}
	defer server.close()

	response, err := f.await(ctx, server)
	if err != nil {
		response.show(f.failedPage(err))

		return Result{}, err
	}

	result, err := f.finish(ctx, response.code)
	if err != nil {
		response.show(f.failedPage(err))

		return result, err
	}

	response.show(f.signedInPage(result))

	return result, nil
}

// finish exchanges the code and stores the tokens.
func (f *signIn) finish(ctx context.Context, code string) (Result, error) {
	g, err := f.redeem(ctx, code)
	if err != nil {
		return Result{}, err
	}

	// The tokens would be lost now, so Ctrl-C must not stop the save.
	result, err := f.save(context.WithoutCancel(ctx), g)
	if err != nil || f.options.Identify == nil {
		return result, err
	}

	const identifyTimeout = 10 * time.Second

	ctx, stop := context.WithTimeout(ctx, identifyTimeout)
	defer stop()

	// The sign-in works even if the account is unknown.
	result.Account, result.AccountErr = f.options.Identify(ctx, g.AccessToken)

	return result, nil
}

func (f *signIn) printf(format string, args ...any) {
	if f.options.Out != nil {
		_, _ = fmt.Fprintf(f.options.Out, format, args...)
	}
}

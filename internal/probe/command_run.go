package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/cli"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// probe runs the command.
func (c *command) probe(ctx context.Context) error {
	if c.flags.version {
		return c.printVersion()
	}

	options, err := c.options(ctx)
	if err != nil {
		return err
	}

	report, err := Run(ctx, options)
	if report == nil {
		return err
	}

	return errors.Join(err, c.save(report))
}

func (c *command) options(ctx context.Context) (Options, error) {
	store, err := c.signIn.Open()
	if err != nil {
		return Options{}, err
	}

	if err := checkTransport(c.signIn.BaseURL()); err != nil {
		return Options{}, err
	}

	if _, err := markedURL(c.flags.url, ""); err != nil {
		return Options{}, cli.UsageError(err)
	}

	o := Options{
		BaseURL: c.signIn.BaseURL(), UserAgent: program + "/" + c.version, Version: c.version, Out: c.stderr,
		Write: c.flags.write, Confirm: c.confirm, URL: c.flags.url, interval: c.interval,
	}

	accessToken := c.env("SEPAY_ACCESS_TOKEN")

	if accessToken == "" || c.flags.tokens {
		if c.signIn.ClientID() == "" {
			return Options{}, cli.UsageError(errors.New("there is no client: give --client-id or set SEPAY_CLIENT_ID"))
		}

		secret, err := c.signIn.ClientSecret(ctx)
		if err != nil {
			return Options{}, err
		}

		o.Client = Client{ID: c.signIn.ClientID(), Secret: secret, RedirectURL: c.flags.redirectURL}
	}

	if c.flags.tokens {
		o.SignIn = c.browserSignIn(o)
	}

	o.Tokens, err = c.source(ctx, store, o, accessToken)

	return o, err
}

// source supplies the tokens of the stored sign-in. The probe does not pass a refresh token on: one that is configured
// but not stored would be used up, and its replacement lost.
func (c *command) source(ctx context.Context, store tokenstore.Store, o Options, accessToken string) (*oauth.Source, error) {
	tokenURL := o.BaseURL + "/oauth/token"

	if accessToken == "" {
		if store == tokenstore.None() {
			return nil, errors.New("the token store is none: a refresh token would be used up, and its replacement lost. Sign in with " +
				"`terraform-provider-sepay login`, which stores one")
		}

		found, _, err := tokenstore.Statuses(ctx, store, tokenstore.Query{TokenURL: tokenURL, ClientID: o.Client.ID, Key: c.signIn.Key()})
		if err != nil {
			return nil, err
		}

		if len(found) == 0 && c.env("SEPAY_REFRESH_TOKEN") != "" {
			return nil, errors.New("the refresh token in SEPAY_REFRESH_TOKEN would be used up, and no sign-in is stored for it. " +
				"Sign in with `terraform-provider-sepay login` first")
		}
	}

	return oauth.NewSource(oauth.Config{
		TokenURL: tokenURL, ClientID: o.Client.ID, ClientSecret: o.Client.Secret, AccessToken: accessToken,
		Store: store, Key: c.signIn.Key(), UserAgent: o.UserAgent,
	})
}

// checkTransport refuses to send tokens unencrypted.
func checkTransport(baseURL string) error {
	address, err := url.Parse(baseURL)
	if err != nil {
		return cli.UsageError(errors.New("--base-url is not a URL"))
	}

	ip := net.ParseIP(address.Hostname())
	if address.Scheme == "https" || address.Hostname() == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}

	return cli.UsageError(errors.New("--base-url (SEPAY_BASE_URL) would send the access token unencrypted: use https"))
}

// confirm shows the plan, and the user confirms by typing the host.
func (c *command) confirm(ctx context.Context, plan string) error {
	address, err := url.Parse(c.signIn.BaseURL())
	if err != nil {
		return err
	}

	phrase := "write to " + address.Host
	c.sayf("\n%s\n\nType %q to continue, anything else to stop: ", plan, phrase)

	typed, err := readLine(ctx, c.stdin)
	if err != nil {
		c.sayf("\n")

		return err
	}

	if strings.TrimSpace(typed) != phrase {
		return fmt.Errorf("%q was not typed", phrase)
	}

	return nil
}

// readLine reads exactly one line, or stops when the context ends.
func readLine(ctx context.Context, from interface{ Read([]byte) (int, error) }) (string, error) {
	type result struct {
		line string
		err  error
	}

	results := make(chan result, 1)

	go func() {
		var line []byte

		for {
			var key [1]byte

			n, err := from.Read(key[:])
			if n == 1 && key[0] != '\n' {
				line = append(line, key[0])
			}

			if err != nil && len(line) == 0 {
				results <- result{err: errors.New("the confirmation was not typed: standard input has ended")}

				return
			}

			if n == 1 && key[0] == '\n' || err != nil {
				results <- result{line: string(line)}

				return
			}
		}
	}()

	select {
	case got := <-results:
		return got.line, got.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// save writes the report and says where it is.
func (c *command) save(report *Report) error {
	asJSON, err := report.JSON()
	if err != nil {
		return err
	}

	const readable = 0o644 // the report has no secrets

	for name, content := range map[string][]byte{".md": []byte(report.Markdown()), ".json": asJSON} {
		if err := os.WriteFile(c.flags.output+name, content, readable); err != nil {
			return fmt.Errorf("save the report: %w", err)
		}
	}

	counts := map[Result]int{}
	for _, answer := range report.Answers {
		counts[answer.Result]++
	}

	_, err = fmt.Fprintf(c.stdout, "%d questions answered, %d with another shape, %d undetermined, %d not asked; %d requests.\n"+
		"The report is %s.md, and %s.json for programs. It has nothing of the account: please review it, and send it to\n%s\n",
		counts[Answered], counts[AnotherShape], counts[Undetermined], counts[NotAsked], report.Requests,
		c.flags.output, c.flags.output, SendTo)

	return err
}

package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/login"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// identify reads what the user needs to recognize their account, as far as the scopes allow.
func (c *command) identify(f *loginFlags) func(context.Context, string) (login.Account, error) {
	return func(ctx context.Context, accessToken string) (login.Account, error) {
		client := sepay.New(sepay.Config{
			BaseURL: f.baseURL, UserAgent: program + "/" + c.version, Tokens: staticToken(accessToken),
		})
		scopes := f.requestedScopes()

		var account login.Account

		if slices.Contains(scopes, sepay.ScopeProfile) {
			user, err := client.Me(ctx)
			if err != nil {
				return account, err
			}

			account.User = strings.TrimSpace(user.LastName.Or("") + " " + user.FirstName.Or(""))
			account.Email = shortened(user.Email.Or(""))
		}

		if slices.Contains(scopes, sepay.ScopeCompany) {
			// Only an administrator may read it; the user is enough to recognize the account.
			if company, err := client.Company(ctx); err == nil {
				account.Company = company.FullName.Or("")
			}
		}

		return account, nil
	}
}

// staticToken is a token source for the access token of a new sign-in.
type staticToken string

// Token implements sepay.TokenSource.
func (t staticToken) Token(context.Context, string) (string, error) { return string(t), nil }

// shortened reduces an e-mail address to what its owner needs to recognize it.
func shortened(email string) string {
	name, host, found := strings.Cut(email, "@")
	if !found || name == "" {
		return ""
	}

	first := string([]rune(name)[:1])

	return first + "…@" + host
}

package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/login"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// identify asks SePay for what the user needs to recognize their account, as far as the scopes allow.
func (c *command) identify(f *loginFlags) func(context.Context, string) (login.Account, error) {
	return func(ctx context.Context, accessToken string) (login.Account, error) {
		client := sepay.New(sepay.Config{
			BaseURL: f.baseURL, UserAgent: program + "/" + c.version, Tokens: onlyToken(accessToken),
		})
		scopes := f.wanted()

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
			// Only an administrator may read it; without it the account is still known.
			if company, err := client.Company(ctx); err == nil {
				account.Company = company.FullName.Or("")
			}
		}

		return account, nil
	}
}

// onlyToken is the access token of a sign-in that has just been made.
type onlyToken string

// Token implements sepay.TokenSource.
func (t onlyToken) Token(context.Context, string) (string, error) { return string(t), nil }

// shortened leaves of an e-mail address what its owner needs to recognize it.
func shortened(email string) string {
	name, host, found := strings.Cut(email, "@")
	if !found || name == "" {
		return ""
	}

	first := string([]rune(name)[:1])

	return first + "…@" + host
}

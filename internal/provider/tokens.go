package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/accesstoken"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/apidiag"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// tokenSource is what the client and the ephemeral resource ask for tokens.
type tokenSource interface {
	sepay.TokenSource
	accesstoken.Source
}

// newTokenSource builds the source of tokens. It makes no network call, and touches no token.
func newTokenSource(s settings, userAgent string, log *log) (tokenSource, *oauth.Source, error) {
	if len(s.unknown) > 0 {
		return unknownSettings(s.unknown), nil, nil
	}

	store, err := newStore(s)
	if err != nil {
		return nil, nil, explained(err)
	}

	source, err := oauth.NewSource(oauth.Config{
		TokenURL:     s.baseURL + "/oauth/token",
		ClientID:     s.clientID,
		ClientSecret: s.clientSecret,
		RefreshToken: s.refreshToken,
		AccessToken:  s.accessToken,
		Store:        store,
		Key:          s.tokenStoreKey,
		LockTimeout:  s.tokenLockTimeout,
		UserAgent:    userAgent,
		Log:          log.debug,
		OnSecret:     log.mask,
	})
	if err != nil {
		return nil, nil, explained(err)
	}

	return explaining{source}, source, nil
}

func newStore(s settings) (oauth.Store, error) {
	// An access token alone leaves nothing to store, and must work where there is no home directory.
	if s.clientID == "" && s.clientSecret == "" {
		return oauth.NoStore(), nil
	}

	switch s.tokenStore {
	case storeNone:
		return oauth.NoStore(), nil
	case storeHelper:
		return oauth.OpenHelperStore(s.tokenHelper), nil
	}

	directory := s.tokenStorePath
	if directory == "" {
		var err error
		if directory, err = oauth.DefaultDirectory(); err != nil {
			return nil, err
		}
	}

	return oauth.OpenFileStore(directory)
}

// explaining hands on the words that the token source has for the user.
type explaining struct{ source *oauth.Source }

// Token implements sepay.TokenSource.
func (e explaining) Token(ctx context.Context, rejected string) (string, error) {
	token, err := e.source.Token(ctx, rejected)

	return token, explained(err)
}

// CurrentToken implements accesstoken.Source.
func (e explaining) CurrentToken(ctx context.Context) (string, time.Time, error) {
	token, err := e.source.Current(ctx)

	return token.Value, token.ExpiresAt, explained(err)
}

func explained(err error) error {
	if words, ok := errors.AsType[*oauth.Error](err); ok {
		return &apidiag.ExplainedError{Summary: words.Summary, Detail: words.Detail, Err: err}
	}

	return err
}

// unknownSettings stands in for the source of tokens while Terraform does not know the settings. A plan that needs no
// answer of SePay's works with it.
type unknownSettings []string

// Token implements sepay.TokenSource.
func (u unknownSettings) Token(context.Context, string) (string, error) {
	names := strings.Join(u, ", ")

	return "", &apidiag.ExplainedError{
		Deferred: true,
		Summary:  "The provider is configured with values that are not known yet",
		Detail: fmt.Sprintf("Terraform knows the value of %s only after an apply, and needs an answer from SePay before that. "+
			"Set %s from a variable or the environment, or apply what it depends on first with -target.", names, names),
	}
}

// CurrentToken implements accesstoken.Source.
func (u unknownSettings) CurrentToken(ctx context.Context) (string, time.Time, error) {
	_, err := u.Token(ctx, "")

	return "", time.Time{}, err
}

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
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// tokenSource is what the client and the ephemeral resource ask for tokens.
type tokenSource interface {
	sepay.TokenSource
	accesstoken.Source
}

// newTokenSource returns the token source. It sends no request, and uses no token.
func (p *sepayProvider) newTokenSource(s settings, userAgent string, log *log) (tokenSource, *oauth.Source, error) {
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
		Dial:         p.dial,
		Log:          log.debug,
		OnSecret:     log.mask,
	})
	if err != nil {
		return nil, nil, explained(err)
	}

	return explainedSource{source}, source, nil
}

func newStore(s settings) (tokenstore.Store, error) {
	// With an access token alone there is nothing to store, and it must work without a home directory.
	if s.clientID == "" && s.clientSecret == "" {
		return tokenstore.None(), nil
	}

	switch s.tokenStore {
	case storeNone:
		return tokenstore.None(), nil
	case storeHelper:
		return tokenstore.OpenHelper(s.tokenHelper), nil
	}

	directory := s.tokenStorePath
	if directory == "" {
		var err error
		if directory, err = tokenstore.DefaultDirectory(); err != nil {
			return nil, err
		}
	}

	return tokenstore.OpenFile(directory)
}

// explainedSource makes ExplainedErrors of the errors of a token source.
type explainedSource struct{ source *oauth.Source }

// Token implements sepay.TokenSource.
func (e explainedSource) Token(ctx context.Context, rejected string) (string, error) {
	token, err := e.source.Token(ctx, rejected)

	return token, explained(err)
}

// CurrentToken implements accesstoken.Source.
func (e explainedSource) CurrentToken(ctx context.Context) (string, time.Time, error) {
	token, err := e.source.Current(ctx)

	return token.Value, token.ExpiresAt, explained(err)
}

func explained(err error) error {
	if tokenError, ok := errors.AsType[*diagnostic.Error](err); ok {
		return &apidiag.ExplainedError{Summary: tokenError.Summary, Detail: tokenError.Detail, Err: err}
	}

	return err
}

// unknownSettings are the names of settings that Terraform does not know yet. It is the token source until it does: a plan that
// sends no request works with it.
type unknownSettings []string

// Token implements sepay.TokenSource.
func (u unknownSettings) Token(context.Context, string) (string, error) {
	names := strings.Join(u, ", ")

	return "", &apidiag.ExplainedError{
		Deferred: true,
		Summary:  "The provider is configured with values that are not known yet",
		Detail: fmt.Sprintf("Terraform knows the value of %s only after an apply, and this plan has to ask SePay before it. "+
			"Set %s from a variable or the environment, or first apply what it depends on with -target.", names, names),
	}
}

// CurrentToken implements accesstoken.Source.
func (u unknownSettings) CurrentToken(ctx context.Context) (string, time.Time, error) {
	_, err := u.Token(ctx, "")

	return "", time.Time{}, err
}

package login

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenendpoint"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// underLock runs an action with the record under its lock. It waits for a run that is exchanging the old token.
func (f *signIn) underLock(ctx context.Context, action func(*tokenstore.Record) error) error {
	store := f.options.Store

	client := tokenstore.ClientName(f.options.TokenURL, f.options.ClientID)

	return underLock(ctx, store, client, f.name, f.msg.Messages, f.env, func() error {
		r, err := tokenstore.Read(ctx, store, f.name)
		if err != nil {
			return f.msg.CannotRead(store.Location(f.name), err)
		}

		return action(r)
	})
}

// tryStore finds out about a store that cannot be used before the user goes through the browser.
func (f *signIn) tryStore(ctx context.Context) error {
	return f.underLock(ctx, func(r *tokenstore.Record) error {
		if err := f.tryWrite(ctx, r); err != nil {
			return f.msg.CannotWrite(f.options.Store.Location(f.name), err)
		}

		return nil
	})
}

// tryWrite writes as the sign-in will be written. A helper gets what it has, once more; with nothing under the key,
// anything written would be read as a sign-in, so that only its lock is tried.
func (f *signIn) tryWrite(ctx context.Context, r *tokenstore.Record) error {
	if files, ok := f.options.Store.(*tokenstore.File); ok {
		return files.TryWrite(f.name)
	}

	if r == nil {
		return nil
	}

	return tokenstore.Write(ctx, f.options.Store, f.name, r)
}

// redeem exchanges the code. A code works once, so it is sent again only when it certainly was not sent at all.
func (f *signIn) redeem(ctx context.Context, code string) (tokenendpoint.Grant, error) {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {f.options.RedirectURL}}

	if f.verifier != "" {
		form.Set("code_verifier", f.verifier)
	}

	bounded, stop := context.WithTimeout(context.WithoutCancel(ctx), tokenendpoint.ExchangeTimeout)
	defer stop()

	a, _ := f.client.Exchange(bounded, ctx.Done(), form, 1)

	if err := context.Cause(ctx); err != nil && a.Outcome != tokenendpoint.Granted {
		return tokenendpoint.Grant{}, err
	}

	switch a.Outcome {
	case tokenendpoint.Granted:
		if a.Grant.RefreshToken == "" {
			return tokenendpoint.Grant{}, f.msg.noRefreshToken()
		}

		return a.Grant, nil
	case tokenendpoint.TokenRejected:
		return tokenendpoint.Grant{}, f.msg.codeRefused(a, f.verifier != "")
	case tokenendpoint.ClientRejected:
		return tokenendpoint.Grant{}, f.msg.clientRejected(a)
	case tokenendpoint.Unreachable:
		return tokenendpoint.Grant{}, a.UnreachableError()
	case tokenendpoint.Rejected:
		// Older versions of the usual PHP library say of a code that was used or has expired that the request is invalid.
		if a.Code == "invalid_request" {
			return tokenendpoint.Grant{}, f.msg.codeRefused(a, f.verifier != "")
		}
	case tokenendpoint.Busy, tokenendpoint.Ambiguous, tokenendpoint.NoResponse, tokenendpoint.Canceled:
	}

	return tokenendpoint.Grant{}, f.msg.codeNotExchanged(a)
}

// keep stores the new chain in place of the one that the key had before.
func (f *signIn) keep(ctx context.Context, g tokenendpoint.Grant) (Result, error) {
	f.env.Process.Exchanges.Begin()
	defer f.env.Process.Exchanges.End()

	resume := f.env.HoldSignals()
	defer resume()

	var saved *tokenstore.Record

	result := Result{
		Key: f.options.Key, Location: f.options.Store.Location(f.name), RefreshToken: Secret(g.RefreshToken),
	}

	err := f.underLock(ctx, func(old *tokenstore.Record) error {
		saved = f.record(ctx, old, g).Replacing(old)

		var err error

		for range tokenstore.SaveTries {
			if err = tokenstore.Write(ctx, f.options.Store, f.name, saved); err == nil {
				f.env.Process.KeepUnsaved(result.Location, nil)
				f.removeFormer(ctx, old)

				return nil
			}
		}

		return f.msg.CannotWrite(result.Location, err)
	})
	if err != nil {
		return result, f.lastResort(ctx, g, err)
	}

	result.ExpiresAt, result.RefreshExpiresAt, result.Scopes = saved.ExpiresAt, saved.RefreshExpiresAt, saved.GrantedScopes()
	result.Warnings = f.options.Store.TakeWarnings()

	return result, nil
}

// removeFormer removes the chain that a refresh token had replaced under this key: living tokens that nothing needs.
func (f *signIn) removeFormer(ctx context.Context, old *tokenstore.Record) {
	if old != nil && old.Former != "" {
		_ = f.options.Store.Remove(ctx, old.Former)
	}
}

// record is the new chain. It remembers the tokens of the chains that it replaces, so that an old refresh_token which
// still is in somebody's environment is recognized as spent and does not start that chain anew.
func (f *signIn) record(ctx context.Context, old *tokenstore.Record, g tokenendpoint.Grant) *tokenstore.Record {
	fresh := &tokenstore.Record{
		Version: tokenstore.RecordVersion, TokenURL: f.options.TokenURL, ClientID: f.options.ClientID,
		Key: f.options.Key, RefreshToken: g.RefreshToken, SeedFingerprint: tokenstore.Fingerprint(g.RefreshToken),
		Scopes:    f.options.Scopes,
		UpdatedBy: cmp.Or(f.options.UserAgent, tokenstore.ThisProcess()),
	}

	if f.options.Store.Lists() {
		fresh.Key = cmp.Or(f.options.Key, tokenstore.DefaultKey)
		fresh.History = f.endedSeeds(ctx)
	}

	if old != nil && old.ClientID == fresh.ClientID && old.TokenURL == fresh.TokenURL {
		fresh.Generation = old.Generation
		fresh.History = tokenstore.AppendHistory(fresh.History, f.seedsOf(ctx, old)...)
	}

	return fresh.Next(g, f.env.Now())
}

// seedsOf are all refresh tokens of a chain that is replaced, and of the one that it had replaced itself.
func (f *signIn) seedsOf(ctx context.Context, old *tokenstore.Record) []string {
	var all []string

	if old.Former != "" {
		if former, err := tokenstore.Read(ctx, f.options.Store, old.Former); err == nil && former != nil {
			all = append(slices.Clone(former.History), former.SeedFingerprint, tokenstore.Fingerprint(former.RefreshToken))
		}
	}

	return append(append(all, old.History...), old.SeedFingerprint, tokenstore.Fingerprint(old.RefreshToken))
}

// endedSeeds are the seeds of chains without a key that SePay refuses.
func (f *signIn) endedSeeds(ctx context.Context) []string {
	names, err := f.options.Store.List(ctx)
	if err != nil {
		return nil
	}

	var seeds []string

	for _, name := range names {
		// Records that cannot be read say nothing about seeds; status lists them.
		r, err := tokenstore.Read(ctx, f.options.Store, name)
		if err == nil && r != nil && r.Key == "" && r.IsRejected() &&
			r.ClientID == f.options.ClientID && r.TokenURL == f.options.TokenURL {
			seeds = tokenstore.AppendHistory(seeds, r.SeedFingerprint)
		}
	}

	return seeds
}

// lastResort keeps a copy of a sign-in that could not be stored: the code that it came from is used up.
func (f *signIn) lastResort(ctx context.Context, g tokenendpoint.Grant, cause error) error {
	path, err := tokenstore.WriteCopy(f.env.TempDir(), f.options.Store.Location(f.name), f.record(ctx, nil, g))
	if err != nil {
		return errors.Join(cause, err)
	}

	warning := f.msg.SavedAsCopy(f.options.Store, f.options.Store.Location(f.name), path, cause)

	return &diagnostic.Error{Code: diagnostic.CodeStoreWrite, Summary: warning.Summary, Detail: warning.Detail, Err: cause}
}

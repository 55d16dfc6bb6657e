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

// underLock loads the record and runs an action on it while it holds the lock. It waits for a run that exchanges the old token.
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

// checkStore checks that the store is usable before the browser opens.
func (f *signIn) checkStore(ctx context.Context) error {
	return f.underLock(ctx, func(r *tokenstore.Record) error {
		if err := f.tryWrite(ctx, r); err != nil {
			return f.msg.CannotWrite(f.options.Store.Location(f.name), err)
		}

		return nil
	})
}

// tryWrite checks that the sign-in can be saved. It saves a helper's record again. Without a record it only locks, because any
// record that it saved would be read as a sign-in.
func (f *signIn) tryWrite(ctx context.Context, r *tokenstore.Record) error {
	if files, ok := f.options.Store.(*tokenstore.File); ok {
		return files.TryWrite(f.name)
	}

	if r == nil {
		return nil
	}

	return tokenstore.Write(ctx, f.options.Store, f.name, r)
}

// redeem exchanges the code. A code is valid once, so redeem retries only if the request was certainly not sent.
func (f *signIn) redeem(ctx context.Context, code string) (tokenendpoint.Grant, error) {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {f.options.RedirectURL}}

	if f.verifier != "" {
		form.Set("code_verifier", f.verifier)
	}

	bounded, stop := context.WithTimeout(context.WithoutCancel(ctx), tokenendpoint.ExchangeTimeout)
	defer stop()

	r, _ := f.client.Exchange(bounded, ctx.Done(), form, 1)

	if err := context.Cause(ctx); err != nil && r.Outcome != tokenendpoint.Granted {
		return tokenendpoint.Grant{}, err
	}

	switch r.Outcome {
	case tokenendpoint.Granted:
		if r.Grant.RefreshToken == "" {
			return tokenendpoint.Grant{}, f.msg.noRefreshToken()
		}

		return r.Grant, nil
	case tokenendpoint.TokenRejected:
		return tokenendpoint.Grant{}, f.msg.codeRejected(r, f.verifier != "")
	case tokenendpoint.ClientRejected:
		return tokenendpoint.Grant{}, f.msg.clientRejected(r)
	case tokenendpoint.Unreachable:
		return tokenendpoint.Grant{}, r.UnreachableError()
	case tokenendpoint.Rejected:
		// Older versions of league/oauth2-server respond with invalid_request to a code that was used or expired.
		if r.Code == "invalid_request" {
			return tokenendpoint.Grant{}, f.msg.codeRejected(r, f.verifier != "")
		}
	case tokenendpoint.Busy, tokenendpoint.Ambiguous, tokenendpoint.NoResponse, tokenendpoint.Canceled:
	}

	return tokenendpoint.Grant{}, f.msg.codeNotExchanged(r)
}

// save stores the new chain in place of the previous one under the key.
func (f *signIn) save(ctx context.Context, g tokenendpoint.Grant) (Result, error) {
	f.env.Process.Exchanges.Begin()
	defer f.env.Process.Exchanges.End()

	release := f.env.HoldSignals()
	defer release()

	var saved *tokenstore.Record

	result := Result{
		Key: f.options.Key, Location: f.options.Store.Location(f.name), RefreshToken: Secret(g.RefreshToken),
	}

	err := f.underLock(ctx, func(old *tokenstore.Record) error {
		saved = f.record(ctx, old, g).Replacing(old)

		var err error

		for range tokenstore.SaveAttempts {
			if err = tokenstore.Write(ctx, f.options.Store, f.name, saved); err == nil {
				f.env.Process.SetUnsaved(result.Location, nil)
				f.removeFormer(ctx, old)

				return nil
			}
		}

		return f.msg.CannotWrite(result.Location, err)
	})
	if err != nil {
		return result, f.saveCopy(ctx, g, err)
	}

	result.ExpiresAt, result.RefreshExpiresAt, result.Scopes = saved.ExpiresAt, saved.RefreshExpiresAt, saved.GrantedScopes()
	result.Warnings = f.options.Store.TakeWarnings()

	return result, nil
}

// removeFormer removes the chain that the old one had replaced under this key: it has valid tokens that nothing uses.
func (f *signIn) removeFormer(ctx context.Context, old *tokenstore.Record) {
	if old != nil && old.Former != "" {
		_ = f.options.Store.Remove(ctx, old.Former)
	}
}

// record returns the new chain. It includes the fingerprints of the chains that it replaces, so that an old refresh_token that is
// still configured is recognized as spent and does not start a chain.
func (f *signIn) record(ctx context.Context, old *tokenstore.Record, g tokenendpoint.Grant) *tokenstore.Record {
	started := &tokenstore.Record{
		Version: tokenstore.RecordVersion, TokenURL: f.options.TokenURL, ClientID: f.options.ClientID,
		Key: f.options.Key, RefreshToken: g.RefreshToken, SeedFingerprint: tokenstore.Fingerprint(g.RefreshToken),
		Scopes:    f.options.Scopes,
		UpdatedBy: cmp.Or(f.options.UserAgent, tokenstore.ThisProcess()),
	}

	if f.options.Store.Lists() {
		started.Key = cmp.Or(f.options.Key, tokenstore.DefaultKey)
		started.History = f.rejectedSeeds(ctx)
	}

	if old != nil && old.ClientID == started.ClientID && old.TokenURL == started.TokenURL {
		started.Generation = old.Generation
		started.History = tokenstore.AppendHistory(started.History, f.seedsOf(ctx, old)...)
	}

	return started.Next(g, f.env.Now())
}

// seedsOf returns the fingerprints of all refresh tokens of a replaced chain, and of the one that it had replaced.
func (f *signIn) seedsOf(ctx context.Context, old *tokenstore.Record) []string {
	var all []string

	if old.Former != "" {
		if former, err := tokenstore.Read(ctx, f.options.Store, old.Former); err == nil && former != nil {
			all = append(slices.Clone(former.History), former.SeedFingerprint, tokenstore.Fingerprint(former.RefreshToken))
		}
	}

	return append(append(all, old.History...), old.SeedFingerprint, tokenstore.Fingerprint(old.RefreshToken))
}

// rejectedSeeds returns the seeds of the chains without a key that SePay rejects.
func (f *signIn) rejectedSeeds(ctx context.Context) []string {
	names, err := f.options.Store.List(ctx)
	if err != nil {
		return nil
	}

	var seeds []string

	for _, name := range names {
		// Skip unreadable records; status reports them.
		r, err := tokenstore.Read(ctx, f.options.Store, name)
		if err == nil && r != nil && r.Key == "" && r.IsRejected() &&
			r.ClientID == f.options.ClientID && r.TokenURL == f.options.TokenURL {
			seeds = tokenstore.AppendHistory(seeds, r.SeedFingerprint)
		}
	}

	return seeds
}

// saveCopy writes an emergency copy of a sign-in that could not be stored: its code cannot be exchanged again.
func (f *signIn) saveCopy(ctx context.Context, g tokenendpoint.Grant, cause error) error {
	path, err := tokenstore.WriteCopy(f.env.TempDir(), f.options.Store.Location(f.name), f.record(ctx, nil, g))
	if err != nil {
		return errors.Join(cause, err)
	}

	warning := f.msg.SavedAsCopy(f.options.Store, f.options.Store.Location(f.name), path, cause)

	return &diagnostic.Error{Code: diagnostic.CodeStoreWrite, Summary: warning.Summary, Detail: warning.Detail, Err: cause}
}

package oauth

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"
)

// underLock runs an action with the record under its lock. It waits for a run that is exchanging the old token.
func (f *signIn) underLock(ctx context.Context, action func(*record) error) error {
	store := f.options.Store

	return underLock(ctx, store, clientName(f.options.TokenURL, f.options.ClientID), f.name, f.msg.storeMessages, f.env, func() error {
		r, err := readRecord(ctx, store, f.name)
		if err != nil {
			return f.msg.cannotRead(store.location(f.name), err)
		}

		return action(r)
	})
}

// tryStore finds out about a store that cannot be used before the user goes through the browser.
func (f *signIn) tryStore(ctx context.Context) error {
	return f.underLock(ctx, func(r *record) error {
		if err := f.tryWrite(ctx, r); err != nil {
			return f.msg.cannotWrite(f.options.Store.location(f.name), err)
		}

		return nil
	})
}

// tryWrite writes as the sign-in will be written. A helper gets what it has, once more; with nothing under the key,
// anything written would be read as a sign-in, so that only its lock is tried.
func (f *signIn) tryWrite(ctx context.Context, r *record) error {
	if files, ok := f.options.Store.(*fileStore); ok {
		return files.tryWrite(f.name)
	}

	if r == nil {
		return nil
	}

	return writeRecord(ctx, f.options.Store, f.name, r)
}

// redeem exchanges the code. A code works once, so it is sent again only when it certainly was not sent at all.
func (f *signIn) redeem(ctx context.Context, code string) (grant, error) {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {f.options.RedirectURL}}

	if f.verifier != "" {
		form.Set("code_verifier", f.verifier)
	}

	bounded, stop := context.WithTimeout(context.WithoutCancel(ctx), exchangeTimeout)
	defer stop()

	a, _ := f.client.exchange(bounded, ctx.Done(), form, 1)

	if err := context.Cause(ctx); err != nil && a.verdict != verdictGranted {
		return grant{}, err
	}

	switch a.verdict {
	case verdictGranted:
		if a.grant.refreshToken == "" {
			return grant{}, f.msg.noRefreshToken()
		}

		return a.grant, nil
	case verdictDead:
		return grant{}, f.msg.codeRefused(a, f.verifier != "")
	case verdictMisconfigured:
		return grant{}, f.msg.clientRejected(a)
	case verdictUnreachable:
		return grant{}, a.unreachable()
	case verdictRefused:
		// Older versions of the usual PHP library say of a code that was used or has expired that the request is invalid.
		if a.code == "invalid_request" {
			return grant{}, f.msg.codeRefused(a, f.verifier != "")
		}
	case verdictBusy, verdictAmbiguous, verdictUnanswered, verdictCanceled:
	}

	return grant{}, f.msg.codeNotExchanged(a)
}

// keep stores the new chain in place of the one that the key had before.
func (f *signIn) keep(ctx context.Context, g grant) (LoginResult, error) {
	f.env.process.exchanges.begin()
	defer f.env.process.exchanges.end()

	letGo := f.env.holdSignals()
	defer letGo()

	var saved *record

	result := LoginResult{
		Key: f.options.Key, Location: f.options.Store.location(f.name), RefreshToken: Secret(g.refreshToken),
	}

	err := f.underLock(ctx, func(old *record) error {
		saved = f.record(ctx, old, g).onTopOf(old)

		var err error

		for range saveTries {
			if err = writeRecord(ctx, f.options.Store, f.name, saved); err == nil {
				f.env.process.keep(result.Location, nil)
				f.removeFormer(ctx, old)

				return nil
			}
		}

		return f.msg.cannotWrite(result.Location, err)
	})
	if err != nil {
		return result, f.lastResort(ctx, g, err)
	}

	result.ExpiresAt, result.RefreshExpiresAt, result.Scopes = saved.ExpiresAt, saved.RefreshExpiresAt, saved.grantedScopes()
	result.Warnings = f.options.Store.takeWarnings()

	return result, nil
}

// removeFormer removes the chain that a refresh token had replaced under this key: living tokens that nothing needs.
func (f *signIn) removeFormer(ctx context.Context, old *record) {
	if old != nil && old.Former != "" {
		_ = f.options.Store.remove(ctx, old.Former)
	}
}

// record is the new chain. It remembers the tokens of the chains that it replaces, so that an old refresh_token which
// still stands in somebody's environment is recognized as spent and does not start that chain anew.
func (f *signIn) record(ctx context.Context, old *record, g grant) *record {
	fresh := &record{
		Version: recordVersion, TokenURL: f.options.TokenURL, ClientID: f.options.ClientID,
		Key: f.options.Key, RefreshToken: g.refreshToken, SeedFingerprint: fingerprint(g.refreshToken),
		Scopes:    f.options.Scopes,
		UpdatedBy: cmp.Or(f.options.UserAgent, thisProcess()),
	}

	if f.options.Store.lists() {
		fresh.Key = cmp.Or(f.options.Key, DefaultKey)
		fresh.History = f.endedSeeds(ctx)
	}

	if old != nil && old.ClientID == fresh.ClientID && old.TokenURL == fresh.TokenURL {
		fresh.Generation = old.Generation
		fresh.History = appendHistory(fresh.History, f.seedsOf(ctx, old)...)
	}

	return fresh.next(g, f.env.now())
}

// seedsOf are all refresh tokens of a chain that is replaced, and of the one that it had replaced itself.
func (f *signIn) seedsOf(ctx context.Context, old *record) []string {
	var all []string

	if old.Former != "" {
		if former, err := readRecord(ctx, f.options.Store, old.Former); err == nil && former != nil {
			all = append(slices.Clone(former.History), former.SeedFingerprint, fingerprint(former.RefreshToken))
		}
	}

	return append(append(all, old.History...), old.SeedFingerprint, fingerprint(old.RefreshToken))
}

// endedSeeds are the seeds of chains without a key that SePay refuses.
func (f *signIn) endedSeeds(ctx context.Context) []string {
	names, err := f.options.Store.list(ctx)
	if err != nil {
		return nil
	}

	var seeds []string

	for _, name := range names {
		// Records that cannot be read say nothing about seeds; status lists them.
		r, err := readRecord(ctx, f.options.Store, name)
		if err == nil && r != nil && r.Key == "" && r.dead() &&
			r.ClientID == f.options.ClientID && r.TokenURL == f.options.TokenURL {
			seeds = appendHistory(seeds, r.SeedFingerprint)
		}
	}

	return seeds
}

// lastResort keeps a copy of a sign-in that could not be stored: the code that it came from is used up.
func (f *signIn) lastResort(ctx context.Context, g grant, cause error) error {
	path, err := writeEmergencyCopy(f.env.tempDir(), f.options.Store.location(f.name), f.record(ctx, nil, g))
	if err != nil {
		return errors.Join(cause, err)
	}

	warning := f.msg.emergency(f.options.Store, f.options.Store.location(f.name), path, cause)

	return &Error{Code: CodeStoreWrite, Summary: warning.Summary, Detail: warning.Detail, Err: cause}
}

package oauth

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
)

const saveTries = 3

// exchange is one passage through the critical section: lock and turn are held, and the token is about to be spent.
// Nothing is logged in here: Terraform may be gone, and writing to its pipe would end the process.
type exchange struct {
	*Source
	name     string
	shared   *chain
	rejected string
	base     *record // what was loaded under the lock; nil: the seed starts a chain
}

// run returns the record with the new access token.
func (e *exchange) run(ctx context.Context, canceled <-chan struct{}) (*record, error) {
	intent, before, err := e.saveIntent(ctx)
	if err != nil {
		return nil, err
	}

	e.mask(intent.RefreshToken)
	e.env.step(stepIntent)

	bounded, stop := context.WithTimeout(ctx, exchangeTimeout)
	a, sent := e.client.refresh(bounded, canceled, intent.RefreshToken)

	stop()
	e.env.step(stepAnswered)

	switch a.verdict {
	case verdictGranted:
		next := intent.next(a.grant, e.env.now())
		e.remind(e.base, next)

		return e.keep(ctx, next)
	case verdictDead:
		return e.adoptOrReject(ctx, intent, before, sent)
	case verdictMisconfigured, verdictRefused, verdictBusy, verdictUnreachable, verdictAmbiguous, verdictCanceled:
	}

	e.settle(ctx, intent, before, sent || a.verdict == verdictAmbiguous)

	if sent {
		a.verdict = verdictAmbiguous
	}

	e.remind(e.base, nil)

	return nil, e.msg.notGranted(a)
}

// saveIntent announces the exchange. When that cannot be saved, the result could not be either, and nothing is spent.
// before is the intent of an earlier run on the same token, which that run did not live to remove.
func (e *exchange) saveIntent(ctx context.Context) (intent *record, before *pending, err error) {
	var next record

	if e.base == nil || e.seedIsNew(e.base) {
		if err := e.backUp(ctx); err != nil {
			return nil, nil, err
		}

		next = record{Key: e.cfg.Key, RefreshToken: e.cfg.RefreshToken, SeedFingerprint: fingerprint(e.cfg.RefreshToken)}
	} else {
		next = *e.base
	}

	next.Version, next.TokenURL, next.ClientID = recordVersion, e.cfg.TokenURL, e.cfg.ClientID
	next.UpdatedBy = cmp.Or(e.cfg.UserAgent, thisProcess())

	fp := fingerprint(next.RefreshToken)
	if next.Pending != nil && next.Pending.Fingerprint == fp {
		before = next.Pending
	}

	next.Pending = &pending{Fingerprint: fp, At: e.env.now(), PID: e.env.pid, Host: e.env.host}

	if err := e.save(ctx, &next); err != nil {
		return nil, nil, e.msg.cannotWrite(e.cfg.Store.location(e.name), err)
	}

	return &next, before, nil
}

// backUp keeps the record that a new seed is about to replace, unless it never worked itself.
func (e *exchange) backUp(ctx context.Context) error {
	if e.base == nil || e.base.Generation == 0 {
		return nil
	}

	data, err := e.base.encode()
	if err == nil {
		err = e.cfg.Store.save(ctx, backupName(e.name), data)
	}

	if err != nil {
		return e.msg.cannotWrite(e.cfg.Store.location(backupName(e.name)), err)
	}

	return nil
}

// keep saves the new tokens. They are used in any case: they are the only ones that work.
func (e *exchange) keep(ctx context.Context, r *record) (*record, error) {
	e.mask(r.AccessToken, r.RefreshToken)

	var err error

	for range saveTries {
		if err = e.save(ctx, r); err == nil {
			break
		}
	}

	if err != nil {
		e.shared.keep(r)
		e.emergencyCopy(r, err)

		return r, nil
	}

	e.shared.keep(nil)
	e.env.step(stepSaved)

	// The backup has served its purpose. Should it stay, it is only a former chain that nothing reads any more.
	if r.Generation == 1 {
		_ = e.cfg.Store.remove(ctx, backupName(e.name))
	}

	return r, nil
}

func (e *exchange) save(ctx context.Context, r *record) error {
	data, err := r.encode()
	if err != nil {
		return err
	}

	return e.cfg.Store.save(ctx, e.name, data)
}

func (e *exchange) emergencyCopy(r *record, cause error) {
	location := e.cfg.Store.location(e.name)

	path, err := writeEmergencyCopy(e.env.tempDir(), r)
	if err != nil {
		e.warnings.add(e.msg.notSaved(location, cause, err))

		return
	}

	e.warnings.add(e.msg.emergency(location, path, cause))
}

func writeEmergencyCopy(dir string, r *record) (string, error) {
	data, err := r.encode()
	if err != nil {
		return "", err
	}

	// CreateTemp makes the file for this user only, under a name that nobody can have prepared.
	file, err := os.CreateTemp(dir, "terraform-provider-sepay-*.json")
	if err != nil {
		return "", err
	}

	_, err = file.Write(data)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		_ = os.Remove(file.Name())

		return "", err
	}

	return filepath.Clean(file.Name()), nil
}

// adoptOrReject deals with a refused token. Where the store's lock does not reach everybody who uses it, somebody else
// may have rotated the token meanwhile; only if not, the chain has ended.
func (e *exchange) adoptOrReject(ctx context.Context, sentRecord *record, before *pending, lost bool) (*record, error) {
	now, err := e.load(ctx, e.name)
	if err == nil && now != nil && now.RefreshToken != sentRecord.RefreshToken && e.usable(now, e.rejected) {
		return now, nil
	}

	ended := *sentRecord
	ended.Pending = before
	code := e.reason(&ended, before, lost)

	if lost && before == nil {
		ended.Pending = sentRecord.Pending
		ended.Pending.AnswerLost = true
	}

	ended.Rejected = &rejection{Fingerprint: fingerprint(ended.RefreshToken), At: e.env.now(), Code: code}
	failure := e.msg.chainEnded(code, e.name, &ended, ended.Pending)

	// Without this note the next run merely asks SePay once more.
	if err := e.save(ctx, &ended); err != nil {
		failure.Err = err
	}

	return nil, failure
}

// reason finds out what most likely ended the chain.
func (e *exchange) reason(r *record, before *pending, lost bool) Code {
	switch {
	case before != nil && before.AnswerLost, before == nil && lost:
		return CodeAnswerLost
	case before != nil:
		return CodeInterrupted
	case r.Generation == 0:
		return CodeSeedSpent
	case e.env.now().After(r.RefreshExpiresAt):
		return CodeExpired
	}

	return CodeRefused
}

// settle takes the intent back after an exchange that brought nothing. When SePay may have seen the token, the intent
// stays, so that a later refusal can be explained.
func (e *exchange) settle(ctx context.Context, intent *record, before *pending, uncertain bool) {
	settled := *intent
	settled.Pending = before

	if uncertain && before == nil {
		lost := *intent.Pending
		lost.AnswerLost = true
		settled.Pending = &lost
	}

	// If this fails, the next run finds an intent too many, and mentions it only if SePay refuses the token.
	_ = e.save(ctx, &settled)
}

// report logs the outcome, once it is safe to write to a pipe that may be broken.
func (e *exchange) report(ctx context.Context, err error) {
	if err != nil {
		e.log(ctx, "the refresh token could not be exchanged", map[string]any{"error": err.Error()})

		return
	}

	e.log(ctx, "the access token was renewed", map[string]any{"store": e.cfg.Store.location(e.name)})
}

package login

import (
	"context"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/system"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// Logout deletes a stored sign-in that Statuses has listed, and the one that a refresh token has replaced there. It waits
// for a run that is exchanging the tokens. SePay is not told: it documents no way to withdraw a token. Its errors are
// *Error, or the context's.
func Logout(ctx context.Context, store tokenstore.Store, s tokenstore.Status) error {
	msg := tokenstore.NewMessages(s.ClientID, s.Key)

	return underLock(ctx, store, tokenstore.ClientName(s.TokenURL, s.ClientID), s.RecordName, msg, system.NewEnvironment(), func() error {
		for _, name := range []string{s.FormerName, s.RecordName} {
			if name == "" {
				continue
			}

			if err := store.Remove(ctx, name); err != nil {
				return msg.CannotRemove(store.Location(name), err)
			}
		}

		return nil
	})
}

// underLock runs an action with the lock of the client and the record held.
func underLock(
	ctx context.Context, store tokenstore.Store, client, name string, msg tokenstore.Messages, env system.Environment, action func() error,
) error {
	const poll = time.Second

	deadline := env.Now().Add(tokenstore.DefaultLockTimeout)
	location := store.Location(name)

	for {
		unlock, holder, err := store.TryLock(ctx, client, name)
		if err != nil {
			return msg.CannotLock(location, err)
		}

		if unlock != nil {
			err := action()

			unlock()

			return err
		}

		if env.Now().After(deadline) {
			return msg.LockTimeout(location, holder, tokenstore.DefaultLockTimeout)
		}

		if err := env.Sleep(ctx, system.Jitter(poll)); err != nil {
			return err
		}
	}
}

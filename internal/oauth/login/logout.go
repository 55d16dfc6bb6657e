package login

import (
	"context"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/system"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// Logout deletes a stored sign-in that Statuses returned, and the chain that it replaced. It waits for a run that exchanges the
// token. It does not revoke the tokens, because SePay documents no revocation endpoint. Its errors are *diagnostic.Error, or
// the context's.
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

// underLock runs an action while it holds the locks of the client and the record.
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

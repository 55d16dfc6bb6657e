package oauth

import "context"

// Logout deletes a stored sign-in that Statuses has listed, and the one that a refresh token has replaced there. It waits
// for a run that is exchanging the tokens. SePay is not told: it documents no way to withdraw a token. Its errors are
// *Error, or the context's.
func Logout(ctx context.Context, store Store, s Status) error {
	msg := storeMessages{signInName{s.ClientID, s.Key}}

	return underLock(ctx, store, clientName(s.TokenURL, s.ClientID), s.name, msg, realEnvironment(), func() error {
		for _, name := range []string{s.former, s.name} {
			if name == "" {
				continue
			}

			if err := store.remove(ctx, name); err != nil {
				return msg.cannotRemove(store.location(name), err)
			}
		}

		return nil
	})
}

// underLock runs an action with the lock of the client and the record held.
func underLock(
	ctx context.Context, store Store, client, name string, msg storeMessages, env environment, action func() error,
) error {
	deadline := env.now().Add(DefaultLockTimeout)
	location := store.location(name)

	for {
		unlock, holder, err := store.tryLock(ctx, client, name)
		if err != nil {
			return msg.cannotLock(location, err)
		}

		if unlock != nil {
			err := action()

			unlock()

			return err
		}

		if env.now().After(deadline) {
			return msg.lockTimeout(location, holder, DefaultLockTimeout)
		}

		if err := env.sleep(ctx, jittered(lastPoll)); err != nil {
			return err
		}
	}
}

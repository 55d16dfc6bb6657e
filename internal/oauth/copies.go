package oauth

import (
	"context"
	"os"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// newestCopy returns the emergency copy that an earlier run left, if it is newer than the stored record, else the stored
// record. A copy that is older than the stored record has only spent tokens, and is removed.
func (s *Source) newestCopy(name string, stored *tokenstore.Record) *tokenstore.Record {
	if s.cfg.Store == tokenstore.None() || stored != nil && stored.Pending == nil && stored.Usable(s.env.Now(), "") {
		return stored
	}

	newest := stored

	for _, path := range tokenstore.Copies(s.env.TempDir(), s.cfg.Store.Location(name)) {
		found, err := tokenstore.ReadCopy(path)

		switch {
		case err != nil, found.ClientID != s.cfg.ClientID, found.TokenURL != s.cfg.TokenURL:
		case found.Supersedes(newest):
			newest = found.Replacing(stored)
		case stored != nil && stored.Contains(tokenstore.Fingerprint(found.RefreshToken)):
			_ = os.Remove(path)
		}
	}

	return newest
}

// removeCopies removes the emergency copies of a record that is now saved.
func (s *Source) removeCopies(name string) {
	for _, path := range tokenstore.Copies(s.env.TempDir(), s.cfg.Store.Location(name)) {
		if found, err := tokenstore.ReadCopy(path); err == nil && found.ClientID == s.cfg.ClientID {
			_ = os.Remove(path)
		}
	}
}

func (e *exchange) writeEmergencyCopy(r *tokenstore.Record, cause error) {
	location := e.cfg.Store.Location(e.at.name)

	path, err := tokenstore.WriteCopy(e.env.TempDir(), location, r)
	if err != nil {
		e.warnings.Add(e.msg.notSaved(location, cause, err))

		return
	}

	e.warnings.Add(e.msg.SavedAsCopy(e.cfg.Store, location, path, cause))
}

// restoreCopy saves a record from an emergency copy in the store, and removes the copy. The caller holds the lock.
func (s *Source) restoreCopy(ctx context.Context, name string, r *tokenstore.Record) *tokenstore.Record {
	location := s.cfg.Store.Location(name)

	saved := *r
	saved.CopyPath = ""

	if err := tokenstore.Write(ctx, s.cfg.Store, name, &saved); err != nil {
		s.warnings.Add(s.msg.SavedAsCopy(s.cfg.Store, location, r.CopyPath, err))

		return r
	}

	s.removeCopies(name)
	s.log(ctx, "restored the sign-in from an emergency copy of an earlier run", map[string]any{"store": location})

	return &saved
}

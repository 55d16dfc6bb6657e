package oauth

import (
	"context"
	"os"
)

// withCopy returns the emergency copy of a record that an earlier run could not save, if there is one that is newer than
// the stored record. A copy that the stored record has left behind holds nothing but spent tokens, and is removed.
func (s *Source) withCopy(name string, stored *record) *record {
	if s.cfg.Store == NoStore() || stored != nil && stored.Pending == nil && stored.usable(s.env.now(), "") {
		return stored
	}

	newest := stored

	for _, path := range emergencyCopies(s.env.tempDir(), s.cfg.Store.location(name)) {
		found, err := readEmergencyCopy(path)

		switch {
		case err != nil, found.ClientID != s.cfg.ClientID, found.TokenURL != s.cfg.TokenURL:
		case found.follows(newest):
			newest = found.onTopOf(stored)
		case stored != nil && stored.knows(fingerprint(found.RefreshToken)):
			_ = os.Remove(path)
		}
	}

	return newest
}

// removeCopies removes the emergency copies of a record that has been saved.
func (s *Source) removeCopies(name string) {
	for _, path := range emergencyCopies(s.env.tempDir(), s.cfg.Store.location(name)) {
		if found, err := readEmergencyCopy(path); err == nil && found.ClientID == s.cfg.ClientID {
			_ = os.Remove(path)
		}
	}
}

func (e *exchange) emergencyCopy(r *record, cause error) {
	location := e.cfg.Store.location(e.at.name)

	path, err := writeEmergencyCopy(e.env.tempDir(), location, r)
	if err != nil {
		e.warnings.add(e.msg.notSaved(location, cause, err))

		return
	}

	e.warnings.add(e.msg.emergency(e.cfg.Store, location, path, cause))
}

// putBack saves what was found in an emergency copy, and removes the copy. The caller holds the lock.
func (s *Source) putBack(ctx context.Context, name string, r *record) *record {
	location := s.cfg.Store.location(name)

	saved := *r
	saved.copy = ""

	if err := writeRecord(ctx, s.cfg.Store, name, &saved); err != nil {
		s.warnings.add(s.msg.emergency(s.cfg.Store, location, r.copy, err))

		return r
	}

	s.removeCopies(name)
	s.log(ctx, "a sign-in that an earlier run could not save was put back", map[string]any{"store": location})

	return &saved
}

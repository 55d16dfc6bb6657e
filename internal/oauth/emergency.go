package oauth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// copyPrefix begins the name of each emergency copy of one record. A copy is found by it, whatever the end of its name:
// a name that can be known beforehand could be taken by somebody else.
func copyPrefix(location string) string {
	sum := sha256.Sum256([]byte("emergency copy\x00" + location))

	return "terraform-provider-sepay-" + hex.EncodeToString(sum[:8]) + "-"
}

// writeEmergencyCopy keeps a record that cannot be saved at its location in the temporary directory.
func writeEmergencyCopy(dir, location string, r *record) (string, error) {
	data, err := r.encode()
	if err != nil {
		return "", err
	}

	// CreateTemp makes the file for this user only, under a name that nobody can have prepared.
	file, err := os.CreateTemp(dir, copyPrefix(location)+"*"+recordSuffix)
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

// emergencyCopies are the paths of a record's copies.
func emergencyCopies(dir, location string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}

	var paths []string

	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), copyPrefix(location)) && strings.HasSuffix(entry.Name(), recordSuffix) {
			paths = append(paths, filepath.Join(dir, entry.Name()))
		}
	}

	return paths
}

// readEmergencyCopy reads a copy that only this user can have written and read. Anything else in a directory that all users
// share is not trusted.
func readEmergencyCopy(path string) (*record, error) {
	file, err := openNoFollow(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()

	if err := checkPrivate(file); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}

	data, err := io.ReadAll(io.LimitReader(file, maxRecordSize))
	if err != nil {
		return nil, err
	}

	r, err := decodeRecord(data)
	if err != nil {
		return nil, err
	}

	r.copy = path

	return r, nil
}

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

	e.warnings.add(e.msg.emergency(location, path, cause))
}

// putBack saves what was found in an emergency copy, and removes the copy. The caller holds the lock.
func (s *Source) putBack(ctx context.Context, name string, r *record) *record {
	location := s.cfg.Store.location(name)

	data, err := r.encode()
	if err == nil {
		err = s.cfg.Store.save(ctx, name, data, r.raw)
	}

	if err != nil {
		s.warnings.add(s.msg.emergency(location, r.copy, err))

		return r
	}

	s.removeCopies(name)
	s.log(ctx, "a sign-in that an earlier run could not save was put back", map[string]any{"store": location})

	saved := *r
	saved.raw, saved.copy = data, ""

	return &saved
}

package oauth

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"unicode"
)

// DefaultKey is the key under which Login stores a sign-in that was given none.
const DefaultKey = "default"

// fingerprint identifies a refresh token without giving it away.
func fingerprint(token string) string {
	sum := sha256.Sum256([]byte("sepay refresh token\x00" + token))

	return hex.EncodeToString(sum[:16])
}

// recordName is the hash of a versioned tuple. The parts are separated by NUL, which none of them can contain, so that
// no two tuples make the same name.
func recordName(tokenURL, clientID, kind, value string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{"v1", tokenURL, clientID, kind, value}, "\x00")))

	return hex.EncodeToString(sum[:])
}

// longestKey is what may be expected to fit into a secret's path in any vault.
const longestKey = 200

// validKey tells whether a key can be a helper's argument and stand in a message.
func validKey(key string) bool {
	return len(key) <= longestKey && !strings.HasPrefix(key, "-") && !strings.ContainsFunc(key, unicode.IsControl)
}

func keyName(tokenURL, clientID, key string) string {
	return recordName(tokenURL, clientID, "key", key)
}

func seedName(tokenURL, clientID, seed string) string {
	return recordName(tokenURL, clientID, "seed", fingerprint(seed))
}

// seedIsNew tells whether the configured refresh token starts a chain that the record does not know.
func (s *Source) seedIsNew(r *record) bool {
	return s.cfg.RefreshToken != "" && (r == nil || !r.knows(fingerprint(s.cfg.RefreshToken)))
}

// clientName is the name of the lock that covers all records of the client.
func (s *Source) clientName() string { return clientName(s.cfg.TokenURL, s.cfg.ClientID) }

// seedName is the name that a chain of the configured refresh token has when no key gives it another.
func (s *Source) seedName() string {
	return seedName(s.cfg.TokenURL, s.cfg.ClientID, s.cfg.RefreshToken)
}

func clientName(tokenURL, clientID string) string {
	return recordName(tokenURL, clientID, "client", "")
}

// slot is where a source works: the record of that name, or nil, and whether the configured refresh token is to start a
// new chain there, because no record of the client knows it.
type slot struct {
	name   string
	record *record
	seeds  bool
}

// token is the refresh token that an exchange would send.
func (at slot) token(seed string) string {
	if at.seeds {
		return seed
	}

	return at.record.RefreshToken
}

// find looks for the record that this source works on. A refresh token that any record of the client knows is never sent
// as a new one: sending it would fail, and may revoke the chain that came from it.
func (s *Source) find(ctx context.Context) (slot, error) {
	name := s.cfg.Store.name(s.cfg.TokenURL, s.cfg.ClientID, s.cfg.Key, s.cfg.RefreshToken)
	if name == "" {
		return s.findOnly(ctx)
	}

	r, err := s.load(ctx, name)
	if err != nil {
		return slot{}, err
	}

	if s.cfg.RefreshToken == "" {
		return s.orFormer(ctx, slot{name: name, record: r})
	}

	known := !s.seedIsNew(r)
	if known && !r.dead() {
		return slot{name: name, record: r}, nil
	}

	sibling, err := s.findSibling(ctx, name)

	switch {
	case err != nil:
		return slot{}, err
	case sibling.record != nil && !sibling.record.dead(), sibling.record != nil && r == nil:
		return sibling, nil
	case known, sibling.record != nil && !r.dead():
		return slot{name: name, record: r}, nil
	case sibling.record != nil:
		return sibling, nil
	case s.cfg.Key == "" && r != nil && !r.dead():
		// A store that cannot list keeps one record under a name that needs no refresh token to be found. It belongs to
		// another authorization of the client, and this one gets a record of its own.
		name, r = s.seedName(), nil
	}

	return slot{name: name, record: r, seeds: true}, nil
}

// orFormer is the chain that a refresh token replaced which never worked, and which the configuration no longer has.
func (s *Source) orFormer(ctx context.Context, at slot) (slot, error) {
	if at.record == nil || at.record.Former == "" || at.record.Generation > 0 || !at.record.dead() {
		return at, nil
	}

	former, err := s.load(ctx, at.record.Former)
	if err != nil || former == nil || former.dead() {
		return at, err
	}

	return slot{name: at.record.Former, record: former}, nil
}

// findSibling looks whether the seed is a spent ancestor of another record of this client: from before a key was set, of
// another key, or of a chain that was replaced under its key. That chain goes on instead; living ones come first.
func (s *Source) findSibling(ctx context.Context, own string) (slot, error) {
	fp := fingerprint(s.cfg.RefreshToken)

	siblings, err := s.siblings(ctx, s.seedName())
	if err != nil {
		return slot{}, err
	}

	var name string

	for _, sibling := range siblings {
		if sibling.Name == own || sibling.record == nil || !sibling.record.knows(fp) {
			continue
		}

		if name = cmp.Or(name, sibling.Name); !sibling.record.dead() {
			name = sibling.Name

			break
		}
	}

	if name == "" {
		return slot{}, nil
	}

	r, err := s.load(ctx, name)
	if err == nil && r != nil && r.Successor != "" {
		name = r.Successor
		r, err = s.load(ctx, name)
	}

	// The note of a chain that never came to be, or whose record was removed, says nothing.
	if err != nil || r == nil || !r.knows(fp) || name == own {
		return slot{}, err
	}

	return slot{name: name, record: r}, nil
}

// findOnly chooses the record when neither a seed nor a key says which: the one without a key. Live ones come before
// refused and replaced ones, and one with a key is chosen where there is no other. The choice holds for the life of the
// source: a sign-in that happens while Terraform runs must not switch accounts between two resources.
func (s *Source) findOnly(ctx context.Context) (slot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()

	if s.name == "" {
		name, err := s.choose(ctx)
		if err != nil {
			return slot{}, err
		}

		s.name = name
	}

	r, err := s.load(ctx, s.name)

	return slot{name: s.name, record: r}, err
}

func (s *Source) choose(ctx context.Context) (string, error) {
	// The sign-in without a key counts whatever its state: another one may be another account.
	unnamed := keyName(s.cfg.TokenURL, s.cfg.ClientID, DefaultKey)
	if r, err := s.load(ctx, unnamed); err != nil || r != nil {
		return unnamed, err
	}

	var candidates []stored

	if s.cfg.Store.lists() {
		var err error
		if candidates, err = s.siblings(ctx, ""); err != nil {
			return "", err
		}
	}

	var readable []stored

	var unreadable error

	for _, c := range candidates {
		if c.record == nil {
			unreadable = errors.Join(unreadable, c.err)
		} else {
			readable = append(readable, c)
		}
	}

	readable = prefer(readable, func(c stored) bool { return !c.record.dead() })
	readable = prefer(readable, func(c stored) bool { return !c.record.Replaced })
	readable = prefer(readable, func(c stored) bool { return c.record.Key == "" })

	switch {
	case len(readable) == 1:
		return readable[0].Name, nil
	case len(readable) > 1:
		return "", s.msg.severalRecords(readable)
	case unreadable != nil:
		return "", unreadable
	}

	return "", s.msg.notSignedIn()
}

// prefer keeps the elements that have the property, or all when none has.
func prefer(all []stored, property func(stored) bool) []stored {
	var some []stored

	for _, c := range all {
		if property(c) {
			some = append(some, c)
		}
	}

	if len(some) == 0 {
		return all
	}

	return some
}

// stored is one record found by listing a store; record is nil when err says why it cannot be read.
type stored struct {
	Name   string
	record *record
	err    error
}

// siblings are the records of this client at this token URL, and those that cannot be read and so might be. A store that
// does not list all records is asked for the one of the given name as well, unless it is "".
func (s *Source) siblings(ctx context.Context, ask string) ([]stored, error) {
	names, err := s.cfg.Store.list(ctx)
	if err != nil {
		return nil, s.msg.cannotRead(s.cfg.Store.String(), err)
	}

	if ask != "" && !s.cfg.Store.lists() && !slices.Contains(names, ask) {
		names = append(names, ask)
	}

	var found []stored

	for _, name := range names {
		r, err := s.loadStored(ctx, name)

		switch {
		case err != nil:
			found = append(found, stored{Name: name, err: err})
		case r != nil && r.ClientID == s.cfg.ClientID && r.TokenURL == s.cfg.TokenURL:
			found = append(found, stored{Name: name, record: r})
		}
	}

	return found, nil
}

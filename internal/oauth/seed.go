package oauth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
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

// resolve finds the record that this source works on. A name stays what it is for the life of the source: a sign-in that
// happens while Terraform runs must not switch accounts between two resources.
func (s *Source) resolve(ctx context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()

	if s.name != "" {
		return s.name, nil
	}

	name, err := s.find(ctx)
	if err != nil {
		return "", err
	}

	s.name = name

	return name, nil
}

func (s *Source) find(ctx context.Context) (string, error) {
	cfg := s.cfg

	name := cfg.Store.name(cfg.TokenURL, cfg.ClientID, cfg.Key, cfg.RefreshToken)
	if name == "" {
		return s.findOnly(ctx)
	}

	if cfg.RefreshToken == "" || !cfg.Store.lists() {
		return name, nil
	}

	r, err := s.load(ctx, name)
	if err != nil {
		return "", err
	}

	if r != nil && !s.seedIsNew(r) && !r.dead() {
		return name, nil
	}

	return s.findSibling(ctx, name)
}

// findSibling looks whether the seed is a spent ancestor of another record of this client, for example from before a key
// was set. Sending it would fail, and may revoke that other chain; so that chain goes on instead.
func (s *Source) findSibling(ctx context.Context, own string) (string, error) {
	fp := fingerprint(s.cfg.RefreshToken)

	siblings, err := s.siblings(ctx)
	if err != nil {
		return "", err
	}

	for _, sibling := range siblings {
		if sibling.Name != own && sibling.record != nil && sibling.record.knows(fp) && !sibling.record.dead() {
			return sibling.Name, nil
		}
	}

	return own, nil
}

// findOnly chooses the record when neither a seed nor a key says which. Records that were signed in to under a key come
// before those that belong to a seed which is no longer configured, and live ones before refused ones.
func (s *Source) findOnly(ctx context.Context) (string, error) {
	candidates, err := s.siblings(ctx)
	if err != nil {
		return "", err
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
	readable = prefer(readable, func(c stored) bool { return c.record.Key != "" })

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

// siblings are the records of this client at this token URL, and those that cannot be read and so might be.
func (s *Source) siblings(ctx context.Context) ([]stored, error) {
	names, err := s.cfg.Store.list(ctx)
	if err != nil {
		return nil, s.msg.cannotRead(s.cfg.Store.String(), err)
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

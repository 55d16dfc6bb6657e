package oauth

import (
	"context"
	"errors"
	"slices"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// findOnly chooses the record when neither a seed nor a key says which: the one without a key. Live ones come before
// refused and replaced ones, and one with a key is chosen where there is no other. The choice holds for the life of the
// source: a sign-in that happens while Terraform runs must not switch accounts between two resources.
func (s *Source) findOnly(ctx context.Context) (target, error) {
	s.mu.Lock()
	defer s.mu.Unlock()

	if s.name == "" {
		name, err := s.choose(ctx)
		if err != nil {
			return target{}, err
		}

		s.name = name
	}

	r, err := s.load(ctx, s.name)

	return target{name: s.name, record: r}, err
}

func (s *Source) choose(ctx context.Context) (string, error) {
	// The sign-in without a key counts whatever its state: another one may be another account.
	unnamed := tokenstore.KeyName(s.cfg.TokenURL, s.cfg.ClientID, tokenstore.DefaultKey)
	if r, err := s.load(ctx, unnamed); err != nil || r != nil {
		return unnamed, err
	}

	var candidates []candidate

	if s.cfg.Store.Lists() {
		var err error
		if candidates, err = s.siblings(ctx, ""); err != nil {
			return "", err
		}
	}

	var readable []candidate

	var unreadable error

	for _, c := range candidates {
		if c.record == nil {
			unreadable = errors.Join(unreadable, c.err)
		} else {
			readable = append(readable, c)
		}
	}

	readable = preferring(readable, func(c candidate) bool { return !c.record.IsRejected() })
	readable = preferring(readable, func(c candidate) bool { return !c.record.Replaced })
	readable = preferring(readable, func(c candidate) bool { return c.record.Key == "" })

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

// preferring keeps the elements that have the property, or all when none has.
func preferring(all []candidate, property func(candidate) bool) []candidate {
	var some []candidate

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

// candidate is one record found by listing a store; record is nil when err says why it cannot be read.
type candidate struct {
	Name   string
	record *tokenstore.Record
	err    error
}

// siblings are the records of this client at this token URL, and those that cannot be read and so might be. A store that
// does not list all records is asked for the one of the given name as well, unless it is "".
func (s *Source) siblings(ctx context.Context, ask string) ([]candidate, error) {
	names, err := s.cfg.Store.List(ctx)
	if err != nil {
		return nil, s.msg.CannotRead(s.cfg.Store.String(), err)
	}

	if ask != "" && !s.cfg.Store.Lists() && !slices.Contains(names, ask) {
		names = append(names, ask)
	}

	var found []candidate

	for _, name := range names {
		r, err := s.loadStored(ctx, name)

		switch {
		case err != nil:
			found = append(found, candidate{Name: name, err: err})
		case r != nil && r.ClientID == s.cfg.ClientID && r.TokenURL == s.cfg.TokenURL:
			found = append(found, candidate{Name: name, record: r})
		}
	}

	return found, nil
}

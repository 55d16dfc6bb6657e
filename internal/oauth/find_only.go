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
	unnamed := tokenstore.KeyName(s.cfg.TokenURL, s.cfg.ClientID, tokenstore.DefaultKey)
	if r, err := s.load(ctx, unnamed); err != nil || r != nil {
		return unnamed, err
	}

	var candidates []stored

	if s.cfg.Store.Lists() {
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

	readable = prefer(readable, func(c stored) bool { return !c.record.IsRejected() })
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
	record *tokenstore.Record
	err    error
}

// siblings are the records of this client at this token URL, and those that cannot be read and so might be. A store that
// does not list all records is asked for the one of the given name as well, unless it is "".
func (s *Source) siblings(ctx context.Context, ask string) ([]stored, error) {
	names, err := s.cfg.Store.List(ctx)
	if err != nil {
		return nil, s.msg.CannotRead(s.cfg.Store.String(), err)
	}

	if ask != "" && !s.cfg.Store.Lists() && !slices.Contains(names, ask) {
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

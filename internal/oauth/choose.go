package oauth

import (
	"context"
	"errors"
	"slices"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// findDefault selects a record if neither a seed nor a key is configured: the record without a key. Valid records take
// precedence over rejected and replaced ones, and a record with a key is selected only if there is no other. The source keeps
// its choice: a sign-in while Terraform runs must not switch accounts between two resources.
func (s *Source) findDefault(ctx context.Context) (target, error) {
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
	// The sign-in without a key is used even if SePay rejected it: the others may belong to another account.
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

	readable = prefer(readable, func(c candidate) bool { return !c.record.IsRejected() })
	readable = prefer(readable, func(c candidate) bool { return !c.record.Replaced })
	readable = prefer(readable, func(c candidate) bool { return c.record.Key == "" })

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

// prefer returns the candidates with the property, or all of them if none has it.
func prefer(all []candidate, property func(candidate) bool) []candidate {
	var selected []candidate

	for _, c := range all {
		if property(c) {
			selected = append(selected, c)
		}
	}

	if len(selected) == 0 {
		return all
	}

	return selected
}

// candidate is a record in the list of a store. If it cannot be read, record is nil and err is the reason.
type candidate struct {
	Name   string
	record *tokenstore.Record
	err    error
}

// siblings returns the records of this client at this token URL, and the unreadable ones, which might be. unlisted is the
// name of a record to load as well if the store cannot list all records, or "".
func (s *Source) siblings(ctx context.Context, unlisted string) ([]candidate, error) {
	names, err := s.cfg.Store.List(ctx)
	if err != nil {
		return nil, s.msg.CannotRead(s.cfg.Store.String(), err)
	}

	if unlisted != "" && !s.cfg.Store.Lists() && !slices.Contains(names, unlisted) {
		names = append(names, unlisted)
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

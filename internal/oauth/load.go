package oauth

import (
	"context"
	"fmt"
)

// load returns the record of that name, or nil. What cannot be read is an error, so that it is never overwritten.
func (s *Source) load(ctx context.Context, name string) (*record, error) {
	r, err := s.loadStored(ctx, name)
	if err != nil {
		return nil, err
	}

	if r != nil && (r.ClientID != s.cfg.ClientID || r.TokenURL != s.cfg.TokenURL) {
		return nil, s.msg.foreignRecord(s.cfg.Store.location(name))
	}

	r = s.env.process.newer(s.cfg.Store.location(name), r)

	if r = s.withCopy(name, r); r != nil {
		s.mask(r.RefreshToken, r.AccessToken)
	}

	return r, nil
}

func (s *Source) loadStored(ctx context.Context, name string) (*record, error) {
	r, err := readRecord(ctx, s.cfg.Store, name)
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}

	if err != nil {
		return nil, s.msg.cannotRead(s.cfg.Store.location(name), err)
	}

	return r, nil
}

func readRecord(ctx context.Context, store Store, name string) (*record, error) {
	data, err := store.load(ctx, name)
	if err != nil || data == nil {
		return nil, err
	}

	return decodeRecord(data)
}

// holder names the process that has announced an exchange of the record's token.
func (r *record) holder() string {
	if r == nil {
		return ""
	}

	return r.Pending.holder()
}

func (p *pending) holder() string {
	if p == nil {
		return ""
	}

	return fmt.Sprintf("process %d on %s", p.PID, p.Host)
}

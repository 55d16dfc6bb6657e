package oauth

import (
	"context"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// load returns the record of that name, or nil. What cannot be read is an error, so that it is never overwritten.
func (s *Source) load(ctx context.Context, name string) (*tokenstore.Record, error) {
	r, err := s.loadStored(ctx, name)
	if err != nil {
		return nil, err
	}

	if r != nil && (r.ClientID != s.cfg.ClientID || r.TokenURL != s.cfg.TokenURL) {
		return nil, s.msg.ForeignRecord(s.cfg.Store.Location(name))
	}

	r = s.env.Process.Newer(s.cfg.Store.Location(name), r)

	if r = s.withCopy(name, r); r != nil {
		s.mask(r.RefreshToken, r.AccessToken)
	}

	return r, nil
}

func (s *Source) loadStored(ctx context.Context, name string) (*tokenstore.Record, error) {
	r, err := tokenstore.Read(ctx, s.cfg.Store, name)
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}

	if err != nil {
		return nil, s.msg.CannotRead(s.cfg.Store.Location(name), err)
	}

	return r, nil
}

package tokenstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/jwt"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenendpoint"
)

const (
	// RecordVersion is the version of the stored format.
	RecordVersion = 1
	historyLimit  = 20

	// MaxClockSkew is how far in the future obtained_at may be. Beyond that, one of the clocks is wrong, and the access token is
	// not used.
	MaxClockSkew = 5 * time.Minute
)

// Record is the stored state of one chain of rotated refresh tokens.
type Record struct {
	Version          int        `json:"version"`
	TokenURL         string     `json:"token_url"`
	ClientID         string     `json:"client_id"`
	Key              string     `json:"key,omitempty"`
	Generation       int        `json:"generation"` // number of successful exchanges; 0 means that the seed was not used successfully yet
	AccessToken      string     `json:"access_token,omitempty"`
	RefreshToken     string     `json:"refresh_token"`
	ObtainedAt       time.Time  `json:"obtained_at,omitzero"`
	ExpiresAt        time.Time  `json:"expires_at,omitzero"`
	RefreshExpiresAt time.Time  `json:"refresh_expires_at,omitzero"`
	SeedFingerprint  string     `json:"seed_fp,omitempty"`
	History          []string   `json:"history,omitempty"` // fingerprints of spent refresh tokens, oldest first
	Pending          *Intent    `json:"pending,omitempty"`
	Rejected         *Rejection `json:"rejected,omitempty"`
	Scopes           []string   `json:"scopes,omitempty"` // requested at the sign-in
	UpdatedBy        string     `json:"updated_by"`
	// Former names the record of the chain that this one replaced under its key, as long as that chain may be used again.
	Former string `json:"former,omitempty"`
	// Replaced marks a chain that another one replaced under its key. It is used again if its own seed is configured again.
	Replaced bool `json:"replaced,omitempty"`
	// Successor names the record of the chain that this seed started. Then this record is only a note, for stores that cannot
	// list.
	Successor string `json:"successor,omitempty"`

	Raw      []byte `json:"-"` // the stored content that the record was loaded from, which a save may replace
	CopyPath string `json:"-"` // the emergency copy that the record was read from
}

// Intent announces an exchange. It is saved before a refresh token is sent, and removed with the response.
type Intent struct {
	Fingerprint  string    `json:"rt_fp"`
	At           time.Time `json:"at"`
	PID          int       `json:"pid"`
	Host         string    `json:"host"`
	ResponseLost bool      `json:"answer_lost,omitempty"` // the run was not interrupted, but got no response
	LostAt       time.Time `json:"lost_at,omitzero"`      // when that run stopped waiting for the response
}

// Equal reports whether both intents announce the same exchange.
func (p *Intent) Equal(other *Intent) bool {
	return p.Fingerprint == other.Fingerprint && p.PID == other.PID && p.Host == other.Host && p.At.Equal(other.At)
}

// Rejection records that SePay permanently rejected a refresh token.
type Rejection struct {
	Fingerprint string          `json:"rt_fp"`
	At          time.Time       `json:"at"`
	Code        diagnostic.Code `json:"code"`
	Quote       string          `json:"said,omitempty"`    // SePay's status and text
	Revoked     bool            `json:"revoked,omitempty"` // SePay states that the token was revoked, as opposed to expired
}

// String keeps tokens out of any formatted output.
func (r *Record) String() string {
	if r == nil {
		return "no record"
	}

	return fmt.Sprintf("record of %s, generation %d", r.ClientID, r.Generation)
}

// GoString keeps tokens out of %#v.
func (r *Record) GoString() string { return r.String() }

// LogValue keeps tokens out of structured logs.
func (r *Record) LogValue() slog.Value { return slog.StringValue(r.String()) }

// Encode returns the stored format of the record.
func (r *Record) Encode() ([]byte, error) {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode the token record: %w", err)
	}

	return append(data, '\n'), nil
}

var (
	errUnreadable = errors.New("it is not a readable token record")
	errNewer      = errors.New("it was written by a newer version of the provider")
)

// Decode parses the stored format. Its errors contain nothing of the data.
func Decode(data []byte) (*Record, error) {
	var r Record
	if err := json.Unmarshal(data, &r); err != nil {
		// A JSON error can quote the input, which may be a token.
		return nil, errUnreadable
	}

	switch {
	case r.Version > RecordVersion:
		return nil, fmt.Errorf("%w (version %d; this provider supports %d)", errNewer, r.Version, RecordVersion)
	case r.Version != RecordVersion, r.ClientID == "", r.RefreshToken == "" && r.Successor == "":
		return nil, errUnreadable
	}

	r.Raw = data

	return &r, nil
}

// Usable reports whether the record's access token can be sent now. rejected is an access token that SePay just rejected, or
// "".
func (r *Record) Usable(now time.Time, rejected string) bool {
	return r != nil && r.AccessToken != "" && r.AccessToken != rejected &&
		!r.ObtainedAt.After(now.Add(MaxClockSkew)) && now.Before(r.UsableUntil())
}

// UsableUntil returns when the record's access token is no longer handed out: its expiry, less a margin.
func (r *Record) UsableUntil() time.Time {
	return r.ExpiresAt.Add(-ExpiryMargin(r.ExpiresAt.Sub(r.ObtainedAt)))
}

// Contains reports whether a refresh token with this fingerprint belongs to the chain: as its seed, a spent token, or its
// current token.
func (r *Record) Contains(fp string) bool {
	return fp == r.SeedFingerprint || slices.Contains(r.History, fp) || fp == Fingerprint(r.RefreshToken)
}

// IsRejected reports whether SePay rejected the current refresh token.
func (r *Record) IsRejected() bool {
	return r.Rejected != nil && r.Rejected.Fingerprint == Fingerprint(r.RefreshToken)
}

// Supersedes reports whether a record that could not be saved is newer than the stored one, which may be nil.
func (r *Record) Supersedes(stored *Record) bool {
	switch {
	case stored == nil:
		return true
	case stored.RefreshToken == r.RefreshToken:
		return r.Generation > stored.Generation
	case stored.Contains(Fingerprint(r.RefreshToken)):
		return false
	}

	return r.Contains(Fingerprint(stored.RefreshToken)) || r.ObtainedAt.After(stored.ObtainedAt)
}

// Replacing returns a copy of the record that a save writes in place of the stored one, which may be nil.
func (r *Record) Replacing(stored *Record) *Record {
	n := *r
	n.Raw = nil

	if stored != nil {
		n.Raw = stored.Raw
	}

	return &n
}

// Next returns the record after a successful exchange of r's refresh token.
func (r *Record) Next(g tokenendpoint.Grant, now time.Time) *Record {
	n := *r
	n.Generation++
	n.AccessToken = g.AccessToken
	n.ObtainedAt = now
	n.ExpiresAt = now.Add(g.Lifetime)
	n.Pending, n.Rejected, n.CopyPath = nil, nil, ""
	n.RefreshExpiresAt = g.RefreshExpiry(now)

	if g.RefreshToken != "" && g.RefreshToken != r.RefreshToken {
		n.RefreshToken = g.RefreshToken
		n.History = AppendHistory(r.History, Fingerprint(r.RefreshToken))
	}

	return &n
}

// GrantedScopes returns the scopes in the access token, or the requested ones if it has none.
func (r *Record) GrantedScopes() []string {
	claims, _ := jwt.Parse(r.AccessToken)
	if scopes := claims.Scopes(); len(scopes) > 0 {
		return scopes
	}

	return r.Scopes
}

// AppendHistory returns the history with the fingerprints appended, without empty ones and duplicates. It drops the oldest
// beyond the limit.
func AppendHistory(history []string, fps ...string) []string {
	all := slices.Clone(history)

	for _, fp := range fps {
		if fp != "" && !slices.Contains(all, fp) {
			all = append(all, fp)
		}
	}

	return all[max(0, len(all)-historyLimit):]
}

// Read loads a record, and returns nil if there is none.
func Read(ctx context.Context, store Store, name string) (*Record, error) {
	data, err := store.Load(ctx, name)
	if err != nil || data == nil {
		return nil, err
	}

	return Decode(data)
}

// Holder names the process that announced an exchange of the record's token, or returns "".
func (r *Record) Holder() string {
	if r == nil {
		return ""
	}

	return r.Pending.Holder()
}

// Holder names the process that announced the exchange, or returns "".
func (p *Intent) Holder() string {
	if p == nil {
		return ""
	}

	return fmt.Sprintf("process %d on %s", p.PID, p.Host)
}

// ExpiryMargin returns the remaining lifetime at which an access token is no longer handed out.
func ExpiryMargin(lifetime time.Duration) time.Duration {
	return max(0, min(MaxExpiryMargin, lifetime/expiryMarginShare))
}

const (
	// MaxExpiryMargin is longer than a request takes to reach SePay.
	MaxExpiryMargin = 45 * time.Second
	// expiryMarginShare limits the margin to a tenth of the lifetime, so that short-lived access tokens can be used, too.
	expiryMarginShare = 10
)

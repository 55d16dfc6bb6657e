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
	// RecordVersion is the version of the stored form.
	RecordVersion = 1
	historyLimit  = 20

	// ClockTolerance is how far in the future obtained_at may lie before the clock that wrote it, or ours, is disbelieved.
	ClockTolerance = 5 * time.Minute
)

// Record is everything that is known about one chain of refresh tokens, as it is stored.
type Record struct {
	Version          int        `json:"version"`
	TokenURL         string     `json:"token_url"`
	ClientID         string     `json:"client_id"`
	Key              string     `json:"key,omitempty"`
	Generation       int        `json:"generation"` // exchanges that succeeded; 0: the seed is not proven yet
	AccessToken      string     `json:"access_token,omitempty"`
	RefreshToken     string     `json:"refresh_token"`
	ObtainedAt       time.Time  `json:"obtained_at,omitzero"`
	ExpiresAt        time.Time  `json:"expires_at,omitzero"`
	RefreshExpiresAt time.Time  `json:"refresh_expires_at,omitzero"`
	SeedFingerprint  string     `json:"seed_fp,omitempty"`
	History          []string   `json:"history,omitempty"` // fingerprints of spent refresh tokens, newest last
	Pending          *Intent    `json:"pending,omitempty"`
	Rejected         *Rejection `json:"rejected,omitempty"`
	Scopes           []string   `json:"scopes,omitempty"` // asked for at the sign-in
	UpdatedBy        string     `json:"updated_by"`
	// Former names the record of the chain that this one replaced under its key, while this one is not proven yet or the
	// former one still lives.
	Former string `json:"former,omitempty"`
	// Replaced marks a chain that another one has replaced under its key. It goes on when its own seed is configured again.
	Replaced bool `json:"replaced,omitempty"`
	// Successor makes this no record of a chain but a note, in a store that cannot list: the chain that this seed started
	// is in the record of that name.
	Successor string `json:"successor,omitempty"`

	Raw      []byte `json:"-"` // what the store had when the record was loaded, so that a save replaces nothing else
	CopyPath string `json:"-"` // the emergency copy that the record was read from
}

// Intent is the intent: written before a refresh token is sent, removed with the response.
type Intent struct {
	Fingerprint  string    `json:"rt_fp"`
	At           time.Time `json:"at"`
	PID          int       `json:"pid"`
	Host         string    `json:"host"`
	ResponseLost bool      `json:"answer_lost,omitempty"` // that run did not die: the response never came
	LostAt       time.Time `json:"lost_at,omitzero"`      // when it stopped waiting for it
}

// Equal tells whether two intents announce the same exchange.
func (p *Intent) Equal(other *Intent) bool {
	return p.Fingerprint == other.Fingerprint && p.PID == other.PID && p.Host == other.Host && p.At.Equal(other.At)
}

// Rejection remembers that SePay refused a refresh token for good.
type Rejection struct {
	Fingerprint string          `json:"rt_fp"`
	At          time.Time       `json:"at"`
	Code        diagnostic.Code `json:"code"`
	Quote       string          `json:"said,omitempty"`    // SePay's status and text
	Revoked     bool            `json:"revoked,omitempty"` // SePay says that this is the reason, and not its age
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

// Encode is the stored form of the record.
func (r *Record) Encode() ([]byte, error) {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode the token record: %w", err)
	}

	return append(data, '\n'), nil
}

var (
	errUnreadable = errors.New("it is not a token record that can be read")
	errNewer      = errors.New("it was written by a newer version of the provider")
)

// Decode reads the stored form. Its errors contain nothing of it.
func Decode(data []byte) (*Record, error) {
	var r Record
	if err := json.Unmarshal(data, &r); err != nil {
		// The text of a JSON error can quote what it choked on, and that may be a token.
		return nil, errUnreadable
	}

	switch {
	case r.Version > RecordVersion:
		return nil, fmt.Errorf("%w (version %d; this one knows %d)", errNewer, r.Version, RecordVersion)
	case r.Version != RecordVersion, r.ClientID == "", r.RefreshToken == "" && r.Successor == "":
		return nil, errUnreadable
	}

	r.Raw = data

	return &r, nil
}

// Usable tells whether the record's access token can be sent now. rejected is "" or a token that SePay just refused.
func (r *Record) Usable(now time.Time, rejected string) bool {
	return r != nil && r.AccessToken != "" && r.AccessToken != rejected &&
		!r.ObtainedAt.After(now.Add(ClockTolerance)) && now.Before(r.UsableUntil())
}

// UsableUntil is when the record's access token is no longer handed out.
func (r *Record) UsableUntil() time.Time {
	return r.ExpiresAt.Add(-Margin(r.ExpiresAt.Sub(r.ObtainedAt)))
}

// Contains tells whether a refresh token with this fingerprint belongs to the chain: as its seed, as an ancestor that is
// spent, or as its present end.
func (r *Record) Contains(fp string) bool {
	return fp == r.SeedFingerprint || slices.Contains(r.History, fp) || fp == Fingerprint(r.RefreshToken)
}

// IsRejected tells whether SePay refused the token that the chain ends in.
func (r *Record) IsRejected() bool {
	return r.Rejected != nil && r.Rejected.Fingerprint == Fingerprint(r.RefreshToken)
}

// Supersedes tells whether a record that could not be saved is newer than the stored one, which is nil when there is none.
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

// Replacing is the record as one that replaces the stored one, which is nil when there is none.
func (r *Record) Replacing(stored *Record) *Record {
	n := *r
	n.Raw = nil

	if stored != nil {
		n.Raw = stored.Raw
	}

	return &n
}

// Next is the record after a successful exchange of r's refresh token.
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

// GrantedScopes are what the access is for: what the access token says, else what was asked for.
func (r *Record) GrantedScopes() []string {
	claims, _ := jwt.Parse(r.AccessToken)
	if scopes := claims.Scopes(); len(scopes) > 0 {
		return scopes
	}

	return r.Scopes
}

// AppendHistory returns the history with further fingerprints, without empty ones and duplicates, and no longer than it may
// be.
func AppendHistory(history []string, fps ...string) []string {
	all := slices.Clone(history)

	for _, fp := range fps {
		if fp != "" && !slices.Contains(all, fp) {
			all = append(all, fp)
		}
	}

	return all[max(0, len(all)-historyLimit):]
}

// Read loads a record, and returns nil where there is none.
func Read(ctx context.Context, store Store, name string) (*Record, error) {
	data, err := store.Load(ctx, name)
	if err != nil || data == nil {
		return nil, err
	}

	return Decode(data)
}

// Holder names the process that has announced an exchange of the record's token.
func (r *Record) Holder() string {
	if r == nil {
		return ""
	}

	return r.Pending.Holder()
}

// Holder names the process that has announced the exchange.
func (p *Intent) Holder() string {
	if p == nil {
		return ""
	}

	return fmt.Sprintf("process %d on %s", p.PID, p.Host)
}

// Margin is how much of an access token's life is left when it is no longer handed out.
func Margin(life time.Duration) time.Duration { return max(0, min(MaxMargin, life/marginShare)) }

const (
	// MaxMargin is how long an access token must still live to be handed out: longer than one request may take to reach
	// SePay.
	MaxMargin = 45 * time.Second
	// marginShare is the part of an access token's life that the margin never exceeds, so that short lives are of use, too.
	marginShare = 10
)

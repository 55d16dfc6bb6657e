package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/jwt"
)

const (
	recordVersion = 1
	historyLimit  = 20

	// clockTolerance is how far in the future obtained_at may lie before the clock that wrote it, or ours, is disbelieved.
	clockTolerance = 5 * time.Minute
)

// record is everything that is known about one chain of refresh tokens, as it is stored.
type record struct {
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
	Pending          *pending   `json:"pending,omitempty"`
	Rejected         *rejection `json:"rejected,omitempty"`
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

	raw  []byte // what the store had when the record was loaded, so that a save replaces nothing else
	copy string // the emergency copy that the record was read from
}

// pending is the intent: written before a refresh token is sent, removed with the answer.
type pending struct {
	Fingerprint string    `json:"rt_fp"`
	At          time.Time `json:"at"`
	PID         int       `json:"pid"`
	Host        string    `json:"host"`
	AnswerLost  bool      `json:"answer_lost,omitempty"` // that run did not die: the response never came
	LostAt      time.Time `json:"lost_at,omitzero"`      // when it stopped waiting for it
}

func (p *pending) same(other *pending) bool {
	return p.Fingerprint == other.Fingerprint && p.PID == other.PID && p.Host == other.Host && p.At.Equal(other.At)
}

// rejection remembers that SePay refused a refresh token for good.
type rejection struct {
	Fingerprint string    `json:"rt_fp"`
	At          time.Time `json:"at"`
	Code        Code      `json:"code"`
	Said        string    `json:"said,omitempty"`    // SePay's status and text
	Revoked     bool      `json:"revoked,omitempty"` // SePay says that this is the reason, and not its age
}

// String keeps tokens out of any formatted output.
func (r *record) String() string {
	if r == nil {
		return "no record"
	}

	return fmt.Sprintf("record of %s, generation %d", r.ClientID, r.Generation)
}

// GoString keeps tokens out of %#v.
func (r *record) GoString() string { return r.String() }

// LogValue keeps tokens out of structured logs.
func (r *record) LogValue() slog.Value { return slog.StringValue(r.String()) }

func (r *record) encode() ([]byte, error) {
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

func decodeRecord(data []byte) (*record, error) {
	var r record
	if err := json.Unmarshal(data, &r); err != nil {
		// The text of a JSON error can quote what it choked on, and that may be a token.
		return nil, errUnreadable
	}

	switch {
	case r.Version > recordVersion:
		return nil, fmt.Errorf("%w (version %d; this one knows %d)", errNewer, r.Version, recordVersion)
	case r.Version != recordVersion, r.ClientID == "", r.RefreshToken == "" && r.Successor == "":
		return nil, errUnreadable
	}

	r.raw = data

	return &r, nil
}

// usable tells whether the record's access token can be sent now. rejected is "" or a token that SePay just refused.
func (r *record) usable(now time.Time, rejected string) bool {
	return r != nil && r.AccessToken != "" && r.AccessToken != rejected &&
		!r.ObtainedAt.After(now.Add(clockTolerance)) && now.Before(r.usableUntil())
}

// usableUntil is when the record's access token is no longer handed out.
func (r *record) usableUntil() time.Time {
	return r.ExpiresAt.Add(-margin(r.ExpiresAt.Sub(r.ObtainedAt)))
}

// knows tells whether a refresh token with this fingerprint belongs to the chain: as its seed, as an ancestor that is
// spent, or as its present end.
func (r *record) knows(fp string) bool {
	return fp == r.SeedFingerprint || slices.Contains(r.History, fp) || fp == fingerprint(r.RefreshToken)
}

// dead tells whether SePay refused the token that the chain ends in.
func (r *record) dead() bool {
	return r.Rejected != nil && r.Rejected.Fingerprint == fingerprint(r.RefreshToken)
}

// follows tells whether a record that could not be saved is newer than the stored one, which is nil when there is none.
func (r *record) follows(stored *record) bool {
	switch {
	case stored == nil:
		return true
	case stored.RefreshToken == r.RefreshToken:
		return r.Generation > stored.Generation
	case stored.knows(fingerprint(r.RefreshToken)):
		return false
	}

	return r.knows(fingerprint(stored.RefreshToken)) || r.ObtainedAt.After(stored.ObtainedAt)
}

// onTopOf is the record as one that replaces the stored one, which is nil when there is none.
func (r *record) onTopOf(stored *record) *record {
	n := *r
	n.raw = nil

	if stored != nil {
		n.raw = stored.raw
	}

	return &n
}

// next is the record after a successful exchange of r's refresh token.
func (r *record) next(g grant, now time.Time) *record {
	n := *r
	n.Generation++
	n.AccessToken = g.accessToken
	n.ObtainedAt = now
	n.ExpiresAt = now.Add(g.lifetime)
	n.Pending, n.Rejected, n.copy = nil, nil, ""
	n.RefreshExpiresAt = g.refreshExpiry(now)

	if g.refreshToken != "" && g.refreshToken != r.RefreshToken {
		n.RefreshToken = g.refreshToken
		n.History = appendHistory(r.History, fingerprint(r.RefreshToken))
	}

	return &n
}

// grantedScopes are what the access is for: what the access token says, else what was asked for.
func (r *record) grantedScopes() []string {
	claims, _ := jwt.Parse(r.AccessToken)
	if scopes := claims.Scopes(); len(scopes) > 0 {
		return scopes
	}

	return r.Scopes
}

func appendHistory(history []string, fps ...string) []string {
	all := slices.Clone(history)

	for _, fp := range fps {
		if fp != "" && !slices.Contains(all, fp) {
			all = append(all, fp)
		}
	}

	return all[max(0, len(all)-historyLimit):]
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

// margin is how much of an access token's life is left when it is no longer handed out.
func margin(life time.Duration) time.Duration { return max(0, min(longestMargin, life/marginShare)) }

const (
	// longestMargin is how long an access token must still live to be handed out: longer than one request may take to reach
	// SePay.
	longestMargin = 45 * time.Second
	// marginShare is the part of an access token's life that the margin never exceeds, so that short lives are of use, too.
	marginShare = 10
)

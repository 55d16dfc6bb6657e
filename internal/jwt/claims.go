// Package jwt reads the claims of access tokens. It verifies no signature: tokens are SePay's business, and the claims
// serve only to explain, to compare, and to know when a token expires.
package jwt

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"
)

// Claims are what SePay's access tokens say of themselves.
type Claims struct {
	// Issuer, Audience and Subject are the JSON of the token: a text, and for Audience also a list of texts.
	Issuer   json.RawMessage `json:"iss"`
	Audience json.RawMessage `json:"aud"`
	Subject  json.RawMessage `json:"sub"`
	// Expiry is in seconds since 1970, 0 where there is none.
	Expiry float64 `json:"exp"`
	// Issued is in seconds since 1970, 0 where there is none.
	Issued float64 `json:"iat"`
	// Scope and ScopeList are what the token is for: servers use either name, and a text with spaces or a list of texts.
	Scope     json.RawMessage `json:"scope"`
	ScopeList json.RawMessage `json:"scopes"`
}

// Parse returns the claims of a token, and false for one that is no JWT.
func Parse(token string) (Claims, bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return Claims{}, false
	}

	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return Claims{}, false
	}

	var claims Claims

	return claims, json.Unmarshal(payload, &claims) == nil
}

// ExpiresAt returns when the token expires, and the zero time where it does not say so.
func (c Claims) ExpiresAt() time.Time { return moment(c.Expiry) }

// IssuedAt returns when the token was issued, and the zero time where it does not say so.
func (c Claims) IssuedAt() time.Time { return moment(c.Issued) }

func moment(seconds float64) time.Time {
	const year9999 = 253402300799
	if !(seconds > 0) || seconds > year9999 {
		return time.Time{}
	}

	return time.Unix(int64(seconds), 0).UTC()
}

// Scopes returns what the token is for, and none where it does not say so.
func (c Claims) Scopes() []string {
	var scopes []string

	for _, claim := range []json.RawMessage{c.Scope, c.ScopeList} {
		var text string
		if json.Unmarshal(claim, &text) == nil {
			scopes = append(scopes, strings.Fields(text)...)
		}

		var list []string
		if json.Unmarshal(claim, &list) == nil {
			scopes = append(scopes, list...)
		}
	}

	return scopes
}

// Principal returns a fingerprint of who is signed in: of the issuer, the audience and the subject. It is "" where the
// token names no subject.
func (c Claims) Principal() string {
	if len(c.Subject) == 0 || string(c.Subject) == "null" {
		return ""
	}

	sum := sha256.Sum256(bytes.Join([][]byte{c.Issuer, c.Audience, c.Subject}, []byte{0}))

	return hex.EncodeToString(sum[:16])
}

// Package jwt reads the claims of access tokens. It does not verify signatures: the claims are used only for
// error messages, comparisons, and the expiry of tokens.
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

// Claims are the claims of an access token of SePay.
type Claims struct {
	// Issuer, Audience and Subject are the JSON of the token: a string, and for Audience also a list of strings.
	Issuer   json.RawMessage `json:"iss"`
	Audience json.RawMessage `json:"aud"`
	Subject  json.RawMessage `json:"sub"`
	// Expiry is in seconds since 1970, 0 where there is none.
	Expiry float64 `json:"exp"`
	// Issued is in seconds since 1970, 0 where there is none.
	Issued float64 `json:"iat"`
	// Scope and ScopeList are the scopes of the token: servers use either name, with a space-separated string or a list.
	Scope     json.RawMessage `json:"scope"`
	ScopeList json.RawMessage `json:"scopes"`
}

// Parse returns the claims of a token, and false if it is not a JWT.
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

// ExpiresAt returns when the token expires, and the zero time if the claim is missing.
func (c Claims) ExpiresAt() time.Time { return unixTime(c.Expiry) }

// IssuedAt returns when the token was issued, and the zero time if the claim is missing.
func (c Claims) IssuedAt() time.Time { return unixTime(c.Issued) }

func unixTime(seconds float64) time.Time {
	const year9999 = 253402300799
	if !(seconds > 0) || seconds > year9999 {
		return time.Time{}
	}

	return time.Unix(int64(seconds), 0).UTC()
}

// Scopes returns the scopes of the token, and none if the claim is missing.
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

// Principal returns a fingerprint of the signed-in user: of the issuer, the audience and the subject. It is "" if the
// token has no subject.
func (c Claims) Principal() string {
	if len(c.Subject) == 0 || string(c.Subject) == "null" {
		return ""
	}

	sum := sha256.Sum256(bytes.Join([][]byte{c.Issuer, c.Audience, c.Subject}, []byte{0}))

	return hex.EncodeToString(sum[:16])
}

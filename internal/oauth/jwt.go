package oauth

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// jwtExpiry reads exp out of an access token. The signature is SePay's business: the time only decides when to stop
// using the token. The zero time stands for a token that does not tell.
func jwtExpiry(token string) time.Time {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return time.Time{}
	}

	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return time.Time{}
	}

	var claims struct {
		Exp float64 `json:"exp"`
	}

	const year9999 = 253402300799
	if err := json.Unmarshal(payload, &claims); err != nil || claims.Exp <= 0 || claims.Exp > year9999 {
		return time.Time{}
	}

	return time.Unix(int64(claims.Exp), 0).UTC()
}

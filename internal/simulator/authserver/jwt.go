package authserver

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"
)

// signingKey is created with the first token, because 2048 bits take time, and once for all simulators of the process.
//
//nolint:gochecknoglobals // a key of 2048 bits for each simulator would cost the tests minutes
var signingKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(fmt.Errorf("simulator: signing key: %w", err))
	}

	return key
})

// PublicKey returns the key that verifies the access tokens of every simulator of this process.
func PublicKey() *rsa.PublicKey { return &signingKey().PublicKey }

// newAccessTokenValue returns an RS256 JWT with the claims of SePay's access tokens.
func newAccessTokenValue(settings Settings, scopes []string, issued, expires time.Time) string {
	header := map[string]any{"typ": "JWT", "alg": "RS256"}
	claims := map[string]any{
		"iss":   "https://my.sepay.vn",
		"sub":   settings.Subject,
		"aud":   settings.Credentials.ClientID,
		"exp":   expires.Unix(),
		"iat":   issued.Unix(),
		"scope": strings.Join(scopes, " "),
		"jti":   randomHex(20),
	}
	signed := segment(header) + "." + segment(claims)
	digest := sha256.Sum256([]byte(signed))

	signature, err := rsa.SignPKCS1v15(nil, signingKey(), crypto.SHA256, digest[:])
	if err != nil {
		panic(fmt.Errorf("simulator: sign: %w", err))
	}

	return signed + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func segment(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Errorf("simulator: token: %w", err))
	}

	return base64.RawURLEncoding.EncodeToString(text)
}

// newRefreshTokenValue returns an opaque token as long as those of league/oauth2-server.
func newRefreshTokenValue() string { return "def50200" + randomHex(120) }

func randomHex(bytes int) string {
	random := make([]byte, bytes)
	// crypto/rand.Read never fails: it ends the program instead.
	_, _ = rand.Read(random)

	return hex.EncodeToString(random)
}

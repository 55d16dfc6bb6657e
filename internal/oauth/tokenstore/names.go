package tokenstore

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
)

// DefaultKey is the key of a sign-in for which the user set none.
const DefaultKey = "default"

// Fingerprint returns a hash that identifies a refresh token.
func Fingerprint(token string) string {
	sum := sha256.Sum256([]byte("sepay refresh token\x00" + token))

	return hex.EncodeToString(sum[:16])
}

// RecordName returns the hash of a versioned tuple. NUL, which no part can contain, separates the parts, so that different
// tuples have different names.
func RecordName(tokenURL, clientID, kind, value string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{"v1", tokenURL, clientID, kind, value}, "\x00")))

	return hex.EncodeToString(sum[:])
}

// maxKeyLength fits into the path of a secret in common secret managers.
const maxKeyLength = 200

// validKey reports whether a key is safe as a helper's argument and in a message.
func validKey(key string) bool {
	return len(key) <= maxKeyLength && !strings.HasPrefix(key, "-") && !strings.ContainsFunc(key, unicode.IsControl)
}

// KeyName returns the name of the record for a key.
func KeyName(tokenURL, clientID, key string) string {
	return RecordName(tokenURL, clientID, "key", key)
}

// SeedName returns the name of the record that a refresh token starts without a key.
func SeedName(tokenURL, clientID, seed string) string {
	return RecordName(tokenURL, clientID, "seed", Fingerprint(seed))
}

// ClientName returns the name of the lock for all records of a client.
func ClientName(tokenURL, clientID string) string {
	return RecordName(tokenURL, clientID, "client", "")
}

// directoryName returns the record name in stores with one record per chain, or "" without a key and a seed.
func directoryName(tokenURL, clientID, key, seed string) string {
	switch {
	case key != "":
		return KeyName(tokenURL, clientID, key)
	case seed != "":
		return SeedName(tokenURL, clientID, seed)
	}

	return ""
}

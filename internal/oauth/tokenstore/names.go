package tokenstore

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
)

// DefaultKey is the key under which Login stores a sign-in that was given none.
const DefaultKey = "default"

// Fingerprint identifies a refresh token without giving it away.
func Fingerprint(token string) string {
	sum := sha256.Sum256([]byte("sepay refresh token\x00" + token))

	return hex.EncodeToString(sum[:16])
}

// RecordName is the hash of a versioned tuple. The parts are separated by NUL, which none of them can contain, so that
// no two tuples make the same name.
func RecordName(tokenURL, clientID, kind, value string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{"v1", tokenURL, clientID, kind, value}, "\x00")))

	return hex.EncodeToString(sum[:])
}

// longestKey is what may be expected to fit into a secret's path in any vault.
const longestKey = 200

// validKey reports whether a key can be a helper's argument and appear in a message.
func validKey(key string) bool {
	return len(key) <= longestKey && !strings.HasPrefix(key, "-") && !strings.ContainsFunc(key, unicode.IsControl)
}

// KeyName is the name of the record under a key.
func KeyName(tokenURL, clientID, key string) string {
	return RecordName(tokenURL, clientID, "key", key)
}

// SeedName is the name of the record of a chain that a refresh token without a key starts.
func SeedName(tokenURL, clientID, seed string) string {
	return RecordName(tokenURL, clientID, "seed", Fingerprint(seed))
}

// ClientName is the name of the lock that covers all records of a client.
func ClientName(tokenURL, clientID string) string {
	return RecordName(tokenURL, clientID, "client", "")
}

// directoryName is the naming of stores with one entry for each chain.
func directoryName(tokenURL, clientID, key, seed string) string {
	switch {
	case key != "":
		return KeyName(tokenURL, clientID, key)
	case seed != "":
		return SeedName(tokenURL, clientID, seed)
	}

	return ""
}

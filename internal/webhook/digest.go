package webhook

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
)

const (
	// digestRounds makes a guess at a weak secret dear for whoever reads the state, at a few milliseconds a webhook.
	digestRounds = 20_000
	digestSalt   = 16
)

// digest recognizes a write-only secret without holding it. It is kept in the private state of the resource, which is
// part of the state file: hence the salt and the rounds.
type digest struct {
	Rounds int    `json:"rounds"`
	Salt   []byte `json:"salt"`
	Sum    []byte `json:"sum"`
	// Shown tells that SePay returned the secret in clear right after it was sent. Only then does another answer mean
	// that the secret was changed, and not that SePay hides it.
	Shown bool `json:"shown"`
}

// newDigest returns the encoded digest of value under a fresh salt.
func newDigest(value string, shown bool) ([]byte, error) {
	d := digest{Rounds: digestRounds, Salt: make([]byte, digestSalt), Shown: shown}

	// rand.Read never fails: the program ends where there is no randomness.
	_, _ = rand.Read(d.Salt)

	var err error
	if d.Sum, err = d.sum(value); err != nil {
		return nil, err
	}

	data, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("encode digest: %w", err)
	}

	return data, nil
}

// matches tells whether d was made of value.
func (d digest) matches(value string) bool {
	sum, err := d.sum(value)

	return err == nil && hmac.Equal(sum, d.Sum)
}

func (d digest) sum(value string) ([]byte, error) {
	sum, err := pbkdf2.Key(sha256.New, value, d.Salt, d.Rounds, sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("digest of a write-only secret: %w", err)
	}

	return sum, nil
}

// decodeDigest returns false where there is none, or one that this version cannot read: then nothing is known of the
// secret, which is how a state of another tool looks as well.
func decodeDigest(data []byte) (digest, bool) {
	var d digest
	if len(data) == 0 || json.Unmarshal(data, &d) != nil || d.Rounds < 1 || len(d.Sum) == 0 {
		return digest{}, false
	}

	return d, true
}

package webhook

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
)

const (
	// digestRounds makes a guess at a weak secret dear for whoever reads the state, at a few milliseconds a webhook.
	digestRounds = 20_000
	digestSalt   = 16
)

// digest recognizes the secret that SePay has, as far as it is known, without holding it. It is kept in the private state
// of the resource, which is part of the state file: hence the salt and the rounds.
type digest struct {
	Rounds int    `json:"rounds,omitempty"`
	Salt   []byte `json:"salt,omitempty"`
	// Sum is empty while the secret is a plain one, which the state itself holds.
	Sum []byte `json:"sum,omitempty"`
	// Shown tells that SePay returns the secret in clear. Only then does another answer mean that the secret was changed,
	// and not that SePay hides it.
	Shown bool `json:"shown"`
}

// newDigest returns the digest of value under a fresh salt.
func newDigest(value string, shown bool) digest {
	d := digest{Rounds: digestRounds, Salt: make([]byte, digestSalt), Shown: shown}

	// rand.Read never fails: the program ends where there is no randomness.
	_, _ = rand.Read(d.Salt)
	d.Sum = d.sum(value)

	return d
}

// matches tells whether d was made of value.
func (d digest) matches(value string) bool {
	return len(d.Sum) > 0 && d.Rounds > 0 && hmac.Equal(d.sum(value), d.Sum)
}

// sum returns nil where the platform refuses the parameters, so that nothing matches.
func (d digest) sum(value string) []byte {
	sum, err := pbkdf2.Key(sha256.New, value, d.Salt, d.Rounds, sha256.Size)
	if err != nil {
		return nil
	}

	return sum
}

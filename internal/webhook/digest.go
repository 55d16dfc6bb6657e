package webhook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
)

const (
	// algorithmFast is HMAC-SHA-256 of the secret under the salt, for secrets that nobody can guess.
	algorithmFast = "hmac-sha256"
	// algorithmSlow is PBKDF2 with HMAC-SHA-256, for all others. A digest without an algorithm is one, of a version of the
	// provider that knew no other.
	algorithmSlow = "pbkdf2-sha256"

	// slowRounds is the number of rounds of a new slow digest: ten times what NIST SP 800-63B asks of a verifier at least,
	// and about 40 ms of processor time.
	slowRounds = 100_000
	saltSize   = 16
)

// digest recognizes the secret that SePay has, as far as it is known, without holding it. It is stored in the private
// state of the resource, which is part of the state file. What an attacker can do who reads that file:
//
//   - The digest of a generated secret is fast, and a guess at the secret costs next to nothing. There are at least 2^128
//     secrets to guess at (32 hexadecimal digits), so that no number of guesses helps. The salt keeps equal secrets of two
//     webhooks from looking equal.
//   - The digest of any other secret is slow: each guess takes slowRounds, for this webhook alone because of the salt.
//     That makes a list of words dear, not safe: a secret that is a word, a date or a short phrase is found. A new secret
//     keeps the salt of its predecessor, so that an attacker with both digests tests a guess at both for the price of one.
//   - A digest without an algorithm has 20,000 rounds. That of a generated secret becomes a fast one at the next refresh.
//     Any other stays until the secret is sent again: a copy of the state from before has it anyway, and only another
//     secret helps against that.
//   - A secret that only looks generated, such as the MD5 sum of a word, has a fast digest, and is guessed as fast as the
//     attacker's machine can. No check of the secret itself can tell.
type digest struct {
	Algorithm string `json:"algorithm,omitempty"`
	Rounds    int    `json:"rounds,omitempty"`
	Salt      []byte `json:"salt,omitempty"`
	// Sum is empty while the secret is a plain one, which the state itself holds.
	Sum []byte `json:"sum,omitempty"`
	// Shown reports that SePay returns the secret in clear. Only then does another answer mean that the secret was changed,
	// and not that SePay hides it.
	Shown bool `json:"shown"`
}

// params are the inputs of a digest but for the secret.
func (d digest) params() params {
	if d.Algorithm == "" {
		return params{algorithmSlow, d.Rounds, string(d.Salt)}
	}

	return params{d.Algorithm, d.Rounds, string(d.Salt)}
}

// params are comparable, unlike digests.
type params struct {
	algorithm string
	rounds    int
	salt      string
}

// paramsFor returns the inputs for a new digest of value. Where the slow digest of the predecessor is as dear as a new
// one, its salt stays: the comparison that found another secret has then computed the digest of that one.
func paramsFor(value string, predecessor digest) params {
	switch before := predecessor.params(); {
	case generated(value):
		return params{algorithmFast, 0, newSalt()}
	case before.algorithm == algorithmSlow && before.rounds >= slowRounds && len(before.salt) >= saltSize:
		return before
	default:
		return params{algorithmSlow, slowRounds, newSalt()}
	}
}

func newSalt() string {
	salt := make([]byte, saltSize)
	// rand.Read never fails: the program ends where there is no randomness.
	_, _ = rand.Read(salt)

	return string(salt)
}

// mac is HMAC-SHA-256.
func mac(key []byte, value string) []byte {
	hash := hmac.New(sha256.New, key)
	hash.Write([]byte(value))

	return hash.Sum(nil)
}

package webhook

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"slices"
)

const (
	// algorithmFast is HMAC-SHA-256 of the secret under the salt, for secrets that cannot be guessed.
	algorithmFast = "hmac-sha256"
	// algorithmSlow is PBKDF2 with HMAC-SHA-256, for all others. A digest without an algorithm is one, of a version of the
	// provider that knew no other.
	algorithmSlow = "pbkdf2-sha256"

	// slowRounds is the number of rounds of a new slow digest: ten times what NIST SP 800-63B asks of a verifier at least,
	// and about 40 ms of processor time.
	slowRounds = 100_000
	// mostRounds bounds what a state can make a plan compute, at half a second for each secret. No version of the provider
	// has stored more.
	mostRounds = 10 * slowRounds
	saltSize   = 16
)

// digest recognizes the secret that SePay has, as far as it is known, without holding it. It is stored in the private
// state of the resource, which is part of the state file. What an attacker can do who reads that file:
//
//   - The digest of a generated secret is fast, and a guess at the secret costs next to nothing. There are at least 2^128
//     secrets to guess at (32 hexadecimal digits), so that no number of guesses helps. The salt keeps equal secrets of two
//     webhooks from looking equal.
//   - The digest of any other secret is slow: each guess takes slowRounds, for this webhook alone because of the salt.
//     That makes guessing expensive, not impossible: a secret that is a word, a date or a short phrase is found. A new secret
//     keeps the salt of its predecessor, so that an attacker with both digests tests one guess against both at the cost of one.
//   - A digest without an algorithm has 20,000 rounds. The next refresh or apply that compares the secret with it replaces
//     it by one of today. A copy of the state from before has it still, and only another secret helps against that.
//   - A secret that only looks generated, such as the MD5 sum of a word, has a fast digest, and is guessed as fast as the
//     attacker's machine can. The secret itself cannot show that.
type digest struct {
	Algorithm string `json:"algorithm,omitempty"`
	Rounds    int    `json:"rounds,omitempty"`
	Salt      []byte `json:"salt,omitempty"`
	// Sum is empty while the secret is a plain one, which the state itself holds.
	Sum []byte `json:"sum,omitempty"`
	// Shown reports that SePay returns the secret in clear. Only then does another value mean that the secret was changed,
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

// slow reports whether these are the inputs of a slow digest that a version of the provider may have made.
func (p params) slow() bool {
	return p.algorithm == algorithmSlow && 0 < p.rounds && p.rounds <= mostRounds && len(p.salt) >= saltSize
}

// successor returns the inputs for the digest of value that replaces one with p. The salt of a slow digest stays: the
// comparison with p has then computed the digest of value as well, see slowSums.
func (p params) successor(value string) params {
	switch {
	case generated(value):
		return params{algorithmFast, 0, newSalt()}
	case p.slow():
		return params{algorithmSlow, max(p.rounds, slowRounds), p.salt}
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

// slowSums returns the slow digests of value after each of these numbers of rounds, which ascend. It is PBKDF2 for keys as
// long as a hash (RFC 8018, section 5.2), where the rounds of the shorter digest are the first ones of the longer. The
// library's function returns the last digest only, and two calls of it would cost the first rounds twice.
func slowSums(value, salt string, rounds ...int) map[int][]byte {
	prf := hmac.New(sha256.New, []byte(value))
	block := append([]byte(salt), 0, 0, 0, 1)
	sum, sums := make([]byte, sha256.Size), map[int][]byte{}

	for round := 1; round <= rounds[len(rounds)-1]; round++ {
		prf.Reset()
		prf.Write(block)
		block = prf.Sum(block[:0])
		subtle.XORBytes(sum, sum, block)

		if slices.Contains(rounds, round) {
			sums[round] = bytes.Clone(sum)
		}
	}

	return sums
}

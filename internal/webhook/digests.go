package webhook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"sync/atomic"
)

// Digests makes the digests of secrets and compares secrets with them. All resources of a process share one, which
// remembers the last secret of which it computed a slow digest with each salt: Terraform asks about the same secret several
// times, and each secret of a webhook costs at most one slow digest in a process.
//
// It holds no secret. What it remembers of one is a hash under a key of the process, which is never written anywhere.
type Digests struct {
	key      [sha256.Size]byte
	computed atomic.Int64

	mu   sync.Mutex
	last map[string]computation
}

// computation has the digests, by their rounds, of the secret that has this hash under the key of the process.
type computation struct {
	hash []byte
	sums map[int][]byte
}

// NewDigests returns Digests that remember nothing.
func NewDigests() *Digests {
	d := &Digests{last: map[string]computation{}}
	// rand.Read never fails: the program ends where there is no randomness.
	_, _ = rand.Read(d.key[:])

	return d
}

// Slow returns how many slow digests were computed.
func (d *Digests) Slow() int64 { return d.computed.Load() }

// of returns a digest of value, which replaces another digest of the same webhook.
func (d *Digests) of(value string, shown bool, predecessor digest) digest {
	params := predecessor.params().successor(value)

	return digest{params.algorithm, params.rounds, []byte(params.salt), d.sum(value, params), shown}
}

// matches reports whether known is a digest of value.
func (d *Digests) matches(known digest, value string) bool {
	if len(known.Sum) == 0 {
		return false
	}

	params := known.params()

	// The secret of this digest is known: any other value is another secret.
	if last := d.lastWith(params.salt); hmac.Equal(last.sums[params.rounds], known.Sum) {
		return hmac.Equal(last.hash, mac(d.key[:], value))
	}

	return hmac.Equal(d.sum(value, params), known.Sum)
}

// current returns the digest that is made of value today in the place of one of an earlier version, and else known.
func (d *Digests) current(known digest, value string) digest {
	params := known.params()
	if params.slow() && (generated(value) || params.rounds < slowRounds) && d.matches(known, value) {
		return d.of(value, known.Shown, known)
	}

	return known
}

// sum returns nil for parameters that no version of the provider has used, so that nothing matches.
func (d *Digests) sum(value string, params params) []byte {
	switch {
	case params.algorithm == algorithmFast:
		return mac([]byte(params.salt), value)
	case params.slow():
		return d.slowSum(value, params)
	default:
		return nil
	}
}

func (d *Digests) slowSum(value string, params params) []byte {
	hash := mac(d.key[:], value)

	if last := d.lastWith(params.salt); hmac.Equal(last.hash, hash) && last.sums[params.rounds] != nil {
		return last.sums[params.rounds]
	}

	d.computed.Add(1)

	// The lock is not held: webhooks are read and planned in parallel.
	sums := slowSums(value, params.salt, params.rounds, max(params.rounds, params.successor(value).rounds))

	d.mu.Lock()
	defer d.mu.Unlock()

	d.last[params.salt] = computation{hash, sums}

	return sums[params.rounds]
}

// lastWith returns the zero computation, which is of no secret, where there was none with that salt.
func (d *Digests) lastWith(salt string) computation {
	d.mu.Lock()
	defer d.mu.Unlock()

	return d.last[salt]
}

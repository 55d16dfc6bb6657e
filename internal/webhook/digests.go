package webhook

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"sync/atomic"
)

// Digests makes the digests of secrets and compares secrets with them. All resources of a process share one, which
// remembers the last slow digest that it computed with each salt: Terraform asks about the same secret several times, and
// each webhook costs at most one slow digest in a process.
//
// It holds no secret. What it remembers of one is a hash under a key of the process, which is never written anywhere.
type Digests struct {
	key      [sha256.Size]byte
	computed atomic.Int64

	mu   sync.Mutex
	last map[params]computation
}

// computation is the digest of the secret that has this hash under the key of the process.
type computation struct{ hash, sum []byte }

// NewDigests returns Digests that remember nothing.
func NewDigests() *Digests {
	d := &Digests{last: map[params]computation{}}
	// rand.Read never fails: the program ends where there is no randomness.
	_, _ = rand.Read(d.key[:])

	return d
}

// Slow returns how many slow digests were computed.
func (d *Digests) Slow() int64 { return d.computed.Load() }

// of returns a digest of value, which replaces another digest of the same webhook.
func (d *Digests) of(value string, shown bool, predecessor digest) digest {
	params := paramsFor(value, predecessor)

	return digest{params.algorithm, params.rounds, []byte(params.salt), d.sum(value, params), shown}
}

// matches reports whether known is a digest of value.
func (d *Digests) matches(known digest, value string) bool {
	if len(known.Sum) == 0 {
		return false
	}

	params := known.params()

	// The secret of this digest is known: any other value is another secret.
	if last, ok := d.lastOf(params); ok && hmac.Equal(last.sum, known.Sum) {
		return hmac.Equal(last.hash, mac(d.key[:], value))
	}

	return hmac.Equal(d.sum(value, params), known.Sum)
}

// current returns a fast digest in the place of a slow one that value does not need, and else known.
func (d *Digests) current(known digest, value string) digest {
	if known.params().algorithm == algorithmSlow && generated(value) && d.matches(known, value) {
		return d.of(value, known.Shown, known)
	}

	return known
}

// sum returns nil for parameters that nobody knows or that the platform refuses, so that nothing matches.
func (d *Digests) sum(value string, params params) []byte {
	switch {
	case params.algorithm == algorithmFast:
		return mac([]byte(params.salt), value)
	case params.algorithm == algorithmSlow && params.rounds > 0:
		return d.slowSum(value, params)
	default:
		return nil
	}
}

func (d *Digests) slowSum(value string, params params) []byte {
	hash := mac(d.key[:], value)

	if last, ok := d.lastOf(params); ok && hmac.Equal(last.hash, hash) {
		return last.sum
	}

	d.computed.Add(1)

	// The lock is not held: webhooks are read and planned in parallel.
	sum, err := pbkdf2.Key(sha256.New, value, []byte(params.salt), params.rounds, sha256.Size)
	if err != nil {
		return nil
	}

	d.mu.Lock()
	defer d.mu.Unlock()

	d.last[params] = computation{hash, sum}

	return sum
}

func (d *Digests) lastOf(params params) (computation, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()

	last, ok := d.last[params]

	return last, ok
}

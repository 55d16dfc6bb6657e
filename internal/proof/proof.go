// Package proof says how much of their matrices the tests try. `make proof` tries each case. `make test` tries a part,
// which is the same in each run and on each machine.
package proof

import (
	"hash/fnv"
	"os"
	"strconv"
	"testing"
)

// Full reports whether every case of every matrix is to be tried, as `make proof` asks for with SEPAY_TEST_FULL=1.
func Full() bool { return os.Getenv("SEPAY_TEST_FULL") == "1" }

// Try reports whether to try the case of that name. A full run tries each. Otherwise the name decides, so that about one
// in every n cases is tried, whatever their order.
func Try(name string, n int) bool {
	if Full() {
		return true
	}

	hash := fnv.New64a()
	_, _ = hash.Write([]byte(name))

	return mix(hash.Sum64())%uint64(n) == 0 //nolint:gosec // n is a small literal
}

// Turn reports whether to try the nth of cases that take turns, of which a full run tries each, and any other one in every
// m. n is the sum of the case's positions on the axes of a matrix: then each position on each axis has its turn.
func Turn(n, m int) bool { return Full() || n%m == 0 }

// mix spreads what differs in few bits over all of them.
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33

	return h
}

// Times is how often to try what is random: full in a full run, sample otherwise.
func Times(full, sample int) int {
	if Full() {
		return full
	}

	return sample
}

const casesAttribute = "cases"

// Cases records how many cases a test tried, for the table of `make proof`. Without it the subtests are counted.
func Cases(tb testing.TB, n int) {
	tb.Helper()
	tb.Attr(casesAttribute, strconv.Itoa(n))
}

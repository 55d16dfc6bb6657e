package simulator

import (
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// window is a sliding window of one second over the admitted API requests.
type window struct {
	mu     sync.Mutex
	passed []time.Time
}

// admit reports whether a request that arrives now is within the limit.
func (w *window) admit(limit dialects.RateLimit) bool {
	most, err := strconv.Atoi(string(limit))
	if err != nil {
		return true // none
	}

	w.mu.Lock()
	defer w.mu.Unlock()

	now := time.Now()
	w.passed = slices.DeleteFunc(w.passed, func(at time.Time) bool { return now.Sub(at) >= time.Second })

	if len(w.passed) >= most {
		return false
	}

	w.passed = append(w.passed, now)

	return true
}

package oauth

import (
	"sync"
	"time"
)

// inFlight counts the exchanges of this process that have begun and not been saved yet.
//
//nolint:gochecknoglobals // main waits for the exchanges of the process, whoever began them
var inFlight struct {
	mu    sync.Mutex
	count int
	idle  chan struct{} // closed when count returns to 0
}

func exchangeBegins() {
	inFlight.mu.Lock()
	defer inFlight.mu.Unlock()

	if inFlight.count == 0 {
		inFlight.idle = make(chan struct{})
	}

	inFlight.count++
}

func exchangeEnds() {
	inFlight.mu.Lock()
	defer inFlight.mu.Unlock()

	inFlight.count--
	if inFlight.count == 0 {
		close(inFlight.idle)
	}
}

// WaitForExchanges returns when no exchange of this process is in flight, or after the timeout, and tells which. A
// process that ends in the middle of an exchange loses the sign-in, so main waits here after the server has stopped.
// Terraform kills a provider 2 seconds after it asked it to stop.
func WaitForExchanges(timeout time.Duration) bool {
	inFlight.mu.Lock()
	count, idle := inFlight.count, inFlight.idle
	inFlight.mu.Unlock()

	if count == 0 {
		return true
	}

	timer := time.NewTimer(timeout)
	defer timer.Stop()

	select {
	case <-idle:
		return true
	case <-timer.C:
		return false
	}
}

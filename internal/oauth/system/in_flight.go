package system

import "sync"

// inFlight counts the exchanges of a process that have begun and are not saved yet.
type inFlight struct {
	mu    sync.Mutex
	count int
	idle  chan struct{} // closed when count returns to 0
	over  bool          // the process ends: no further one begins
}

// Begin counts an exchange. It does not return when the process ends.
func (f *inFlight) Begin() {
	f.mu.Lock()

	if f.over {
		f.mu.Unlock()

		// The process has a moment left, in which nothing must be spent.
		select {}
	}

	defer f.mu.Unlock()

	if f.count == 0 {
		f.idle = make(chan struct{})
	}

	f.count++
}

// End counts an exchange as saved.
func (f *inFlight) End() {
	f.mu.Lock()
	defer f.mu.Unlock()

	f.count--
	if f.count == 0 {
		close(f.idle)
	}
}

// Wait returns when no exchange is in flight.
func (f *inFlight) Wait() {
	f.mu.Lock()
	count, idle := f.count, f.idle
	f.mu.Unlock()

	if count > 0 {
		<-idle
	}
}

// finish waits until no exchange is in flight, and lets no further one begin.
func (f *inFlight) finish() {
	for {
		f.Wait()

		f.mu.Lock()
		f.over = f.count == 0
		over := f.over
		f.mu.Unlock()

		if over {
			return
		}
	}
}

// FinishExchanges is WaitForExchanges for a process that ends by itself right after it: no exchange begins any more.
func FinishExchanges() { thisProcessState.Exchanges.finish() }

// WaitForExchanges returns when no exchange of this process is in flight. A process that ends in the middle of an
// exchange loses the sign-in, so every protocol call returns through here, canceled or not: Terraform waits for calls
// for as long as they take, but kills a provider two seconds after the last one has returned. An exchange ends by
// itself after a minute, and what it brought is saved after that.
func WaitForExchanges() { thisProcessState.Exchanges.Wait() }

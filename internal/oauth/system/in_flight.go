package system

import "sync"

// inFlight counts the exchanges of a process whose result is not saved yet.
type inFlight struct {
	mu    sync.Mutex
	count int
	idle  chan struct{} // closed when count returns to 0
	ended bool          // the process exits: no exchange may begin
}

// Begin counts an exchange. It never returns once the process exits.
func (f *inFlight) Begin() {
	f.mu.Lock()

	if f.ended {
		f.mu.Unlock()

		// The process is about to exit, so no token may be sent.
		select {}
	}

	defer f.mu.Unlock()

	if f.count == 0 {
		f.idle = make(chan struct{})
	}

	f.count++
}

// End marks an exchange as saved.
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

// finish waits until no exchange is in flight, and blocks new ones.
func (f *inFlight) finish() {
	for {
		f.Wait()

		f.mu.Lock()
		f.ended = f.count == 0
		ended := f.ended
		f.mu.Unlock()

		if ended {
			return
		}
	}
}

// FinishExchanges is WaitForExchanges for a process that exits right after it: no further exchange begins.
func FinishExchanges() { thisProcessState.Exchanges.finish() }

// WaitForExchanges returns when no exchange of this process is in flight. A process that exits during an exchange loses the
// sign-in, so every protocol call waits here before it returns, even if it was canceled: Terraform waits for calls without a
// limit, but kills a provider two seconds after the last one returned. An exchange takes a minute at most; its result is
// saved after that.
func WaitForExchanges() { thisProcessState.Exchanges.Wait() }

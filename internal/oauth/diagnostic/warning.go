package diagnostic

import (
	"slices"
	"sync"
)

// Warning is a warning for the user. The run continues.
type Warning struct {
	Summary, Detail string
}

// Warnings collects warnings until they are shown. It never returns the same warning twice. It is safe for concurrent use.
type Warnings struct {
	mu      sync.Mutex
	pending []Warning
	shown   []Warning
}

// Add adds a warning, unless it was added before.
func (w *Warnings) Add(warning Warning) {
	w.mu.Lock()
	defer w.mu.Unlock()

	if !slices.Contains(w.pending, warning) && !slices.Contains(w.shown, warning) {
		w.pending = append(w.pending, warning)
	}
}

// Take returns the warnings since the last call.
func (w *Warnings) Take() []Warning {
	w.mu.Lock()
	defer w.mu.Unlock()

	taken := w.pending
	w.shown = append(w.shown, taken...)
	w.pending = nil

	return taken
}

package diagnostic

import (
	"slices"
	"sync"
)

// Warning is something the user should know although the run goes on.
type Warning struct {
	Summary, Detail string
}

// Warnings collects what has not been shown yet. A warning is never shown twice by the same source.
type Warnings struct {
	mu      sync.Mutex
	waiting []Warning
	shown   []Warning
}

// Add keeps a warning until it is taken, once.
func (w *Warnings) Add(warning Warning) {
	w.mu.Lock()
	defer w.mu.Unlock()

	if !slices.Contains(w.waiting, warning) && !slices.Contains(w.shown, warning) {
		w.waiting = append(w.waiting, warning)
	}
}

// Take returns the warnings that have not been taken yet.
func (w *Warnings) Take() []Warning {
	w.mu.Lock()
	defer w.mu.Unlock()

	taken := w.waiting
	w.shown = append(w.shown, taken...)
	w.waiting = nil

	return taken
}

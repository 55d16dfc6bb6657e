//go:build windows

package oauth

import (
	"os"
	"os/signal"
)

// holdSignals keeps Ctrl-C from ending the process until release is called, and then lets it end.
func holdSignals() (release func()) {
	held := make(chan os.Signal, 1)
	signal.Notify(held, os.Interrupt)

	return func() {
		signal.Stop(held)

		select {
		case <-held:
			const interrupted = 130
			os.Exit(interrupted)
		default:
		}
	}
}

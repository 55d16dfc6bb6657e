//go:build windows

package system

import (
	"os"
	"os/signal"
)

// holdSignals defers Ctrl-C until release is called, and ends the process then.
func holdSignals() (release func()) {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt)

	held := 0
	stop, stopped := make(chan struct{}), make(chan struct{})

	go func() {
		defer close(stopped)

		for {
			select {
			case <-signals:
				if held++; held > 1 {
					printExchangeNotice()
				}
			case <-stop:
				return
			}
		}
	}()

	return func() {
		signal.Stop(signals)
		close(stop)
		<-stopped

		if held+len(signals) > 0 {
			const interrupted = 130
			os.Exit(interrupted)
		}
	}
}

// terminal opens the user's terminal. A provider's standard error goes to Terraform's log.
func terminal() (*os.File, error) { return os.OpenFile("CONOUT$", os.O_WRONLY, 0) }

//go:build windows

package system

import (
	"os"
	"os/signal"
)

// holdSignals keeps Ctrl-C from ending the process until release is called, and then lets it end.
func holdSignals() (release func()) {
	arriving := make(chan os.Signal, 8)
	signal.Notify(arriving, os.Interrupt)

	held := 0
	stop, stopped := make(chan struct{}), make(chan struct{})

	go func() {
		defer close(stopped)

		for {
			select {
			case <-arriving:
				if held++; held > 1 {
					printAtStake()
				}
			case <-stop:
				return
			}
		}
	}()

	return func() {
		signal.Stop(arriving)
		close(stop)
		<-stopped

		if held+len(arriving) > 0 {
			const interrupted = 130
			os.Exit(interrupted)
		}
	}
}

// terminal is where a person reads. A provider's standard error goes to Terraform's log.
func terminal() (*os.File, error) { return os.OpenFile("CONOUT$", os.O_WRONLY, 0) }

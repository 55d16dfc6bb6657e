//go:build unix

package system

import (
	"os"
	"os/signal"
	"syscall"
)

// holdSignals defers signals that would end the process until release is called, and delivers them then. It includes SIGPIPE:
// another goroutine may write a log line to a Terraform that was killed.
func holdSignals() (release func()) {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGHUP, os.Interrupt, syscall.SIGQUIT, syscall.SIGPIPE)

	var held []syscall.Signal

	hold := func(got os.Signal) {
		// The write to the closed pipe has already failed, so SIGPIPE needs no delivery.
		number, ok := got.(syscall.Signal)
		if !ok || number == syscall.SIGPIPE {
			return
		}

		if held = append(held, number); len(held) > 1 {
			printExchangeNotice()
		}
	}

	stop, stopped := make(chan struct{}), make(chan struct{})

	go func() {
		defer close(stopped)

		for {
			select {
			case got := <-signals:
				hold(got)
			case <-stop:
				return
			}
		}
	}()

	return func() {
		signal.Stop(signals)
		close(stop)
		<-stopped

		for len(signals) > 0 {
			if number, ok := (<-signals).(syscall.Signal); ok && number != syscall.SIGPIPE {
				held = append(held, number)
			}
		}

		for _, number := range held {
			_ = syscall.Kill(os.Getpid(), number)
		}
	}
}

// terminal opens the user's terminal. A provider's standard error goes to Terraform's log.
func terminal() (*os.File, error) {
	return os.OpenFile("/dev/tty", os.O_WRONLY|syscall.O_NOCTTY|syscall.O_NONBLOCK, 0)
}

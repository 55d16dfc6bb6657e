//go:build unix

package system

import (
	"os"
	"os/signal"
	"syscall"
)

// holdSignals keeps signals that would end the process from doing so until release is called, and then lets them act.
// SIGPIPE is among them because another goroutine may be writing a log line to a Terraform that has been killed.
func holdSignals() (release func()) {
	arriving := make(chan os.Signal, 8)
	signal.Notify(arriving, syscall.SIGTERM, syscall.SIGHUP, os.Interrupt, syscall.SIGQUIT, syscall.SIGPIPE)

	var held []syscall.Signal

	hold := func(got os.Signal) {
		// The write that met the broken pipe has failed already; nothing else is to come of that signal.
		number, ok := got.(syscall.Signal)
		if !ok || number == syscall.SIGPIPE {
			return
		}

		if held = append(held, number); len(held) > 1 {
			printAtStake()
		}
	}

	stop, stopped := make(chan struct{}), make(chan struct{})

	go func() {
		defer close(stopped)

		for {
			select {
			case got := <-arriving:
				hold(got)
			case <-stop:
				return
			}
		}
	}()

	return func() {
		signal.Stop(arriving)
		close(stop)
		<-stopped

		for len(arriving) > 0 {
			if number, ok := (<-arriving).(syscall.Signal); ok && number != syscall.SIGPIPE {
				held = append(held, number)
			}
		}

		for _, number := range held {
			_ = syscall.Kill(os.Getpid(), number)
		}
	}
}

// terminal is where a person reads. A provider's standard error goes to Terraform's log.
func terminal() (*os.File, error) {
	return os.OpenFile("/dev/tty", os.O_WRONLY|syscall.O_NOCTTY|syscall.O_NONBLOCK, 0)
}

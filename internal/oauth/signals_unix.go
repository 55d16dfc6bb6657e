//go:build unix

package oauth

import (
	"os"
	"os/signal"
	"syscall"
)

// holdSignals keeps signals that would end the process from doing so until release is called, and then lets them act.
// SIGPIPE is among them because another goroutine may be writing a log line to a Terraform that has been killed.
func holdSignals() (release func()) {
	held := make(chan os.Signal, 8)
	signal.Notify(held, syscall.SIGTERM, syscall.SIGHUP, os.Interrupt, syscall.SIGPIPE)

	return func() {
		signal.Stop(held)

		for {
			select {
			case got := <-held:
				// The write that met the broken pipe has failed already; nothing else is to come of that signal.
				if number, ok := got.(syscall.Signal); ok && number != syscall.SIGPIPE {
					_ = syscall.Kill(os.Getpid(), number)
				}
			default:
				return
			}
		}
	}
}

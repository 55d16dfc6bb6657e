// Package parent detects the end of the parent process.
package parent

import (
	"os"
	"time"
)

// Exited returns a channel that is closed when the parent process has ended, for whatever reason. Call it once per process:
// nothing stops the watch.
func Exited() <-chan struct{} {
	exited := make(chan struct{})
	pid := os.Getppid()

	// Most provider processes serve a few calls and exit: they never start the watch. A parent that ends in the meantime is
	// noticed, because the process has another parent then.
	const before = time.Second

	time.AfterFunc(before, func() {
		wait(pid)
		close(exited)
	})

	return exited
}

// poll waits on systems without an event for it: a process whose parent has ended gets another one.
func poll(pid int) {
	const pause = 5 * time.Second

	for os.Getppid() == pid {
		timer := time.NewTimer(pause)
		<-timer.C
	}
}

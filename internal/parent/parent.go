// Package parent tells when the process that started this one has ended.
package parent

import (
	"os"
	"time"
)

// Gone returns a channel that is closed when the parent process has ended, however it did. Only the first caller of a
// process needs it, so nothing ends the watch.
func Gone() <-chan struct{} {
	gone := make(chan struct{})
	pid := os.Getppid()

	// Most providers answer a question or two and end: the watch costs them nothing. A parent that ends meanwhile is not
	// missed, as the process has another one by then.
	const before = time.Second

	time.AfterFunc(before, func() {
		wait(pid)
		close(gone)
	})

	return gone
}

// poll waits where the system offers no event: a process whose parent has ended gets another one.
func poll(pid int) {
	const pause = 5 * time.Second

	for os.Getppid() == pid {
		timer := time.NewTimer(pause)
		<-timer.C
	}
}

//go:build darwin || freebsd

package parent

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// wait returns when the parent has ended.
func wait(pid int) {
	queue, err := unix.Kqueue()
	if err != nil {
		poll(pid)

		return
	}
	defer unix.Close(queue)

	var exit unix.Kevent_t

	unix.SetKevent(&exit, pid, unix.EVFILT_PROC, unix.EV_ADD|unix.EV_ONESHOT)
	exit.Fflags = unix.NOTE_EXIT
	changes := []unix.Kevent_t{exit}

	for os.Getppid() == pid {
		_, err := unix.Kevent(queue, changes, make([]unix.Kevent_t, 1), nil)

		switch {
		case err == nil, errors.Is(err, unix.ESRCH):
			return
		case !errors.Is(err, unix.EINTR):
			poll(pid)

			return
		}
	}
}

package parent

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// wait returns when the parent has ended.
func wait(pid int) {
	fd, err := unix.PidfdOpen(pid, 0)
	if errors.Is(err, unix.ESRCH) {
		return
	}

	// Kernels before 5.3 lack the system call, and some sandboxes deny it.
	if err != nil {
		poll(pid)

		return
	}
	defer unix.Close(fd)

	for os.Getppid() == pid {
		_, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, -1) //nolint:gosec // a descriptor is small
		if err == nil {
			return
		}

		if !errors.Is(err, unix.EINTR) {
			poll(pid)

			return
		}
	}
}

//go:build unix

package system

import (
	"errors"
	"syscall"
)

// ProcessAlive reports whether a process with this ID runs on this machine.
func ProcessAlive(pid int) bool {
	err := syscall.Kill(pid, 0)

	return err == nil || errors.Is(err, syscall.EPERM)
}

//go:build unix

package system

import (
	"errors"
	"syscall"
)

// ProcessAlive tells whether a process of this machine exists.
func ProcessAlive(pid int) bool {
	err := syscall.Kill(pid, 0)

	return err == nil || errors.Is(err, syscall.EPERM)
}

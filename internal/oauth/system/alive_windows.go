//go:build windows

package system

import (
	"errors"

	"golang.org/x/sys/windows"
)

// ProcessAlive reports whether a process with this ID runs on this machine.
func ProcessAlive(pid int) bool {
	handle, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, uint32(pid))
	if err != nil {
		return errors.Is(err, windows.ERROR_ACCESS_DENIED)
	}
	defer func() { _ = windows.CloseHandle(handle) }()

	var code uint32

	const stillActive = 259

	return windows.GetExitCodeProcess(handle, &code) == nil && code == stillActive
}

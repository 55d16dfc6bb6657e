package parent

import (
	"errors"

	"golang.org/x/sys/windows"
)

// wait returns when the parent has ended. If another process has the pid, the parent has ended.
func wait(pid int) {
	process, err := windows.OpenProcess(windows.SYNCHRONIZE|windows.PROCESS_QUERY_LIMITED_INFORMATION, false, uint32(pid))
	if errors.Is(err, windows.ERROR_INVALID_PARAMETER) {
		return
	}

	// A process of another user cannot be watched, so its end is never reported.
	if err != nil {
		select {}
	}
	defer func() { _ = windows.CloseHandle(process) }()

	var parent, own, exit, kernel, user windows.Filetime

	if windows.GetProcessTimes(process, &parent, &exit, &kernel, &user) == nil &&
		windows.GetProcessTimes(windows.CurrentProcess(), &own, &exit, &kernel, &user) == nil &&
		parent.Nanoseconds() > own.Nanoseconds() {
		return
	}

	_, _ = windows.WaitForSingleObject(process, windows.INFINITE)
}

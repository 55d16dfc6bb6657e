//go:build !linux && !darwin && !freebsd && !windows

package parent

// wait returns when the parent has ended.
func wait(pid int) { poll(pid) }

//go:build unix

package main

import "syscall"

// leaveNoCore keeps a crash of this program, and of the programs that it starts, from writing a core dump: the memory has
// tokens and secrets. The hard limit stays, so that a program that wants one can still raise it.
func leaveNoCore() {
	var limit syscall.Rlimit

	if err := syscall.Getrlimit(syscall.RLIMIT_CORE, &limit); err != nil {
		return
	}

	limit.Cur = 0
	// A process may always lower its soft limit.
	_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &limit)
}

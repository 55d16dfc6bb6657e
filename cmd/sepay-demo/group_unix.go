//go:build unix

package main

import "syscall"

// newProcessGroup prevents an interrupt at the terminal from reaching the child: the demo forwards it, once.
func newProcessGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

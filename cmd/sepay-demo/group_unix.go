//go:build unix

package main

import "syscall"

// ownGroup keeps a terminal's interrupt from reaching the child: the demo passes it on, once.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

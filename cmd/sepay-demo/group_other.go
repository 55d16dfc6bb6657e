//go:build !unix

package main

import "syscall"

func newProcessGroup() *syscall.SysProcAttr { return nil }

//go:build unix

package cli

import (
	"os/exec"
	"syscall"
)

// newProcessGroup prevents Ctrl-C at the terminal from ending the browser.
func newProcessGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

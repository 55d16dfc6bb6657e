//go:build unix

package cli

import (
	"os/exec"
	"syscall"
)

// ownGroup keeps Ctrl-C at the terminal from ending the browser.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

//go:build windows

package cli

import (
	"os/exec"
	"syscall"
)

// newProcessGroup prevents Ctrl-C in the console from ending the browser.
func newProcessGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

//go:build windows

package tokenstore

import (
	"os/exec"
	"syscall"
)

// setProcessGroup keeps Ctrl-C from ending the helper while it stores the only valid token.
func setProcessGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

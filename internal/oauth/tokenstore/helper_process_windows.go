//go:build windows

package tokenstore

import (
	"os/exec"
	"syscall"
)

// separate keeps Ctrl-C from the helper while it stores the only token that works.
func separate(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

//go:build windows

package cli

import (
	"os/exec"
	"syscall"
)

// ownGroup keeps Ctrl-C in the console from ending the browser.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

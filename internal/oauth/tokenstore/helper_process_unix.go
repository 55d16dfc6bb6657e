//go:build unix

package tokenstore

import (
	"os/exec"
	"syscall"
)

// setProcessGroup starts the helper in its own process group: Ctrl-C in the terminal signals the whole group, and would end the
// helper while it stores the only valid token. On a timeout the helper's children are killed with it.
func setProcessGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

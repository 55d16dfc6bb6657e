//go:build unix

package tokenstore

import (
	"os/exec"
	"syscall"
)

// separate puts the helper in a process group of its own: Ctrl-C at the terminal goes to every process of the group,
// and would end the helper while it stores the only token that works. On a timeout its children end with it.
func separate(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

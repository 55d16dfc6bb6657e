package cli

import (
	"context"
	"fmt"
	"os/exec"
	"runtime"
)

// openBrowser starts the user's browser and does not wait for it.
func openBrowser(ctx context.Context, address string) error {
	name, args := browserCommand(runtime.GOOS, address)

	// The browser outlives this program.
	cmd := exec.CommandContext(context.WithoutCancel(ctx), name, args...) //nolint:gosec // a fixed program; no shell
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", name, err)
	}

	go func() { _ = cmd.Wait() }()

	return nil
}

func browserCommand(system, address string) (name string, args []string) {
	switch system {
	case "darwin":
		return "open", []string{address}
	case "windows":
		return "rundll32", []string{"url.dll,FileProtocolHandler", address}
	default:
		return "xdg-open", []string{address}
	}
}

package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/redact"
)

// errNoBrowser reports that there is no display to show a browser on.
var errNoBrowser = errors.New("this session has no graphical display")

// openBrowser starts the user's browser. It waits briefly for the launcher to fail, and does not wait for the browser.
func openBrowser(ctx context.Context, address string) error {
	if !canShowBrowser(runtime.GOOS, os.Getenv) {
		return errNoBrowser
	}

	name, args := browserCommand(runtime.GOOS, address)

	// The browser outlives this program, and does not inherit secrets.
	cmd := exec.CommandContext(context.WithoutCancel(ctx), name, args...) //nolint:gosec // a fixed program; no shell
	cmd.Env = redact.WithoutSecretVariables(os.Environ())
	newProcessGroup(cmd)

	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", name, err)
	}

	ended := make(chan error, 1)

	go func() { ended <- cmd.Wait() }()

	const launchTimeout = 2 * time.Second

	timer := time.NewTimer(launchTimeout)
	defer timer.Stop()

	select {
	case err := <-ended:
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	case <-timer.C:
	case <-ctx.Done():
	}

	return nil
}

// canShowBrowser reports whether there is a display. Without one, xdg-open would fall back to a browser in the terminal,
// which is in use.
func canShowBrowser(system string, env func(string) string) bool {
	if system == "windows" || system == "darwin" {
		return true
	}

	return env("DISPLAY") != "" || env("WAYLAND_DISPLAY") != "" || env("BROWSER") != ""
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

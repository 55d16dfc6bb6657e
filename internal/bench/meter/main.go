// Command meter runs the provider that lies next to it, in its own place, and records what that process cost. The tool
// that starts it cannot separate its own cost from that of its providers.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/bench"
)

func main() {
	code, err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, "meter:", err)
	}

	os.Exit(code) //nolint:forbidigo // this is main
}

func run() (code int, err error) {
	self, err := os.Executable()
	if err != nil {
		return 1, err
	}

	directory := filepath.Dir(self)

	//nolint:noctx // it ends when the provider does, which ends when the tool does
	command := exec.Command(filepath.Join(directory, bench.MeteredName+filepath.Ext(self)), os.Args[1:]...)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr

	if err := command.Run(); err != nil {
		if _, ok := errors.AsType[*exec.ExitError](err); !ok {
			return 1, err
		}
	}

	line, err := json.Marshal(bench.UsageOf(command.ProcessState))
	if err != nil {
		return 1, err
	}

	// Several providers may end at the same time: each appends one line.
	file, err := os.OpenFile(filepath.Join(directory, bench.UsageName), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return 1, err
	}

	_, err = file.Write(append(line, '\n'))

	return command.ProcessState.ExitCode(), errors.Join(err, file.Close())
}

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// result is the result of a command of the tool.
type result struct {
	exitCode int
	output   string
}

// run runs the tool, prints a summary of its output, and checks its exit code.
func (s *stage) run(ctx context.Context, exitCode int, arguments ...string) error {
	s.sayf("  $ %s %s", s.name, strings.Join(arguments, " "))

	done, err := s.execute(ctx, append(arguments, "-no-color"))
	if err != nil {
		return err
	}

	for _, line := range summarize(done.output) {
		// A warning that comes with each command is printed once.
		if !strings.HasPrefix(line, "Warning: ") || !s.warned[line] {
			s.sayf("  | %s", line)
		}

		s.warned[line] = true
	}

	if done.exitCode != exitCode {
		return fmt.Errorf("%s %s ended with exit code %d, not %d:\n%s",
			s.name, arguments[0], done.exitCode, exitCode, done.output)
	}

	return nil
}

func (s *stage) execute(ctx context.Context, arguments []string) (result, error) {
	command := exec.CommandContext(ctx, s.cli, arguments...)
	command.Dir = s.directory
	command.Env = s.environment
	// The tool gets one interrupt and time to stop its providers. After a second one, which a terminal would send to the
	// whole group, it does not stop them.
	command.SysProcAttr = newProcessGroup()
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 20 * time.Second

	output, err := command.CombinedOutput()
	s.transcript.Write(output)
	s.commands++

	done := result{exitCode: command.ProcessState.ExitCode(), output: string(output)}

	var exited *exec.ExitError
	if ctx.Err() != nil || (err != nil && !errors.As(err, &exited)) {
		return done, fmt.Errorf("run %s: %w", s.cli, errors.Join(ctx.Err(), err))
	}

	return done, nil
}

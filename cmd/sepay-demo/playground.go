package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// playground prints how to use the configuration in a terminal, and serves the page until it is interrupted.
func (s *stage) playground(ctx context.Context) error {
	exports := filepath.Join(s.directory, "playground.env")

	var lines strings.Builder

	for _, variable := range s.added {
		name, value, _ := strings.Cut(variable, "=")
		lines.WriteString("export " + name + "='" + strings.ReplaceAll(value, "'", `'\''`) + "'\n")
	}

	// The file has the secrets of a simulated SePay, which ends with this program.
	if err := os.WriteFile(exports, []byte(lines.String()), 0o600); err != nil {
		return fmt.Errorf("write the variables: %w", err)
	}

	s.sayf(`
The page is at    %[1]s

In a second terminal:

  cd %[2]s
  . ./playground.env
  %[3]s init
  %[3]s apply         # the webhook appears on the page

Then, on the page, let money arrive, switch the webhook off or change it, and run

  %[3]s plan          # shows what was changed
  %[3]s apply         # restores what main.tf declares

Ctrl-C here ends the playground and removes %[4]s.`, s.sepay.PageURL(), s.directory, s.name, filepath.Dir(s.directory))

	<-ctx.Done()

	return nil
}

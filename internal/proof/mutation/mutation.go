// Package mutation changes production code in one place at a time, to find out whether a test notices. A change that no
// test notices is a promise without a proof.
//
// The changes are in the packages where a mistake costs most: the create, the confirmation that a webhook was deleted, drift, the
// token chain, redaction and the sharing of reads. The working tree is left alone: the compiler reads the changed file through an
// overlay.
package mutation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Mutation is one change to one file of production code.
type Mutation struct {
	File     string // from the root of the repository
	Old, New string // Old occurs in the file exactly once
	Tests    string // arguments of go test that are expected to notice
}

func (m Mutation) String() string {
	return fmt.Sprintf("%s: %s => %s", m.File, oneLine(m.Old), oneLine(m.New))
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// apply returns the text of the file with the change.
func (m Mutation) apply(root string) ([]byte, error) {
	source, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(m.File)))
	if err != nil {
		return nil, fmt.Errorf("read what is to be changed: %w", err)
	}

	if n := strings.Count(string(source), m.Old); n != 1 {
		return nil, fmt.Errorf("%s has %d places with %q: adapt the list of mutations to the code", m.File, n, m.Old)
	}

	return []byte(strings.Replace(string(source), m.Old, m.New, 1)), nil
}

// Noticed runs the tests on the changed code and reports whether one fails. An error means that the change says nothing: it
// does not apply, or does not compile.
func (m Mutation) Noticed(ctx context.Context, root, directory string) (bool, string, error) {
	changed, err := m.apply(root)
	if err != nil {
		return false, "", err
	}

	replacement := filepath.Join(directory, "changed.go")
	overlay := filepath.Join(directory, "overlay.json")

	original, err := filepath.Abs(filepath.Join(root, filepath.FromSlash(m.File)))
	if err != nil {
		return false, "", fmt.Errorf("locate the file: %w", err)
	}

	replace, err := json.Marshal(map[string]map[string]string{"Replace": {original: replacement}})
	if err != nil {
		return false, "", fmt.Errorf("describe the overlay: %w", err)
	}

	if err := errors.Join(os.WriteFile(replacement, changed, 0o600), os.WriteFile(overlay, replace, 0o600)); err != nil {
		return false, "", fmt.Errorf("write the change: %w", err)
	}

	if output, err := run(ctx, root, "build", "-overlay", overlay, "./"+filepath.ToSlash(filepath.Dir(m.File))); err != nil {
		return false, "", fmt.Errorf("%v does not compile: %w\n%s", m, err, output)
	}

	for _, tests := range m.commands() {
		arguments := append([]string{"test", "-overlay", overlay, "-count=1", "-failfast", "-vet=off", "-timeout=10m"}, tests...)
		output, err := run(ctx, root, arguments...)

		if _, failed := errors.AsType[*exec.ExitError](err); err == nil || failed {
			if failed {
				return true, output, nil
			}

			continue
		}

		return false, output, err
	}

	return false, "", nil
}

// commands are the arguments of go test for one package after the other, the cheapest first: most mutations fail there.
func (m Mutation) commands() [][]string {
	var (
		commands [][]string
		flags    []string
	)

	for i, field := range strings.Fields(m.Tests) {
		if !strings.HasPrefix(field, "./") {
			flags = strings.Fields(m.Tests)[i:]

			break
		}

		commands = append(commands, []string{field})
	}

	for i := range commands {
		commands[i] = append(commands[i], flags...)
	}

	return commands
}

func run(ctx context.Context, root string, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, "go", arguments...) //nolint:gosec // the arguments are in the list of mutations
	command.Dir = root

	// What a proof asks of the tests around it is not asked of these.
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "SEPAY_") && !strings.HasPrefix(variable, "TF_ACC=") {
			command.Env = append(command.Env, variable)
		}
	}

	output, err := command.CombinedOutput()

	return string(output), err //nolint:wrapcheck // the caller says which command it was
}

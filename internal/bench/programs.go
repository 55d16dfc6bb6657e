package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// The programs that are compared.
const (
	// Provider is what users run.
	Provider = "coalesced"
	// Uncoalesced is the same provider that sends a request for every read.
	Uncoalesced = "uncoalesced"
	// Empty is a provider of the same framework that offers nothing.
	Empty = "empty"
)

// programName is the file name that the tool looks for.
const programName = "terraform-provider-sepay"

// sources are the packages of the programs, from the root of the module.
func sources() map[string]string {
	return map[string]string{
		Provider:    ".",
		Uncoalesced: "./internal/bench/uncoalesced",
		Empty:       "./internal/bench/emptyprovider",
	}
}

// Build builds one of the programs as a release is built, into a directory of its own below directory, and returns its
// path.
func Build(ctx context.Context, directory, program string) (string, error) {
	source, known := sources()[program]
	if !known {
		return "", fmt.Errorf("there is no program %q", program)
	}

	root, err := moduleRoot(ctx)
	if err != nil {
		return "", err
	}

	path := filepath.Join(directory, program, programName)
	if runtime.GOOS == "windows" {
		path += ".exe"
	}

	command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", path, source)
	command.Dir = root
	command.Env = append(os.Environ(), "CGO_ENABLED=0")

	if output, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w: %s", program, err, output)
	}

	return path, nil
}

// moduleRoot is where go.mod lies.
func moduleRoot(ctx context.Context) (string, error) {
	output, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("find go.mod: %w", err)
	}

	return filepath.Dir(strings.TrimSpace(string(output))), nil
}

// Tool finds Terraform or OpenTofu: TF_ACC_TERRAFORM_PATH, else what is on PATH.
func Tool() (string, error) {
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return path, nil
	}

	for _, name := range []string{"terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}

	return "", errors.New("neither TF_ACC_TERRAFORM_PATH nor a terraform or tofu on PATH")
}

// toolVersion is how the tool names itself, such as "Terraform v1.11.4".
func toolVersion(ctx context.Context, tool string) (string, error) {
	command := exec.CommandContext(ctx, tool, "version")
	command.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+os.DevNull, "CHECKPOINT_DISABLE=1")

	output, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%s version: %w", tool, err)
	}

	first, _, _ := strings.Cut(string(output), "\n")

	return strings.TrimSpace(first), nil
}

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
	// Base is the provider of an earlier commit.
	Base = "base"
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

	path := filepath.Join(directory, program, executable(programName))

	return path, build(ctx, root, source, path)
}

// BuildBase is Build for the provider of an earlier commit.
func BuildBase(ctx context.Context, directory, commit string) (string, error) {
	tree, err := checkout(ctx, filepath.Join(directory, "commit"), commit)
	if err != nil {
		return "", err
	}

	path := filepath.Join(directory, Base, executable(programName))

	return path, build(ctx, tree, sources()[Provider], path)
}

// meter puts a meter in the place of each program, for the tool to run, and returns the paths of the meters.
func meter(ctx context.Context, directory string, programs map[string]string) (map[string]string, error) {
	root, err := moduleRoot(ctx)
	if err != nil {
		return nil, err
	}

	meters := map[string]string{}

	for name, path := range programs {
		meters[name] = filepath.Join(directory, "metered", name, executable(programName))
		if err := build(ctx, root, "./internal/bench/meter", meters[name]); err != nil {
			return nil, err
		}

		if err := os.Link(path, filepath.Join(filepath.Dir(meters[name]), executable(MeteredName))); err != nil {
			return nil, err
		}
	}

	return meters, nil
}

// build builds a package of the module in root as a release is built.
func build(ctx context.Context, root, source, path string) error {
	command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", path, source)
	command.Dir = root
	command.Env = append(os.Environ(), "CGO_ENABLED=0")

	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w: %s", source, err, output)
	}

	return nil
}

func executable(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}

	return name
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

// Package examples_test applies what stands in examples/ with the real Terraform or OpenTofu against a simulated SePay, and
// compares the guides with the code.
package examples_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const root = "../.."

// version is the one that the mirror offers; the examples ask for ~> 0.1.
const version = "0.1.0"

// tool is the command-line tool of the acceptance tests, with the provider of this source tree in a mirror.
type tool struct {
	path   string
	config string
	tofu   bool
	minor  int // of version 1
}

var cli *tool

func TestMain(m *testing.M) {
	directory, err := os.MkdirTemp("", "sepay-examples.")
	if err == nil && os.Getenv("TF_ACC") != "" {
		cli, err = newTool(context.Background(), directory)
	}

	code := 1
	if err == nil {
		code = m.Run()
	} else {
		fmt.Fprintln(os.Stderr, err)
	}

	_ = os.RemoveAll(directory)

	os.Exit(code)
}

func newTool(ctx context.Context, directory string) (*tool, error) {
	t := &tool{path: os.Getenv("TF_ACC_TERRAFORM_PATH"), config: filepath.Join(directory, "cli.tfrc")}
	if t.path == "" {
		t.path = "terraform"
	}

	command := exec.CommandContext(ctx, t.path, "version")
	command.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+os.DevNull)

	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("%s version: %w", t.path, err)
	}

	product, number, _ := strings.Cut(string(output), " v1.")
	t.tofu = product == "OpenTofu"

	if _, err := fmt.Sscanf(number, "%d.", &t.minor); err != nil {
		return nil, fmt.Errorf("no version in %q: %w", output, err)
	}

	mirror := filepath.Join(directory, "mirror")
	if err := buildMirror(ctx, mirror); err != nil {
		return nil, err
	}

	installation := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror)

	return t, os.WriteFile(t.config, []byte(installation), 0o600)
}

// buildMirror builds the provider to where `init` looks for it.
func buildMirror(ctx context.Context, mirror string) error {
	for _, registry := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		target := filepath.Join(mirror, registry, "terraform-provider-sepay", "sepay", version, runtime.GOOS+"_"+runtime.GOARCH,
			"terraform-provider-sepay_v"+version)

		build := exec.CommandContext(ctx, "go", "build", "-o", target, root)
		if output, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("build the provider: %w\n%s", err, output)
		}
	}

	return nil
}

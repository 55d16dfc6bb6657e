package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// version is the one that the mirror offers; the configuration asks for ~> 0.1.
const version = "0.1.0"

// stage is the environment of the scenes.
type stage struct {
	out         io.Writer
	cli         string
	name        string // of the tool, for what is printed
	directory   string
	environment []string
	added       []string // to the environment of this program
	sepay       *simulator.Server
	receiver    *receiver
	transcript  strings.Builder // everything that the tool printed
	commands    int
	warned      map[string]bool // lines that were shown
}

// newStage builds the provider into a mirror below directory, copies the configuration there and starts a SePay, and a receiver
// of its deliveries.
func newStage(ctx context.Context, cli, source, directory string, options ...simulator.Option) (s *stage, err error) {
	s = &stage{
		out: os.Stdout, cli: cli, name: strings.TrimSuffix(filepath.Base(cli), ".exe"),
		directory: filepath.Join(directory, "shop"),
		// An init from a directory always says so.
		warned: map[string]bool{"Warning: Incomplete lock file information for providers": true},
	}

	if err := os.CopyFS(s.directory, os.DirFS(filepath.Join(source, "examples", "demo"))); err != nil {
		return nil, fmt.Errorf("copy the configuration: %w", err)
	}

	s.sayf("Building the provider from %s", source)

	mirror := filepath.Join(directory, "mirror")
	if err := buildMirror(ctx, source, mirror); err != nil {
		return nil, err
	}

	config := filepath.Join(directory, "cli.tfrc")
	installation := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror)

	if err := os.WriteFile(config, []byte(installation), 0o600); err != nil {
		return nil, fmt.Errorf("write the configuration of %s: %w", s.name, err)
	}

	if s.receiver, err = receive(ctx); err != nil {
		return nil, err
	}

	server, err := simulator.Listen(ctx, "127.0.0.1:0", simulator.New(append(options, s.receiver.options()...)...))
	if err != nil {
		s.receiver.close()

		return nil, fmt.Errorf("start the simulated SePay: %w", err)
	}

	s.sepay = server
	s.added = append(server.Environment(),
		"SEPAY_TOKEN_STORE_PATH="+filepath.Join(directory, "tokens"),
		"TF_CLI_CONFIG_FILE="+config,
		"TF_VAR_webhook_secret="+webhookSecret,
		"TF_IN_AUTOMATION=1",
		"CHECKPOINT_DISABLE=1",
	)
	s.environment = append(scrubbed(os.Environ()), s.added...)

	s.sayf("A simulated SePay listens on %s: no account and no network is needed.", server.URL)
	s.sayf("The configuration is examples/demo/main.tf: one bank account looked up by its number, one webhook.")

	return s, nil
}

func (s *stage) close() {
	s.sepay.Close()
	s.receiver.close()
}

// buildMirror builds the provider into the mirror that `init` uses, for Terraform and for OpenTofu.
func buildMirror(ctx context.Context, source, mirror string) error {
	platform := runtime.GOOS + "_" + runtime.GOARCH
	file := "terraform-provider-sepay_v" + version

	if runtime.GOOS == "windows" {
		file += ".exe"
	}

	for _, registry := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		target := filepath.Join(mirror, registry, "terraform-provider-sepay", "sepay", version, platform, file)

		build := exec.CommandContext(ctx, "go", "build", "-o", target, ".")
		build.Dir = source

		if output, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("build the provider: %w\n%s", err, output)
		}
	}

	return nil
}

// scrubbed returns environment without the variables that configure the provider or the tool.
func scrubbed(environment []string) []string {
	var kept []string

	for _, variable := range environment {
		if !strings.HasPrefix(variable, "SEPAY_") && !strings.HasPrefix(variable, "TF_") {
			kept = append(kept, variable)
		}
	}

	return kept
}

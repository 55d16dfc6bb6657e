package acctest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// cliTool is the Terraform or OpenTofu that the tests run with.
type cliTool struct {
	path string
	// version is its own name, such as "Terraform v1.11.4", and minor the 11 in it.
	version string
	minor   int
	tofu    bool
}

// installedTool finds the tool and its version, once for all tests of a package.
var installedTool = sync.OnceValues(func() (cliTool, error) {
	path, err := toolPath()
	if err != nil {
		return cliTool{}, err
	}

	return toolAt(path)
})

// toolAt returns the tool at a path, with its version.
func toolAt(path string) (cliTool, error) {
	command := exec.CommandContext(context.Background(), path, "version")
	command.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+os.DevNull, "CHECKPOINT_DISABLE=1")

	output, err := command.Output()
	if err != nil {
		return cliTool{}, fmt.Errorf("%s version: %w", path, err)
	}

	for line := range strings.Lines(string(output)) {
		product, number, found := strings.Cut(strings.TrimSpace(line), " v1.")
		if !found {
			continue
		}

		tool := cliTool{path: path, version: strings.TrimSpace(line), tofu: product == "OpenTofu"}
		if _, err := fmt.Sscanf(number, "%d.", &tool.minor); err != nil {
			return cliTool{}, fmt.Errorf("no version in %q: %w", line, err)
		}

		return tool, nil
	}

	return cliTool{}, fmt.Errorf("no version in %q", output)
}

// UseOtherTool makes later commands run with OpenTofu instead of Terraform, or vice versa. It skips the test if the other
// tool is not installed.
func (c *CLI) UseOtherTool() {
	c.tb.Helper()

	path, err := exec.LookPath("terraform")
	if !c.tool.tofu {
		path, err = cachedTofu()
	}

	if err != nil {
		c.tb.Skipf("there is only %s here; `scripts/find-cli tofu` builds an OpenTofu: %v", c.tool.version, err)
	}

	tool, err := toolAt(path)
	if err != nil {
		c.tb.Fatal(err)
	}

	c.tool = tool
}

// cachedTofu finds the OpenTofu that scripts/find-cli has built.
func cachedTofu() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}

	found, err := filepath.Glob(filepath.Join(cache, "terraform-provider-sepay", "opentofu-*", "tofu"))
	if err != nil || len(found) == 0 {
		return exec.LookPath("tofu")
	}

	return found[0], nil
}

func toolPath() (string, error) {
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return path, nil
	}

	for _, name := range []string{"terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}

	return "", errors.New("neither TF_ACC_TERRAFORM_PATH nor a terraform or tofu on PATH: run `make test`, which finds or builds one")
}

package acctest

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// built is the directory of the provider's binary, once it exists.
var built struct {
	sync.Mutex

	directory string
}

// Main runs the tests of a package that uses NewCLI, removes the built provider afterwards, and returns the exit code
// for TestMain.
func Main(m *testing.M) int {
	code := m.Run()

	built.Lock()
	defer built.Unlock()

	if built.directory != "" {
		_ = os.RemoveAll(built.directory)
	}

	return code
}

// providerBinary builds the provider, once for all tests of a package.
var providerBinary = sync.OnceValues(func() (string, error) {
	directory, err := buildDirectory()
	if err != nil {
		return "", err
	}

	root, err := moduleRoot()
	if err != nil {
		return "", err
	}

	if err := trackSources(root); err != nil {
		return "", err
	}

	binary := filepath.Join(directory, providerName())

	// Without symbols it takes half the time, and it is not debugged.
	return binary, build(root, binary, "-ldflags=-s -w")
})

// buildDirectory creates the directory for binaries; Main removes it.
func buildDirectory() (string, error) {
	built.Lock()
	defer built.Unlock()

	if built.directory == "" {
		directory, err := os.MkdirTemp("", "terraform-provider-sepay-")
		if err != nil {
			return "", err
		}

		built.directory = directory
	}

	return built.directory, nil
}

func providerName() string {
	if runtime.GOOS == "windows" {
		return "terraform-provider-sepay.exe"
	}

	return "terraform-provider-sepay"
}

func build(root, binary string, flags ...string) error {
	command := exec.CommandContext(context.Background(), "go", append(append([]string{"build"}, flags...), "-o", binary, ".")...)
	command.Dir = root
	// As a release is built.
	command.Env = append(os.Environ(), "CGO_ENABLED=0")

	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, output)
	}

	return nil
}

// trackSources reads the directories that the provider is built from. The code is not part of the test binary, so without
// that, `go test` would use its cache after a change.
func trackSources(root string) error {
	if _, err := os.ReadDir(root); err != nil {
		return err
	}

	return filepath.WalkDir(filepath.Join(root, "internal"), func(_ string, _ fs.DirEntry, err error) error { return err })
}

// moduleRoot returns the directory of go.mod.
func moduleRoot() (string, error) {
	output, err := exec.CommandContext(context.Background(), "go", "env", "GOMOD").Output()
	if err != nil {
		return "", err
	}

	return filepath.Dir(strings.TrimSpace(string(output))), nil
}

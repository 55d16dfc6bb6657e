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

// built is the directory of the provider's binary, once there is one.
var built struct {
	sync.Mutex

	directory string
}

// Main runs the tests of a package that uses NewCLI, takes the built provider away afterwards, and returns the exit code
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
	built.Lock()
	defer built.Unlock()

	directory, err := os.MkdirTemp("", "terraform-provider-sepay-")
	if err != nil {
		return "", err
	}

	built.directory = directory
	binary := filepath.Join(directory, "terraform-provider-sepay")

	if runtime.GOOS == "windows" {
		binary += ".exe"
	}

	root, err := moduleRoot()
	if err != nil {
		return "", err
	}

	if err := lookAtSources(root); err != nil {
		return "", err
	}

	command := exec.CommandContext(context.Background(), "go", "build", "-o", binary, ".")
	command.Dir = root

	if output, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, output)
	}

	return binary, nil
})

// lookAtSources lists the directories that the provider is built from. The code is not part of the test's own program, so
// without a look at it `go test` would answer from its cache after a change.
func lookAtSources(root string) error {
	if _, err := os.ReadDir(root); err != nil {
		return err
	}

	return filepath.WalkDir(filepath.Join(root, "internal"), func(_ string, _ fs.DirEntry, err error) error { return err })
}

// moduleRoot is where go.mod lies.
func moduleRoot() (string, error) {
	output, err := exec.CommandContext(context.Background(), "go", "env", "GOMOD").Output()
	if err != nil {
		return "", err
	}

	return filepath.Dir(strings.TrimSpace(string(output))), nil
}

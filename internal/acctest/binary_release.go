package acctest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// beforeReleases is the commit that the tests upgrade from until there is a release.
const beforeReleases = "9aa0297b7bf5bf0bb2c4f261c167615338158fcc"

// ThisProvider returns the path of the provider that NewCLI uses by default, built from these sources.
func ThisProvider(tb testing.TB) string {
	tb.Helper()

	binary, err := providerBinary()
	if err != nil {
		tb.Fatalf("build the provider: %v", err)
	}

	return binary
}

// LastRelease builds the provider as it was in the last release before this commit, and returns the path of the program. As
// long as there is no release, it is an earlier commit, and tagged is false. It skips the test if the clone is shallow or
// there is no clone.
func LastRelease(tb testing.TB) (binary string, tagged bool) {
	tb.Helper()

	root, err := moduleRoot()
	if err != nil {
		tb.Fatal(err)
	}

	commit := beforeReleases
	if tag, err := git(tb.Context(), root, "describe", "--tags", "--abbrev=0", "--match", "v*", "HEAD^"); err == nil {
		commit, tagged = tag, true
	}

	if _, err := git(tb.Context(), root, "cat-file", "-e", commit+"^{tree}"); err != nil {
		tb.Skipf("the last release, %s, is not in this clone: `git fetch --unshallow --tags` completes a shallow one: %v", commit, err)
	}

	binary, err = releasedBinary(root, commit)
	if err != nil {
		tb.Fatalf("build the provider of %s: %v", commit, err)
	}

	tb.Logf("the last release is %s", commit)

	return binary, tagged
}

// released is the program of the last release, once for all tests of a package.
var released struct {
	sync.Mutex

	binary string
}

func releasedBinary(root, commit string) (string, error) {
	released.Lock()
	defer released.Unlock()

	if released.binary != "" {
		return released.binary, nil
	}

	directory, err := buildDirectory()
	if err != nil {
		return "", err
	}

	sources := filepath.Join(directory, "sources")
	archive := sources + ".tar"

	if err := os.Mkdir(sources, 0o700); err != nil {
		return "", err
	}

	ctx := context.Background()

	if _, err := git(ctx, root, "archive", "--format=tar", "--output="+archive, commit); err != nil {
		return "", err
	}

	if output, err := exec.CommandContext(ctx, "tar", "-xf", archive, "-C", sources).CombinedOutput(); err != nil {
		return "", fmt.Errorf("unpack the sources: %w: %s", err, output)
	}

	binary := filepath.Join(directory, "released", providerName())
	// -trimpath makes the build cache independent of the directory.
	if err := build(sources, binary, "-trimpath"); err != nil {
		return "", err
	}

	released.binary = binary

	return binary, nil
}

func git(ctx context.Context, root string, args ...string) (string, error) {
	output, err := exec.CommandContext(ctx, "git", append([]string{"-C", root}, args...)...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("git %s: %w: %s", args[0], err, output)
	}

	return strings.TrimSpace(string(output)), nil
}

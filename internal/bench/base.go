package bench

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// checkout writes the files of a commit into a directory of its own below directory, which it returns. The work tree of the
// repository stays as it is.
func checkout(ctx context.Context, directory, commit string) (string, error) {
	root, err := moduleRoot(ctx)
	if err != nil {
		return "", err
	}

	tree := filepath.Join(directory, "tree")
	if err := os.MkdirAll(tree, 0o700); err != nil {
		return "", err
	}

	archive := filepath.Join(directory, "tree.tar")

	for _, arguments := range [][]string{
		{"git", "-C", root, "archive", "--format=tar", "--output=" + archive, commit},
		{"tar", "-x", "-f", archive, "-C", tree},
	} {
		output, err := exec.CommandContext(ctx, arguments[0], arguments[1:]...).CombinedOutput()
		if err != nil {
			return "", fmt.Errorf("files of %s: %w: %s", commit, err, output)
		}
	}

	return tree, nil
}
